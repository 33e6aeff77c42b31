"""All record types of this process, under one epoch.

Built-in types come from the features; extra fields from `field_def`. When the epoch in the database has moved, the next
unit of work rebuilds: no restart, any number of processes.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from threading import Lock
from typing import Any, Final

from sqlalchemy import Select, select
from sqlalchemy.orm import Session

from crm.kernel.errors import NotFound
from crm.kernel.i18n import N_, Label
from crm.records.models import FieldRow, RecordTypeRow
from crm.records.storage import TypeStorage
from crm.records.types import Data, Field, Links, Option, RecordType
from crm.security.models import PlatformState

_state: Any = PlatformState.__table__
#: Made once: every write begins with one of them.
_EPOCH: Final[Select[tuple[int]]] = select(_state.c.registry_epoch).where(_state.c.id == 1)
_EPOCH_SHARED: Final = _EPOCH.with_for_update(read=True)
_EPOCH_ALONE: Final = _EPOCH.with_for_update()


@dataclass(frozen=True)
class Registry:
    """The types as they are in one epoch. Immutable: a running unit of work keeps the one it began with."""

    epoch: int
    types: Mapping[str, RecordType]
    by_id: Mapping[int, RecordType] = field(init=False)
    _storages: dict[str, TypeStorage] = field(init=False, repr=False, default_factory=dict)
    _pointing: dict[str, list[tuple[RecordType, Field]]] = field(init=False, repr=False, default_factory=dict)
    #: Types of records that were read lately, by id: neither changes, and an id is never given twice (`query.one` looks again).
    seen: dict[int, int] = field(init=False, repr=False, default_factory=dict)

    def __post_init__(self) -> None:
        object.__setattr__(self, "by_id", {item.id: item for item in self.types.values()})

    def get(self, key: str) -> RecordType:
        """Give a type by key.

        Raises:
            NotFound: there is none.
        """
        found = self.types.get(key)
        if found is None:
            raise NotFound(N_("There is no kind of record called “%(key)s”.", key=key[:60]))
        return found

    def storage(self, key: str) -> TypeStorage:
        """Give the one thing that knows where a type's fields are kept."""
        found = self._storages.get(key)
        if found is None:
            found = self._storages[key] = TypeStorage(self.get(key))
        return found

    def pointing_at(self, key: str) -> list[tuple[RecordType, Field]]:
        """Give every relation field of any type that may point at a type; found once, since every page asks."""
        found = self._pointing.get(key)
        if found is None:
            pairs = ((other, item) for other in self.types.values() for item in other.fields)
            found = self._pointing[key] = [pair for pair in pairs if pair[1].kind == "relation" and key in pair[1].targets]
        return found


def extra_field(row: FieldRow) -> Field:
    """Read a stored field definition."""
    config = dict(row.config)
    options = tuple(
        Option(str(raw["key"]), Label.of(raw["label"]), raw.get("colour", ""), bool(raw.get("retired")))
        for raw in config.pop("options", [])
    )
    targets = tuple(config.pop("targets", ()))
    many = row.kind == "relation" and bool(config.pop("many", False))
    return Field(
        api_name=row.api_name,
        kind=row.kind,
        label=Label.of(row.label),
        place=Links() if many else Data(row.key, row.slot, row.slot_state == "ready"),
        required=row.required,
        read_only=row.kind == "auto_number",
        config=config,
        options=options,
        targets=targets,
    )


def build_registry(session: Session, epoch: int, builtin: Iterable[RecordType]) -> Registry:
    """Read type ids and extra fields, and put them together with the built-in types."""
    ids = {key: type_id for type_id, key in session.execute(select(RecordTypeRow.id, RecordTypeRow.key))}
    extras: dict[int, list[Field]] = {}
    rows: Sequence[FieldRow] = session.scalars(
        select(FieldRow).where(FieldRow.deleted_at.is_(None)).order_by(FieldRow.position, FieldRow.id)
    ).all()
    for row in rows:
        extras.setdefault(row.type_id, []).append(extra_field(row))
    types = {item.key: item.with_fields(extras.get(ids[item.key], ()), ids[item.key]) for item in builtin if item.key in ids}
    every = tuple(key for key, item in types.items() if item.follows is None)
    return Registry(epoch, {key: item.with_targets(every) for key, item in types.items()})


class RegistryCache:
    """The registry of this process; compares its epoch with the database's."""

    def __init__(self, builtin: Iterable[RecordType]) -> None:
        self.builtin = tuple(builtin)
        self._lock = Lock()
        self._current: Registry | None = None

    def current(self, session: Session, *, known_epoch: int = 0, lock: bool = False, publishing: bool = False) -> Registry:
        """Give the registry of the database's epoch.

        Args:
            session: the transaction to read in.
            known_epoch: an epoch that was read a moment ago in the same request; saves the query. Newer types serve as well.
            lock: hold the epoch until the transaction ends, so that no publish can come between read and write.
            publishing: hold it alone, from the beginning: two that publish at once take turns.
        """
        epoch = known_epoch
        hinted = bool(known_epoch) and not lock
        if not hinted:
            held = lock and session.get_bind().dialect.name == "postgresql"
            statement = _EPOCH if not held else _EPOCH_ALONE if publishing else _EPOCH_SHARED
            epoch = session.connection().scalar(statement) or 0
        current = self._current
        if current is not None and (current.epoch == epoch or (hinted and current.epoch > epoch)):
            return current
        with self._lock:
            if self._current is None or self._current.epoch != epoch:
                self._current = build_registry(session, epoch, self.builtin)
            return self._current
