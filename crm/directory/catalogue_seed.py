"""`klynge seed catalogue`: brings the organisations of the public catalogue in, once each, through the one door.

What is loaded is told by the change log, as with the demo: each organisation and each passage is one act with cause `seed` and its
key. So a second run adds nothing, new rows of a later release are added, and what people have changed or thrown away stays so.
"""

from __future__ import annotations

from collections.abc import Mapping
from hashlib import sha256
from typing import Any, Final

from sqlalchemy import select

from crm.directory.catalogue import CatalogueFiles, Entry, Passing, entries, passings
from crm.records.models import Act, Change, record_table
from crm.records.store.orders import Create
from crm.records.work import UnitOfWork, Works
from crm.security.actors import Actor, system_actor

ACTOR: Final[Actor] = system_actor("catalogue")
CAUSE: Final = "seed"
_PREFIX: Final = "catalogue/"
_LONGEST: Final = 80


def load_catalogue(works: Works, files: CatalogueFiles | None = None) -> int:
    """Bring in what is missing and give the number of organisations that were new.

    Raises:
        ConfigError: the files are not whole.
    """
    files = files or CatalogueFiles.read()
    wanted, passing = entries(files), passings(files)
    known = _loaded(works)
    made = 0
    for entry in wanted:
        key = _key(entry.name)
        if key not in known:
            with works.writing(ACTOR, cause=CAUSE, cause_id=key) as uow:
                known[key] = _bring_in(uow, entry, known.get(_key(entry.parent)) if entry.parent else None)
            made += 1
    for one in passing:
        key = _key(one.predecessor, one.successor)
        if key not in known:
            with works.writing(ACTOR, cause=CAUSE, cause_id=key) as uow:
                _pass_on(uow, one, known)
    return made


def _key(*names: str) -> str:
    """Give the key of an act, as long as the log has room for."""
    text = _PREFIX + " > ".join(names)
    return text if len(text) <= _LONGEST else f"{text[: _LONGEST - 9]}#{sha256(text.encode()).hexdigest()[:8]}"


def _loaded(works: Works) -> dict[str, int]:
    """Give what earlier runs have loaded: the key of each act, and the first record that it made or changed."""
    with works.reading(ACTOR) as uow:
        statement = select(Act.cause_id, Change.record_id).join(Change, Change.act_id == Act.id)
        statement = statement.where(Act.cause == CAUSE, Act.cause_id.startswith(_PREFIX)).order_by(Change.id.desc())
        return {str(cause_id): record_id for cause_id, record_id in uow.session.execute(statement)}


def _bring_in(uow: UnitOfWork, entry: Entry, parent: int | None) -> int:
    state = entry.state or "active"
    values = entry.values if parent is None else {**entry.values, "parent": parent}
    organisation = uow.records.save_many([Create("organisation", values, state=state)])[0]
    belongings: list[tuple[str, Mapping[str, Any]]] = [("site", one) for one in entry.sites]
    belongings += [("organisation_name", one) for one in entry.names]
    belongings += [("certificate", one) for one in entry.certificates]
    uow.records.save_many([Create(type_key, {**values, "organisation": organisation}) for type_key, values in belongings])
    return organisation


def _pass_on(uow: UnitOfWork, passing: Passing, known: Mapping[str, int]) -> None:
    """Link the two, as far as both are still there."""
    ends = [known.get(_key(name)) for name in (passing.predecessor, passing.successor)]
    live = {row.id for row in uow.session.execute(_live(ends))}
    if len(live) == len(ends):
        uow.records.link(ends[0] or 0, "successors", ends[1] or 0, role=passing.role, from_on=passing.on, note=passing.note)


def _live(ids: list[int | None]) -> Any:
    wanted = record_table.c.id.in_([one for one in ids if one is not None])
    return select(record_table.c.id).where(wanted, record_table.c.deleted_at.is_(None))
