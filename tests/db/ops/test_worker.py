"""The worker's loop: one part's fault stops nothing else; what has run out is swept; it stops when asked."""

import threading
from datetime import timedelta

import pytest
from sqlalchemy import func, select

from crm.filters import Condition
from crm.kernel.i18n import Label
from crm.ops.dispatcher import Dispatcher
from crm.ops.models import MailOutbox
from crm.ops.outbox import OutboxSender
from crm.ops.queries import worker_alive, worker_state
from crm.ops.services import order_flow, queue_mail
from crm.ops.sweeping import sweep
from crm.ops.worker import ACTOR, Worker
from crm.records.definitions import add_field, fields_to_fill
from crm.records.query import list_page
from crm.security.models import LoginAttempt, WebSession
from integrations.prefect_client.fake import FakeEngine


class Box:
    def __init__(self):
        self.sent = []

    def send(self, mail):
        self.sent.append(mail)


@pytest.fixture
def box():
    return Box()


@pytest.fixture
def worker(sqlite_klynge, box):
    works = sqlite_klynge.works
    return Worker(works, Dispatcher(works, FakeEngine(), ACTOR), OutboxSender(works, box, ACTOR))


def test_a_fault_in_one_part_does_not_stop_the_mails(sqlite_klynge, worker, box, monkeypatch):
    def broken():
        raise ZeroDivisionError

    monkeypatch.setattr(worker._parts[1], "run", broken)
    with sqlite_klynge.works.writing(ACTOR) as uow:
        queue_mail(uow.session, "anne@example.dk", "Hej", "…", at=uow.now())
    worker.turn(0.0)
    assert len(box.sent) == 1


def test_it_says_that_it_lives_and_falls_silent_when_it_does_not(sqlite_klynge, worker, clock):
    worker.turn(0.0)
    with sqlite_klynge.works.reading(ACTOR) as uow:
        assert worker_state(uow.session, uow.now()).engine == "up"
        assert worker_alive(uow.session, uow.now())
        assert not worker_alive(uow.session, uow.now() + timedelta(minutes=1))


def test_nobody_outside_is_spoken_to_inside_a_transaction(sqlite_klynge, clock):
    """Watched where it counts: at the two doors to the network."""
    pool = sqlite_klynge.database.engine.pool
    open_while_speaking = []

    class WatchedEngine(FakeEngine):
        def _answer(self, flow=None):
            open_while_speaking.append(pool.checkedout())
            super()._answer(flow)

    class WatchedBox(Box):
        def send(self, mail):
            open_while_speaking.append(pool.checkedout())
            super().send(mail)

    works = sqlite_klynge.works
    dispatcher = Dispatcher(works, WatchedEngine(), ACTOR, lambda _uow: {("meeting-pack", "board"): ["A"]})
    watched = Worker(works, dispatcher, OutboxSender(works, WatchedBox(), ACTOR))
    with works.writing(ACTOR) as uow:
        queue_mail(uow.session, "anne@example.dk", "Hej", "…", at=uow.now())
        order_flow(uow, "meeting-pack", {"meeting_id": 1})
    for moment in (0.0, 20.0):
        watched.turn(moment)
    assert len(open_while_speaking) >= 4
    assert set(open_while_speaking) == {0}


def test_it_stops_when_asked(worker):
    thread = threading.Thread(target=worker.run)
    thread.start()
    worker.stop()
    thread.join(timeout=5)
    assert not thread.is_alive()


def test_what_has_run_out_is_swept_and_the_rest_stays(sqlite_klynge, clock):
    now = clock.moment
    with sqlite_klynge.works.writing(ACTOR) as uow:
        for name, ends in (("old", now - timedelta(minutes=1)), ("new", now + timedelta(hours=1))):
            uow.session.add(WebSession(key_hash=name, data={}, created_at=now, seen_at=now, expires_at=ends))
        for age in (timedelta(days=2), timedelta(hours=1)):
            uow.session.add(LoginAttempt(at=now - age, account="a", address="::1"))
        queue_mail(uow.session, "anne@example.dk", "Hej", "…", at=now)
    with sqlite_klynge.works.writing(ACTOR) as uow:
        sweep(uow.session, uow.now())
    with sqlite_klynge.works.reading(ACTOR) as uow:
        assert uow.session.scalars(select(WebSession.key_hash)).all() == ["new"]
        assert uow.session.scalar(select(func.count()).select_from(LoginAttempt)) == 1
        assert uow.session.scalar(select(func.count()).select_from(MailOutbox)) == 1


def test_the_slot_of_a_new_field_is_filled_and_then_read(sqlite_klynge, worker):
    works = sqlite_klynge.works
    with works.writing(ACTOR) as uow:
        record_id = uow.records.create("organisation", {"title": "Ærø Maritime"})
    with works.writing(ACTOR, publishing=True) as uow:
        add_field(uow, "organisation", "budget", "number", Label("Budget", "Budget"))
    with works.writing(ACTOR) as uow:
        uow.records.update(record_id, {"budget": 5})
        assert fields_to_fill(uow)
    worker.turn(0.0)
    with works.reading(ACTOR) as uow:
        assert not fields_to_fill(uow)
        assert uow.registry.get("organisation").by_name["budget"].place.slot_ready
        assert [row.id for row in list_page(uow, "organisation", where=Condition("budget", "is", 5)).rows] == [record_id]


def test_every_sweeper_that_is_given_is_called(sqlite_klynge, box, clock):
    works, called = sqlite_klynge.works, []
    sweepers = (lambda _session, now: called.append(now), sweep)
    Worker(works, Dispatcher(works, FakeEngine(), ACTOR), OutboxSender(works, box, ACTOR), sweepers).turn(0.0)
    assert called == [clock.now()]
