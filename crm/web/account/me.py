"""One's own account: name, password, where one is signed in, and tokens for programs."""

from __future__ import annotations

from datetime import timedelta
from typing import Any, Final

from flask import Blueprint, make_response, redirect, render_template, request, url_for
from werkzeug.wrappers import Response

from crm.kernel.errors import DomainError, InvalidInput, NotFound
from crm.kernel.i18n import N_
from crm.screens.tell import tell
from crm.security import sessions, tokens
from crm.security.preferences import write_preference
from crm.security.signin import confirm_password
from crm.security.users import get_user, rename, set_password
from crm.web.context import acting, current_access, current_actor, current_visit, klynge
from crm.web.guard import signed_in
from crm.web.status import problem_of

bp = Blueprint("me", __name__)
#: The preference: False when single signs (`f`, `?`, `1`) are not to do anything; they do unless told otherwise.
SINGLE_KEYS: Final = "single_keys"


@bp.get("/me")
@signed_in
def profile() -> str | Response:
    """Show one's own account."""
    return _page()


@bp.post("/me/name")
@signed_in
def change_name() -> str | Response:
    """Change what one is called."""
    typed = request.form.get("name", "")
    try:
        with klynge().database.writing() as work:
            rename(work, _own_id(), typed)
    except InvalidInput as error:
        return _page(error, "name", name=typed)
    tell(N_("Your name is saved."))
    return redirect(url_for("me.profile"))


@bp.post("/me/keys")
@signed_in
def change_keys() -> Response:
    """Switch keys of a single sign on or off (WCAG 2.1.4); those with Ctrl stay."""
    on = request.form.get("single_keys") == "on"
    with klynge().database.writing() as work:
        write_preference(work, _own_id(), SINGLE_KEYS, None if on else False)
    tell(N_("Keys of a single sign are switched on.") if on else N_("Keys of a single sign are switched off."))
    return redirect(url_for("me.profile"), 303)


@bp.post("/me/password")
@signed_in
def change_password() -> str | Response:
    """Take a new password from someone who knows the old one; every other session and token ends."""
    app, by, user_id = klynge(), acting(), _own_id()
    new, again = request.form.get("new", "")[:1000], request.form.get("again", "")[:1000]
    try:
        if new != again:
            raise InvalidInput({"again": N_("The two passwords are not alike.")})
        with app.database.reading() as session:
            known = get_user(session, user_id).has_password
        if known:
            confirm_password(app.database, app.settings.signing_key(), user_id, request.form.get("old", "")[:1000], by, field="old")
        with app.database.writing() as work:
            set_password(work, user_id, new, by, keep=current_visit().key_hash)
    except DomainError as error:
        return _page(error, "password")
    tell(N_("Your password is changed. You are signed out everywhere else."))
    return redirect(url_for("me.profile"))


@bp.post("/me/sessions/<short>/end")
@signed_in
def end_one(short: str) -> Response:
    """End one of one's own sessions."""
    with klynge().database.writing() as work:
        sessions.end_own_session(work, _own_id(), short)
    tell(N_("That browser is signed out."))
    return redirect(url_for("me.profile"))


@bp.post("/me/tokens")
@signed_in
def make_token() -> str | Response:
    """Make a token for the API and show it, once."""
    current_access().require("use", "@api")
    typed = {name: request.form.get(name, "") for name in ("token_name", "scope", "days")}
    try:
        days = int(typed["days"]) if typed["days"].isdecimal() else 0
        with klynge().database.writing() as work:
            made = tokens.issue(work, _own_id(), typed["token_name"], typed["scope"], timedelta(days=min(days, 10_000)), acting())
    except InvalidInput as error:
        return _page(error, "token", **typed)
    return _page(made=made)


@bp.post("/me/tokens/<int:token_id>/revoke")
@signed_in
def revoke_token(token_id: int) -> Response:
    """End one of one's own tokens."""
    with klynge().database.writing() as work:
        tokens.revoke(work, _own_id(), token_id, acting())
    tell(N_("The token no longer works."))
    return redirect(url_for("me.profile"))


def _own_id() -> int:
    user_id = current_actor().user_id
    if user_id is None:  # the guard has seen to it
        raise NotFound
    return user_id


def _page(error: DomainError | None = None, form: str = "", made: str | None = None, **typed: str) -> str | Response:
    """Draw the page, with a refused form as it was typed."""
    app, user_id, now = klynge(), _own_id(), klynge().clock.now()
    idle = timedelta(minutes=app.settings.session_idle_minutes)
    with app.database.reading() as session:
        facts: dict[str, Any] = {
            "user": get_user(session, user_id),
            "sessions": sessions.sessions_of(session, user_id, now=now, idle=idle, current=current_visit().key_hash),
            "tokens": tokens.tokens_of(session, user_id, now),
        }
    problem = None if error is None else problem_of(error)
    # A board member meets the portal's calm layout here too.
    layout = "base.html" if current_access().may_use("@crm") else "portal_base.html"
    page = render_template("security/me.html", layout=layout, problem=problem, form=form, typed=typed, made=made, **facts)
    if problem is None:
        return page
    response = make_response(page, problem.status)
    response.headers.update(problem.headers)
    return response
