"""Reads what a list page shows: one page of rows with their columns, and one query for each kind of name in them."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Final

from crm.filters import Filter
from crm.records import query
from crm.records.types import RecordType
from crm.records.work import UnitOfWork
from crm.screens import cells
from crm.screens.listing.columns import columns_of, with_past
from crm.screens.listing.state import ListState
from crm.screens.past import rows_on
from crm.screens.present import Presenter, value_of

PAGE: Final = 50
#: As many columns fit beside each other on most screens; more scroll sideways.
NARROW: Final = 8


@dataclass(frozen=True, slots=True)
class Asked:
    """What the address asks for: type, state, and the whole filter as a tree."""

    type: RecordType
    state: ListState
    where: Filter


def load_table(uow: UnitOfWork, asked: Asked, presenter: Presenter) -> Mapping[str, Any]:
    """Read one page of the table.

    Raises:
        InvalidInput: the filter or the sorting does not fit the type.
    """
    record_type, state = asked.type, asked.state
    columns = columns_of(record_type, uow.access.readable(record_type.key), state.columns)
    page = query.list_page(
        uow,
        record_type.key,
        where=asked.where,
        sort=state.sort,
        descending=state.descending,
        size=PAGE,
        cursor=state.cursor or None,
        fields=[column.name for column in columns],
    )
    if page.restarted:
        state = state.start()
    rows, suffix = page.rows, ""
    if state.on is not None:
        rows, suffix = tuple(rows_on(uow, record_type.key, rows, state.on, presenter.locale)), f"?on={state.on.isoformat()}"
        columns = with_past(record_type, columns, rows)
    named = [column.field for column in columns if column.field.kind in cells.NAMED]
    if named:
        presenter.prepare((item, value_of(row, item.api_name)) for row in rows for item in named)
    return {
        "state": state,
        "head": cells.head(presenter.locale, columns, state),
        "body": cells.body(presenter, columns, rows, suffix=suffix),
        "sized": (sized := any(column.width for column in columns)),
        "wide": sized or len(columns) > NARROW,
        "column_count": len(columns),
        "restarted": page.restarted,
        "next_url": state.after(page.next_cursor).url() if page.next_cursor else None,
        "previous": state.before(),
    }
