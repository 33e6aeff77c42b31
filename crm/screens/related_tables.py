"""Records that point at a record, as a table on its page: columns of their list, made in place with the relation filled in."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final
from urllib.parse import urlencode

from markupsafe import Markup

from crm.records.query import Count, Row
from crm.records.relations import Relation, count_relations, relation_rows
from crm.records.types import Field
from crm.records.work import UnitOfWork
from crm.screens import cells
from crm.screens.listing import PREFIX, ListColumn, ListState, columns_of
from crm.screens.listing.columns import choosable
from crm.screens.present import Presenter, value_of
from crm.web.context import current_preferences

#: So many rows stand on the page; the list has the rest.
ROWS: Final = 50
#: The preference with the columns that somebody chose, by relation.
CHOSEN: Final = "related_columns"
MOST_COLUMNS: Final = 12
#: On paper more.
PAPER_ROWS: Final = 500


@dataclass(frozen=True, slots=True)
class RelatedTable:
    """The table of a relation."""

    relation: Relation
    head: Markup
    body: Markup
    shown: int
    count: Count
    list_url: str
    new_url: str | None
    may_edit: bool
    #: The columns to choose from, and whether each is shown.
    offered: tuple[tuple[Field, bool], ...] = ()


def load_related(presenter: Presenter, relation: Relation, row: Row, *, most: int = ROWS) -> RelatedTable:
    """Read a table: one query for the rows, one for each kind of name in them, and one to count where not all are shown."""
    uow, other = presenter.uow, relation.type
    columns = _columns(presenter, relation)
    wanted = {column.name for column in columns}
    fields = tuple(item for item in other.fields if item.api_name in wanted)
    rows = relation_rows(uow, relation, row.id, fields, most)
    count = Count(len(rows)) if len(rows) < most else count_relations(uow, row.id, [relation])[relation.key]
    named = [column.field for column in columns if column.field.kind in {"relation", "user", "users"}]
    presenter.prepare((item, value_of(one, item.api_name)) for one in rows for item in named)
    name = relation.field.api_name
    state = ListState(other.key, exact={name: str(row.id)})
    new_url = None
    if uow.access.may("create", other.key):
        new_url = f"/t/{other.key}/new?{urlencode({name: row.id, 'next': f'{row.url}?tab={relation.key}'})}"
    return RelatedTable(
        relation,
        cells.head(presenter.locale, columns, state, choose=False),
        cells.body(presenter, columns, rows, choose=False),
        len(rows),
        count,
        f"/t/{other.key}?{urlencode({PREFIX + name: row.id})}",
        new_url,
        uow.access.may("update", other.key),
        tuple((item, item.api_name in {column.name for column in columns}) for item in offered_columns(uow, relation)),
    )


def offered_columns(uow: UnitOfWork, relation: Relation) -> list[Field]:
    """Give the fields that may stand in a column: all that the actor may read, but the relation itself, which says the same."""
    found = choosable(relation.type, uow.access.readable(relation.type.key))
    return [item for item in found if item.api_name != relation.field.api_name]


def _columns(presenter: Presenter, relation: Relation) -> list[ListColumn]:
    """Give the columns: those that the reader chose and may still read, else the list's own, without the relation itself."""
    readable = presenter.uow.access.readable(relation.type.key)
    wished = current_preferences().get(CHOSEN, {}).get(relation.key, [])
    known = {item.api_name for item in offered_columns(presenter.uow, relation)}
    found = columns_of(relation.type, readable, tuple((name, 0) for name in wished if name in known))
    return [column for column in found if column.name != relation.field.api_name]
