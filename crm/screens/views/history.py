"""`/r/<id>/history`: a field's earlier values, two versions side by side, and putting old values back."""

from __future__ import annotations

from flask import redirect, render_template, request
from werkzeug.wrappers import Response as AnyResponse

from crm.kernel.errors import Conflict, InvalidInput, RuleViolation
from crm.kernel.i18n import N_, Message
from crm.records.query import Row, one
from crm.records.versions import PAGE, Version, compare, field_history, readable_field, restore_version, versions_of
from crm.records.work import UnitOfWork
from crm.screens.differences import sides
from crm.screens.moves import undo_url
from crm.screens.present import Presenter
from crm.screens.queries import may_do
from crm.screens.tell import tell
from crm.screens.timeline import CAUSES, HEADS
from crm.screens.views.blueprint import bp
from crm.web.context import current_actor, current_locale, next_path, works
from crm.web.guard import needs


@bp.get("/r/<int:record_id>/history")
@needs("@crm")
def show_history(record_id: int) -> str:
    """Show the earlier values of a field (`field`), or all versions, two of them compared (`from`, `to`)."""
    name, before = request.args.get("field"), request.args.get("before", type=int)
    with works().reading(current_actor()) as uow:
        row = one(uow, record_id)
        return _field(uow, row, name, before) if name else _versions(uow, row, before)


def _field(uow: UnitOfWork, row: Row, name: str, before: int | None) -> str:
    record_type = uow.registry.get(row.type_key)
    item = readable_field(uow, record_type, name)
    found = field_history(uow, row.id, name, before=before, limit=PAGE + 1)
    presenter = Presenter(uow, current_locale())
    presenter.prepare((item, value) for change in found for value in (change.old, change.new))
    lines = [(change, sides(presenter, item, change.old, change.new)) for change in found[:PAGE]]
    return render_template(
        "history/field.html",
        row=row,
        type=record_type,
        field=item,
        lines=lines,
        latest=before is None,
        more=found[PAGE - 1].version.change_id if len(found) > PAGE else None,
        may_restore=_may_restore(uow, row, name),
        causes=CAUSES,
    )


def _versions(uow: UnitOfWork, row: Row, before: int | None) -> str:
    record_type = uow.registry.get(row.type_key)
    found = versions_of(uow, row.id, before=before, limit=PAGE + 1)
    first, second = _chosen(row, found)
    differences = compare(uow, row.id, first, second) if first != second else []
    presenter = Presenter(uow, current_locale())
    presenter.prepare((one_of.field, value) for one_of in differences for value in (one_of.first, one_of.second))
    return render_template(
        "history/versions.html",
        row=row,
        type=record_type,
        versions=found[:PAGE],
        first=first,
        second=second,
        shown=[sides(presenter, one_of.field, one_of.first, one_of.second) for one_of in differences],
        more=found[PAGE - 1].change_id if len(found) > PAGE else None,
        may_restore=may_do(uow, "update", record_type, row.id),
        heads=HEADS,
        causes=CAUSES,
    )


def _chosen(row: Row, found: list[Version]) -> tuple[int, int]:
    """Give the two versions to compare, the older first: those of the address, else the last two."""
    first, second = (request.args.get(name, type=int) for name in ("from", "to"))
    second = second or row.version
    first = first or max(1, second - 1)
    return (first, second) if first <= second else (second, first)


def _may_restore(uow: UnitOfWork, row: Row, name: str) -> bool:
    record_type = uow.registry.get(row.type_key)
    writable = uow.access.writable("update", record_type.key)
    item = record_type.changeable[name]
    return not item.read_only and (writable is None or name in writable) and may_do(uow, "update", record_type, row.id)


@bp.post("/r/<int:record_id>/history/restore")
@needs("@crm")
def restore(record_id: int) -> AnyResponse:
    """Put back one field's value (`field`), or all values, of a version."""
    name, number = request.form.get("field") or None, request.form.get("version", type=int) or 0
    back = next_path(f"/r/{record_id}")
    try:
        with works().writing(current_actor()) as uow:
            changed = restore_version(uow, record_id, number, [name] if name else None)
            undo = undo_url(uow)
            message = _told(uow, record_id, changed, number)
    except InvalidInput as error:
        tell(_refusal(record_id, error), level="danger")
        return redirect(back, 303)
    except (RuleViolation, Conflict) as error:
        tell(error.message, level="danger")
        return redirect(back, 303)
    tell(message, undo_url=undo, level="success" if changed else "info")
    return redirect(back, 303)


def _told(uow: UnitOfWork, record_id: int, changed: list[str], number: int) -> Message:
    if not changed:
        return N_("The record is as it was then already.")
    if len(changed) == 1:
        item = uow.registry.get(one(uow, record_id).type_key).changeable[changed[0]]
        return N_("“%(field)s” is as it was in version %(number)s.", field=item.label, number=number)
    return N_("%(fields)s fields are as they were in version %(number)s.", fields=len(changed), number=number)


def _refusal(record_id: int, error: InvalidInput) -> Message:
    """Say the first thing that is wrong, with the field's name."""
    name, message = next(iter(error.fields.items()))
    with works().reading(current_actor()) as uow:
        item = uow.registry.get(one(uow, record_id).type_key).changeable.get(name)
    return message if item is None else N_("%(field)s: %(reason)s", field=item.label, reason=message)
