"""Finds what is likely to be the same: for values that are being typed, for a record, and for a whole type."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from itertools import combinations
from typing import TYPE_CHECKING, Any, Final, cast

from sqlalchemy import Table, and_, func, or_, select

from crm.kernel.errors import NotFound
from crm.kernel.i18n import N_, Label
from crm.records.matching import Keys, Matching, keys_of
from crm.records.merge.follow import RULES, keys_now, unread
from crm.records.merge_models import MatchKey, NotDuplicate
from crm.records.models import record_table
from crm.records.query import Title, live, titles
from crm.records.types import RecordType

if TYPE_CHECKING:
    from crm.records.work import UnitOfWork

#: A key that more records share says nothing: the phone of a town hall.
COMMON: Final = 20
#: So many keys of a part are put together to pairs; beyond it the list says that there is more.
MOST_GROUPS: Final = 500
#: So many rows of keys are looked at for one record.
MOST_KEYS: Final = 1_000
#: Bound values a statement at most.
MOST_IDS: Final = 10_000
MOST_PAIRS: Final = 1_000
MOST_ALIKE: Final = 5
_table: Final = cast("Table", MatchKey.__table__)
_not: Final = cast("Table", NotDuplicate.__table__)


@dataclass(frozen=True, slots=True)
class Alike:
    """A record that may be the same: how sure, in per cent, and by what."""

    title: Title
    score: int
    why: tuple[Label, ...]


@dataclass(frozen=True, slots=True)
class Pair:
    """Two records that may be the same."""

    first: Title
    second: Title
    score: int
    why: tuple[Label, ...]


@dataclass(frozen=True, slots=True)
class Pairs:
    """What a type's queue shows. `more`: there are more than were put together."""

    pairs: tuple[Pair, ...]
    more: bool = False


def _matching(record_type: RecordType) -> Matching:
    if record_type.matching is None:
        raise NotFound(N_("Duplicates are not looked for among %(many)s.", many=record_type.names.many))
    return record_type.matching


def alike_values(uow: UnitOfWork, record_type: RecordType, values: Mapping[str, Any], *, but: int | None = None) -> list[Alike]:
    """Give the records most alike to values that are being typed: cleaned values; the surest first.

    What the actor may not read plays no part: neither records nor the keys of fields.
    """
    matching = _matching(record_type)
    return _alike(uow, record_type, keys_of(matching, record_type.functions.title(values), values), but)


def alike_record(uow: UnitOfWork, record_type: RecordType, record_id: int) -> list[Alike]:
    """Give the records most alike to a record."""
    _matching(record_type)
    found = keys_now(uow, [record_id]).get(record_id)
    return [] if found is None else _alike(uow, record_type, found[1], record_id)


def _alike(uow: UnitOfWork, record_type: RecordType, keys: Keys, but: int | None) -> list[Alike]:
    """Compare with the kept keys, and with what their follower has not come to yet."""
    uow.access.require("read", record_type.key)
    matching = _matching(record_type)
    keys = _readable(uow, record_type, keys)
    fresh = unread(uow, record_type)
    shared: dict[int, set[str]] = {}
    for record_id, part in _sharing(uow, record_type, keys) if keys else ():
        if record_id not in fresh:
            shared.setdefault(record_id, set()).add(part)
    for record_id, (_type, others) in keys_now(uow, fresh).items() if fresh else ():
        shared[record_id] = {part for part, _key in keys & others}
    shared.pop(but or 0, None)
    apart = _apart(uow, {but}) if but is not None else set()
    scored = [
        (matching.score(parts), one, parts)
        for one, parts in shared.items()
        if (min(one, but or one), max(one, but or one)) not in apart
    ]
    best = sorted((item for item in scored if item[0] >= matching.least), key=lambda item: (-item[0], item[1]))
    names = titles(uow, [one for _score, one, _parts in best[: MOST_ALIKE * 4]])
    found = [Alike(names[one], score, _why(matching, parts)) for score, one, parts in best if one in names]
    return found[:MOST_ALIKE]


def _readable(uow: UnitOfWork, record_type: RecordType, keys: Keys) -> Keys:
    """Leave out keys drawn out of fields that the actor may not read: else alikeness tells their values."""
    readable = uow.access.readable(record_type.key)
    if readable is None:
        return keys
    allowed = {key.part for key in _matching(record_type).keys if all(name == "title" or name in readable for name in key.fields)}
    return frozenset(pair for pair in keys if pair[0] in allowed)


def _sharing(uow: UnitOfWork, record_type: RecordType, keys: Keys) -> Iterable[Any]:
    """Give record and part for each record that shares one of these keys; keys that very many share are passed over."""
    by_part: dict[str, list[str]] = {}
    for part, key in keys:
        by_part.setdefault(part, []).append(key)
    wanted = or_(*(and_(_table.c.part == part, _table.c.key.in_(found)) for part, found in sorted(by_part.items())))
    statement = select(_table.c.record_id, _table.c.part).where(_table.c.type_id == record_type.id, wanted)
    return uow.session.execute(statement.limit(MOST_KEYS)).all()


def _why(matching: Matching, parts: Iterable[str]) -> tuple[Label, ...]:
    """Give what two records share, the plainest first; that the same name also sounds the same is not said."""
    shared = set(parts) - ({"sound"} if "name" in parts else set())
    return tuple(key.label for key in matching.keys if key.part in shared)


