"""Users: list, invite, roles and person, deactivate, end sessions. Grave changes ask the administrator's own password again."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from flask import Blueprint, make_response, redirect, render_template, request, url_for
from sqlalchemy.orm import Session
from werkzeug.wrappers import Response

from crm.kernel.errors import DomainError, InvalidInput
from crm.kernel.i18n import N_
from crm.ops.services import queue_mail
from crm.records import query
from crm.screens import navigation
from crm.screens.tell import tell
from crm.security import links
from crm.security.defaults import BY_NAME
from crm.security.epochs import end_all_access
from crm.security.events import By, events_about, log_event
from crm.security.roles import role_names
from crm.security.sessions import last_seen
from crm.security.signin import confirm_password
from crm.security.users import NewUser, UserFacts, add_user, get_user, list_users, set_active, set_roles, tie_to_person
from crm.web.account.entering import letterhead
from crm.web.account.wording import event_words
from crm.web.context import acting, current_actor, klynge, works
from crm.web.guard import needs
from crm.web.status import problem_of

bp = Blueprint("users", __name__)
navigation.add(navigation.NavItem("users", N_("Users"), "/admin/users", "users", section="admin", position=90, area="@admin"))


@bp.get("/admin/users")
@needs("@admin")
def index() -> str:
    """List users, found by name, user name or e-mail."""
    text = request.args.get("q", "")[:100]
    with klynge().database.reading() as session:
        users = list_users(session, text)
        seen = last_seen(session, [user.id for user in users])
    return render_template("security/users.html", users=users, seen=seen, q=text, roles=BY_NAME)


@bp.get("/admin/users/invite")
@needs("@admin")
def invite_form() -> str | Response:
    """Show the form of an invitation."""
    return _invite_page()


@bp.post("/admin/users/invite")
@needs("@admin")
def invite() -> str | Response:
    """Add a user and send the invitation: *Du er inviteret til Klynge*."""
    by, form = acting(), request.form
    new = NewUser(
        username=form.get("username", "") or form.get("email", ""),
        name=form.get("name", ""),
        roles=form.getlist("roles"),
        email=form.get("email", ""),
        person_id=_person_of(form.get("person", "")),
    )
    try:
        if not new.email.strip():
            raise InvalidInput({"email": N_("The invitation needs an e-mail address.")})
        _confirm(by)
        with klynge().database.writing() as work:
            user_id = add_user(work, new, by)
            links.send_link(work, user_id, "invitation", queue_mail, letterhead(), by)
    except DomainError as error:
        return _invite_page(error)
    tell(N_("%(name)s is invited. The mail is on its way.", name=new.name.strip()))
    return redirect(url_for("users.show", user_id=user_id))


@bp.get("/admin/users/<int:user_id>")
@needs("@admin")
def show(user_id: int) -> str | Response:
    """Show one user."""
    return _user_page(user_id)


@bp.post("/admin/users/<int:user_id>")
@needs("@admin")
def change(user_id: int) -> str | Response:
    """Change roles and person; the user's sessions and tokens end when the roles changed."""
    by, roles, person = acting(), request.form.getlist("roles"), _person_of(request.form.get("person", ""))

    def act(work: Session) -> None:
        set_roles(work, user_id, roles, by)
        tie_to_person(work, user_id, person, by)

    return _do(user_id, by, act, N_("The user is saved."))


@bp.post("/admin/users/<int:user_id>/deactivate")
@needs("@admin")
def deactivate(user_id: int) -> str | Response:
    """Shut a user out, at once."""
    by = acting()
    return _do(user_id, by, lambda work: set_active(work, user_id, by, active=False), N_("The user is deactivated and signed out."))


@bp.post("/admin/users/<int:user_id>/activate")
@needs("@admin")
def activate(user_id: int) -> str | Response:
    """Let a user in again."""
    by = acting()
    return _do(user_id, by, lambda work: set_active(work, user_id, by, active=True), N_("The user may sign in again."))


@bp.post("/admin/users/<int:user_id>/end-sessions")
@needs("@admin")
def end_sessions(user_id: int) -> str | Response:
    """Sign a user out everywhere."""
    by = acting()
    with klynge().database.writing() as work:
        get_user(work, user_id)
        end_all_access(work, user_id)
        log_event(work, "sessions_ended", by, user_id=user_id)
    tell(N_("The user is signed out everywhere."))
    return redirect(url_for("users.show", user_id=user_id))


@bp.post("/admin/users/<int:user_id>/invite")
@needs("@admin")
def invite_again(user_id: int) -> str | Response:
    """Send the invitation once more; the earlier link stops working."""
    try:
        with klynge().database.writing() as work:
            links.send_link(work, user_id, "invitation", queue_mail, letterhead(), acting())
    except DomainError as error:
        return _user_page(user_id, error)
    tell(N_("The mail is on its way."))
    return redirect(url_for("users.show", user_id=user_id))


def _do(user_id: int, by: By, act: Callable[[Session], None], said: Any) -> str | Response:
    """Ask for the administrator's password, act in one transaction, and go back to the user."""
    try:
        with klynge().database.reading() as session:
            get_user(session, user_id)
        _confirm(by)
        with klynge().database.writing() as work:
            act(work)
    except DomainError as error:
        return _user_page(user_id, error)
    tell(said)
    return redirect(url_for("users.show", user_id=user_id) if current_actor().user_id != user_id else "/login/")


def _confirm(by: By) -> None:
    """Ask the administrator for their own password again (A9)."""
    app = klynge()
    typed = request.form.get("admin_password", "")[:1000]
    confirm_password(app.database, app.settings.signing_key(), by.actor_id or 0, typed, by, field="admin_password")


def _person_of(typed: str) -> int | None:
    """Read the picked person: a record's number, or nothing.

    Raises:
        InvalidInput: it is no person that the administrator may see.
    """
    if not typed.strip():
        return None
    if typed.isdecimal() and len(typed) < 19:
        with works().reading(current_actor()) as uow:
            found = query.titles(uow, [int(typed)]).get(int(typed))
            if found is not None and found.type_key == "person":
                return int(typed)
    raise InvalidInput({"person": N_("Choose a person from the list.")})


def _person_title(person_id: int | None) -> str:
    if person_id is None:
        return ""
    with works().reading(current_actor()) as uow:
        found = query.titles(uow, [person_id]).get(person_id)
        return "" if found is None else found.title


def _user_page(user_id: int, error: DomainError | None = None) -> str | Response:
    with klynge().database.reading() as session:
        user: UserFacts = get_user(session, user_id)
        events = events_about(session, user_id)
        names = {found.id: found.name for found in list_users(session)}
        known = role_names(session)
    values = {
        "user": user,
        "known_roles": known,
        "roles": BY_NAME,
        "person_title": _person_title(user.person_id),
        "lines": [(line, event_words(line), names.get(line.actor_id or 0, "")) for line in events],
        "chosen": request.form.getlist("roles") if error and "roles" in request.form else list(user.roles),
        "problem": None if error is None else problem_of(error),
    }
    return _answer(render_template("security/user.html", **values), error)


def _invite_page(error: DomainError | None = None) -> str | Response:
    with klynge().database.reading() as session:
        known = role_names(session)
    problem = None if error is None else problem_of(error)
    page = render_template("security/invite.html", problem=problem, known_roles=known, roles=BY_NAME, typed=request.form)
    return _answer(page, error)


def _answer(page: str, error: DomainError | None) -> str | Response:
    if error is None:
        return page
    problem = problem_of(error)
    response = make_response(page, problem.status)
    response.headers.update(problem.headers)
    return response
