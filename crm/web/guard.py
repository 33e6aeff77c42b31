"""Deny by default: every view function names who may use it, and one hook before each request holds it to that."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any, Final, TypeVar

import structlog
from flask import Flask, request

from crm.kernel.errors import AccessDenied, DomainError
from crm.kernel.i18n import N_
from crm.security.policies import Access
from crm.web.context import current_visit
from crm.web.csrf import check_csrf
from crm.web.visit import Visit

V = TypeVar("V", bound=Callable[..., Any])
SAFE_METHODS: Final = frozenset({"GET", "HEAD", "OPTIONS", "TRACE"})


class SignInNeeded(DomainError):
    """Nobody has signed in, or no longer."""

    code = "sign_in_needed"

    def __init__(self) -> None:
        super().__init__(N_("Sign in to go on."))


@dataclass(frozen=True, slots=True)
class Permission:
    """Who may use a view: anyone, any user, or users who may use one of some areas."""

    name: str
    areas: tuple[str, ...] = ()
    anyone: bool = False
    #: The view reads no cookie, so a foreign page cannot misuse one: no CSRF token is asked for.
    no_cookie: bool = False

    def allows(self, access: Access) -> bool:
        """Whether a signed-in user may."""
        return not self.areas or any(access.may_use(area) for area in self.areas)


PUBLIC: Final = Permission("public", anyone=True)
PUBLIC_WITHOUT_COOKIE: Final = Permission("public, no cookie", anyone=True, no_cookie=True)
SIGNED_IN: Final = Permission("signed in")


def public(view: V) -> V:
    """Let anyone use a view."""
    return _mark(view, PUBLIC)


def public_without_cookie(view: V) -> V:
    """Let anyone use a view that never looks at a cookie (the API's sign-in)."""
    return _mark(view, PUBLIC_WITHOUT_COOKIE)


def signed_in(view: V) -> V:
    """Let any signed-in user use a view."""
    return _mark(view, SIGNED_IN)


def needs(*areas: str) -> Callable[[V], V]:
    """Let users use a view who may use at least one of the areas (`@crm`, `@portal`, `@admin`, `@api`, `@flows`)."""
    if not areas:
        raise ValueError("name an area")
    permission = Permission(" or ".join(areas), areas)
    return lambda view: _mark(view, permission)


def _mark(view: V, permission: Permission) -> V:
    view.__permission__ = permission  # type: ignore[attr-defined]  # read by the guard
    return view


def permission_of(app: Flask, endpoint: str | None) -> Permission | None:
    """Give the permission of an endpoint; None when it has none, and is shut."""
    view = app.view_functions.get(endpoint or "")
    found = getattr(view, "__permission__", None)
    return found if isinstance(found, Permission) else None


def install_guard(app: Flask) -> None:
    """Check every request before its view runs."""

    @app.before_request
    def _guard() -> None:
        if request.mimetype != "multipart/form-data":
            # Files come as multipart; anything else is typed by people or programs, and parsed in memory.
            request.max_content_length = app.config["MAX_FORM_MEMORY_SIZE"]
        if request.routing_exception is not None:
            return  # there is no such page, or not by this method: Flask answers 404 or 405
        permission = permission_of(app, request.endpoint)
        if permission is None:
            raise AccessDenied
        if permission.anyone:
            if request.method not in SAFE_METHODS and not permission.no_cookie:
                check_csrf(current_visit())
            return
        visit = current_visit()
        if visit.actor.user_id is None:
            raise SignInNeeded
        structlog.contextvars.bind_contextvars(actor_id=visit.actor.user_id)
        if not permission.allows(visit.access) or not _scope_allows(visit):
            raise AccessDenied
        if request.method not in SAFE_METHODS:
            check_csrf(visit)


def _scope_allows(visit: Visit) -> bool:
    """Whether the scope of a bearer token allows the method; a cookie has no scope."""
    return visit.token_facts is None or visit.token_facts.scope == "write" or request.method in SAFE_METHODS
