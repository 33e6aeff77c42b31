"""Whom a typed line may mean, and where people are now."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Final

from sqlalchemy import case, or_, select

from crm.directory.models import Organisation
from crm.kernel.errors import InvalidInput
from crm.kernel.i18n import N_, Message
from crm.records import query
from crm.records.models import RecordLink, record_table
from crm.records.query import Title, titles
from crm.records.work import UnitOfWork
from crm.sparring.line import Known, QuickSparring, name_runs, read_sparring
from crm.tasks.line import dotted, person_of
from crm.tasks.queries import known_users

#: So many of a type are looked at for one line; whole names come first.
MOST: Final = 300
#: So many are offered while one types a name.
OFFERED: Final = 12
_link: Final[Any] = RecordLink.__table__


@dataclass(frozen=True, slots=True)
class Reading:
    """A line as it was read: `step_owner` is who does the next step (None: the adviser); `problems` by field."""

    quick: QuickSparring
    step_owner: int | None
    problems: Mapping[str, Message]


@dataclass(frozen=True, slots=True)
class Someone:
    """A person as one chooses them, with the organisations where they are now."""

    title: Title
    organisations: tuple[Title, ...]


def read(uow: UnitOfWork, line: str, near: Iterable[int] = ()) -> Reading:
    """Read a line: four queries, however long it is. Of several people, those at the organisations `near` are meant."""
    users = known_users(uow) if "@" in line else {}
    text = dotted(line, (name for name, _ in users.values()))
    quick = read_sparring(text, uow.today(), uow.zone, known_in(uow, name_runs(text)), frozenset(near))
    owner, problems = None, {}
    if quick.step is not None and quick.step.person is not None:
        owner = person_of(quick.step.person, users)
        if owner is None:
            problems["line"] = N_("There is nobody, or more than one, called “@%(name)s”.", name=quick.step.person)
    return Reading(quick, owner, problems)


def known_in(uow: UnitOfWork, runs: Sequence[str]) -> list[Known]:
    """Give the persons and organisations whose name has one of some runs of words, or a word that begins so."""
    if not runs:
        return []
    people = _with_words(uow, "person", runs)
    places = positions_now(uow, [one_id for one_id, _ in people])
    organisations = _with_words(uow, "organisation", runs)
    return [
        *(Known(one_id, True, name, tuple(places.get(one_id, ()))) for one_id, name in people),
        *(Known(one_id, False, name) for one_id, name in organisations),
    ]


def _with_words(uow: UnitOfWork, type_key: str, runs: Sequence[str]) -> list[tuple[int, str]]:
    if not uow.access.may("read", type_key):
        return []
    title, item = record_table.c.title_sort, uow.registry.get(type_key)
    begins = [run for run in runs if " " not in run]
    named = [title.in_(runs), *(title.startswith(run, autoescape=True) for run in runs)]
    named += [title.contains(f" {run}", autoescape=True) for run in begins]
    statement = select(record_table.c.id, record_table.c.title).select_from(uow.registry.storage(type_key).source())
    statement = statement.where(*query.live(uow, item), or_(*named))
    rows = uow.session.execute(statement.order_by(case((title.in_(runs), 0), else_=1), title, record_table.c.id).limit(MOST))
    return [(row.id, row.title) for row in rows]


def positions_now(uow: UnitOfWork, people: Sequence[int]) -> dict[int, list[int]]:
    """Give the ids of the organisations where people have a position today, the latest begun first: one query.

    Tells of whoever may read a person's positions; where they lead is for `titles` to bound.
    """
    readable = uow.access.readable("person")
    if not people or (readable is not None and "positions" not in readable):
        return {}
    today = uow.today()
    statement = select(_link.c.from_id, _link.c.to_id).where(
        _link.c.from_id.in_(people),
        _link.c.field == "positions",
        or_(_link.c.from_on.is_(None), _link.c.from_on <= today),
        or_(_link.c.to_on.is_(None), _link.c.to_on >= today),
    )
    found: dict[int, list[int]] = {}
    for row in uow.session.execute(statement.order_by(_link.c.from_on.is_(None), _link.c.from_on.desc(), _link.c.id)):
        if row.to_id not in found.setdefault(row.from_id, []):
            found[row.from_id].append(row.to_id)
    return found


def someone(uow: UnitOfWork, people: Iterable[Title]) -> list[Someone]:
    """Give people with the organisations where they are now: two queries."""
    chosen = list(people)
    places = positions_now(uow, [one.id for one in chosen])
    names = titles(uow, {one for ids in places.values() for one in ids})
    return [Someone(one, tuple(names[place] for place in places.get(one.id, ()) if place in names)) for one in chosen]


def offered(uow: UnitOfWork, text: str) -> list[Someone]:
    """Give the people whom a beginning of a name may mean, those of clusters first; those of an organisation so named too."""
    people = {one.id: one for one in [*_of_clusters(uow, text), *query.pick(uow, ["person"], text, OFFERED)]}
    if len(people) < OFFERED and len(text.strip()) > 2:
        people |= {one.id: one for one in _people_of(uow, text) if one.id not in people}
    return someone(uow, list(people.values())[:OFFERED])


def _of_clusters(uow: UnitOfWork, text: str) -> list[Title]:
    """Give those who work at a cluster today: among thousands of names it is mostly one of theirs that is typed."""
    readable = uow.access.readable("person")
    if not text.strip() or not uow.access.may("read", "organisation") or (readable is not None and "positions" not in readable):
        return []
    today, places = uow.today(), uow.registry.storage("organisation").source()
    at_clusters = (
        select(_link.c.from_id)
        .select_from(places.join(_link, _link.c.to_id == record_table.c.id))
        .where(*query.live(uow, uow.registry.get("organisation")), Organisation.__table__.c.kind_of == "cluster")
        .where(_link.c.field == "positions", or_(_link.c.from_on.is_(None), _link.c.from_on <= today))
        .where(or_(_link.c.to_on.is_(None), _link.c.to_on >= today))
    )
    return query.pick(uow, ["person"], text, OFFERED, among=at_clusters)


def _people_of(uow: UnitOfWork, text: str) -> list[Title]:
    places = [one.id for one in query.pick(uow, ["organisation"], text, 3)]
    readable = uow.access.readable("person")
    if not places or (readable is not None and "positions" not in readable):
        return []
    today = uow.today()
    ids = uow.session.scalars(
        select(_link.c.from_id)
        .where(_link.c.to_id.in_(places), _link.c.field == "positions")
        .where(or_(_link.c.to_on.is_(None), _link.c.to_on >= today))
        .order_by(_link.c.id)
        .limit(OFFERED)
    )
    wanted = list(dict.fromkeys(ids))
    found = titles(uow, wanted)
    return [found[one] for one in wanted if one in found]


def links_of(uow: UnitOfWork, sparrings: Sequence[int]) -> dict[int, tuple[Title, ...]]:
    """Give the organisations of some sparrings that the actor may see, by the sparring's id: two queries at most."""
    if not sparrings:
        return {}
    here = (_link.c.from_id.in_(sparrings), _link.c.field == "organisations")
    rows = uow.session.execute(select(_link.c.from_id, _link.c.to_id).where(*here).order_by(_link.c.id)).all()
    names = titles(uow, {row.to_id for row in rows})
    found: dict[int, tuple[Title, ...]] = {}
    for row in rows:
        if row.to_id in names:
            found[row.from_id] = (*found.get(row.from_id, ()), names[row.to_id])
    return found


def refuse_unclear(reading: Reading, settled: Sequence[str] = ()) -> None:
    """Refuse a line that has words which mean nothing, or may mean several: they are named, so that they can be put right.

    Args:
        reading: of the line.
        settled: words that the writer has dealt with: made somebody new of them, chosen among several, put them into the note.

    Raises:
        InvalidInput: it is not clear.
    """
    if reading.problems:
        raise InvalidInput(dict(reading.problems))
    unread = [words for words in reading.quick.unread if words not in settled]
    if unread:
        words = "”, “".join(unread)
        raise InvalidInput({"line": N_("Not understood: “%(words)s”. Correct it, or say what it is.", words=words)})
    unsure = [one.words for one in reading.quick.unsure if one.words not in settled]
    if unsure:
        words = "”, “".join(unsure)
        raise InvalidInput({"line": N_("“%(words)s” may be several. Write more of the name, or choose one.", words=words)})
