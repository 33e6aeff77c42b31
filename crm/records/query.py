"""Reads over records of any type: list pages, counts, one record, titles. Rights, trash and field rights are always applied."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from operator import itemgetter
from typing import TYPE_CHECKING, Any, Final

from sqlalchemy import ColumnElement, Select, bindparam, func, literal, or_, select, tuple_

from crm.filters import EVERYTHING, Filter
from crm.filters.resolve import Context, resolve
from crm.kernel import paging
from crm.kernel.errors import AccessDenied, MergedInto, NotFound
from crm.kernel.text import clean, sort_key
from crm.records.ageing import by_day
from crm.records.cursors import plain_value, read_place
from crm.records.merge_models import MergedRecord
from crm.records.models import MAX_ID, record_table
from crm.records.rows import Count, Page, Row, Title
from crm.records.sql import SqlFilter
from crm.records.storage import HEAD, TURN
from crm.records.types import Field, RecordType

if TYPE_CHECKING:
    from crm.records.work import UnitOfWork

__all__ = [
    "MAX_SIZE", "NEVER_EMPTY", "Count", "Page", "Row", "Title", "compiled", "count", "list_page", "live", "matching_ids", "one",
    "pick", "read_page", "read_row", "readable_fields", "titles",
]  # fmt: skip
MAX_SIZE: Final = 200
#: The longest filter whose statement is kept for the next one who asks just so.
LONGEST_KEPT: Final = 1_000
#: Records whose type is remembered.
MOST_SEEN: Final = 20_000
#: What every record has: a list sorted by it has no run of empty values.
NEVER_EMPTY: Final = frozenset({"title", "id", "updated_at", "created_at"})
_SURVIVOR_OF: Final = select(MergedRecord.survivor_id).where(MergedRecord.old_id == bindparam("record_id"))
_TYPE_OF: Final = select(record_table.c.type_id).where(record_table.c.id == bindparam("record_id"))
#: Gives the cells of the head that a `Row` takes, in its order (the type's key stands between id and title).
_HEAD_CELLS: Final = itemgetter(
    *(HEAD.index(name) for name in ("id", "title", "state", "version", "owner_id", "created_at", "updated_at", "deleted_at"))
)


def list_page(
    uow: UnitOfWork,
    type_key: str,
    *,
    where: Filter = EVERYTHING,
    sort: str = "title",
    descending: bool = False,
    size: int = 50,
    cursor: str | None = None,
    fields: Sequence[str] | None = None,
    as_json: bool = False,
) -> Page:
    """Give one page of a type's records, sorted by a field; empty values come last in both directions.

    A list is two runs: filled rows by (key, id), then empty rows by id; each run is one indexed query, and a page needs the
    second only where the first ends. `as_json`: the rows' values are in their JSON form, for whoever passes them on.

    Raises:
        AccessDenied: the type may not be read.
        InvalidInput: a filter or sort that does not fit the type.
    """
    record_type = uow.registry.get(type_key)
    uow.access.require("read", type_key)
    wanted = readable_fields(uow, record_type, fields)
    compiler = SqlFilter(uow.registry, record_type, uow.zone, access=uow.access)
    _item, column = compiler.sort_column(sort)
    size = max(1, min(size, MAX_SIZE))
    mark = paging.fingerprint(type_key, repr(where), sort, descending, uow.registry.epoch)
    place = read_place(cursor, mark, column)
    tree = resolve(where, compiler.kind_of, Context(uow.actor.user_id, uow.today()))

    def base() -> Select[Any]:
        statement = uow.registry.storage(type_key).select(wanted)
        return statement.where(*live(uow, record_type), compiler.compile(tree)).add_columns(column.label("sort_value"))

    rows: list[Any] = []
    if place is None or place.run == "filled":
        key = None if place is not None else _kept_key(uow, record_type, tree, (sort, descending, size, wanted))

        def first() -> Select[Any]:
            return _filled(base(), column, place, size + 1, descending=descending)

        statement = first() if key is None else uow.registry.storage(type_key).kept(key, first)
        rows += uow.session.connection().execute(statement).all()
    if len(rows) <= size and sort not in NEVER_EMPTY:
        after = place.last_id if place is not None and place.run == "empty" else 0
        rest = base().where(column.is_(None), record_table.c.id > after)
        rows += uow.session.execute(rest.order_by(record_table.c.id).limit(size + 1 - len(rows))).all()
    page, more = rows[:size], len(rows) > size
    next_cursor = None
    if more:
        last = page[-1]
        run = "empty" if last.sort_value is None else "filled"
        next_cursor = paging.write_cursor(paging.Place(run, plain_value(last.sort_value), last.id), mark)
    return Page(tuple(read_page(uow, record_type, page, wanted, as_json=as_json)), next_cursor, bool(cursor) and place is None)


def _kept_key(uow: UnitOfWork, record_type: RecordType, tree: Filter, page: tuple[Any, ...]) -> tuple[Any, ...] | None:
    """Give what a first page's statement hangs on; None where it also hangs on who asks, or is not worth keeping.

    Whether the actor may read what the filter names has been asked when it was resolved: the statement itself holds no rights.
    As text, since to Python 1, 1.0 and True are the same.
    """
    if uow.visible(record_type) is not None:
        return None
    sort, descending, size, wanted = page
    words = "" if tree == EVERYTHING else repr(tree)
    return ("page", words, sort, descending, size, tuple(item.api_name for item in wanted)) if len(words) <= LONGEST_KEPT else None


def read_page(
    uow: UnitOfWork, record_type: RecordType, page: Sequence[Any], fields: tuple[Field, ...], *, as_json: bool = False
) -> list[Row]:
    """Turn selected rows into `Row`s: by position, the storage asked once, since this is done fifty times a page."""
    read, zone, key = uow.registry.storage(record_type.key).reader(fields, as_json=as_json), uow.zone, record_type.key
    owner_hidden = _hides_owner(uow, record_type)
    rows = []
    for cells in map(tuple, page):
        record_id, title, state, version, owner_id, created_at, updated_at, deleted_at = _HEAD_CELLS(cells)
        if owner_hidden:
            owner_id = None
        values = read(cells, zone)
        rows.append(Row(record_id, key, title, state, version, owner_id, created_at, updated_at, deleted_at, values))
    return rows


def compiled(uow: UnitOfWork, compiler: SqlFilter, where: Filter) -> ColumnElement[bool]:
    """Put values in the place of "me" and of relative days, and compile."""
    return compiler.compile(resolve(where, compiler.kind_of, Context(uow.actor.user_id, uow.today())))


def live(uow: UnitOfWork, record_type: RecordType, *, by_type: bool = True) -> list[ColumnElement[bool]]:
    """Give the conditions of every read of a type: the type, not in the trash, and the actor's rows.

    Without `by_type` the join with the type's own table must hold the type: then SQLite does not walk all its records where
    an index of that table leads to a few.

    Raises:
        AccessDenied: the type may not be read at all.
    """
    if not uow.access.may("read", record_type.key):
        raise AccessDenied
    conditions: list[ColumnElement[bool]] = [record_table.c.deleted_at.is_(None)]
    if by_type:
        conditions.insert(0, record_table.c.type_id == record_type.id)
    visible = uow.visible(record_type)
    return conditions if visible is None else [*conditions, visible]


def _filled(
    base: Select[Any], column: ColumnElement[Any], place: paging.Place | None, limit: int, *, descending: bool
) -> Select[Any]:
    statement = base.where(column.is_not(None))
    key = tuple_(column, record_table.c.id)
    if place is not None:
        last = tuple_(literal(place.value, column.type), literal(place.last_id, record_table.c.id.type))
        statement = statement.where(key < last if descending else key > last)
    order = (column.desc(), record_table.c.id.desc()) if descending else (column, record_table.c.id)
    return statement.order_by(*order).limit(limit)


def readable_fields(uow: UnitOfWork, record_type: RecordType, names: Sequence[str] | None = None) -> tuple[Field, ...]:
    """Give the fields of a type that the actor may read, or those among `names`."""
    allowed = uow.access.readable(record_type.key)
    return tuple(
        item
        for item in record_type.fields
        if (allowed is None or item.api_name in allowed) and (names is None or item.api_name in names)
    )


def read_row(uow: UnitOfWork, record_type: RecordType, row: Mapping[Any, Any], fields: tuple[Field, ...]) -> Row:
    """Turn a selected row into a `Row`."""
    return Row(
        row["id"],
        record_type.key,
        row["title"],
        row["state"],
        row["version"],
        None if _hides_owner(uow, record_type) else row["owner_id"],
        row["created_at"],
        row["updated_at"],
        row["deleted_at"],
        uow.registry.storage(record_type.key).read(row, uow.zone, fields),
    )


def _hides_owner(uow: UnitOfWork, record_type: RecordType) -> bool:
    """Whether the owner, which every head has, is a field of the type (a task's assignee) that the actor may not read."""
    readable = uow.access.readable(record_type.key)
    return readable is not None and "owner" in record_type.by_name and "owner" not in readable


def matching_ids(uow: UnitOfWork, type_key: str, where: Filter = EVERYTHING) -> Select[Any]:
    """Give the select of the ids of all records of a list, in no order.

    Raises:
        AccessDenied: the type may not be read.
        InvalidInput: a filter that does not fit the type.
    """
    record_type = uow.registry.get(type_key)
    uow.access.require("read", type_key)
    compiler = SqlFilter(uow.registry, record_type, uow.zone, access=uow.access)
    conditions = (*live(uow, record_type), compiled(uow, compiler, where))
    source = uow.registry.storage(type_key).source_for(record_table.c.id, *conditions)
    # Whoever asks within a question of their own about records means other rows of the same table.
    return select(record_table.c.id).select_from(source).where(*conditions).correlate(None)


def count(uow: UnitOfWork, type_key: str, where: Filter = EVERYTHING, cap: int = 10_000) -> Count:
    """Count the records of a list; exact up to `cap`, beyond it "cap+". `cap=0` counts exactly (reports, packs)."""
    statement = matching_ids(uow, type_key, where)
    if cap:
        statement = statement.limit(cap + 1)
    number = uow.session.scalar(select(func.count()).select_from(statement.subquery())) or 0
    return Count(min(number, cap), True) if cap and number > cap else Count(number)


def one(uow: UnitOfWork, record_id: int, *, with_trash: bool = False, type_key: str | None = None) -> Row:
    """Give one record, whatever its type; `type_key` spares the query that finds it out.

    Raises:
        NotFound: it does not exist, is of another type, lies in the trash, or the actor may not see it.
        MergedInto: it was merged into another, which the actor may see.
    """
    if not 0 < record_id <= MAX_ID:
        raise NotFound
    known = None if uow.rows is None else uow.rows.get(record_id)
    if isinstance(known, Row) and type_key in {None, known.type_key} and (with_trash or known.deleted_at is None):
        return known
    record_type = uow.registry.get(type_key) if type_key is not None else _type_of(uow, record_id)
    if record_type is None:
        raise _absent(uow, record_id)
    if not uow.access.may("read", record_type.key):
        raise NotFound
    wanted = readable_fields(uow, record_type)
    storage = uow.registry.storage(record_type.key)
    statement = storage.select(wanted).where(record_table.c.id == record_id) if with_trash else storage.select_live(wanted)
    visible = uow.visible(record_type)
    if visible is not None:
        statement = statement.where(visible)
    asked = uow.session.connection().execute(statement, {} if with_trash else {"record_id": record_id})
    found = asked.mappings().one_or_none()
    if found is None or found["type_id"] != record_type.id:
        raise _absent(uow, record_id)
    row = by_day(uow, record_type, read_row(uow, record_type, found, wanted), found.get(TURN))
    if uow.rows is not None:
        uow.rows[record_id] = row
    return row


def _absent(uow: UnitOfWork, record_id: int) -> NotFound:
    """Give the refusal of a record that is not there: one that was merged leads on."""
    survivor = uow.session.scalar(_SURVIVOR_OF, {"record_id": record_id})
    found = None if survivor is None else titles(uow, [survivor]).get(survivor)
    return NotFound() if found is None else MergedInto(record_id, found.id, found.title, found.url)


def _type_of(uow: UnitOfWork, record_id: int) -> RecordType | None:
    """Give the type of a record, remembered: a page is followed by requests for its parts."""
    seen = uow.registry.seen
    type_id = seen.get(record_id)
    if type_id is None:
        type_id = uow.session.connection().scalar(_TYPE_OF, {"record_id": record_id})
        if type_id is not None and uow.rows is not None:  # what a writer made may yet be rolled back
            if len(seen) >= MOST_SEEN:
                seen.clear()
            seen[record_id] = type_id
    return uow.registry.by_id.get(type_id or 0)


def titles(uow: UnitOfWork, ids: Iterable[int], *, with_trash: bool = False) -> dict[int, Title]:
    """Give names of records that the actor may see, by id: one query, and one more for each type that their scopes bound."""
    wanted = sorted({one_id for one_id in ids if 0 < one_id <= MAX_ID})
    if not wanted:
        return {}
    columns = (record_table.c.id, record_table.c.type_id, record_table.c.title, record_table.c.state)
    statement = select(*columns).where(record_table.c.id.in_(wanted))
    rows = uow.session.execute(statement if with_trash else statement.where(record_table.c.deleted_at.is_(None))).all()
    found: dict[int, Title] = {}
    for type_id in {row.type_id for row in rows}:
        record_type = uow.registry.by_id.get(type_id)
        if record_type is None or not uow.access.may("read", record_type.key):
            continue
        members = {row.id: Title(row.id, record_type.key, row.title, row.state) for row in rows if row.type_id == type_id}
        visible = uow.visible(record_type)
        if visible is not None:
            source = uow.registry.storage(record_type.key).source()
            seen = select(record_table.c.id).select_from(source).where(record_table.c.id.in_(members), visible)
            members = {one_id: members[one_id] for one_id in uow.session.scalars(seen)}
        found.update(members)
    return found


def _begins_a_word(needle: str) -> ColumnElement[bool]:
    """A last `a` may be the first half of `aa`, which is kept as å: Faaborg is found while it is typed."""
    column = record_table.c.title_sort
    needles = [needle, needle[:-1] + sort_key("aa")] if needle.endswith("a") else [needle]
    starts = [column.startswith(one, autoescape=True) for one in needles]
    return or_(*starts, *(column.contains(f" {one}", autoescape=True) for one in needles))


def pick(uow: UnitOfWork, type_keys: Sequence[str], text: str, limit: int = 20, *, among: Select[Any] | None = None) -> list[Title]:
    """Find records by the beginning of any word of their title, as a person types; Danish folding. `among` selects their ids."""
    found: list[Title] = []
    needle = sort_key(clean(text[:400]))
    for key in type_keys:
        record_type = uow.registry.types.get(key)
        if record_type is None or not uow.access.may("read", key) or len(found) >= limit:
            continue
        statement = select(record_table.c.id, record_table.c.title, record_table.c.state).where(*live(uow, record_type))
        statement = statement.select_from(uow.registry.storage(key).source())
        if needle:
            statement = statement.where(_begins_a_word(needle))
        if among is not None:
            statement = statement.where(record_table.c.id.in_(among.correlate(None)))
        rows = uow.session.execute(statement.order_by(record_table.c.title_sort, record_table.c.id).limit(limit - len(found)))
        found += [Title(row.id, key, row.title, row.state) for row in rows]
    return found
