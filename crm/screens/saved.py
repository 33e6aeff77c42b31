"""How a record looks after it was saved, for a page that is there already: its version, its name, and the HTML of its fields."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from flask import render_template
from markupsafe import Markup

from crm.records.query import Row
from crm.records.types import Field, RecordType
from crm.records.work import UnitOfWork
from crm.screens import cells
from crm.screens.deadlines import is_deadline
from crm.screens.present import Presenter, Shown, value_of
from crm.screens.queries import may_do
from crm.screens.record_facts import may_write
from crm.screens.steps import open_steps


def saved_facts(presenter: Presenter, row: Row, fields: Sequence[Field], *, page: bool = True) -> dict[str, Any]:
    """Give version, name and address, and of each field its words and the HTML for a cell, and with `page` for its page."""
    presenter.prepare((item, value_of(row, item.api_name)) for item in fields)
    shown = {item.api_name: presenter.show(item, value_of(row, item.api_name)) for item in fields}
    due = {item.api_name for item in fields if is_deadline(item)}
    looks = {
        name: {
            "html": render_template("records/_value.html", shown=it, url=_tick_url(presenter, row, name, it)) if page else "",
            "cell": cells.deadline(presenter, row, value_of(row, name), cells.cell(it)) if name in due else cells.cell(it),
            "text": it.text,
        }
        for name, it in shown.items()
    }
    if "title" in looks:
        looks["title"]["cell"] = Markup('<a href="{}">{}</a>').format(row.url, row.title)
    return {
        "id": row.id,
        "version": row.version,
        "title": row.title,
        "url": row.url,
        "fields": looks,
    }


def steps_menu(uow: UnitOfWork, record_type: RecordType, row: Row) -> str | None:
    """Draw the menu of the state anew, where a step may have waited for what was saved; None where none waits for anything."""
    lifecycle = record_type.lifecycle
    if lifecycle is None or not any(step.guards for step in lifecycle.transitions if row.state in step.sources):
        return None
    page = {"head": {"choices": open_steps(uow, record_type, row)}, "tab": {"url": row.url}}
    return render_template("records/_steps.html", page=page, row=row, type=record_type)


def _tick_url(presenter: Presenter, row: Row, name: str, shown: Shown) -> str | None:
    """Give where the rows of a checklist are ticked off; None for anything else, and where it may not be changed."""
    if not shown.rows:
        return None
    uow, record_type = presenter.uow, presenter.uow.registry.get(row.type_key)
    may_edit = may_do(uow, "update", record_type, row.id)
    return f"/r/{row.id}/field/{name}" if may_write(uow, record_type, record_type.by_name[name], may_edit=may_edit) else None
