"""The unit of work: one transaction, on behalf of one actor, at one clock.

Entry points (views, CLI, worker, flows) open it and commit by leaving the `with`; services take it and never commit.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from datetime import date, datetime
from typing import Any, TypeVar
from uuid import uuid4

from sqlalchemy import ColumnElement, event, select
from sqlalchemy.orm import ORMExecuteState, Session
from sqlalchemy.orm.util import LoaderCriteriaOption

from crm.kernel.clock import Clock, SystemClock, local_day
from crm.kernel.db import Database
from crm.kernel.errors import KlyngeError, NotFound
from crm.records.bounds import row_condition
from crm.records.models import MAX_ID, CustomRecord, Record
from crm.records.registry import Registry, RegistryCache
from crm.records.store.store import RecordStore
from crm.records.types import RecordType
from crm.security.actors import Actor
from crm.security.grants import GrantCache
from crm.security.policies import Access

R = TypeVar("R", bound=Record)


class UnitOfWork:
    """One transaction. Reads are free (`session`, `get`, `records.query`); every write to a record goes through `records`."""

    def __init__(
        self,
        session: Session,
        actor: Actor,
        clock: Clock,
        zone: str,
        registry: Registry,
        access: Access,
        act: ActFacts,
        settings: Mapping[str, Any] | None = None,
    ) -> None:
        self.session = session
        self.actor = actor
        self.clock = clock
        self.zone = zone
        self.registry = registry
        self.access = access
        self.act = act
        #: What the operator has set of that which rules of types hang on, by the setting's name.
        self.settings = settings or {}
        self.records = RecordStore(self)
        self._row_criteria: list[LoaderCriteriaOption] | None = None
        #: What `visible` gave, by type and act: a page asks many times, and neither grants nor day change under it.
        self._visible: dict[tuple[str, str], ColumnElement[bool] | None] = {}
        #: The types of records that this transaction holds against other writers (`store.context.hold_one`), by id.
        self.held: dict[int, int] = {}
        #: Rows that `records.query.one` has read, by id: what a page asks for in several places is read once. None when writing.
        self.rows: dict[int, Any] | None = None

    def now(self) -> datetime:
        """Give the moment, in UTC."""
        return self.clock.now()

    def today(self) -> date:
        """Give the office's day."""
        return local_day(self.clock.now(), self.zone)

    def get(self, model: type[R], record_id: int) -> R:
        """Give one record as an object to read.

        Raises:
            NotFound: there is none of this type, it lies in the trash, or the actor may not see it.
        """
        if not 0 < record_id <= MAX_ID:
            raise NotFound
        found = self.session.scalars(select(model).where(model.id == record_id)).one_or_none()
        if found is None:
            raise NotFound
        return found

    def visible(self, record_type: RecordType, act: str = "read") -> ColumnElement[bool] | None:
        """Give the condition of the rows that the actor may do an act on (`records.bounds`); None when nothing bounds it."""
        key = (record_type.key, act)
        if key not in self._visible:
            self._visible[key] = row_condition(self, record_type, act)
        return self._visible[key]

    def row_criteria(self) -> list[LoaderCriteriaOption]:
        """Give, for ORM reads, the row condition of every built-in type that the actor's scopes bound, aliases included."""
        if self._row_criteria is None:
            if self.access.everything:
                self._row_criteria = []
            else:
                pairs = ((item.model, self.visible(item)) for item in self.registry.types.values() if item.model is not None)
                self._row_criteria = [
                    RowBound(model, condition, include_aliases=True) for model, condition in pairs if condition is not None
                ]
        return self._row_criteria


class RowBound(LoaderCriteriaOption):
    """`with_loader_criteria` whose plain condition follows an alias into a join too: SQLAlchemy adapts only its lambda form.

    A lambda would be cached by its code, whoever asks: one actor's rows could be another's.
    """

    _traverse_internals = LoaderCriteriaOption._traverse_internals  # noqa: SLF001 - what makes it cacheable

    def _resolve_where_criteria(self, ext_info: Any) -> ColumnElement[bool]:
        condition = super()._resolve_where_criteria(ext_info)
        if not ext_info.is_aliased_class:
            return condition
        adapted: ColumnElement[bool] = ext_info._adapter.traverse(condition)  # noqa: SLF001 - there is no public way
        return adapted


#: Made once: every ORM read of records has it, unless it asks for what lies in the trash.
_NOT_IN_TRASH = RowBound(Record, Record.deleted_at.is_(None), include_aliases=True)


