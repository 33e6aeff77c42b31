"""Forged requests: every write by cookie carries a token bound to the cookie's key, and comes from our own pages.

The token is `salt.mac`, mac = HMAC(key of ours, salt + cookie key): nothing is stored, so that a page may be shown to a
visitor without a write, and a fresh salt each time keeps compressed pages from leaking it (BREACH).
"""

from __future__ import annotations

import hmac
import secrets
from typing import Final
from urllib.parse import urlsplit

from flask import current_app, request

from crm.kernel.errors import DomainError
from crm.kernel.i18n import N_
from crm.security.keys import keyed_hash
from crm.web.context import current_visit
from crm.web.visit import Visit

FIELD: Final = "csrf_token"
HEADER: Final = "X-CSRF-Token"
_MADE: Final = "klynge.csrf"
_FROM_ELSEWHERE: Final = frozenset({"cross-site", "same-site"})


class ForgedRequest(DomainError):
    """A write without a right token, or sent by a foreign page."""

    code = "csrf"

    def __init__(self) -> None:
        super().__init__(N_("The page has been open too long, or it was sent from elsewhere. Reload it and try again."))


def csrf_token() -> str:
    """Give a token for a form of this visitor."""
    key = current_visit().need_key()
    known = request.environ.get(_MADE)
    if known is None or known[0] != key:  # a page has many forms; one salt an answer is enough
        salt = secrets.token_urlsafe(9)
        known = request.environ[_MADE] = (key, f"{salt}.{_mac(key, salt)}")
    return str(known[1])


def check_csrf(visit: Visit) -> None:
    """Refuse a write that no page of ours can have sent; bearer requests carry their own proof.

    Raises:
        ForgedRequest: no token, a wrong one, or a foreign origin.
    """
    if visit.bearer is not None:
        return
    if request.headers.get("Sec-Fetch-Site", "") in _FROM_ELSEWHERE or not _own_origin():
        raise ForgedRequest
    given = request.headers.get(HEADER) or request.form.get(FIELD, "")
    salt, _, mac = given.partition(".")
    if visit.key is None or not salt or not hmac.compare_digest(mac.encode(), _mac(visit.key, salt).encode()):
        raise ForgedRequest


def _own_origin() -> bool:
    """Whether the browser names no origin, or ours."""
    origin = request.headers.get("Origin")
    return origin is None or urlsplit(origin).netloc == request.host


def _mac(key: str, salt: str) -> str:
    return keyed_hash(current_app.config["SECRET_KEY"], "csrf", salt + key)
