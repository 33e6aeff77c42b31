"""Loads the demo: its users and what happened, each act by its person on its day, through the one door.

What is loaded is told by the change log itself: every batch is one act with cause `seed` and its key. So a second run adds
nothing, an interrupted one goes on where it stopped, and the day of the first load stays the day that all others count from.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import date
from typing import TYPE_CHECKING, Final

from sqlalchemy import select

from crm.demo.batches import Batch, Order, Reading, day_or_none, keys_in, told
from crm.demo.material import add_annex, send_pack
from crm.demo.plan import Size, make_plan
from crm.demo.users import USERS, add_users
from crm.kernel.clock import FixedClock, local_day
from crm.kernel.errors import ConfigError
from crm.kernel.i18n import N_
from crm.membership.models import CatalogueCriterion
from crm.notices.services import Wish, follow
from crm.records.ageing import Ager
from crm.records.comments import pin_comment, write_comment
from crm.records.models import Act, Change, RecordLink, record_table
from crm.records.search import SearchFollower
from crm.records.store import Create, Link, Update
from crm.records.work import Works
from crm.security.callers import actor_for
from crm.security.events import By
from crm.security.grants import GrantCache
from crm.security.policies import EVERYTHING_ALLOWED, Access
from crm.security.users import tie_to_person
from crm.sparring.models import Sparring
from crm.tasks.models import Task

if TYPE_CHECKING:
    from collections.abc import Callable
    from contextlib import AbstractContextManager

    from sqlalchemy import Connection
    from sqlalchemy.orm import Session

    from crm.records.work import UnitOfWork
    from crm.security.actors import Actor
    from crm.wiring import Klynge

    #: Shows how far it is: `with progress(batches) as shown: for batch in shown`.
    Progress = Callable[[list[Batch]], AbstractContextManager[Iterable[Batch]]]

CAUSE: Final = "seed"


def load_demo(klynge: Klynge, progress: Progress | None = None) -> int:
    """Load what is not loaded yet and give the number of batches.

    Raises:
        ConfigError: this is not a demo.
    """
    if klynge.settings.mode != "demo":
        raise ConfigError(N_("Demo data and demo users belong in demo mode only."))
    begun = Begun.read(klynge)
    if begun.ended:
        return 0
    plan = make_plan(begun.load_day, begun.size, klynge.settings.zone)
    loader = Loader(klynge, add_users(klynge), begun)
    loader.recall(plan)
    # what a pack leaves behind names no batch: whether one was sent is told by its meeting
    missing = [batch for batch in plan if batch.key not in begun.acts]
    with klynge.database.hurrying():
        if progress is None:
            done = loader.load_all(missing)
        else:
            with progress(missing) as shown:
                done = loader.load_all(shown)
        SearchFollower(klynge.works).turn()
    return done


class Begun:
    """What earlier runs have loaded: the day and size that they chose, and the act of each batch."""

    def __init__(self, load_day: date, size: Size, acts: Mapping[str, str]) -> None:
        self.load_day = load_day
        self.size = size
        self.acts = acts

    @classmethod
    def read(cls, klynge: Klynge) -> Begun:
        """Read it from the log; the first time the day is today and the size that of the settings."""
        with klynge.database.reading() as session:
            rows = session.execute(select(Act.cause_id, Act.id).where(Act.cause == CAUSE, Act.cause_id.like("demo/%"))).all()
        found = [(*str(cause_id).split("/", 2)[1:], act_id) for cause_id, act_id in rows]
        if not found:
            return cls(local_day(klynge.clock.now(), klynge.settings.zone), Size(klynge.settings.demo_size), {})
        day, _, size = found[0][0].partition(" ")
        return cls(date.fromisoformat(day), Size(size), {key: act_id for _first, key, act_id in found})

    @property
    def ended(self) -> bool:
        """Whether all was loaded: the last batch is always the same."""
        return Loader.LAST in self.acts

    def cause_of(self, batch: Batch) -> str:
        """Word the batch for the log."""
        return f"demo/{self.load_day} {self.size}/{batch.key}"


class _Trusted(GrantCache):
    """Asks nobody's rights: what people of the demo did was written by us, and asking at each step took a third of the load."""

    def access(self, session: Session | Connection, actor: Actor) -> Access:
        """Give all rights to anybody."""
        return EVERYTHING_ALLOWED


