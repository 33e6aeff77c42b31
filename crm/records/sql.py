"""The filter tree as SQL. The same tree gives the same records as `filters.evaluate` does in Python (a property test).

Every condition is two-valued: a comparison with an empty value is false, `is_not` and `not_in` are true for empty ones.
Values are always bound; names come from the registry, never from the filter.
"""

from __future__ import annotations

from datetime import date, datetime, timedelta
from decimal import Decimal
from typing import Any

from sqlalchemy import BigInteger, ColumnElement, Date, FromClause, and_, false, literal, not_, or_, select, true

from crm.filters import All, Any_, Condition, Filter, Not
from crm.filters.tree import bad_filter
from crm.kernel.clock import day_start, local_day
from crm.kernel.db import Fixed4, Moment
from crm.kernel.i18n import N_, Label
from crm.kernel.text import clean, sort_key
from crm.records.fields import KINDS, ValueProblem
from crm.records.fields.base import shown
from crm.records.models import RecordLink, record_table
from crm.records.registry import Registry
from crm.records.storage import TypeStorage, field_key, moment_text, reads_slot
from crm.records.types import Data, Field, Links, Option, RecordType, Spine
from crm.records.value_models import RecordValue
from crm.security.policies import EVERYTHING_ALLOWED, Access

#: Things of the spine that a filter may name on every type, with the kind that reads their values.
SPINE_FIELDS = {
    "id": "relation",
    "state": "choice",
    "owner": "user",
    "created_by": "user",
    "created_at": "date",
    "updated_at": "date",
    "title": "text",
}
SPINE_LABELS = {
    "id": Label("Nummer", "Number"),
    "state": Label("Status", "Status"),
    "owner": Label("Ansvarlig", "Owner"),
    "created_by": Label("Oprettet af", "Created by"),
    "created_at": Label("Oprettet", "Created"),
    "updated_at": Label("Ændret", "Changed"),
    "title": Label("Titel", "Title"),
}
_SPINE_COLUMNS = {"owner": "owner_id", "title": "title_sort"}
#: The opposite conditions, which are true for empty values: compiled as "not", so that a path that ends early is empty too.
_OPPOSITE = {"is_not": "is", "not_in": "in", "has_none": "has_any", "empty": "filled"}


def spine_field(record_type: RecordType, name: str) -> Field | None:
    """Give one of the spine's own things as a field of a type, or None."""
    kind = SPINE_FIELDS.get(name)
    if kind is None:
        return None
    options: tuple[Option, ...] = ()
    if name == "state" and record_type.lifecycle is not None:
        options = tuple(Option(state.key, state.label) for state in record_type.lifecycle.states)
    place = Spine((_SPINE_COLUMNS.get(name, name),))
    return Field(name, kind, SPINE_LABELS[name], place, options=options, config={"time": "optional"})


