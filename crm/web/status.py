"""The one place that turns errors into HTTP: a page, a fragment for htmx, or JSON for the API."""

from __future__ import annotations

import json
import re
import secrets
from dataclasses import dataclass, field, replace
from typing import Any, Final
from urllib.parse import urlencode

import structlog
from flask import Flask, Response, jsonify, make_response, redirect, render_template, request
from markupsafe import Markup
from sqlalchemy.exc import OperationalError
from sqlalchemy.exc import TimeoutError as PoolTimeout
from werkzeug.exceptions import HTTPException, SecurityError
from werkzeug.wrappers import Response as AnyResponse

from crm.api.errors import BadRequest, NotJson, PreconditionFailed, StaleFields
from crm.api.limits import TooManyRequests
from crm.kernel.errors import AccessDenied, Conflict, DomainError, InvalidInput, MergedInto, NotFound, RuleViolation
from crm.kernel.i18n import DEFAULT_LOCALE, N_, Message
from crm.security.limits import TooManyTries
from crm.security.signin import SignInRefused
from crm.web.context import current_actor, current_locale, is_api, is_htmx, page_path
from crm.web.csrf import ForgedRequest
from crm.web.guard import SAFE_METHODS, SignInNeeded

log: Final = structlog.get_logger(__name__)
STATUSES: Final[dict[type[DomainError], int]] = {
    NotFound: 404,
    AccessDenied: 403,
    InvalidInput: 422,
    Conflict: 409,
    RuleViolation: 422,
    ForgedRequest: 400,
    SignInNeeded: 401,
    SignInRefused: 401,
    TooManyTries: 429,
    BadRequest: 400,
    NotJson: 415,
    PreconditionFailed: 412,
    TooManyRequests: 429,
}
_HEADINGS: Final = {
    400: N_("That could not be understood"),
    401: N_("Sign in"),
    403: N_("No access"),
    404: N_("Not found"),
    405: N_("That is not possible here"),
    409: N_("Changed at the same time"),
    413: N_("Too large"),
    415: N_("That format is not accepted"),
    422: N_("That is not possible"),
    429: N_("Too many tries"),
    503: N_("Busy"),
}
_HTTP_MESSAGES: Final = {
    400: N_("The address or the form was not as expected. Go back, reload the page and try again."),
    404: N_("It does not exist, or you do not have access to it."),
    405: N_("The page cannot be used in this way."),
    413: N_("That is larger than Klynge accepts."),
    415: N_("Send JSON, with the content type application/json."),
}
_BUSY: Final = N_("The database is busy. Nothing was saved. Wait a moment and try again.")
_AWAY: Final = N_("The database does not answer. Nothing was saved. Wait a moment and try again.")
_UNKNOWN: Final = N_("Something went wrong on our side. Nothing was saved. Tell the administrator this number: %(reference)s")
_NO_LETTERS: Final = "23456789BCDFGHJKLMNPQRSTVWXZ"  # no vowels, no look-alikes: a number that can be read out on the phone

_BARE: Final = Markup(
    "<!doctype html><html lang='{}'><meta charset='utf-8'><title>{} · Klynge</title><main><h1>{}</h1><p>{}</p></main></html>"
)


@dataclass(frozen=True, slots=True)
class Problem:
    """An answer that is not what was asked for."""

    status: int
    code: str
    message: Message
    fields: dict[str, Message] = field(default_factory=dict)
    reference: str | None = None
    headers: dict[str, str] = field(default_factory=dict)
    #: For the API's version conflicts: the record as it stands now, and the three values of each field that clashes.
    record: dict[str, Any] | None = None
    clashes: dict[str, dict[str, Any]] = field(default_factory=dict)
    #: The id of the record that the one asked for was merged into.
    merged_into: int | None = None


def problem_of(error: DomainError) -> Problem:
    """Turn a refusal into a status."""
    status = next((STATUSES[kind] for kind in type(error).__mro__ if kind in STATUSES), 400)
    headers = (
        {"Retry-After": str(max(1, int(error.wait.total_seconds())))} if isinstance(error, TooManyTries | TooManyRequests) else {}
    )
    fields = dict(error.fields) if isinstance(error, InvalidInput) else {}
    if isinstance(error, StaleFields):
        fields = dict.fromkeys(error.clashes, error.message)
    record = error.record if isinstance(error, StaleFields | PreconditionFailed) else None
    clashes = error.clashes if isinstance(error, StaleFields) else {}
    return Problem(status, error.code, error.message, fields, headers=headers, record=record, clashes=clashes)


def answer(problem: Problem) -> Response:
    """Word a problem for whoever asks: JSON, a fragment, or a page."""
    locale = _safe_locale()
    words = problem.message(locale)
    if is_api():
        more: dict[str, Any] = {} if problem.record is None else {"record": problem.record}
        if problem.merged_into is not None:
            more["merged_into"] = problem.merged_into
        response = jsonify(error=_as_json(problem, locale), **more)
    elif is_htmx():
        response = make_response(render_template("web/_error.html", problem=problem, words=words))
        response.headers["HX-Reswap"] = "none"
        level = "danger" if problem.status >= 500 else "warning"
        response.headers["HX-Trigger"] = json.dumps({"klynge:message": {"text": words, "level": level}})
    else:
        response = _page(problem, locale, words)
    response.status_code = problem.status
    response.headers.update(problem.headers)
    return response


