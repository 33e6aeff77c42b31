"""Looks up who the lines of a pasted list may be, under the actor's rights, in a number of queries that no list makes larger."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from typing import Any, Final

from sqlalchemy import Select, select

from crm.directory.models import OrganisationName
from crm.events.guest_lines import GuestLine
from crm.events.guest_match import KnownPerson
from crm.filters import Condition
from crm.kernel.text import sort_key
from crm.records.matching import folded
from crm.records.models import RecordLink, record_table
from crm.records.query import matching_ids
from crm.records.storage import field_key
from crm.records.value_models import RecordValue
from crm.records.work import UnitOfWork

#: Values in one condition; a database takes no endless list.
_CHUNK: Final = 400
#: A list may leave out what a company is by law.
_FORMS: Final = ("", " a/s", " aps", " i/s", " as")
_link: Final[Any] = RecordLink.__table__
_value: Final[Any] = RecordValue.__table__


@dataclass(frozen=True, slots=True)
class Organisations:
    """Our organisations among those of a list: ids by folded name, earlier names too; one that several have is left out."""

    by_name: dict[str, int]

    def find(self, name: str) -> int | None:
        """Give the one organisation of a name."""
        key = folded(name) if name else None
        return None if key is None else self.by_name.get(key)


def read_organisations(uow: UnitOfWork, lines: Sequence[GuestLine]) -> Organisations:
    """Find the organisations that the lines name, by the names they have or had."""
    if not uow.access.may("read", "organisation"):
        return Organisations({})
    wanted = {line.organisation for line in lines if line.organisation}
    keys = sorted({sort_key(name + form) for name in wanted for form in _FORMS})
    found: dict[str, set[int]] = {}
    for chunk in _chunks(keys):
        for record_id, title in _titled(uow, "organisation", chunk):
            found.setdefault(folded(title) or "", set()).add(record_id)
    if "organisation_name" in uow.registry.types and uow.access.may("read", "organisation_name"):
        for chunk in _chunks(keys):
            for title, owner in _earlier(uow, chunk):
                found.setdefault(folded(title) or "", set()).add(owner)
    return Organisations({name: next(iter(ids)) for name, ids in found.items() if name and len(ids) == 1})


def _titled(uow: UnitOfWork, type_key: str, keys: Sequence[str]) -> list[tuple[int, str]]:
    ids = matching_ids(uow, type_key).where(record_table.c.title_sort.in_(keys))
    rows = uow.session.execute(select(record_table.c.id, record_table.c.title).where(record_table.c.id.in_(ids)))
    return [(row.id, row.title) for row in rows]


def _earlier(uow: UnitOfWork, keys: Sequence[str]) -> list[tuple[str, int]]:
    """Give earlier names of organisations that the actor may see, each with its organisation."""
    ids = matching_ids(uow, "organisation_name").where(record_table.c.title_sort.in_(keys))
    names: Any = OrganisationName.__table__
    source = names.join(record_table, record_table.c.id == names.c.id)
    statement = select(record_table.c.title, names.c.organisation_id).select_from(source)
    seen = matching_ids(uow, "organisation")
    rows = uow.session.execute(statement.where(names.c.id.in_(ids), names.c.organisation_id.in_(seen)))
    return [(row.title, row.organisation_id) for row in rows]


def read_people(uow: UnitOfWork, lines: Sequence[GuestLine], organisations: Organisations) -> list[KnownPerson]:
    """Find everybody whom a line may mean: by address, by name, and all of the organisations named, for names that sound alike.

    Raises:
        AccessDenied: persons may not be read.
    """
    readable = uow.access.readable("person")
    sees_mail, sees_work = (readable is None or name in readable for name in ("email", "positions"))
    found: set[int] = set()
    if sees_mail:
        for chunk in _chunks({line.email.casefold() for line in lines if line.email}):
            found.update(uow.session.scalars(matching_ids(uow, "person", Condition("email", "has_any", tuple(chunk)))))
    for chunk in _chunks({sort_key(line.name) for line in lines if line.name}):
        found.update(record_id for record_id, _title in _titled(uow, "person", chunk))
    if sees_work:
        for chunk in _chunks(set(organisations.by_name.values())):
            found.update(uow.session.scalars(_colleagues(uow, chunk)))
    return _described(uow, sorted(found), sees_mail=sees_mail, sees_work=sees_work)


def _colleagues(uow: UnitOfWork, organisation_ids: Sequence[int]) -> Select[Any]:
    here = select(_link.c.from_id).where(_link.c.field == "positions", _link.c.to_id.in_(organisation_ids))
    return matching_ids(uow, "person").where(record_table.c.id.in_(here))


def _described(uow: UnitOfWork, ids: Sequence[int], *, sees_mail: bool, sees_work: bool) -> list[KnownPerson]:
    person = uow.registry.get("person")
    names: dict[int, str] = {}
    emails: dict[int, set[str]] = {}
    work: dict[int, list[int]] = {}
    for chunk in _chunks(ids):
        rows = uow.session.execute(select(record_table.c.id, record_table.c.title).where(record_table.c.id.in_(chunk)))
        names.update((row.id, row.title) for row in rows)
        if sees_mail:
            key = field_key(person.by_name["email"])
            held = select(_value.c.record_id, _value.c.key).where(_value.c.record_id.in_(chunk), _value.c.field == key)
            for row in uow.session.execute(held):
                emails.setdefault(row.record_id, set()).add(row.key)
        if sees_work:
            links = select(_link.c.from_id, _link.c.to_id).where(_link.c.from_id.in_(chunk), _link.c.field == "positions")
            for row in uow.session.execute(links.order_by(_link.c.from_id, _link.c.from_on.desc(), _link.c.id.desc())):
                work.setdefault(row.from_id, []).append(row.to_id)
    titles = _names_of(uow, {one for held_ids in work.values() for one in held_ids})
    return [
        KnownPerson(
            one,
            names[one],
            frozenset(emails.get(one, ())),
            tuple(title for where in dict.fromkeys(work.get(one, ())) for title in titles.get(where, ())),
        )
        for one in ids
    ]


def _names_of(uow: UnitOfWork, ids: Iterable[int]) -> dict[int, list[str]]:
    """Give the names that organisations have and had, the present one first."""
    found: dict[int, list[str]] = {}
    if not uow.access.may("read", "organisation"):
        return found
    for chunk in _chunks(ids):
        seen = matching_ids(uow, "organisation").where(record_table.c.id.in_(chunk))
        rows = uow.session.execute(select(record_table.c.id, record_table.c.title).where(record_table.c.id.in_(seen)))
        found.update((row.id, [row.title]) for row in rows)
        if "organisation_name" in uow.registry.types and uow.access.may("read", "organisation_name"):
            names: Any = OrganisationName.__table__
            source = names.join(record_table, record_table.c.id == names.c.id)
            statement = select(names.c.organisation_id, record_table.c.title).select_from(source)
            statement = statement.where(names.c.organisation_id.in_(chunk), names.c.id.in_(matching_ids(uow, "organisation_name")))
            for row in uow.session.execute(statement):
                if row.organisation_id in found:
                    found[row.organisation_id].append(row.title)
    return found


def _chunks(values: Iterable[Any]) -> Iterator[list[Any]]:
    every = sorted(values)
    for start in range(0, len(every), _CHUNK):
        yield every[start : start + _CHUNK]
