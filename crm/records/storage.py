"""Where a field is kept: the only code that knows columns, JSON keys and slots.

A type that outgrows the slots can be moved here, without anything above noticing.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from decimal import Decimal
from typing import Any, Final

from sqlalchemy import BigInteger, ColumnElement, FromClause, Select, Table, bindparam, cast, select, type_coerce

from crm.kernel.db import Fixed4, Key
from crm.records.ageing_models import RecordTurn
from crm.records.cell_readers import Part, Reader, Values, column_part, data_part, values_reader
from crm.records.fields import KINDS
from crm.records.models import SLOTS, record_table
from crm.records.types import Column, Data, Field, Links, RecordType, Spine

#: Kinds whose JSON form does not compare as it stands: what a slot would hold is kept beside it while no slot is read.
KEYED: Final = frozenset(kind.key for kind in KINDS.values() if kind.keyed)
#: The column of one record's read that holds the day of its next turn.
TURN: Final = "next_turn"
#: Different sets of fields whose reading is kept planned.
MAX_PLANS: Final = 200
#: Columns of the spine that every read brings.
HEAD = (
    "id",
    "type_id",
    "title",
    "state",
    "owner_id",
    "version",
    "created_at",
    "created_by",
    "updated_at",
    "updated_by",
    "deleted_at",
)


@dataclass(frozen=True)
class Written:
    """What a set of values becomes: columns of the spine, of the type's own table, and JSON data."""

    spine: dict[str, Any]
    own: dict[str, Any]
    data: dict[str, Any]


#: A selected row: SQLAlchemy's mapping, whose keys are not typed as text.
Cells = Mapping[Any, Any]


@dataclass(frozen=True)
class _Plan:
    """How some fields of a type are read: made once, used for every row."""

    statement: Select[Any]
    #: The same for one live record, by the parameter `record_id`.
    by_id: Select[Any]
    parts: tuple[Part, ...]
    #: Gives the values of a row, and their JSON forms.
    values: Values
    json_values: Values


