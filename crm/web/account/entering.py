"""Beginning and ending a browser session: the only place that gives out a session key."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

from flask import Response, make_response, render_template, request
from sqlalchemy.orm import Session

from crm.kernel.errors import DomainError
from crm.security import sessions
from crm.security.events import log_event
from crm.security.links import Letterhead
from crm.web.context import acting, caller_address, current_visit, klynge
from crm.web.status import problem_of


def enter(work: Session, user_id: int) -> str:
    """Start a session for a user who has proved who they are; an earlier one of this browser ends. Gives the new key."""
    app = klynge()
    before = current_visit().key_hash
    if before is not None:
        sessions.end_session(work, before)
    browser = sessions.Browser(caller_address() or None, browser_name(request.headers.get("User-Agent", "")))
    lasts = timedelta(hours=app.settings.session_hours)
    return sessions.start_session(work, user_id, now=app.clock.now(), lasts=lasts, browser=browser)


def leave() -> None:
    """End this browser's session on the server; its key is worth nothing any more."""
    visit = current_visit()
    hashed = visit.key_hash
    if hashed is not None:
        with klynge().database.writing() as work:
            sessions.end_session(work, hashed)
            log_event(work, "signed_out", acting(), user_id=visit.actor.user_id)
    visit.end()


def letterhead() -> Letterhead:
    """Give what the mails of signing in say of the sender."""
    settings = klynge().settings
    return Letterhead(settings.public_url, settings.office_name)


def form_again(template: str, error: DomainError, **values: Any) -> Response:
    """Show a refused form again, with what was typed, and the status of the refusal."""
    problem = problem_of(error)
    response = make_response(render_template(template, problem=problem, **values), problem.status)
    response.headers.update(problem.headers)
    return response


def browser_name(agent: str) -> str:
    """Name a browser and its system in short (`Firefox, Windows`), for the list of own sessions."""
    marks = (("Edg/", "Edge"), ("OPR/", "Opera"), ("Firefox/", "Firefox"), ("Chrome/", "Chrome"), ("Safari/", "Safari"))
    systems = (
        ("iPhone", "iPhone"),
        ("iPad", "iPad"),
        ("Android", "Android"),
        ("Windows", "Windows"),
        ("Mac OS", "macOS"),
        ("Linux", "Linux"),
    )
    found = [next((name for mark, name in table if mark in agent), "") for table in (marks, systems)]
    return ", ".join(name for name in found if name)
