"""Into the trash and out of it. Nothing is ever gone by one click."""

from __future__ import annotations

from flask import redirect, render_template
from werkzeug.wrappers import Response as AnyResponse

from crm.kernel.errors import RuleViolation
from crm.kernel.i18n import N_
from crm.records.query import one
from crm.screens import queries
from crm.screens.moves import undo_url
from crm.screens.tell import tell
from crm.screens.views.blueprint import bp
from crm.web.context import current_actor, next_path, works
from crm.web.guard import needs


@bp.get("/trash")
@needs("@crm")
def show_trash() -> str:
    """Show what lies in the trash and the actor may take back."""
    with works().reading(current_actor()) as uow:
        return render_template("records/trash.html", lines=queries.trash(uow))


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