def _page(problem: Problem, locale: str, words: str) -> Response:
    """Draw the error page; when even that fails (the database is away), the bare words must do."""
    heading = _HEADINGS.get(problem.status, N_("Something went wrong"))(locale)
    try:
        return make_response(render_template("web/error.html", problem=problem, heading=heading, words=words))
    except Exception:  # noqa: BLE001 - whatever fails, the words and the number must reach the user
        log.warning("error_page_failed", reference=problem.reference)
        return Response(_BARE.format(locale, heading, heading, words), mimetype="text/html")


def new_reference() -> str:
    """Make the number that a user tells and the log finds."""
    signs = "".join(secrets.choice(_NO_LETTERS) for _ in range(8))
    return f"{signs[:4]}-{signs[4:]}"


def install_errors(app: Flask) -> None:
    """Answer every error in our own words."""
    app.register_error_handler(SignInNeeded, _sign_in)
    app.register_error_handler(DomainError, _domain)
    app.register_error_handler(HTTPException, _http)
    app.register_error_handler(OperationalError, _busy)
    app.register_error_handler(PoolTimeout, _busy)
    app.register_error_handler(Exception, _unknown)


def _sign_in(error: SignInNeeded) -> AnyResponse:
    """Send people to the sign-in page and back again; tell programs 401."""
    target = f"/login/?{urlencode({'next': page_path()})}"
    if is_api():
        return answer(Problem(401, error.code, error.message, headers={"WWW-Authenticate": 'Bearer realm="Klynge"'}))
    if is_htmx():
        response = make_response("", 401)
        response.headers["HX-Redirect"] = target
        return response
    if request.method in SAFE_METHODS:
        return redirect(target)
    return answer(problem_of(error))


def _domain(error: DomainError) -> AnyResponse:
    if isinstance(error, AccessDenied):
        log.info("access_denied", endpoint=request.endpoint, method=request.method, actor_id=current_actor().user_id)
    if isinstance(error, MergedInto) and request.method in SAFE_METHODS:
        return _merged(error)
    return answer(problem_of(error))


def _merged(error: MergedInto) -> AnyResponse:
    """Lead from the address of a merged record to the same page of its survivor; programs are told its id as well."""
    place, found = re.subn(rf"/{error.old_id}(?=/|$)", f"/{error.survivor_id}", request.path, count=1)
    if not found:
        return answer(problem_of(error))
    if is_api():
        response = answer(replace(problem_of(error), status=301, merged_into=error.survivor_id))
        response.headers["Location"] = place
        return response
    query = f"?{request.query_string.decode('latin-1')}" if request.query_string else ""
    if is_htmx():
        response = make_response("")
        response.headers["HX-Redirect"] = error.url
        return response
    return redirect(f"{place}{query}")  # not for ever: undo gives the address back


def _http(error: HTTPException) -> AnyResponse:
    if isinstance(error, SecurityError):
        # A host that is not ours: no page, because no address of ours can be made for it.
        return Response("Unknown host.\n", 400, mimetype="text/plain")
    status = error.code or 500
    if status < 400:
        return error.get_response()  # a redirect that the router asks for
    message = _HTTP_MESSAGES.get(status, N_("That did not work."))
    headers = {name: value for name, value in error.get_headers() if name in {"Allow", "Retry-After"}}
    return answer(Problem(status, f"http_{status}", message, headers=headers))


def _busy(error: OperationalError | PoolTimeout) -> AnyResponse:
    if isinstance(error, OperationalError) and _is_away(error):
        log.error("database_away", endpoint=request.endpoint, exc_info=error)
        return answer(Problem(503, "database_away", _AWAY, headers={"Retry-After": "10"}))
    if isinstance(error, OperationalError) and not _is_lock(error):
        return _unknown(error)
    log.warning("database_busy", endpoint=request.endpoint)
    return answer(Problem(503, "busy", _BUSY, headers={"Retry-After": "5"}))


def _is_away(error: OperationalError) -> bool:
    """Whether the database server could not be reached, or went away while we spoke to it."""
    return error.connection_invalidated or "connection" in str(error.orig).lower()


def _is_lock(error: OperationalError) -> bool:
    """Whether another writer was in the way; anything else is a fault."""
    text = str(error.orig).lower()
    return "locked" in text or "lock timeout" in text or "deadlock" in text or "disk is full" in text


def _unknown(error: Exception) -> AnyResponse:
    reference = new_reference()
    log.error("unexpected_error", reference=reference, endpoint=request.endpoint, method=request.method, exc_info=error)
    message = Message(_UNKNOWN.msgid, {"reference": reference})
    return answer(Problem(500, "unexpected", message, reference=reference))


def _safe_locale() -> str:
    """Give the language, even when the database cannot be asked."""
    try:
        return current_locale()
    except Exception:  # noqa: BLE001 - the error page must appear whatever fails
        return DEFAULT_LOCALE


def _as_json(problem: Problem, locale: str) -> dict[str, Any]:
    facts: dict[str, Any] = {"code": problem.code, "message": problem.message(locale)}
    if problem.fields:
        facts["fields"] = {name: message(locale) for name, message in problem.fields.items()}
    if problem.clashes:
        facts["clashes"] = problem.clashes
    if problem.reference:
        facts["reference"] = problem.reference
    return facts