class TypeStorage:
    """Reads and writes the values of one type."""

    def __init__(self, record_type: RecordType) -> None:
        self.type = record_type
        table = record_type.model.__table__ if record_type.model is not None else None
        self.own: Table | None = table if isinstance(table, Table) and table is not record_table else None
        #: How each field is written, by name; what a record cannot be without; and the fields that begin with a value.
        self._writers = {item.api_name: _writer_of(item) for item in record_type.fields if not isinstance(item.place, Links)}
        self.needed = tuple(item for item in record_type.fields if item.kind != "auto_number" and self._must_be_filled(item))
        self.begun = tuple(item for item in record_type.stored.values() if item.default is not None)
        self.blank: Mapping[str, None] = dict.fromkeys(record_type.stored)
        self._plans: dict[tuple[str, ...], _Plan] = {}
        self._kept: dict[tuple[Any, ...], Select[Any]] = {}

    def _must_be_filled(self, item: Field) -> bool:
        """Say whether a record cannot be without the field: better refused by name than by the database."""
        column = item.place.columns[0] if isinstance(item.place, Column) and self.own is not None else None
        empty = column is None or self.own is None or self.own.c[column].nullable
        return not isinstance(item.place, Links) and (item.required or not empty)

    # -- reading ---------------------------------------------------------------------------------------------------

    def source(self, spine: FromClause = record_table, own: FromClause | None = None) -> FromClause:
        """Give spine and own table, joined."""
        if self.own is None:
            return spine
        own = self.own if own is None else own
        return spine.join(own, spine.c.id == own.c.id)

    def source_for(self, *asked: ColumnElement[Any]) -> FromClause:
        """Give the tables that these columns and conditions need: who only counts may do without the type's own."""
        needed = select(*asked).get_final_froms()
        return self.source() if any(table is self.own for table in needed) else record_table

    def select(self, fields: tuple[Field, ...] | None = None) -> Select[Any]:
        """Give a select of the head and of the columns that these fields (default: all) need, without a where."""
        return self._plan(fields).statement

    def kept(self, key: tuple[Any, ...], make: Callable[[], Select[Any]]) -> Select[Any]:
        """Give a statement that is always the same for a key, made at the first call.

        Putting a statement together, and finding its compiled form again, costs as much as a page's query itself.
        """
        found = self._kept.get(key)
        if found is None:
            if len(self._kept) >= MAX_PLANS:
                self._kept.clear()
            found = self._kept[key] = make()
        return found

    def select_live(self, fields: tuple[Field, ...] | None = None) -> Select[Any]:
        """Give the select of one live record, by the parameter `record_id`; made once, so that it costs next to nothing."""
        return self._plan(fields).by_id

    def read(self, row: Cells, zone: str, fields: tuple[Field, ...] | None = None) -> dict[str, Any]:
        """Turn a row of `select` (with the same fields) into values by api_name; links are not values."""
        return self._plan(fields).values(tuple(row.values()), zone)

    def reader(self, fields: tuple[Field, ...] | None = None, *, as_json: bool = False) -> Values:
        """Give the function that reads these fields, or their JSON form, out of the cells of a `select`'s rows."""
        plan = self._plan(fields)
        return plan.json_values if as_json else plan.values

    def _plan(self, fields: tuple[Field, ...] | None) -> _Plan:
        wanted = self.type.fields if fields is None else fields
        names = tuple(item.api_name for item in wanted)
        found = self._plans.get(names)
        if found is None:
            if len(self._plans) >= MAX_PLANS:
                self._plans.clear()  # callers choose the fields: they shall not choose how much memory we use
            found = self._plans[names] = self._make_plan(wanted)
        return found

    def lean(self, fields: tuple[Field, ...]) -> tuple[Select[Any], tuple[Reader, ...]]:
        """Give a select of the id and of the columns of these fields alone, and the reader of each: for whole lists."""
        plan = self._make_plan(fields, ("id",))
        return plan.statement, tuple(part.read for part in plan.parts)

    def _make_plan(self, fields: tuple[Field, ...], head: tuple[str, ...] = HEAD) -> _Plan:
        columns: dict[str, ColumnElement[Any]] = {name: record_table.c[name] for name in head}
        for item in fields:
            if isinstance(item.place, Spine):
                columns.update({name: record_table.c[name] for name in item.place.columns})
            elif isinstance(item.place, Column) and self.own is not None:
                columns.update({f"own_{name}": self.own.c[name].label(f"own_{name}") for name in item.place.columns})
            elif isinstance(item.place, Data):
                columns["data"] = record_table.c.data
        order = {name: index for index, name in enumerate(columns)}
        parts = []
        for item in fields:
            place = item.place
            if isinstance(place, Spine):
                parts.append(column_part(item, [order[name] for name in place.columns]))
            elif isinstance(place, Column):
                parts.append(column_part(item, [order[f"own_{name}"] for name in place.columns]))
            elif isinstance(place, Data):
                parts.append(data_part(item, order["data"], place.key))
        statement = select(*columns.values()).select_from(self.source())
        by_id = statement.where(record_table.c.id == bindparam("record_id"), record_table.c.deleted_at.is_(None))
        if self.type.ages is not None:  # the day of the next turn comes along, so that `records.ageing.by_day` asks for none
            turn = select(RecordTurn.due_on).where(RecordTurn.record_id == record_table.c.id)
            by_id = by_id.add_columns(turn.scalar_subquery().label(TURN))
        return _Plan(statement, by_id, tuple(parts), values_reader(parts), values_reader(parts, as_json=True))

    # -- writing ---------------------------------------------------------------------------------------------------

    def write(self, values: Mapping[str, Any], zone: str) -> Written:
        """Turn values (all, or the changed ones) into columns, data and slots."""
        written = Written({}, {}, {})
        for name, value in values.items():
            self._writers[name](written, value, zone)
        return written

    # -- filtering and sorting -------------------------------------------------------------------------------------

    def key_column(self, item: Field, spine: FromClause, own: FromClause | None) -> ColumnElement[Any] | None:
        """Give the column that comparisons and sorting of a field use, or None when the field has none."""
        place = item.place
        kind = KINDS[item.kind]
        if isinstance(place, Links) or kind.several:
            return None
        if isinstance(place, Spine):
            return spine.c["title_sort" if place.columns == ("title",) else place.columns[0]]
        if isinstance(place, Column):
            table = self.own if own is None else own
            if table is None:
                return None
            return table.c[place.columns[kind.key_at(item, len(place.columns))]]
        if reads_slot(item) and place.slot is not None:
            return spine.c[place.slot]
        return self._json_key(item, place, spine)

    def end_column(self, item: Field, spine: FromClause, own: FromClause | None) -> ColumnElement[Any] | None:
        """Give where the end of a date is kept: a column, or its text within the JSON; None when the date has no end."""
        place = item.place
        if item.config.get("end", "hidden") == "hidden" or isinstance(place, Links):
            return None
        if isinstance(place, Data):
            text: ColumnElement[Any] = spine.c.data[(place.key, "end")].as_string()
            return text
        table = spine if isinstance(place, Spine) else own
        return None if table is None or len(place.columns) < 2 else table.c[place.columns[1]]

    def _json_key(self, item: Field, place: Data, spine: FromClause) -> ColumnElement[Any]:
        """An unslotted field, read out of JSON: works, slower."""
        document = spine.c.data
        text: ColumnElement[Any] = document[f"{place.key}k" if item.kind in KEYED else place.key].as_string()
        match KINDS[item.kind].compares:
            case "number":
                return type_coerce(cast(text, BigInteger), Fixed4)
            case "whole":
                return cast(text, BigInteger)
            case "flag":
                text = document[place.key].as_boolean()
            case "key":
                return cast(text, Key)
            case _:
                pass
        return text

    def holds_key(self, item: Field) -> bool:
        """Whether comparisons meet the Danish sort key rather than the text as typed."""
        place = item.place
        if isinstance(place, Spine):
            return place.columns == ("title",)
        if isinstance(place, Column):
            return item.kind == "text" and len(place.columns) > 1
        return item.kind == "text"


