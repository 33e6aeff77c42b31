"""Signing in by password, and signing out."""

from __future__ import annotations

from flask import Blueprint, redirect, render_template, request, url_for
from werkzeug.wrappers import Response

from crm.kernel.errors import DomainError
from crm.security.signin import finish, prove_password
from crm.web.account.entering import enter, form_again, leave
from crm.web.context import acting, current_actor, current_visit, klynge, next_path
from crm.web.guard import public

bp = Blueprint("login", __name__)


@bp.get("/login/")
@public
def form() -> str | Response:
    """Show the sign-in page; who is signed in goes on at once."""
    if current_actor().user_id is not None:
        return redirect(next_path())
    return render_template("security/login.html", problem=None, username="", next=next_path(), reading="next" in request.args)


@bp.post("/login/")
@public
def sign_in() -> str | Response:
    """Sign in with user name or e-mail and password."""
    app, by = klynge(), acting()
    typed = request.form.get("username", "")[:320]
    try:
        proven = prove_password(app.database, app.settings.signing_key(), typed, request.form.get("password", "")[:1000], by)
    except DomainError as error:
        return form_again("security/login.html", error, username=typed, next=next_path(), reading=False)
    with app.database.writing() as work:
        finish(work, proven, by, way="password")
        key = enter(work, proven.user_id)
    current_visit().begin(key)
    return redirect(next_path())


@bp.post("/logout/")
@public
def sign_out() -> Response:
    """End the session on the server."""
    leave()
    return redirect(url_for("login.form"))
