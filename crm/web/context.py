"""What a view may ask of its request. Used in web, api, screens, views and panels; services get a unit of work instead."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any, Final, cast
from urllib.parse import urlsplit

from flask import current_app, request, session

from crm.kernel.i18n import LOCALES, best_locale
from crm.security.events import By
from crm.web.visit import Visit

if TYPE_CHECKING:
    from crm.records.work import Works
    from crm.security.actors import Actor
    from crm.security.policies import Access
    from crm.wiring import Klynge

LOCALE_COOKIE: Final = "klynge-locale"


def klynge() -> Klynge:
    """Give the wired product of this app."""
    return cast("Klynge", current_app.extensions["klynge"])


def works() -> Works:
    """Give the factory of units of work."""
    return klynge().works


def current_visit() -> Visit:
    """Give the caller of this request."""
    return cast(Visit, session._get_current_object())  # type: ignore[attr-defined]  # noqa: SLF001 - the way Werkzeug gives


def current_actor() -> Actor:
    """Give who acts; anonymous when nobody has signed in."""
    return current_visit().actor


def current_preferences() -> Mapping[str, Any]:
    """Give what the caller chose for themselves, by name; it costs no query. See `security.preferences`."""
    return current_visit().preferences


def current_access() -> Access:
    """Give what the caller may do."""
    return current_visit().access


def current_locale() -> str:
    """Give the language: the user's choice, the cookie, the browser's wish, else Danish."""
    found = request.environ.get("klynge.locale")
    if found is None:
        visit = current_visit()
        own = visit.actor.locale if visit.actor.user_id is not None else None
        wished = request.accept_languages.best_match(LOCALES)
        found = request.environ["klynge.locale"] = best_locale(own, request.cookies.get(LOCALE_COOKIE), wished)
    return str(found)


def is_htmx() -> bool:
    """Whether htmx asks, and so a fragment is wanted."""
    return request.headers.get("HX-Request") == "true"


def is_api() -> bool:
    """Whether the API is asked, and so JSON is wanted."""
    return request.path.startswith("/api/")


def caller_address() -> str:
    """Give the caller's network address: as many proxies back as the setting `proxy_hops` trusts, never further."""
    return (request.remote_addr or "")[:60]


def acting() -> By:
    """Give who does it, when and from where, for the security log."""
    return By(klynge().clock.now(), current_actor().user_id, caller_address() or None)


def safe_path(wish: str | None, otherwise: str = "/") -> str:
    """Give a path of our own to go to, or `otherwise`.

    Only `/path?query` is followed: no scheme, no host, no `//`, no backslash (browsers read it as a slash), no control sign.
    """
    if not wish or not wish.startswith("/") or wish.startswith("//") or "\\" in wish or not wish.isprintable():
        return otherwise
    parts = urlsplit(wish)
    return otherwise if parts.scheme or parts.netloc else wish


def next_path(otherwise: str = "/") -> str:
    """Give the own path that `next` names in the form or the address, or `otherwise`."""
    return safe_path(request.values.get("next"), otherwise)


def page_path() -> str:
    """Give the path of the page the user looks at, to return to after signing in."""
    if is_htmx():
        return _own_path(request.headers.get("HX-Current-URL"))
    if request.method in {"GET", "HEAD"}:
        return safe_path(request.full_path.rstrip("?"))
    return _own_path(request.referrer)


def _own_path(address: str | None) -> str:
    parts = urlsplit(address or "")
    if parts.netloc != request.host:
        return "/"
    return safe_path(parts.path + (f"?{parts.query}" if parts.query else ""))