class WorkSession(Session):
    """A session that belongs to a unit of work: rights on every read, no writes behind the store's back."""


class ActFacts:
    """What the change log notes of this unit of work: one act, which may span several transactions."""

    def __init__(self, cause: str, cause_id: str | None, act_id: str | None) -> None:
        self.cause = cause
        self.cause_id = cause_id
        self.continues = act_id is not None
        self.id = act_id or uuid4().hex
        self.written = False


class Works:
    """Opens units of work on one database; one per process."""

    def __init__(
        self,
        database: Database,
        registries: RegistryCache,
        *,
        clock: Clock | None = None,
        zone: str = "Europe/Copenhagen",
        settings: Mapping[str, Any] | None = None,
    ) -> None:
        self.database = database
        self.registries = registries
        self.clock = clock or SystemClock()
        self.zone = zone
        self.settings = settings or {}
        self.grants = GrantCache()

    @contextmanager
    def reading(self, actor: Actor) -> Iterator[UnitOfWork]:
        """Open a read transaction; nothing done in it is kept."""
        with self.database.reading(WorkSession) as session:
            uow = self._open(session, actor, ActFacts("person", None, None), lock=False)
            uow.rows = {}
            yield uow

    @contextmanager
    def writing(
        self,
        actor: Actor,
        *,
        cause: str = "person",
        cause_id: str | None = None,
        act_id: str | None = None,
        clock: Clock | None = None,
        publishing: bool = False,
    ) -> Iterator[UnitOfWork]:
        """Open a write transaction, committed on leaving.

        The registry's epoch is read under a lock first: an order is always checked against the types as they are now, and
        no publish can come between the check and the write.

        Args:
            actor: on whose behalf.
            cause: person, import, automation, flow, sync or seed.
            cause_id: the id of the run that caused it.
            act_id: an act begun in an earlier transaction, to go on with it.
            clock: another clock than the system's (demo history).
            publishing: types are changed (`records.definitions`): no other writer until the commit.
        """
        with self.database.writing(WorkSession) as session:
            yield self._open(session, actor, ActFacts(cause, cause_id, act_id), lock=True, publishing=publishing, clock=clock)

    def _open(
        self, session: Session, actor: Actor, act: ActFacts, *, lock: bool, publishing: bool = False, clock: Clock | None = None
    ) -> UnitOfWork:
        known = actor.registry_epoch
        registry = self.registries.current(session, known_epoch=known, lock=lock, publishing=publishing)
        access = self.grants.access(session, actor)
        uow = UnitOfWork(session, actor, clock or self.clock, self.zone, registry, access, act, self.settings)
        session.info["uow"] = uow
        return uow


@event.listens_for(WorkSession, "do_orm_execute")
def _add_row_rights(state: ORMExecuteState) -> None:
    """Add trash and row rights to every ORM read of records, joins and lazy loads included."""
    uow: UnitOfWork | None = state.session.info.get("uow")
    if uow is None or not state.is_orm_statement or state.is_column_load:
        return
    if not state.is_select:
        if state.bind_mapper is not None and issubclass(state.bind_mapper.class_, Record):
            raise KlyngeError("records are written by uow.records")
        return
    if state.execution_options.get("unfiltered"):
        return
    criteria = [] if state.execution_options.get("with_trash") else [_NOT_IN_TRASH]
    bounds = uow.row_criteria()
    if bounds and any(mapper.class_ in (Record, CustomRecord) for mapper in state.all_mappers):
        raise KlyngeError("rows of all types at once cannot be bounded: read through records.query")
    state.statement = state.statement.options(*criteria, *bounds)


@event.listens_for(WorkSession, "after_soft_rollback")
def _doubt_the_act(session: Session, _previous: Any) -> None:
    """The act's row and locks may have gone with a savepoint: the next change looks for the one and takes the others anew."""
    uow: UnitOfWork | None = session.info.get("uow")
    if uow is not None:
        uow.act.written, uow.act.continues = False, True
        uow.held.clear()  # a lock taken within a savepoint is gone with it


@event.listens_for(WorkSession, "before_flush")
def _refuse_back_door(session: Session, _context: Any, _instances: Any) -> None:
    """Records change through the store only: rules, rights, version and log hang on it."""
    touched = [*session.new, *session.deleted, *(item for item in session.dirty if session.is_modified(item))]
    for item in touched:
        if isinstance(item, Record):
            raise KlyngeError(f"a {type(item).__name__} was changed behind the store's back; use uow.records")