def _writer_of(item: Field) -> Callable[[Written, Any, str], None]:
    """Give what writes one field's value: made once, since an import writes each field thousands of times."""
    kind, place = KINDS[item.kind], item.place
    if isinstance(place, Data):
        return lambda written, value, zone: _write_data(written, item, value, zone)
    columns = () if isinstance(place, Links) else place.columns
    in_spine, first = isinstance(place, Spine), next(iter(columns), "")
    plain = len(columns) == 1

    def write(written: Written, value: Any, zone: str) -> None:
        target, cells = written.spine if in_spine else written.own, kind.to_columns(item, value, zone)
        if plain:
            (target[first],) = cells
        else:
            target.update(zip(columns, cells, strict=True))

    return write


def _write_data(written: Written, item: Field, value: Any, zone: str) -> None:
    kind, place = KINDS[item.kind], item.place
    if not isinstance(place, Data):
        raise TypeError(item.api_name)
    written.data[place.key] = kind.to_json(item, value)
    key = kind.slot_value(item, value, zone)
    if place.slot is not None:
        written.spine[place.slot] = key
    if not reads_slot(item) and item.kind in KEYED:
        written.data[f"{place.key}k"] = _json_form(key)


def reads_slot(item: Field) -> bool:
    """Whether comparisons meet the field's slot, and not its JSON: a slot is read only once it is filled."""
    place = item.place
    return isinstance(place, Data) and place.slot_ready and place.slot in SLOTS


def _json_form(key: Any) -> Any:
    """Give a comparison key as JSON holds it: moments and exact decimals included."""
    if isinstance(key, datetime):
        return moment_text(key)
    return int(key * 10_000) if isinstance(key, Decimal) else key


def moment_text(value: datetime) -> str:
    """Give a moment as fixed-width UTC text: text order is time order."""
    return value.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%S.%fZ")


def field_key(item: Field) -> str:
    """Give the name by which a field's keys stand in `record_value` and `unique_value`: never that of another field."""
    return item.place.key if isinstance(item.place, Data) else item.api_name
