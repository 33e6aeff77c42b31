"""How a record looks after it was saved, for a page that is there already: its version, its name, and the HTML of its fields."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from flask import render_template
from markupsafe import Markup

from crm.records.query import Row
from crm.records.types import Field
from crm.screens import cells
from crm.screens.present import Presenter, Shown, value_of
from crm.screens.queries import may_do
from crm.screens.record_facts import may_write


def saved_facts(presenter: Presenter, row: Row, fields: Sequence[Field], *, page: bool = True) -> dict[str, Any]:
    """Give version, name and address, and of each field its words and the HTML for a cell, and with `page` for its page."""
    presenter.prepare((item, value_of(row, item.api_name)) for item in fields)
    shown = {item.api_name: presenter.show(item, value_of(row, item.api_name)) for item in fields}
    link = Markup('<a href="{}">{}</a>').format(row.url, row.title)
    return {
        "id": row.id,
        "version": row.version,
        "title": row.title,
        "url": row.url,
        "fields": {
            name: {
                "html": render_template("records/_value.html", shown=it, url=_tick_url(presenter, row, name, it)) if page else "",
                "cell": link if name == "title" else cells.cell(it),
                "text": it.text,
            }
            for name, it in shown.items()
        },
    }


def _tick_url(presenter: Presenter, row: Row, name: str, shown: Shown) -> str | None:
    """Give where the rows of a checklist are ticked off; None for anything else, and where it may not be changed."""
    if not shown.rows:
        return None
    uow, record_type = presenter.uow, presenter.uow.registry.get(row.type_key)
    may_edit = may_do(uow, "update", record_type, row.id)
    return f"/r/{row.id}/field/{name}" if may_write(uow, record_type, record_type.by_name[name], may_edit=may_edit) else None
