"""What a kind of record is: its fields, where they are kept, and the pure functions the store runs.

A built-in type is an ordinary mapped class plus one `RecordType` beside it (in the feature's `types.py`); extra fields
made in the browser are added to a copy of it by `records.registry`.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date
from typing import TYPE_CHECKING, Any, Final, Protocol

from crm.filters import Filter
from crm.kernel.i18n import Label, Message
from crm.lifecycle.engine import Lifecycle
from crm.records.matching import Matching
from crm.security.actors import Actor

if TYPE_CHECKING:
    from crm.records.models import Record
    from crm.records.store.orders import Order

#: Values of a record by api_name, as plain Python: never an ORM object.
Values = Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class Spine:
    """Kept in columns of the spine: `title`, `owner_id`, or the three of a date."""

    columns: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Column:
    """Kept in columns of the type's own table (one; for a date with end: start, end, all-day)."""

    columns: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Data:
    """Kept in `record.data` under an immutable key, and in a slot for sorting and filtering."""

    key: str
    slot: str | None = None
    slot_ready: bool = True


@dataclass(frozen=True, slots=True)
class Links:
    """Kept as rows of `record_link`."""


Place = Spine | Column | Data | Links
#: A list's order where its type has no better one.
BY_TITLE: Final = ("title", False)
#: As the targets of a relation: every type there is, also those that are made later. The registry puts their keys in its place.
ANY_TYPE: Final = ("*",)


@dataclass(frozen=True, slots=True)
class Option:
    """A choice's option; a retired one stays on old records but is not offered."""

    key: str
    label: Label
    colour: str = ""
    retired: bool = False
    #: A sign of its own before the words, so that the colour is never alone: ★.
    mark: str = ""
    #: What stands in a column whose heading says the rest: “Midtjylland” under “Region”.
    short: str = ""


@dataclass(frozen=True, slots=True, eq=False)
class Field:
    """A field of a type. `config` is read by its kind (`records.fields`), which says what it may hold.

    Told apart as an object, as types are: what is found out about one can be kept by it (`functools.lru_cache`).
    """

    api_name: str
    kind: str
    label: Label
    place: Place
    required: bool = False
    help: Label | None = None
    config: Mapping[str, Any] = field(default_factory=dict)
    options: tuple[Option, ...] = ()
    #: For relations: the keys of the types it may point to; `ANY_TYPE` stands for all that follow nobody's rights themselves.
    targets: tuple[str, ...] = ()
    #: For relations: the heading of the back-reference panel on the other side; None hides it.
    back_label: Label | None = None
    #: Holds personal data (data map, subject requests).
    personal: bool = False
    #: Set by `derive` or a service, never by a form, the API or an import.
    read_only: bool = False
    default: Any = None
    #: The heading under which it stands on page and form, with the fields beside it of the same heading.
    section: Label | None = None
    _options: Mapping[str, Option] = field(init=False, repr=False)

    def __post_init__(self) -> None:
        object.__setattr__(self, "_options", {option.key: option for option in reversed(self.options)})

    def option(self, key: str) -> Option | None:
        """Give an option by key; of two with the same the first."""
        return self._options.get(key)


#: Who answers for a record: on every type, unless a field of its own keeps that.
OWNER: Final = Field("owner", "user", Label(da="Ansvarlig", en="Owner"), Spine(("owner_id",)))


@dataclass(frozen=True, slots=True)
class Names:
    """How a type is called: `one` organisation, `many` organisations, and the menu's `title`."""

    one: Label
    many: Label
    new: Label
    title: Label


@dataclass(frozen=True, slots=True)
class LinkFacts:
    """One link of a record as rules see it: where it leads, as what, and in which days (both included, None: open)."""

    to_id: int
    role: str = ""
    from_on: date | None = None
    to_on: date | None = None

    def holds_on(self, day: date) -> bool:
        """Whether it was so on a day."""
        return (self.from_on is None or self.from_on <= day) and (self.to_on is None or day <= self.to_on)