class Loader:
    """Carries out batches on a clock of its own, and remembers which record a key means."""

    #: The key of the batch that ends every plan.
    LAST: Final = "talk-answered"

    def __init__(self, klynge: Klynge, users: Mapping[str, int], begun: Begun) -> None:
        self.klynge = klynge
        self.begun = begun
        self.users = users
        self.ids: dict[str, int] = {}
        self.clock = FixedClock(klynge.clock.now())
        shared = klynge.works
        self.works = Works(shared.database, shared.registries, clock=self.clock, zone=shared.zone)
        self.works.grants = _Trusted()
        self.reading = Reading(self.ids, users, begun.load_day, shared.zone)
        self._ager = Ager(self.works, quiet=True)
        self._actors: dict[str, Actor] = {}

    def recall(self, plan: Iterable[Batch]) -> None:
        """Find the records that base data made (criteria, by number) and earlier runs: of each type in the order of their orders.

        What follows from an order by a rule is none of them: tasks that sparrings promise, and kinds that a batch does not name.
        """
        with self.klynge.database.reading() as session:
            criteria = session.execute(select(CatalogueCriterion.number, CatalogueCriterion.id)).all()
        self.ids.update({f"criterion_{number}": record_id for number, record_id in criteria})
        if not self.begun.acts:
            return
        task, sparring = Task.__table__.c, Sparring.__table__.c
        promised = select(task.id).where(task.about_id.in_(select(sparring.id)))
        statement = select(Change.act_id, record_table.c.kind, Change.record_id).join(
            record_table, record_table.c.id == Change.record_id
        )
        statement = statement.where(Change.kind == "create", Change.record_id.not_in(promised)).order_by(Change.id)
        made: dict[tuple[str, str], list[int]] = {}
        with self.klynge.database.reading() as session:
            for act_id, type_key, record_id in session.execute(statement):
                made.setdefault((act_id, type_key), []).append(record_id)
        for batch in plan:
            act_id = self.begun.acts.get(batch.key)
            for order in batch.orders if act_id is not None else ():
                if "create" in order:
                    self.ids[order["create"]] = made[act_id or "", order["type"]].pop(0)

    def load_all(self, batches: Iterable[Batch]) -> int:
        """Carry out batches in order and give how many there were; users are tied to their persons before the last."""
        done, today = 0, date.min
        for batch in batches:
            self.clock.moment = batch.moment
            if local_day(batch.moment, self.works.zone) != today:
                today = local_day(batch.moment, self.works.zone)
                self._ager.turn()  # what aged in the past did so then, as the worker would have seen it
            if batch.key == self.LAST:
                self._tie_users()
            done += self.load(batch)
        return done

    def load(self, batch: Batch) -> bool:
        """Carry out one batch; says whether there was something left to do."""
        actor = self._actor(batch.by)
        packs = [order["pack"] for order in batch.orders if "pack" in order]
        if packs:
            return sum(send_pack(self.klynge, self.works, self.ids[key], actor) for key in packs) > 0
        with self.works.writing(actor, cause=CAUSE, cause_id=self.begun.cause_of(batch)) as uow:
            self._carry_out(uow, batch.orders)
        return True

    def _actor(self, username: str) -> Actor:
        if username not in self._actors:
            with self.klynge.database.reading() as session:
                self._actors[username] = actor_for(session, self.users[username], self.klynge.mandates)
        return self._actors[username]

    def _tie_users(self) -> None:
        with self.klynge.database.writing() as session:
            by = By(at=self.klynge.clock.now())
            for user in USERS:
                if user.person is not None:
                    tie_to_person(session, self.users[user.username], self.ids[user.person], by)

    # ---------------------------------------------------------------------------------------------------------- orders
    def _carry_out(self, uow: UnitOfWork, orders: Iterable[Order]) -> None:
        """Save new and changed records together as far as they do not name each other, then their links; the rest one by one."""
        waiting: list[Order] = []
        new: set[str] = set()
        links: list[Order] = []
        for order in orders:
            if "link" in order:
                links.append(order)
                continue
            if "create" in order or "update" in order:
                if new and new & self._named(uow, order):
                    self._save(uow, waiting)
                    waiting, new = [], set()
                waiting.append(order)
                new.add(order.get("create", ""))
                continue
            self._save(uow, waiting)
            self._link(uow, links)
            waiting, new, links = [], set(), []
            self._act(uow, order)
        self._save(uow, waiting)
        self._link(uow, links)

    def _named(self, uow: UnitOfWork, order: Order) -> set[str]:
        if "update" in order:
            return {order["update"], *(value for value in order["values"].values() if isinstance(value, str))}
        return keys_in(uow.registry.get(order["type"]), order["values"])

    def _save(self, uow: UnitOfWork, orders: list[Order]) -> None:
        if not orders:
            return
        drafts: list[Create | Update] = []
        for order in orders:
            if "create" in order:
                values = self.reading.values(uow.registry.get(order["type"]), order["values"])
                owner = self.users[order["owner"]] if "owner" in order else None
                drafts.append(Create(order["type"], values, owner))
            else:
                record_id = self.ids[order["update"]]
                record_type = uow.registry.get(uow.records.values(record_id)["type"])
                drafts.append(Update(record_id, self.reading.values(record_type, order["values"])))
        for order, record_id in zip(orders, uow.records.save_many(drafts), strict=True):
            if "create" in order:
                self.ids[order["create"]] = record_id

    def _act(self, uow: UnitOfWork, order: Order) -> None:
        load_day = self.begun.load_day
        if "step" in order:
            comment = order.get("comment")
            uow.records.transition(self.ids[order["record"]], order["step"], comment=told(comment, load_day) if comment else None)
        elif "annex" in order:
            add_annex(uow, self.klynge, self.ids[order["to"]], order["annex"], order["name"])
        elif "follow" in order:
            follow(uow, self.ids[order["follow"]], Wish.FOLLOW)
        elif "say" in order:
            said = write_comment(uow, self.ids[order["say"]], told(order["text"], load_day), mandates=self.klynge.mandates)
            if order.get("pinned"):
                pin_comment(uow, said, pinned=True)
        elif "finish" in order:
            about = select(Task.id).where(Task.about_id == self.ids[order["finish"]])
            uow.records.transition(uow.session.scalars(about).one(), "complete")
        else:
            self._end(uow, order)

    def _end(self, uow: UnitOfWork, order: Order) -> None:
        """Give the running link its last day, as a person does on screen: it is taken away and made anew."""
        link = RecordLink.__table__.c
        here = (link.from_id == self.ids[order["end"]], link.field == order["field"], link.to_id == self.ids[order["to"]])
        row = uow.session.execute(select(link.id, link.role, link.from_on, link.note).where(*here, link.to_on.is_(None))).one()
        uow.records.unlink(row.id)
        facts = {"role": row.role, "from_on": row.from_on, "note": row.note, "to_on": order["to_on"]}
        self._link(uow, [{"link": order["end"], "field": order["field"], "to": order["to"], **facts}])

    def _link(self, uow: UnitOfWork, orders: list[Order]) -> None:
        uow.records.link_many([self._as_link(order) for order in orders])

    def _as_link(self, order: Order) -> Link:
        first, last = (day_or_none(order.get(name), self.begun.load_day) for name in ("from_on", "to_on"))
        ends = (self.ids[order["link"]], order["field"], self.ids[order["to"]])
        return Link(*ends, role=order.get("role", ""), from_on=first, to_on=last, note=order.get("note"))
