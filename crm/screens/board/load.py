"""Reads a board: for each column its first cards by one query, and what it counts and adds up to by one more, afterwards."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Final
from urllib.parse import urlencode

from crm.filters import All, Condition, Filter
from crm.kernel.errors import NotFound
from crm.records import query
from crm.records.fields.money import MoneyValue, currencies_of
from crm.records.query import Row
from crm.records.tally import Tally, adds_up, members, tally
from crm.records.types import Field, RecordType
from crm.records.work import UnitOfWork
from crm.screens.board.columns import Column, board_field, board_fields, columns_of, condition_of, key_of, one_column
from crm.screens.deadlines import is_deadline, is_late
from crm.screens.listing import columns_of as list_columns
from crm.screens.listing.state import ListState
from crm.screens.moves import may_write, movable_ids
from crm.screens.present import BLANK, Presenter, Shown, head_field, value_of
from crm.web.context import current_locale

#: Cards of a column at once; more come on demand.
SIZE: Final = 20
#: Facts on a card beside owner and deadline.
_FACTS: Final = 3
_NAMED: Final = frozenset({"relation", "user", "users"})
SUM: Final = "sum"


@dataclass(frozen=True, slots=True)
class Card:
    """One record on a board, in words."""

    row: Row
    facts: tuple[tuple[Field, Shown], ...]
    owner: Shown = BLANK
    due: Shown = BLANK
    late: bool = False
    movable: bool = False


@dataclass(frozen=True, slots=True)
class BoardColumn:
    """A column with its first cards, and what it counts and adds up to."""

    column: Column
    cards: tuple[Card, ...]
    url: str
    more_url: str | None
    droppable: bool
    numbers: Numbers


@dataclass(frozen=True, slots=True)
class Numbers:
    """What a column counts, and adds up to if a number was chosen."""

    key: str
    number: int
    total: Shown = BLANK


@dataclass(frozen=True, slots=True)
class _Asked:
    """A board: of which type, by which field, under which filter."""

    uow: UnitOfWork
    type: RecordType
    state: ListState
    where: Filter
    field: Field


def fits(record_type: RecordType) -> bool:
    """Whether a type has anything to make columns of beside its owner."""
    return any(item.api_name != "owner" for item in board_fields(record_type, None))


def load(uow: UnitOfWork, record_type: RecordType, state: ListState, where: Filter) -> Mapping[str, Any] | None:
    """Give the board's columns with their first cards; None when the actor may read nothing to make columns of."""
    readable = uow.access.readable(record_type.key)
    field = board_field(record_type, readable, state.by)
    if field is None:
        return None
    asked = _Asked(uow, record_type, state, where, field)
    summed = _sum_field(record_type, readable, state)
    found = tally(uow, record_type.key, field.api_name, where=where, total=None if summed is None else summed.api_name)
    counts = {key_of(one.value): one for one in found}
    columns, cut = columns_of(uow, field, [one.value for one in found])
    few = _few(asked, [one.value for one in found if one.number <= SIZE])
    pages = [(column, _first_page(asked, column, counts, few)) for column in columns]
    cards = _cards(asked, [row for _column, page in pages for row in page.rows])
    own = may_move(uow, record_type, field)
    presenter = Presenter(uow, current_locale())
    shown = [
        _column(asked, column, page, cards, _numbers(presenter, summed, column.key, counts.get(column.key)))
        for column, page in pages
        if page.rows or not (state.hide_empty or column.retired)
    ]
    return {
        "field": field,
        "columns": shown,
        "cut": cut,
        "any": any(page.rows for _column, page in pages),
        "may_move": own,
        "steps": _reach(record_type) if field.api_name == "state" else None,
        "summed": summed,
        "query": _plain_query(asked),
        "numbers_url": f"/t/{record_type.key}/board/numbers?{_plain_query(asked)}",
        "fields": board_fields(record_type, readable),
        "sums": [item for item in query.readable_fields(uow, record_type) if adds_up(item)],
        "may_create": uow.access.may("create", record_type.key),
    }


