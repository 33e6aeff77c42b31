"""Signing in by a one-time link, forgotten passwords, and accepting an invitation."""

from __future__ import annotations

from typing import Final

from flask import Blueprint, make_response, redirect, render_template, request
from werkzeug.wrappers import Response

from crm.kernel.errors import DomainError, InvalidInput, NotFound
from crm.kernel.i18n import N_
from crm.kernel.text import clean
from crm.ops.services import queue_mail
from crm.security import links
from crm.security.limits import count_try
from crm.security.signin import note_sign_in
from crm.security.users import UserFacts, get_user, set_password
from crm.web.account.entering import enter, form_again, letterhead
from crm.web.context import acting, caller_address, current_visit, klynge
from crm.web.guard import public

bp = Blueprint("links", __name__)

#: The pages that ask for an address, by their place under /login/.
ASKS: Final[dict[str, links.Purpose]] = {"link": "sign_in", "forgotten": "password"}


@bp.get("/login/link", defaults={"page": "link"})
@bp.get("/login/forgotten", defaults={"page": "forgotten"})
@public
def ask(page: str) -> str:
    """Show the page that asks for one's e-mail."""
    return render_template("security/ask_link.html", page=page, problem=None, email="", sent=False)


@bp.post("/login/link", defaults={"page": "link"})
@bp.post("/login/forgotten", defaults={"page": "forgotten"})
@public
def send(page: str) -> str | Response:
    """Send a link to a known address, and say the same to everybody."""
    app, by = klynge(), acting()
    typed = clean(request.form.get("email", ""))[:320]
    try:
        if "@" not in typed:
            raise InvalidInput({"email": N_("Type your e-mail address.")})
        with app.database.writing() as work:
            count_try(work, app.settings.signing_key(), "link", typed, caller_address(), by.at)
            links.ask_for_link(work, typed, ASKS[page], queue_mail, letterhead(), by)
    except DomainError as error:
        return form_again("security/ask_link.html", error, page=page, email=typed, sent=False)
    return render_template("security/ask_link.html", page=page, problem=None, email=typed, sent=True)


@bp.get("/login/link/<token>")
@public
def look(token: str) -> str | Response:
    """Show what a link is for; looking spends nothing."""
    facts, user = _link(token)
    if facts is None or user is None:
        return make_response(render_template("security/link_gone.html"), 404)
    return render_template("security/link.html", purpose=facts.purpose, user=user, problem=None, token=token)


@bp.post("/login/link/<token>")
@public
def use(token: str) -> str | Response:
    """Spend a link: sign in, and take the new password if one was asked for."""
    app, by = klynge(), acting()
    facts, user = _link(token)
    if facts is None or user is None:
        return make_response(render_template("security/link_gone.html"), 404)
    password = request.form.get("password", "")[:1000]
    try:
        with app.database.writing() as work:
            links.spend(work, token, by.at)
            if facts.purpose == "password" or password:
                set_password(work, facts.user_id, password, by)
            note_sign_in(work, facts.user_id, by, way=facts.purpose)
            key = enter(work, facts.user_id)
    except InvalidInput as error:
        return form_again("security/link.html", error, purpose=facts.purpose, user=user, token=token)
    current_visit().begin(key)
    return redirect("/")


def _link(token: str) -> tuple[links.LinkFacts | None, UserFacts | None]:
    with klynge().database.reading() as session:
        facts = links.look_at(session, token, klynge().clock.now())
        try:
            return facts, None if facts is None else get_user(session, facts.user_id)
        except NotFound:
            return None, None