class SqlFilter:
    """Compiles trees over one type, on given tables (aliases for the steps of a path)."""

    def __init__(
        self,
        registry: Registry,
        record_type: RecordType,
        zone: str,
        *,
        access: Access = EVERYTHING_ALLOWED,
        spine: FromClause = record_table,
        own: FromClause | None = None,
    ) -> None:
        self.registry = registry
        self.type = record_type
        self.zone = zone
        #: What may not be read may not be filtered or sorted by: else a filter tells the value.
        self.access = access
        self.readable = access.readable(record_type.key)
        self.storage: TypeStorage = registry.storage(record_type.key)
        self.spine = spine
        self.own = own if own is not None else self.storage.own

    def compile(self, tree: Filter) -> ColumnElement[bool]:
        """Give the where clause.

        Raises:
            InvalidInput: an unknown field, an operator that the field does not answer, or a value of the wrong kind.
        """
        if isinstance(tree, All):
            return and_(true(), *(self.compile(part) for part in tree.parts))
        if isinstance(tree, Any_):
            return or_(false(), *(self.compile(part) for part in tree.parts))
        if isinstance(tree, Not):
            return not_(self.compile(tree.part))
        return self._condition(tree)

    def field(self, name: str) -> Field:
        """Find a field, or one of the spine's own.

        Raises:
            InvalidInput: there is none that the actor may read.
        """
        item = self.type.by_name.get(name)
        if item is not None and (self.readable is None or name in self.readable):
            return item
        found = spine_field(self.type, name) if item is None else None
        if found is None:
            raise bad_filter(N_("There is no field “%(field)s” to filter by.", field=shown(name, 60)))
        return found

    def kind_of(self, path: str) -> str:
        """Give the kind of the field at the end of a path (`filters.resolve` asks).

        Raises:
            InvalidInput: there is none that the actor may read.
        """
        name, _, rest = path.partition(".")
        item = self.field(name)
        return self._beyond(item).kind_of(rest) if rest else item.kind

    def sort_column(self, name: str) -> tuple[Field, ColumnElement[Any]]:
        """Give the column that sorting by a field uses.

        Raises:
            InvalidInput: the field cannot be sorted by.
        """
        item = self.field(name)
        column = self._column(item)
        if column is None or not (KINDS[item.kind].sortable or item.api_name == "id") or self._is_long_text(item):
            raise bad_filter(N_("“%(field)s” cannot be sorted by.", field=item.label))
        return item, column

    def value_column(self, name: str) -> ColumnElement[Any]:
        """Give the column that counting and adding up by a field use.

        Raises:
            InvalidInput: there is no such field that the actor may read, or it holds several values.
        """
        item = self.field(name)
        column = self._column(item)
        if column is None:
            raise bad_filter(N_("“%(field)s” has several values: nothing to count by.", field=item.label))
        return column

    @staticmethod
    def _is_long_text(item: Field) -> bool:
        return item.kind == "text" and bool(item.config.get("multiline")) and not isinstance(item.place, Data)

    def _column(self, item: Field) -> ColumnElement[Any] | None:
        if isinstance(item.place, Spine) and item.place.columns[0] in self.spine.c and item.api_name in SPINE_FIELDS:
            return self.spine.c["title_sort" if item.api_name == "title" else item.place.columns[0]]
        return self.storage.key_column(item, self.spine, self.own)

    # -- conditions ------------------------------------------------------------------------------------------------

    def _condition(self, condition: Condition) -> ColumnElement[bool]:
        name, _, rest = condition.field.partition(".")
        item = self.field(name)
        if rest:
            if condition.op in _OPPOSITE:
                return not_(self._path(item, Condition(rest, _OPPOSITE[condition.op], condition.value)))
            return self._path(item, Condition(rest, condition.op, condition.value))
        kind = KINDS[item.kind]
        if condition.op not in kind.operators:
            raise bad_filter(N_("“%(field)s” cannot be compared by “%(op)s”.", field=item.label, op=condition.op))
        if isinstance(item.place, Links):
            return self._links(item, condition)
        if kind.several:
            return self._several(item, condition)
        column = self._column(item)
        if column is None:
            raise bad_filter(N_("There is no field “%(field)s” to filter by.", field=shown(name, 60)))
        if condition.op == "empty":
            return column.is_(None)
        if condition.op == "filled":
            return column.is_not(None)
        if condition.op in {"all_done", "has_open"}:
            return and_(column.is_not(None), column == 0 if condition.op == "all_done" else column > 0)
        if self._is_long_text(item):
            raise bad_filter(N_("“%(field)s” cannot be compared by “%(op)s”.", field=item.label, op=condition.op))
        return self._compare(item, column, condition)

    def _compare(self, item: Field, column: ColumnElement[Any], condition: Condition) -> ColumnElement[bool]:
        op, raw = condition.op, condition.value
        if op in {"in", "not_in"}:
            values = [self._bound(item, column, self._operand(item, one)) for one in raw]
            inside = and_(column.is_not(None), column.in_(values)) if values else false()
            return inside if op == "in" else not_(inside)
        value = self._operand(item, raw)
        if item.kind == "date":
            return self._compare_date(column, op, value)
        bound = self._bound(item, column, value)
        if op == "is_not":
            return or_(column.is_(None), column != bound)
        if op in {"contains", "starts"}:
            compared = column.contains(bound, autoescape=True) if op == "contains" else column.startswith(bound, autoescape=True)
        else:
            compared = {
                "is": lambda: column == bound,
                "lt": lambda: column < bound,
                "le": lambda: column <= bound,
                "gt": lambda: column > bound,
                "ge": lambda: column >= bound,
            }[op]()
        return and_(column.is_not(None), compared)

    def _operand(self, item: Field, raw: Any) -> Any:
        if item.kind == "text":
            if not isinstance(raw, str):
                raise bad_filter(N_("“%(field)s” is compared with text.", field=item.label))
            return clean(raw[:400])[:200]
        try:
            return KINDS[item.kind].operand(item, raw, self.zone)
        except ValueProblem as problem:
            raise bad_filter(problem.message) from None

    def _bound(self, item: Field, column: ColumnElement[Any], value: Any) -> Any:
        """Give the operand as the column holds it."""
        if item.kind == "text":
            return sort_key(value) if self.storage.holds_key(item) or item.api_name == "title" else value
        if item.kind == "link" and reads_slot(item):
            return KINDS["link"].slot_value(item, value, self.zone)
        if item.kind == "yes_no" and reads_slot(item):
            return Decimal(int(value))
        if _is_integer(item, column, value):
            return literal(int(value), BigInteger)  # beyond what the column holds, it is larger than all, not an error
        return value

    def _compare_date(self, column: ColumnElement[Any], op: str, value: date | datetime) -> ColumnElement[bool]:
        """A day means the whole of it, in the office's zone; a moment means itself. `within` has been resolved before."""
        if isinstance(column.type, Date):
            op, low, high = *self._day_or_before(op, value), None
        elif isinstance(value, datetime):
            low, high = value, None
        else:
            low, high = day_start(value, self.zone), day_start(value + timedelta(days=1), self.zone)

        def bind(moment: Any) -> Any:
            return moment_text(moment) if isinstance(moment, datetime) and not isinstance(column.type, Moment) else moment

        first = bind(low)
        after = None if high is None else bind(high)
        if op in {"never", "always"}:
            return false() if op == "never" else true()
        if op in {"is", "is_not"}:
            same = column == first if after is None else and_(column >= first, column < after)
            same = and_(column.is_not(None), same)
            return same if op == "is" else not_(same)
        compared = {
            "lt": lambda: column < first,
            "ge": lambda: column >= first,
            "le": lambda: column <= first if after is None else column < after,
            "gt": lambda: column > first if after is None else column >= after,
        }[op]()
        return and_(column.is_not(None), compared)

    def _day_or_before(self, op: str, value: date | datetime) -> tuple[str, date]:
        """Say a comparison with a moment as one with a day: a plain date column holds days, each of which begins at midnight."""
        if not isinstance(value, datetime):
            return op, value
        day = local_day(value, self.zone)
        if day_start(day, self.zone) == value:
            return op, day
        # In the middle of a day: that day has begun already, no day begins just then.
        return {"lt": "le", "ge": "gt", "is": "never", "is_not": "always"}.get(op, op), day

    def _links(self, item: Field, condition: Condition) -> ColumnElement[bool]:
        link = RecordLink.__table__.alias()
        linked = select(link.c.from_id).where(link.c.from_id == self.spine.c.id, link.c.field == item.api_name)
        if condition.op in {"empty", "filled"}:
            exists = linked.exists()
            return exists if condition.op == "filled" else not_(exists)
        raw = condition.value if condition.op in {"in", "not_in"} else (condition.value,)
        ids = [self._operand(item, one) for one in raw]
        found: ColumnElement[bool] = linked.where(link.c.to_id.in_(ids)).exists() if ids else false()
        return found if condition.op in {"is", "in"} else not_(found)

    def _several(self, item: Field, condition: Condition) -> ColumnElement[bool]:
        """A field with several values: the record's id lies among those that hold such a key."""
        value = RecordValue.__table__.alias()
        ids = select(value.c.record_id).where(value.c.type_id == self.type.id, value.c.field == field_key(item))
        op, raw = condition.op, condition.value
        if op in {"empty", "filled"}:
            inside = self.spine.c.id.in_(ids)
            return inside if op == "filled" else not_(inside)
        keys = [self._operand(item, one) for one in (raw if isinstance(raw, tuple | list) else (raw,))]
        if op == "has_all":
            return and_(true(), *(self.spine.c.id.in_(ids.where(value.c.key == key)) for key in keys))
        if op == "contains":
            return self.spine.c.id.in_(ids.where(value.c.key.contains(keys[0], autoescape=True)))
        found: ColumnElement[bool] = self.spine.c.id.in_(ids.where(value.c.key.in_(keys))) if keys else false()
        return not_(found) if op == "has_none" else found

    def _path(self, item: Field, rest: Condition) -> ColumnElement[bool]:
        """Step over a single-valued relation: the record's id lies among those whose own fields meet the rest."""
        inner = self._beyond(item)
        column = self._column(item)
        if column is None:
            raise bad_filter(N_("There is no path over “%(field)s”.", field=item.label))
        spine = inner.spine
        # A number slot holds the id × 10⁴, as any number; compared as it is kept, so that its index serves.
        target = spine.c.id * 10_000 if isinstance(column.type, Fixed4) else spine.c.id
        found = (
            select(target)
            .select_from(inner.storage.source(spine, inner.own))
            .where(spine.c.type_id == inner.type.id, spine.c.deleted_at.is_(None), inner.compile(rest))
        )
        return and_(column.is_not(None), column.in_(found))

    def _beyond(self, item: Field) -> SqlFilter:
        """Give the compiler of the type that a relation leads to, on tables of its own.

        Raises:
            InvalidInput: it is no single-valued relation to one type, or not every record there may be read.
        """
        single = item.kind == "relation" and not isinstance(item.place, Links) and len(item.targets) == 1
        if not single or "all" not in self.access.scopes("read", item.targets[0]):
            raise bad_filter(N_("There is no path over “%(field)s”.", field=item.label))
        target = self.registry.get(item.targets[0])
        if target.is_bound and not self.access.everything:
            raise bad_filter(N_("There is no path over “%(field)s”.", field=item.label))
        own = self.registry.storage(target.key).own
        alias = None if own is None else own.alias()
        return SqlFilter(self.registry, target, self.zone, access=self.access, spine=record_table.alias(), own=alias)


def _is_integer(item: Field, column: ColumnElement[Any], value: Any) -> bool:
    """Say whether a number meets a plain integer column, or an integer out of JSON."""
    if isinstance(column.type, Fixed4) or not isinstance(value, int | Decimal) or isinstance(value, bool):
        return False
    return item.kind in {"number", "auto_number"} or KINDS[item.kind].compares == "whole"
