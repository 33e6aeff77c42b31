"""A list on paper: all its rows, as far as anybody prints, with title, filter in words and date, without what is clicked."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Final

from crm.records import query
from crm.records.query import Row
from crm.records.work import UnitOfWork
from crm.screens import cells
from crm.screens.listing.bar import filter_words
from crm.screens.listing.columns import columns_of, with_past
from crm.screens.listing.groups import load_groups
from crm.screens.listing.table import Asked
from crm.screens.past import rows_on
from crm.screens.present import Presenter, value_of

#: Rows on paper: about forty sheets. A longer list is exported.
MOST: Final = 2_000
_AT_ONCE: Final = 200


def load_paper(uow: UnitOfWork, asked: Asked, presenter: Presenter) -> Mapping[str, Any]:
    """Read the list for paper: one query for each two hundred rows, or three for a list in groups.

    Raises:
        InvalidInput: the filter, the sorting or the grouping does not fit the type.
    """
    facts = {"words": filter_words(uow, asked, presenter), "most": MOST}
    if asked.state.by:
        return {**facts, **load_groups(uow, asked, presenter, rows_each=MOST), "more": False}
    columns = columns_of(asked.type, uow.access.readable(asked.type.key), asked.state.columns)
    names = [column.name for column in columns]
    rows: list[Row] = []
    cursor: str | None = None
    while len(rows) < MOST:
        page = query.list_page(
            uow,
            asked.type.key,
            where=asked.where,
            sort=asked.state.sort,
            descending=asked.state.descending,
            size=_AT_ONCE,
            cursor=cursor,
            fields=names,
        )
        rows += page.rows
        cursor = page.next_cursor
        if cursor is None:
            break
    if asked.state.on is not None:
        rows = rows_on(uow, asked.type.key, rows, asked.state.on, presenter.locale)
        columns = with_past(asked.type, columns, rows)
    named = [column.field for column in columns if column.field.kind in cells.NAMED]
    presenter.prepare((item, value_of(row, item.api_name)) for row in rows for item in named)
    return {
        **facts,
        "head": cells.head(presenter.locale, columns, asked.state),
        "body": cells.body(presenter, columns, rows),
        "more": cursor is not None,
    }
