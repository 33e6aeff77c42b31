"""A visit: the caller of one request, found lazily by cookie or bearer token, and Flask's session at the same time.

The cookie is a random key. Nothing is stored for a visitor who has not signed in until something must be; their key alone
is enough for CSRF tokens (`web.csrf`). Bearer tokens count under /api/ only, and there the cookie is then ignored.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from functools import cached_property
from typing import TYPE_CHECKING, Any, Final

from flask import Request
from flask.sessions import SessionMixin

from crm.security.actors import ANONYMOUS, Actor
from crm.security.callers import Callers, SessionFacts, TokenFacts
from crm.security.keys import key_hash, new_key
from crm.security.policies import NOTHING_ALLOWED, Access

if TYPE_CHECKING:
    from crm.wiring import Klynge

API: Final = "/api/"
_BEARER: Final = "bearer "
#: Our keys have 43 signs; anything else in the cookie is not ours.
_KEY_LENGTH: Final = 43


def bearer_of(request: Request) -> str | None:
    """Give the bearer token of an API request; None when it has none."""
    header = request.headers.get("Authorization", "")
    if not request.path.startswith(API) or not header.lower().startswith(_BEARER):
        return None
    return header[len(_BEARER) :].strip()


class Visit(SessionMixin):
    """Who calls, and what their session holds. Read once, when first asked."""

    def __init__(self, klynge: Klynge, callers: Callers, key: str | None, bearer: str | None) -> None:
        self._klynge = klynge
        self._callers = callers
        self.bearer = bearer
        self.key = key if bearer is None and key is not None and len(key) == _KEY_LENGTH else None
        #: The cookie must be sent: the key is new.
        self.key_is_new = False
        #: The cookie must be taken back: the session was ended by this request.
        self.ended = False
        self.modified = False
        self._data: dict[str, Any] | None = None

    @cached_property
    def session_facts(self) -> SessionFacts | None:
        """The live session of the cookie."""
        if self.key is None or self.key_is_new:
            return None
        with self._klynge.database.asking() as connection:
            return self._callers.by_session(connection, self.key, self._klynge.clock.now())

    @cached_property
    def token_facts(self) -> TokenFacts | None:
        """The live bearer token."""
        if self.bearer is None:
            return None
        with self._klynge.database.asking() as connection:
            return self._callers.by_token(connection, self.bearer, self._klynge.clock.now())

    @property
    def actor(self) -> Actor:
        """Who calls."""
        facts = self.token_facts if self.bearer is not None else self.session_facts
        return ANONYMOUS if facts is None else facts.actor

    @property
    def preferences(self) -> Mapping[str, Any]:
        """What the caller chose for themselves, by name: it came with the read that found them."""
        facts = self.token_facts if self.bearer is not None else self.session_facts
        return {} if facts is None else facts.preferences

    @cached_property
    def access(self) -> Access:
        """What the caller may do."""
        if self.actor.user_id is None:
            return NOTHING_ALLOWED
        grants = self._klynge.works.grants
        known = grants.known(self.actor)
        if known is not None:
            return known
        with self._klynge.database.asking() as connection:
            return grants.access(connection, self.actor)

    @property
    def looked_at(self) -> bool:
        """Whether this request asked who calls."""
        return "session_facts" in self.__dict__ or "token_facts" in self.__dict__

    def need_key(self) -> str:
        """Give the key, making one for a visitor who has none yet."""
        if self.key is None:
            self.key, self.key_is_new = new_key(), True
        return self.key

    def begin(self, key: str) -> None:
        """Go on under the key of a session just started; what the visitor had is dropped."""
        self.key, self.key_is_new, self.ended = key, True, False
        self._data, self.modified = {}, False

    def end(self) -> None:
        """Forget the session; its row was deleted by the caller."""
        self.key, self.key_is_new, self.ended = None, False, True
        self._data, self.modified = {}, False

    @property
    def key_hash(self) -> str | None:
        """The stored form of the key."""
        return None if self.key is None else key_hash(self.key)

    @property
    def data(self) -> dict[str, Any]:
        """What the session holds."""
        if self._data is None:
            self._data = dict(self.session_facts.data) if self.session_facts else {}
        return self._data

    def __getitem__(self, name: str) -> Any:
        return self.data[name]

    def __setitem__(self, name: str, value: Any) -> None:
        self.data[name] = value
        self.modified = True

    def __delitem__(self, name: str) -> None:
        del self.data[name]
        self.modified = True

    def __iter__(self) -> Iterator[str]:
        return iter(self.data)

    def __len__(self) -> int:
        return len(self.data)