class RuleContext(Protocol):
    """What a type's rules may ask for beside the values: today, and other records in one batch."""

    @property
    def today(self) -> date:
        """The office's day."""
        ...

    @property
    def zone(self) -> str:
        """The office's time zone: days of moments are its days."""
        ...

    @property
    def settings(self) -> Mapping[str, Any]:
        """What the operator has set of that which rules hang on, by the setting's name."""
        ...

    def related(self, ids: Sequence[int]) -> Mapping[int, Values]:
        """Give the values of other records (`type`, `title`, `state` and their fields) by id, in one query a type."""
        ...

    def having(self, type_key: str, field: str, target_id: int) -> Sequence[Values]:
        """Give the values of all records of a type, those in the trash too, whose relation field points at a record.

        New records earlier in the same batch are among them, with negative ids (a new record's own is 0). The record pointed
        at stays locked until the transaction ends, so that two writers who count what it has never count the same.
        """
        ...

    def links(self, field: str, record_id: int) -> Sequence[LinkFacts]:
        """Give the links that another record holds in a field, in the order they were made; one query for all of a batch."""
        ...


#: What `check` gives back: api_name (or "" for the whole record) → what is wrong.
Problems = Mapping[str, Message]


def _same(values: Values) -> Values:
    return values


def _no_problems(_old: Values | None, _new: Values, _context: RuleContext) -> Problems:
    return {}


def _nothing_derived(_old: Values | None, _new: Values, _context: RuleContext) -> Values:
    return {}


def no_consequence(_change: ChangeFacts) -> Sequence[Order]:
    """Order nothing further: what most types do."""
    return ()


def _nothing_further(_change: ChangeFacts, _today: date, _zone: str) -> Sequence[Order]:
    return ()


def changes_nothing_further(_change: ChangeFacts, _context: RuleContext) -> Sequence[Order]:
    """Order nothing further: what most types do."""
    return ()


def touches_nothing(_old: Values | None, _new: Values, _context: RuleContext) -> Iterable[int]:
    """Name no further records: what most types do."""
    return ()


def keeps_nothing(_old: Values | None, _new: Values, _context: RuleContext) -> Mapping[int, Values]:
    """Keep nothing on other records: what most types do."""
    return {}


def _no_facts(_uow: Any, _record_id: int) -> Mapping[str, Any]:
    return {}


def _title_field(values: Values) -> str:
    return str(values.get("title") or values.get("name") or "")


@dataclass(frozen=True, slots=True)
class ChangeFacts:
    """What `after` is told: the change just written, in the same transaction."""

    record_id: int
    type_key: str
    kind: str
    old: Values | None
    new: Values
    #: After a step of the lifecycle: what the type's `facts` had read for its guards.
    facts: Values = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Functions:
    """The pure functions of a type; see `records.store` for when each runs.

    normalise: tidy typed values. check: problems by field. derive: read-only values. title: the record's name.
    after: further orders, in the same transaction. after_step: the same after a step of the lifecycle, told the office's day
    and zone (not when a step is undone): so saving many records of the type at once stays one batch. touches: the ids of records
    whose ageing values (`Ages`) hang on what has changed; they are derived again in the same transaction.
    after_update: further orders after an update that changes one of the fields `watched`, not when one is undone; what the actor
    has no right to make is left out, since the rule asks for it and not the actor. So saving many is one batch all the same.
    keeps: values that other records keep of this type's, by id: read-only fields of a type that may know nothing of this one. They
    are written in the same transaction when a record of this type is written, goes to the trash, comes back or ages.
    """

    normalise: Callable[[Values], Values] = _same
    check: Callable[[Values | None, Values, RuleContext], Problems] = _no_problems
    derive: Callable[[Values | None, Values, RuleContext], Values] = _nothing_derived
    title: Callable[[Values], str] = _title_field
    after: Callable[[ChangeFacts], Sequence[Order]] = no_consequence
    after_step: Callable[[ChangeFacts, date, str], Sequence[Order]] = _nothing_further
    touches: Callable[[Values | None, Values, RuleContext], Iterable[int]] = touches_nothing
    after_update: Callable[[ChangeFacts, RuleContext], Sequence[Order]] = changes_nothing_further
    watched: frozenset[str] = frozenset()
    keeps: Callable[[Values | None, Values, RuleContext], Mapping[int, Values]] = keeps_nothing


