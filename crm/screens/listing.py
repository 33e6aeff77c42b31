"""A list page's state, all of it in the address: filters, sorting, place. It survives a reload and can be sent to a colleague."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from typing import Final
from urllib.parse import urlencode

from crm.filters import All, Condition, Filter
from crm.kernel.errors import InvalidInput
from crm.kernel.i18n import N_
from crm.kernel.text import clean
from crm.records.fields import KINDS
from crm.records.types import Field, Links, RecordType
from crm.screens.present import head_field

#: How many pages back *Previous* reaches before it gives the first page instead.
TRAIL: Final = 8
_SEPARATOR: Final = "~"
#: Filters by an exact value, as chips and selects; a text is searched in the title.
EXACT_KINDS: Final = frozenset({"choice", "user", "relation", "yes_no"})
PREFIX: Final = "f."


@dataclass(frozen=True, slots=True)
class ListState:
    """What the address of a list says. `exact` holds the filters by value, by field name."""

    type_key: str
    text: str = ""
    exact: Mapping[str, str] = field(default_factory=dict)
    sort: str = "title"
    descending: bool = False
    cursor: str = ""
    trail: tuple[str, ...] = ()

    @property
    def filtered(self) -> bool:
        """Whether any filter is set."""
        return bool(self.text or self.exact)

    def query(self) -> str:
        """Give the query string; what is as usual is left out."""
        pairs = [("q", self.text), *((_parameter(name), value) for name, value in sorted(self.exact.items()))]
        if self.sort != "title" or self.descending:
            pairs += [("sort", self.sort), ("dir", "desc" if self.descending else "")]
        pairs += [("after", self.cursor), ("trail", _SEPARATOR.join(self.trail))]
        text = urlencode([(name, value) for name, value in pairs if value])
        return f"?{text}" if text else ""

    def url(self, fragment: str = "") -> str:
        """Give the address of the list, or of one of its fragments (`rows`, `count`)."""
        return f"/t/{self.type_key}{'/' + fragment if fragment else ''}{self.query()}"

    def start(self) -> ListState:
        """Give the same list from its first row."""
        return replace(self, cursor="", trail=())

    def sorted_by(self, name: str) -> ListState:
        """Give the list sorted by a field; the other way round when it is so already."""
        return replace(self.start(), sort=name, descending=self.sort == name and not self.descending)

    def without(self, name: str) -> ListState:
        """Give the list without one filter."""
        if name == "q":
            return replace(self.start(), text="")
        return replace(self.start(), exact={key: value for key, value in self.exact.items() if key != name})

    def after(self, cursor: str) -> ListState:
        """Give the next page."""
        return replace(self, cursor=cursor, trail=(*self.trail, self.cursor or "0")[-TRAIL:])

    def before(self) -> ListState | None:
        """Give the previous page: the remembered one, else the first; None on the first."""
        if not self.cursor:
            return None
        last = self.trail[-1] if self.trail else "0"
        return replace(self, cursor="" if last == "0" else last, trail=self.trail[:-1])


def _parameter(name: str) -> str:
    return name if name in {"state", "owner"} else PREFIX + name


def exact_fields(record_type: RecordType) -> list[Field]:
    """Give the fields that a list may be filtered by exactly."""
    found = [item for item in record_type.fields if item.kind in EXACT_KINDS]
    names = {item.api_name for item in found}
    heads = [head_field(record_type, name) for name in ("state", "owner") if name not in names]
    return [*(item for item in heads if item is not None and (item.options or item.kind == "user")), *found]


def offered_fields(record_type: RecordType) -> list[Field]:
    """Give the filters that stand above the list: state and the choices among its columns."""
    return [item for item in exact_fields(record_type) if item.kind == "choice" and item.api_name in record_type.list_fields]


def read_state(record_type: RecordType, args: Mapping[str, str]) -> ListState:
    """Read the address.

    Raises:
        InvalidInput: it names a field, option or direction that does not exist.
    """
    known = {_parameter(item.api_name): item for item in exact_fields(record_type)}
    exact: dict[str, str] = {}
    for name, value in args.items():
        if name in {"q", "sort", "dir", "after", "trail"} or not value.strip():
            continue
        item = known.get(name)
        if item is None:
            raise InvalidInput({name[:60]: N_("There is no filter called “%(name)s” here.", name=name[:60])})
        exact[item.api_name] = clean(value)[:100]
    for name, value in exact.items():
        _check_option(known[_parameter(name)], value)
    direction = args.get("dir", "")
    if direction not in {"", "asc", "desc"}:
        raise InvalidInput({"dir": N_("The direction is “asc” or “desc”.")})
    trail = tuple(part for part in args.get("trail", "").split(_SEPARATOR) if part)[-TRAIL:]
    return ListState(
        record_type.key,
        clean(args.get("q", ""))[:200],
        exact,
        args.get("sort") or "title",
        direction == "desc",
        args.get("after", "")[:2000],
        trail,
    )


def _check_option(item: Field, value: str) -> None:
    if item.kind == "choice" and item.option(value) is None:
        raise InvalidInput({item.api_name: N_("“%(value)s” is not an option of “%(field)s”.", value=value, field=item.label)})


def filter_of(record_type: RecordType, state: ListState, user_id: int | None) -> Filter:
    """Turn the filters into the tree that queries take; "me" is the one who looks."""
    parts: list[Filter] = []
    if state.text:
        parts.append(Condition("title", "contains", state.text))
    for name, value in state.exact.items():
        parts.append(Condition(name, "is", user_id if value == "me" else value))
    return All(tuple(parts))


@dataclass(frozen=True, slots=True)
class ListColumn:
    """A column of a list."""

    field: Field
    sortable: bool
    number: bool

    @property
    def name(self) -> str:
        """The field's name."""
        return self.field.api_name


def columns_of(record_type: RecordType, readable: frozenset[str] | None) -> list[ListColumn]:
    """Give the columns of a type's list that the actor may read; the title is always the first."""
    names = list(record_type.list_fields) or ["title"]
    if "title" not in names:
        names.insert(0, "title")
    found = []
    for name in names:
        item = head_field(record_type, name)
        if item is None or (readable is not None and name in record_type.by_name and name not in readable):
            continue
        sortable = KINDS[item.kind].sortable and not isinstance(item.place, Links) and not item.config.get("multiline")
        found.append(ListColumn(item, sortable, item.kind in {"number", "money", "duration"}))
    return found