def may_move(uow: UnitOfWork, record_type: RecordType, field: Field) -> bool:
    """Whether the actor may move any card: by a step of the lifecycle, or by changing the field."""
    if field.api_name == "state" and record_type.lifecycle is not None:
        steps = record_type.lifecycle.transitions
        return any(step.by_hand and uow.access.may(step.act or step.key, record_type.key) for step in steps)
    return field.api_name in record_type.changeable and may_write(uow, record_type, field)


def _reach(record_type: RecordType) -> dict[str, list[str]]:
    """Give the states that a step by hand leads to, by state: where a card cannot go at all is seen while it is dragged."""
    if record_type.lifecycle is None:
        return {}
    steps = [step for step in record_type.lifecycle.transitions if step.by_hand]
    return {
        state.key: sorted({step.target for step in steps if state.key in step.sources}) for state in record_type.lifecycle.states
    }


def _page(asked: _Asked, column: Column, cursor: str | None, ids: tuple[int, ...] | None = None) -> query.Page:
    narrowed = condition_of(asked.field, column) if ids is None else Condition("id", "in", ids)
    where = All((asked.where, narrowed))
    return query.list_page(
        asked.uow,
        asked.type.key,
        where=where,
        sort=asked.state.sort,
        descending=asked.state.descending,
        size=SIZE,
        cursor=cursor,
        fields=[item.api_name for item in _card_fields(asked)],
    )


def _first_page(asked: _Asked, column: Column, counts: Mapping[str, Tally], few: Mapping[str, list[int]]) -> query.Page:
    """Give a column's first cards: none without asking where there are none, and by their ids where they are few.

    Where few of very many records are in a column, a database walks all of them in the order of the list to find those.
    """
    if column.key not in counts:
        return query.Page(())
    ids = few.get(column.key)
    return _page(asked, column, None, None if ids is None else tuple(ids))


def _few(asked: _Asked, values: Sequence[Any]) -> dict[str, list[int]]:
    """Give the ids of the records in columns that hold few, by column: one query."""
    if not values:
        return {}
    found: dict[str, list[int]] = {}
    for record_id, value in members(asked.uow, asked.type.key, asked.field.api_name, values, where=asked.where):
        found.setdefault(key_of(value), []).append(record_id)
    return found


def _card_fields(asked: _Asked) -> list[Field]:
    """Give what a card needs: the list's columns beside title and the board's own field, and the deadline."""
    readable = asked.uow.access.readable(asked.type.key)
    listed = [column.field for column in list_columns(asked.type, readable, asked.state.columns)]
    due = _due_field(asked)
    found = [item for item in listed if item.api_name not in {"title", asked.field.api_name}]
    return found if due is None or due in found else [*found, due]


def _due_field(asked: _Asked) -> Field | None:
    """Give the deadline, if the type has one that the actor may read."""
    readable = query.readable_fields(asked.uow, asked.type)
    return next((item for item in readable if is_deadline(item)), None)


def _cards(asked: _Asked, rows: Sequence[Row]) -> dict[int, Card]:
    """Word the cards of all columns: one query for each kind of name in them, one more where a scope bounds who may move."""
    presenter = Presenter(asked.uow, current_locale())
    fields, due, owner = _card_fields(asked), _due_field(asked), head_field(asked.type, "owner")
    pairs = [(item, value_of(row, item.api_name)) for row in rows for item in fields if item.kind in _NAMED]
    presenter.prepare([*pairs, *((owner, row.owner_id) for row in rows if owner is not None)])
    movable = _movable(asked, rows)
    by_id = {}
    for row in rows:
        facts = [
            (item, presenter.show(item, value_of(row, item.api_name)))
            for item in fields
            if item != due and item.api_name != "owner"
        ]
        held = None if due is None else row.values.get(due.api_name)
        by_id[row.id] = Card(
            row,
            tuple(pair for pair in facts if not pair[1].blank)[:_FACTS],
            BLANK if owner is None or asked.field.kind == "user" else presenter.show(owner, row.owner_id),
            BLANK if due is None else presenter.show(due, held),
            late=is_late(asked.type, row, held, asked.uow.today(), asked.uow.zone),
            movable=row.id in movable,
        )
    return by_id


