"""An office with a bell on each desk: who is told what, and whom a mail is queued to."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta
from typing import Any

from sqlalchemy import insert, select

from crm.kernel.clock import FixedClock
from crm.kernel.db import Database
from crm.notices.models import Notice
from crm.notices.queries import count_unread, notices
from crm.notices.receivers import Desk
from crm.notices.services import tell_changes, tell_due
from crm.ops.models import MailOutbox
from crm.records.work import Works
from crm.security.actors import Actor
from crm.security.callers import actor_for
from crm.security.models import Account
from tests.support.records import add_actor

STAFF = [("@crm", "use"), ("*", "*")]


@dataclass
class House:
    """The office, its worker, and what reached whom."""

    works: Works
    desk: Desk
    people: dict[str, Actor]

    def add(self, database: Database, name: str, grants: list[tuple[Any, ...]]) -> Actor:
        """Give somebody a desk; they speak Danish."""
        actor = add_actor(database, name, grants)
        with database.writing() as session:
            session.execute(insert(Account).values(user_id=actor.user_id, locale="da", session_epoch=1, preferences={}))
        with database.reading() as session:
            self.people[name] = actor_for(session, actor.user_id or 0)
        return self.people[name]

    def tell(self) -> int:
        """Let the worker tell of the changes."""
        return tell_changes(self.works, self.desk)

    def tell_due(self) -> int:
        """Let the worker tell of the dates."""
        return tell_due(self.works, self.desk)

    def told(self, name: str) -> list[str]:
        """Give what somebody reads at the bell, the newest first, with a star when it is unread."""
        with self.works.reading(self.people[name]) as uow:
            lines = notices(uow).lines
            assert count_unread(uow) == sum(line.unread for line in lines)
        return [f"{'*' if line.unread else ''}{line.words('da')}" for line in lines]

    def mails(self) -> list[tuple[str, str]]:
        """Give whom a mail was queued to, and its subject."""
        with self.works.reading(self.people["anna"]) as uow:
            rows = uow.session.scalars(select(MailOutbox).order_by(MailOutbox.id)).all()
            return [(row.to_address.partition("@")[0], row.subject) for row in rows]

    def read_all(self, name: str) -> None:
        """Somebody reads everything."""
        with self.works.writing(self.people[name]) as uow:
            for row in uow.session.scalars(select(Notice).where(Notice.user_id == uow.actor.user_id)):
                row.read_at = uow.now()

    def later(self, **more: int) -> None:
        """Let time go by."""
        clock = self.works.clock
        assert isinstance(clock, FixedClock)
        clock.moment += timedelta(**more)
