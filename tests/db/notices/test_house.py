"""Notices in the product as it is wired: the worker tells and mails; a merge takes followers and notices along."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from sqlalchemy import select

from crm.cli.run import build_worker
from crm.kernel.clock import FixedClock
from crm.kernel.db import Database
from crm.kernel.settings import Settings
from crm.notices.models import Follow, Notice
from crm.notices.services import Wish, follow
from crm.ops.ports import OutgoingMail
from crm.records.merge import MergeRecords, merge_records
from crm.records.undo import undo_act
from crm.security.callers import actor_for
from crm.wiring import build
from integrations.prefect_client.fake import FakeEngine
from tests.support.notices import House
from tests.support.people import add_user


class Box:
    """A mailer that keeps what it is given."""

    def __init__(self) -> None:
        self.sent: list[OutgoingMail] = []

    def send(self, mail: OutgoingMail) -> None:
        self.sent.append(mail)


def test_one_turn_of_the_worker_tells_and_mails(
    sqlite_database: Database, make_settings: Callable[..., Settings], clock: FixedClock
) -> None:
    box = Box()
    adapters: dict[str, Any] = {"FlowEngine": FakeEngine(), "Mailer": box}
    klynge = build(make_settings(database_url=sqlite_database.url), clock=clock, adapters=adapters)
    anna, bo = (add_user(klynge, "staff", name, locale="da") for name in ("anna", "bo"))
    with klynge.database.reading() as session:
        actor = actor_for(session, anna)
    with klynge.works.writing(actor) as uow:
        uow.records.create("task", {"title": "Find lokale", "owner": bo, "due": "2026-11-30"})
    worker = build_worker(klynge)
    worker.turn(0.0)
    worker.turn(1_000.0)
    assert [mail.subject for mail in box.sent] == ["Anna P. gav dig opgaven ”Find lokale”"]
    with klynge.database.reading() as session:
        assert sorted(session.scalars(select(Notice.kind))) == ["assigned", "due"]
    klynge.database.dispose()


def test_a_merge_takes_followers_and_notices_along_and_its_undo_gives_them_back(house: House) -> None:
    anna, bo = house.people["anna"], house.people["bo"]
    with house.works.writing(anna) as uow:
        left, right = (uow.records.create("organisation", {"title": title}) for title in ("Klynge Fyn", "Klynge Fyn ApS"))
    with house.works.writing(bo) as uow:
        follow(uow, right, Wish.FOLLOW)
    house.tell()
    with house.works.writing(anna) as uow:
        uow.records.update(right, {"note": "x"})
    house.tell()
    with house.works.writing(anna) as uow:
        merge_records(uow, MergeRecords(left, (right,)))
        act = uow.act.id

    def followers(record_id: int) -> set[int]:
        with house.works.database.reading() as session:
            return set(session.scalars(select(Follow.user_id).where(Follow.record_id == record_id)))

    assert followers(left) == {anna.user_id, bo.user_id}
    assert house.told("bo") == ["*Anna P. ændrede ”Klynge Fyn”"]
    with house.works.writing(anna) as uow:
        undo_act(uow, act)
    assert followers(left) == {anna.user_id}
    assert followers(right) == {anna.user_id, bo.user_id}
    assert house.told("bo") == ["*Anna P. ændrede ”Klynge Fyn ApS”"]
