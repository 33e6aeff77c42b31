"""Loads the demo: its users and its stories, each act by its person on its day, through the one door.

What is loaded is told by the change log itself: every batch is one act with cause `seed` and its key. So a second run adds
nothing, an interrupted one goes on where it stopped, and the day of the first load stays the day that all others count from.
"""

from __future__ import annotations

import os
import secrets
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

from sqlalchemy import select
from sqlalchemy.orm import Session

from crm.cli.stories import Batch, day_or_none, given_values, read_stories, told
from crm.kernel.clock import FixedClock, local_day
from crm.kernel.errors import ConfigError
from crm.kernel.i18n import N_
from crm.kernel.safety import DEMO_LINES
from crm.notices.services import Wish, follow
from crm.records.comments import pin_comment, write_comment
from crm.records.models import Act, Change
from crm.records.work import Works
from crm.security.callers import actor_for
from crm.security.events import By
from crm.security.fab.hashing import password_matches
from crm.security.users import NewUser, add_user, find_user, tie_to_person

if TYPE_CHECKING:
    from crm.records.work import UnitOfWork
    from crm.security.actors import Actor
    from crm.wiring import Klynge

CAUSE: Final = "seed"


@dataclass(frozen=True, slots=True)
class DemoUser:
    """A user of the demo; `person` is the key of the person they are."""

    username: str
    name: str
    role: str
    email: str
    person: str | None = None


USERS: Final = (
    DemoUser("admin", "Ida Winther", "administrator", "ida@klyngesekretariatet.example"),
    DemoUser("mette", "Mette Kragh", "staff", "mette@klyngesekretariatet.example", "mette_person"),
    DemoUser("aase", "Åse Lindholm", "board_member", "aase.lindholm@region-sydsund.example", "aase"),
    DemoUser("laeser", "Bo Nygaard", "reader", "bo@klyngesekretariatet.example"),
)


@dataclass(frozen=True, slots=True)
class SignInLine:
    """How to sign in as a demo user."""

    username: str
    password: str
    role: str
    name: str


def load_demo(klynge: Klynge) -> int:
    """Load what is not loaded yet and give the number of batches.

    Raises:
        ConfigError: this is not a demo.
    """
    if klynge.settings.mode != "demo":
        raise ConfigError(N_("Demo data and demo users belong in demo mode only."))
    users = _add_users(klynge)
    loader = _Loader(klynge, users)
    loaded = sum(loader.load(batch) for batch in read_stories())
    with klynge.database.writing() as session:
        by = By(at=klynge.clock.now())
        for user in USERS:
            if user.person is not None:
                tie_to_person(session, users[user.username], loader.ids[user.person], by)
    return loaded


# ------------------------------------------------------------------------------------------------------------- users
def _add_users(klynge: Klynge) -> dict[str, int]:
    """Add the users that are missing; their passwords are written once, to a file that only the owner can read."""
    with klynge.database.writing() as session:
        present = {user.username: found[0] for user in USERS if (found := find_user(session, user.username)) is not None}
        missing = [user for user in USERS if user.username not in present]
        if not missing:
            return present
        new = [SignInLine(user.username, new_password(), user.role, user.name) for user in missing]
        kept = [line for line in _read_lines(klynge) if line.username in present]
        _write_lines(klynge.settings.home / DEMO_LINES, [*kept, *new])
        by = By(at=klynge.clock.now())
        for user, line in zip(missing, new, strict=True):
            wanted = NewUser(user.username, user.name, [user.role], user.email, line.password, locale="da")
            present[user.username] = add_user(session, wanted, by)
    return present


def new_password() -> str:
    """Make a password that is easy to type: ten syllables of 80 each, about 63 bits."""
    syllables = [secrets.choice("bdfghjklmnprstvz") + secrets.choice("aeiou") for _ in range(10)]
    return "-".join("".join(syllables[start : start + 2]) for start in range(0, 10, 2))


def _write_lines(path: Path, lines: Sequence[SignInLine]) -> None:
    path.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
    path.unlink(missing_ok=True)
    with os.fdopen(os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "w", encoding="utf-8") as file:
        for line in lines:
            file.write(f"{line.username}\t{line.password}\t{line.role}\t{line.name}\n")


def _read_lines(klynge: Klynge) -> list[SignInLine]:
    path = klynge.settings.home / DEMO_LINES
    if not path.exists():
        return []
    rows = (row.split("\t") for row in path.read_text(encoding="utf-8").splitlines())
    return [SignInLine(*row) for row in rows if len(row) == 4]


def sign_in_lines(klynge: Klynge) -> list[SignInLine]:
    """Give the demo users whose first password still works: what `klynge up` prints. Nothing outside demo mode."""
    if klynge.settings.mode != "demo":
        return []
    with klynge.database.reading() as session:
        return [line for line in _read_lines(klynge) if _still_works(session, line)]


def _still_works(session: Session, line: SignInLine) -> bool:
    found = find_user(session, line.username)
    return found is not None and password_matches(found[1], line.password)