def _apart(uow: UnitOfWork, ids: set[int]) -> set[tuple[int, int]]:
    statement = select(_not.c.low_id, _not.c.high_id).where(or_(_not.c.low_id.in_(ids), _not.c.high_id.in_(ids)))
    return {(row.low_id, row.high_id) for row in uow.session.execute(statement)}


def pairs(uow: UnitOfWork, type_key: str, limit: int = 100) -> Pairs:
    """Give the likely duplicates of a type, the surest first, without the pairs that somebody found to be two.

    One query for each key that rules begin with, and four more.

    Raises:
        NotFound: the type has no duplicates.
        AccessDenied: it may not be read.
    """
    record_type = uow.registry.get(type_key)
    uow.access.require("read", type_key)
    matching = _matching(record_type)
    groups, more = _groups(uow, record_type, matching)
    seen = _seen(uow, record_type, {one for group in groups for one in group})
    together = {pair for group in groups for pair in combinations(sorted(seen.intersection(group)), 2)}
    shared = _shared(uow, record_type, together)
    scored = sorted(((matching.score(parts), pair) for pair, parts in shared.items()), key=lambda item: (-item[0], item[1]))
    likely = [(score, pair) for score, pair in scored if score >= matching.least][:MOST_PAIRS]
    apart = _apart(uow, {one for _score, pair in likely for one in pair}) if likely else set()
    wanted = [(score, pair) for score, pair in likely if pair not in apart]
    names = titles(uow, {one for _score, pair in wanted[:limit] for one in pair})
    found = tuple(
        Pair(names[low], names[high], score, _why(matching, shared[low, high]))
        for score, (low, high) in wanted[:limit]
        if low in names and high in names
    )
    return Pairs(found, more or len(likely) == MOST_PAIRS or len(wanted) > limit)


def _groups(uow: UnitOfWork, record_type: RecordType, matching: Matching) -> tuple[list[set[int]], bool]:
    """Give the records that share a key with which a rule begins, a set for each such key; and whether there are more."""
    allowed = {part for part, _key in _readable(uow, record_type, frozenset((key.part, "") for key in matching.keys))}
    groups: dict[tuple[str, str], set[int]] = {}
    more = False
    for part in matching.anchors:
        if part not in allowed:
            continue
        mine = (_table.c.type_id == record_type.id, _table.c.part == part)
        common = select(_table.c.key).where(*mine).group_by(_table.c.key).having(func.count().between(2, COMMON))
        some = common.order_by(_table.c.key).limit(MOST_GROUPS).subquery()
        rows = uow.session.execute(
            select(_table.c.key, _table.c.record_id).where(*mine, _table.c.key.in_(select(some.c.key)))
        ).all()
        for row in rows:
            groups.setdefault((part, row.key), set()).add(row.record_id)
        more = more or len({row.key for row in rows}) == MOST_GROUPS
    return list(groups.values()), more


def _seen(uow: UnitOfWork, record_type: RecordType, ids: set[int]) -> set[int]:
    """Give those of some records that are there and that the actor may see."""
    found: set[int] = set()
    source = uow.registry.storage(record_type.key).source()
    for some in _slices(ids):
        statement = select(record_table.c.id).select_from(source).where(record_table.c.id.in_(some), *live(uow, record_type))
        found.update(uow.session.scalars(statement))
    return found


def _shared(uow: UnitOfWork, record_type: RecordType, together: set[tuple[int, int]]) -> dict[tuple[int, int], set[str]]:
    """Give which parts each pair shares, of those that the actor may read."""
    keys: dict[int, set[tuple[str, str]]] = {}
    for some in _slices({one for pair in together for one in pair}):
        columns = (_table.c.record_id, _table.c.part, _table.c.key)
        for row in uow.session.execute(select(*columns).where(_table.c.record_id.in_(some), _table.c.part != RULES)):
            keys.setdefault(row.record_id, set()).add((row.part, row.key))
    readable = {one: _readable(uow, record_type, frozenset(held)) for one, held in keys.items()}
    nothing: Keys = frozenset()
    return {pair: {part for part, _key in readable.get(pair[0], nothing) & readable.get(pair[1], nothing)} for pair in together}


def _slices(ids: set[int]) -> Iterable[list[int]]:
    """Cut ids into what a statement takes."""
    members = sorted(ids)
    return (members[start : start + MOST_IDS] for start in range(0, len(members), MOST_IDS))


def set_apart(uow: UnitOfWork, first_id: int, second_id: int) -> None:
    """Note that two records are two: they are no longer shown as alike.

    Raises:
        NotFound: the actor may not see one of them, or they are of different types.
        AccessDenied: the actor may not change them.
    """
    names = titles(uow, [first_id, second_id])
    if len(names) != 2 or len({one.type_key for one in names.values()}) != 1:
        raise NotFound
    uow.access.require("update", names[first_id].type_key)
    low, high = sorted((first_id, second_id))
    if uow.session.get(NotDuplicate, (low, high)) is None:
        uow.session.add(NotDuplicate(low_id=low, high_id=high, at=uow.now(), by_id=uow.actor.user_id))
        uow.session.flush()