def _movable(asked: _Asked, rows: Sequence[Row]) -> set[int]:
    if not may_move(asked.uow, asked.type, asked.field):
        return set()
    # A step has a right of its own, which is asked for when it is taken; a field goes by the right to change the record.
    return {row.id for row in rows} if asked.field.api_name == "state" else movable_ids(asked.uow, asked.type, rows)


def _column(asked: _Asked, column: Column, page: query.Page, cards: Mapping[int, Card], numbers: Numbers) -> BoardColumn:
    more = None if page.next_cursor is None else _more_url(asked, column, page.next_cursor)
    url = asked.state.narrowed_by(condition_of(asked.field, column)).url()
    droppable = may_move(asked.uow, asked.type, asked.field) and not column.retired
    return BoardColumn(column, tuple(cards[row.id] for row in page.rows), url, more, droppable, numbers)


def _more_url(asked: _Asked, column: Column, cursor: str) -> str:
    return f"/t/{asked.type.key}/board/cards?{_plain_query(asked)}&{urlencode({'col': column.key, 'from': cursor})}"


def _plain_query(asked: _Asked) -> str:
    """Give the list's filters, sorting and columns said in full, without the saved view they may come from."""
    pairs = dict(asked.state.own_pairs())
    return urlencode({**pairs, "layout": "board", "by": asked.field.api_name})


def more_cards(
    uow: UnitOfWork, record_type: RecordType, state: ListState, where: Filter, key: str, cursor: str | None
) -> BoardColumn:
    """Give further cards of one column.

    Raises:
        NotFound: there is no such column.
    """
    field = board_field(record_type, uow.access.readable(record_type.key), state.by)
    column = None if field is None else one_column(uow, field, key)
    if field is None or column is None:
        raise NotFound
    asked = _Asked(uow, record_type, state, where, field)
    page = _page(asked, column, cursor)
    return _column(asked, column, page, _cards(asked, page.rows), Numbers(column.key, len(page.rows)))


def one_card(uow: UnitOfWork, record_type: RecordType, state: ListState, where: Filter, record_id: int) -> tuple[Field, Card, bool]:
    """Give a card as it is now, by the board's field, and whether it still fits the list's filter.

    Raises:
        NotFound: the actor may not see the record, or there is no board.
    """
    field = board_field(record_type, uow.access.readable(record_type.key), state.by)
    if field is None:
        raise NotFound
    asked = _Asked(uow, record_type, state, where, field)
    row = query.one(uow, record_id, type_key=record_type.key)
    fits_filter = query.count(uow, record_type.key, All((where, Condition("id", "is", record_id)))).number > 0
    return field, _cards(asked, [row])[record_id], fits_filter


def _sum_field(record_type: RecordType, readable: frozenset[str] | None, state: ListState) -> Field | None:
    item = record_type.by_name.get(state.more.get(SUM, ""))
    return item if item is not None and adds_up(item) and (readable is None or item.api_name in readable) else None


def numbers(uow: UnitOfWork, record_type: RecordType, state: ListState, where: Filter) -> list[Numbers]:
    """Count all columns, and add up the chosen number over each: one query."""
    readable = uow.access.readable(record_type.key)
    field = board_field(record_type, readable, state.by)
    if field is None:
        return []
    summed = _sum_field(record_type, readable, state)
    presenter = Presenter(uow, current_locale())
    found = tally(uow, record_type.key, field.api_name, where=where, total=None if summed is None else summed.api_name)
    return [_numbers(presenter, summed, key_of(one.value), one) for one in found]


def _numbers(presenter: Presenter, summed: Field | None, key: str, one: Tally | None) -> Numbers:
    """Word what a column counts and adds up to; a column that nothing is in counts none."""
    if one is None:
        return Numbers(key, 0)
    total = BLANK if summed is None or one.total is None else presenter.show(summed, _amount(summed, one.total))
    return Numbers(key, one.number, total)


def _amount(field: Field, total: Any) -> Any:
    """Give a sum as a value of its field, to be worded as such."""
    if field.kind == "money":
        return MoneyValue(total, currencies_of(field)[0])
    return int(total) if field.kind == "duration" else total
