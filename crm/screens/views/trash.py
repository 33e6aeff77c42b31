"""Into the trash and out of it, one or many. Nothing is ever gone by one click; for good it goes by an administrator's word."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import timedelta
from typing import Final

from flask import redirect, render_template, request
from werkzeug.wrappers import Response as AnyResponse

from crm.kernel.errors import RuleViolation
from crm.kernel.i18n import N_, Message
from crm.records.purge import purge
from crm.records.query import Title, one, titles
from crm.records.restoring import restore_many
from crm.screens.acts import counted
from crm.screens.moves import undo_url
from crm.screens.tell import tell
from crm.screens.trash import load_trash
from crm.screens.views.blueprint import bp
from crm.web.context import current_access, current_actor, current_locale, klynge, next_path, works
from crm.web.guard import needs

#: So many can be chosen at once: more than a page shows.
MOST: Final = 200


@bp.get("/trash")
@needs("@crm")
def show_trash() -> str:
    """Show what lies in the trash and the actor may take back, of all types or of one (`type`)."""
    days = klynge().settings.trash_days
    with works().reading(current_actor()) as uow:
        page = load_trash(uow, timedelta(days=days), type_key=request.args.get("type"), cursor=request.args.get("after"))
    return render_template("records/trash.html", page=page, days=days, may_purge=current_access().may_use("@admin"))


@bp.post("/r/<int:record_id>/trash")
@needs("@crm")
def delete_record(record_id: int) -> AnyResponse:
    """Put a record into the trash and offer the way back."""
    try:
        with works().writing(current_actor()) as uow:
            row = one(uow, record_id)
            uow.records.delete(record_id)
            undo = undo_url(uow)
    except RuleViolation as error:
        tell(error.message, level="danger")
        return redirect(f"/r/{record_id}", 303)
    tell(N_("Put into the trash."), undo_url=undo)
    return redirect(next_path(f"/t/{row.type_key}"), 303)


@bp.post("/r/<int:record_id>/restore")
@needs("@crm")
def restore_record(record_id: int) -> AnyResponse:
    """Take a record out of the trash and show it."""
    try:
        with works().writing(current_actor()) as uow:
            uow.records.restore(record_id)
            undo = undo_url(uow)
            row = one(uow, record_id)
    except RuleViolation as error:
        tell(error.message, level="danger")
        return redirect("/trash", 303)
    tell(N_("“%(title)s” is back.", title=row.title), undo_url=undo)
    return redirect(row.url, 303)


@bp.post("/trash/restore")
@needs("@crm")
def restore_chosen() -> AnyResponse:
    """Take the chosen records out of the trash in one act, and say which could not come back."""
    ids = _chosen()
    with works().writing(current_actor()) as uow:
        back, refused = restore_many(uow, ids)
        undo = undo_url(uow)
        known = titles(uow, ids, with_trash=True)
        what = counted(uow.registry, [known[one_id].type_key for one_id in back], current_locale())
    _say([N_("Back again: %(what)s.", what=what)] if back else [], refused, known, undo)
    return redirect(next_path("/trash"), 303)


@bp.post("/trash/purge")
@needs("@admin")
def purge_chosen() -> AnyResponse:
    """Remove the chosen records for good; what something still points at stays, and is named."""
    ids = _chosen()
    with works().writing(current_actor()) as uow:
        known = titles(uow, ids, with_trash=True)
        report = purge(uow, ids)
        what = counted(uow.registry, [known[one_id].type_key for one_id in report.gone if one_id in known], current_locale())
    _say([N_("Gone for good: %(what)s.", what=what)] if report.gone else [], report.kept, known, None)
    return redirect(next_path("/trash"), 303)


def _chosen() -> list[int]:
    return [int(one_id) for one_id in request.form.getlist("id")[:MOST] if one_id.isdecimal() and len(one_id) < 19]


def _say(done: list[Message], refused: dict[int, Message], known: Mapping[int, Title], undo: str | None) -> None:
    """Say what was done, and the first reasons why the rest was not."""
    if not done and not refused:
        tell(N_("Choose something first."), level="info")
        return
    parts = [*done]
    for record_id, reason in list(refused.items())[:2]:
        title = known.get(record_id)
        parts.append(N_("%(field)s: %(reason)s", field=title.title, reason=reason) if title else reason)
    if len(refused) > 2:
        parts.append(N_("%(number)s more were left alone.", number=len(refused) - 2))
    text = parts[0]
    for part in parts[1:]:
        text = N_("%(first)s %(second)s", first=text, second=part)
    tell(text, level="warning" if refused else "success", undo_url=undo)