def _no_basis(_settings: Mapping[str, Any]) -> str:
    return ""


@dataclass(frozen=True, slots=True)
class Ages:
    """That some of a type's derived values hang on the day, and when they turn (`records.ageing`).

    The store notes the day of the next turn beside each record; when it has come, the worker derives these fields anew.

    fields: read-only ones that `derive` gives. turns: the first day after the context's today on which `derive` may give another
    value; None: never again. basis: what else the values were made by (settings, data of the product): when it is another one,
    all records of the type are derived anew.
    """

    fields: tuple[str, ...]
    turns: Callable[[Values, RuleContext], date | None]
    basis: Callable[[Mapping[str, Any]], str] = _no_basis


#: A scope turns the actor into a filter over the type's own fields: what is "own", what is "board".
Scope = Callable[[Actor, date], Filter]


@dataclass(frozen=True, slots=True, eq=False)
class RecordType:
    """A kind of record; the registry of an epoch has just one object of each."""

    key: str
    names: Names
    icon: str
    fields: tuple[Field, ...]
    model: type[Record] | None = None
    lifecycle: Lifecycle | None = None
    functions: Functions = field(default_factory=Functions)
    scopes: Mapping[str, Scope] = field(default_factory=dict)
    #: Bounds every right to a row, however wide the grant: the rows that are for the actor (`records.bounds`).
    guarded: Scope | None = None
    #: A relation whose record's rights the rows follow: who may not read that record sees them only as their owner.
    follows: str | None = None
    #: A required relation in a column: its record has this one as a part, which goes to the trash and comes back with it.
    part_of: str | None = None
    #: A field of this type that what follows its records tells: who may not read it does not see what follows them either.
    holds_back: str | None = None
    #: Columns of the list page, in order.
    list_fields: tuple[str, ...] = ()
    #: What its list is sorted by unless told otherwise: a field, and whether downwards.
    list_sort: tuple[str, bool] = BY_TITLE
    #: Fields whose values stand under a record's name, in order; none: the first choices, relations and dates of the list.
    says_what: tuple[str, ...] = ()
    #: Heading of the menu under which the type stands; None keeps it out of the menu.
    section: str | None = None
    #: Reads what the lifecycle's guards need beside the record's values: (unit of work, record id) → facts.
    facts: Callable[[Any, int], Mapping[str, Any]] = _no_facts
    #: How duplicates are found; None: of this type there are none, and nothing is merged.
    matching: Matching | None = None
    #: Which derived values hang on the day; None: none of them.
    ages: Ages | None = None
    #: Set by the registry.
    id: int = 0
    by_name: Mapping[str, Field] = field(init=False)
    #: What `update` may change: the fields, and the owner where no field keeps it.
    changeable: Mapping[str, Field] = field(init=False)
    #: The fields that the record itself holds: all but links.
    stored: Mapping[str, Field] = field(init=False)

    def __post_init__(self) -> None:
        by_name = {item.api_name: item for item in self.fields}
        object.__setattr__(self, "by_name", by_name)
        object.__setattr__(self, "stored", {item.api_name: item for item in self.fields if not isinstance(item.place, Links)})
        own = OWNER.api_name in by_name or any(item.place == OWNER.place for item in self.fields)
        object.__setattr__(self, "changeable", by_name if own else {**by_name, OWNER.api_name: OWNER})

    def with_fields(self, extra: Sequence[Field], type_id: int) -> RecordType:
        """Give a copy with its database id and the extra fields made in the browser."""
        return replace(self, fields=(*self.fields, *extra), id=type_id)

    @property
    def is_bound(self) -> bool:
        """Whether some rows are kept from people whose grant reaches all of them."""
        return self.guarded is not None or self.follows is not None

    def with_targets(self, every: tuple[str, ...]) -> RecordType:
        """Give a copy whose relations to `ANY_TYPE` name the types; itself when it has none."""
        if not any(item.targets == ANY_TYPE for item in self.fields):
            return self
        named = (replace(item, targets=every) if item.targets == ANY_TYPE else item for item in self.fields)
        return replace(self, fields=tuple(named))
