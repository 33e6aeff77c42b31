"""Fields that age: what derived values are today, although nobody has touched the record.

A membership expires and a certificate lapses because a day has come. A type says so by `Ages`; the store notes beside each record
the next day on which one of its values may turn (`record_turn`), and the worker derives those anew whose day has come: through the
store, with a line in the history, so that lists, counts, boards, search and followers meet the truth. It asks an index for the days
that have come, so it reads nothing else, however many records there are; a day that was missed is made up at once, and a second run
finds nothing to do. Between midnight and the worker's turn, and while there is no worker, a record read by itself is shown by the
day (`by_day`).
"""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass, field
from datetime import date, timedelta
from math import inf
from time import monotonic
from typing import TYPE_CHECKING, Any, Final

import structlog
from sqlalchemy import delete, insert, literal, select
from sqlalchemy.exc import OperationalError

from crm.records.ageing_models import AgeingBasis, RecordTurn
from crm.records.models import record_table
from crm.records.store.ageing import derive_again, derived, note_turns
from crm.records.store.context import BatchContext, read_values
from crm.records.types import RecordType
from crm.security.actors import Actor, system_actor

if TYPE_CHECKING:
    from crm.records.query import Row
    from crm.records.work import UnitOfWork, Works

log = structlog.get_logger()

ACTOR: Final[Actor] = system_actor("calendar")
#: What the change log names as the cause.
CAUSE: Final = "day"
#: So many are derived in one transaction: a fraction of a second on SQLite, where others wait for it.
BATCH: Final = 100
_turn: Final[Any] = RecordTurn.__table__


def by_day(uow: UnitOfWork, record_type: RecordType, row: Row, due_on: date | None) -> Row:
    """Give a record as it is today, although the worker has not come to it yet.

    Args:
        uow: the reading one.
        record_type: the record's.
        row: the record as it is kept.
        due_on: the day of its next turn; None: it has none.
    """
    if record_type.ages is None or due_on is None or due_on > uow.today():
        return row
    stored = read_values(uow, [row.id]).get(row.id)
    if stored is None:
        return row
    found = derived(record_type, stored, BatchContext(uow, holds=False), uow.zone)
    return row._replace(values={**row.values, **{name: value for name, value in found.items() if name in row.values}})


@dataclass
class Ager:
    """The worker's part: derives anew whatever has aged, a transaction a batch.

    Args:
        works: opens the transactions.
        longest: seconds that one turn may take before the worker's other parts have theirs; the rest waits for the next.
    """

    works: Works
    longest: float = 2.0
    #: Whether nothing is logged: a load of the past lets every day of it come.
    quiet: bool = False
    #: The types whose basis was compared: once a process, since settings and rules are read when it starts.
    _compared: bool = field(default=False, init=False)

    def turn(self) -> int:
        """Bring to the day what has aged; gives how many records differ now."""
        ends = monotonic() + self.longest
        if not self._compared:
            self._compare_bases()
            self._compared = True
        differed = 0
        due = self._due()
        while due:
            differed += self._derive(due)
            due = self._due() if monotonic() < ends else []
        if differed and not self.quiet:
            log.info("records_aged", number=differed)
        return differed

    def _due(self) -> list[int]:
        with self.works.reading(ACTOR) as uow:
            return _due(uow)

    def _derive(self, ids: Collection[int]) -> int:
        """Derive a batch; one that fails is tried record by record, and what fails by itself waits for the next day."""
        try:
            with self.works.writing(ACTOR, cause=CAUSE) as uow:
                return derive_again(uow, ids)
        except OperationalError:  # the database is busy or away: nothing is wrong with the records
            raise
        except Exception:
            log.exception("ageing_failed", records=sorted(ids))
            if len(ids) == 1:
                with self.works.writing(ACTOR, cause=CAUSE) as uow:
                    note_turns(uow, dict.fromkeys(ids, uow.today() + timedelta(days=1)))
                return 0
        return sum(self._derive([one]) for one in ids)

    def _compare_bases(self) -> None:
        """Call all records of a type whose values were made by other settings or rules; new types too."""
        with self.works.reading(ACTOR) as uow:
            kept = {row.type_id: row.basis for row in uow.session.execute(select(AgeingBasis.type_id, AgeingBasis.basis))}
            ageing = [item for item in uow.registry.types.values() if item.ages is not None]
            changed = [item for item in ageing if kept.get(item.id) != _basis(item, uow)]
        for record_type in changed:
            with self.works.writing(ACTOR, cause=CAUSE) as uow:
                _call_all(uow, record_type)


def age_all(works: Works) -> int:
    """Bring everything to the day of the clock: what a load of past data ends with. Gives how many records differed."""
    return Ager(works, longest=inf).turn()


def _due(uow: UnitOfWork) -> list[int]:
    """Give the next records whose day has come; what ages no more is among them once, and then has no turn."""
    due = select(_turn.c.record_id).where(_turn.c.due_on <= uow.today())
    return list(uow.session.scalars(due.order_by(_turn.c.due_on, _turn.c.record_id).limit(BATCH)))


def _basis(record_type: RecordType, uow: UnitOfWork) -> str:
    ages = record_type.ages
    return "" if ages is None else f"{','.join(ages.fields)}:{ages.basis(uow.settings)}"[:64]


def _call_all(uow: UnitOfWork, record_type: RecordType) -> None:
    """Let the turn of all live records of a type be today, by two statements, and note the basis they are to be derived by."""
    members = select(record_table.c.id).where(record_table.c.type_id == record_type.id)
    uow.session.execute(delete(_turn).where(_turn.c.record_id.in_(members)))
    live = select(record_table.c.id, literal(uow.today(), _turn.c.due_on.type)).where(
        record_table.c.type_id == record_type.id, record_table.c.deleted_at.is_(None)
    )
    uow.session.execute(insert(_turn).from_select(["record_id", "due_on"], live))
    uow.session.merge(AgeingBasis(type_id=record_type.id, basis=_basis(record_type, uow)))