# ------------------------------------------------------------------------------------------------------------ stories
class _Loader:
    """Carries out batches on a clock of its own, and remembers which record a key means."""

    def __init__(self, klynge: Klynge, users: Mapping[str, int]) -> None:
        self.klynge = klynge
        self.users = users
        self.ids: dict[str, int] = {}
        self.clock = FixedClock(klynge.clock.now())
        shared = klynge.works
        self.works = Works(shared.database, shared.registries, clock=self.clock, zone=shared.zone)
        self.load_day, self.done = self._done_before()

    def _done_before(self) -> tuple[date, dict[str, str]]:
        """Give the day of the first load (today when there was none) and the acts of the batches done, by key."""
        with self.klynge.database.reading() as session:
            acts = session.execute(select(Act.cause_id, Act.id).where(Act.cause == CAUSE, Act.cause_id.like("demo/%"))).all()
        done: dict[str, str] = {}
        day = local_day(self.klynge.clock.now(), self.works.zone)
        for cause_id, act_id in acts:
            _, first, key = str(cause_id).split("/", 2)
            day, done[key] = date.fromisoformat(first), act_id
        return day, done

    def load(self, batch: Batch) -> bool:
        """Carry out a batch unless it was done before."""
        if batch.key in self.done:
            self.ids.update(self._keys_of(batch, self.done[batch.key]))
            return False
        self.clock.moment = batch.moment(self.load_day, self.works.zone)
        with self.klynge.database.reading() as session:
            actor = actor_for(session, self.users[batch.by], self.klynge.mandates)
        packs = [order["pack"] for order in batch.orders if "pack" in order]
        if packs:
            return sum(self._send_pack(self.ids[key], actor) for key in packs) > 0
        with self.works.writing(actor, cause=CAUSE, cause_id=f"demo/{self.load_day}/{batch.key}") as uow:
            for order in batch.orders:
                self._carry_out(uow, order)
        return True

    def _carry_out(self, uow: UnitOfWork, order: Mapping[str, Any]) -> None:
        records = uow.records
        if "create" in order:
            values = self._values(uow, order["type"], order["values"])
            owner = self.users[order["owner"]] if "owner" in order else None
            self.ids[order["create"]] = records.create(order["type"], values, owner_id=owner)
        elif "update" in order:
            record_id = self.ids[order["update"]]
            records.update(record_id, self._values(uow, records.values(record_id)["type"], order["values"]))
        elif "step" in order:
            comment = order.get("comment")
            records.transition(self.ids[order["record"]], order["step"], comment=told(comment, self.load_day) if comment else None)
        elif "follow" in order:
            follow(uow, self.ids[order["follow"]], Wish.FOLLOW)
        elif "say" in order:
            text = told(order["text"], self.load_day)
            said = write_comment(uow, self.ids[order["say"]], text, mandates=self.klynge.mandates)
            if order.get("pinned"):
                pin_comment(uow, said, pinned=True)
        else:
            records.link(
                self.ids[order["link"]],
                order["field"],
                self.ids[order["to"]],
                role=order.get("role", ""),
                from_on=day_or_none(order.get("from_on"), self.load_day),
                to_on=day_or_none(order.get("to_on"), self.load_day),
                note=order.get("note"),
            )

    def _values(self, uow: UnitOfWork, type_key: str, raw: Mapping[str, Any]) -> dict[str, Any]:
        return given_values(uow.registry.get(type_key), raw, ids=self.ids, load_day=self.load_day, zone=self.works.zone)

    def _keys_of(self, batch: Batch, act_id: str) -> Iterator[tuple[str, int]]:
        """Find the records that a batch made, in the order of its orders."""
        made = select(Change.record_id).where(Change.act_id == act_id, Change.kind == "create").order_by(Change.id)
        with self.klynge.database.reading() as session:
            ids = session.scalars(made).all()
        yield from zip((order["create"] for order in batch.orders if "create" in order), ids, strict=True)

    def _send_pack(self, meeting_id: int, actor: Actor) -> bool:
        """Assemble, approve and publish the pack of a meeting that is still a draft; no mail is sent."""
        from crm.boards import lifecycle, services
        from crm.boards.office import Office
        from crm.boards.ports import PackRenderer
        from crm.boards.services.approvable import approvable_version
        from crm.boards.services.approve_pack import mark_approved
        from crm.boards.services.authorise import meeting_for

        office = Office.of(self.klynge.settings)
        with self.works.reading(actor) as uow:
            if uow.records.values(meeting_id)["state"] not in lifecycle.BEFORE_PUBLISHED:
                return False
        services.assemble_pack(self.works, self.klynge.get(PackRenderer), self.klynge.files, meeting_id, office, actor=actor)
        with self.works.writing(actor, cause=CAUSE) as uow:
            uow.records.transition(meeting_id, "submit")
            # not services.approve_pack: that orders a flow, and nothing of the past is to start when Prefect does
            version = approvable_version(uow, meeting_for(uow, meeting_id, "approve"))
            mark_approved(uow, version, actor.user_id, "crm", send_mails=False)
        services.publish_pack(self.works, version.id, office)
        return True
