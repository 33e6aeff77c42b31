"""*Before you call*: one screen and one A4 page of what one should know of an organisation or a person."""

from __future__ import annotations

from typing import Any

from flask import render_template

from crm.kernel.errors import NotFound
from crm.records.query import Row, one
from crm.records.work import UnitOfWork
from crm.screens.present import Presenter, Shown
from crm.sparring.queries.brief import Brief, brief_of
from crm.sparring.timeline import SHOWN_ON
from crm.sparring.views.blueprint import bp
from crm.web.context import current_actor, current_locale, works
from crm.web.guard import needs

#: How somebody is reached.
_REACHED: tuple[str, ...] = ("phone", "email")


@bp.get("/sparring/brief/<int:record_id>")
@needs("@crm")
def show_brief(record_id: int) -> str:
    """Show it."""
    with works().reading(current_actor()) as uow:
        row = one(uow, record_id)
        if row.type_key not in SHOWN_ON:
            raise NotFound
        brief = brief_of(uow, row)
        facts = _facts(uow, brief)
    return render_template("sparring/brief.html", row=row, brief=brief, **facts)


def _facts(uow: UnitOfWork, brief: Brief) -> dict[str, Any]:
    """Word what the page shows of records as fields: how they are reached, cases' owners and days."""
    presenter = Presenter(uow, current_locale())
    people = {person.row.id: _reached(uow, presenter, person.row) for person in brief.people}
    row = brief.subject.row
    kinds = uow.registry.get("organisation").by_name["kind"]
    case_type = uow.registry.types.get("case")
    return {
        "reached": _reached(uow, presenter, row),
        "reached_people": people,
        "kind": presenter.show(kinds, row.values.get("kind")).text if row.type_key == "organisation" else "",
        "protected": bool(row.values.get("advertising_protected")),
        "case_type": case_type,
        "type": uow.registry.get(row.type_key),
    }


def _reached(uow: UnitOfWork, presenter: Presenter, row: Row) -> list[Shown]:
    """Give telephone numbers and addresses as links, the telephone first; none that may not be read."""
    fields = uow.registry.get(row.type_key).by_name
    shown = [presenter.show(fields[name], row.values.get(name)) for name in _REACHED if row.values.get(name)]
    return [part for one_field in shown for part in (one_field.parts or (one_field,))]
