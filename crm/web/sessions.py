"""Flask's session interface on the table `web_session`."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

import structlog
from flask import Flask, Request, Response
from flask.sessions import SessionInterface, SessionMixin
from sqlalchemy.exc import SQLAlchemyError

from crm.security import sessions, tokens
from crm.security.callers import Callers
from crm.web.visit import Visit, bearer_of

if TYPE_CHECKING:
    from crm.wiring import Klynge

log: Final = structlog.get_logger(__name__)


class ServerSessions(SessionInterface):
    """Opens a visit for each request; the database is read when somebody asks who calls."""

    def __init__(self, klynge: Klynge, callers: Callers) -> None:
        self._klynge = klynge
        self._callers = callers

    def open_session(self, app: Flask, request: Request) -> Visit:
        """Begin a visit."""
        return Visit(self._klynge, self._callers, request.cookies.get(self.get_cookie_name(app)), bearer_of(request))

    def save_session(self, app: Flask, session: SessionMixin, response: Response) -> None:
        """Store what changed, send or take back the cookie, and note after the response that the session is in use."""
        if not isinstance(session, Visit):
            return
        if session.looked_at or session.key_is_new or session.ended:
            response.vary.add("Cookie")
        if session.modified and session.bearer is None:
            key = session.need_key()
            with self._klynge.database.writing() as work:
                sessions.keep_data(work, key, session.data, now=self._klynge.clock.now())
        self._send_cookie(app, session, response)
        if session.looked_at:
            self._note_use(session, response)

    def _send_cookie(self, app: Flask, visit: Visit, response: Response) -> None:
        name = self.get_cookie_name(app)
        if visit.ended:
            response.delete_cookie(name, path="/", secure=app.config["SESSION_COOKIE_SECURE"], httponly=True, samesite="Lax")
        elif visit.key_is_new and visit.key is not None:
            secure = bool(app.config["SESSION_COOKIE_SECURE"])
            response.set_cookie(name, visit.key, path="/", secure=secure, httponly=True, samesite="Lax")

    def _note_use(self, visit: Visit, response: Response) -> None:
        now = self._klynge.clock.now()
        facts, token = visit.session_facts, visit.token_facts
        if facts is not None and facts.actor.user_id is not None and not visit.ended and facts.seen_at + sessions.SEEN_EVERY <= now:
            response.call_on_close(lambda: self._mark(facts.key_hash, None))
        if token is not None and (token.last_used_at is None or token.last_used_at + tokens.USED_EVERY <= now):
            response.call_on_close(lambda: self._mark(None, token.token_id))

    def _mark(self, hashed: str | None, token_id: int | None) -> None:
        """Write "last seen" after the response; a busy database only costs the note."""
        now = self._klynge.clock.now()
        try:
            with self._klynge.database.writing() as work:
                if hashed is not None:
                    sessions.mark_seen(work, hashed, now)
                if token_id is not None:
                    tokens.mark_used(work, token_id, now)
        except SQLAlchemyError:
            log.warning("last_seen_not_written")
