"""Orders of flows: once, waiting while the engine is away, taken up again when a run dies."""

from datetime import timedelta

import pytest

from crm.kernel.i18n import N_, Label
from crm.ops.dispatcher import Dispatcher
from crm.ops.models import DONE, FAILED, RUNNING, TRIGGERED, WAITING, FlowRequest
from crm.ops.outbox import OutboxSender
from crm.ops.ports import RunState
from crm.ops.queries import flow_status, latest_flow
from crm.ops.services import begin, finish, order_flow, report_progress, try_again
from crm.ops.services.flows import MOST_RUNS
from crm.ops.worker import ACTOR
from integrations.prefect_client.fake import FakeEngine


@pytest.fixture
def engine():
    return FakeEngine()


@pytest.fixture
def dispatcher(klynge, engine):
    return Dispatcher(klynge.works, engine, ACTOR)


def order(klynge, flow="meeting-pack", **more):
    with klynge.works.writing(ACTOR) as uow:
        return order_flow(uow, flow, {"meeting_id": 17}, **more)


def row(klynge, number):
    with klynge.works.reading(ACTOR) as uow:
        return uow.session.get(FlowRequest, number)


def words(klynge, number):
    with klynge.works.reading(ACTOR) as uow:
        return flow_status(uow, number).words("en")


def test_an_order_is_handed_over_once_and_followed_to_its_end(klynge, engine, dispatcher):
    number = order(klynge)
    dispatcher.look()
    assert dispatcher.trigger_waiting() == 1
    assert dispatcher.trigger_waiting() == 0
    assert row(klynge, number).state == TRIGGERED
    engine.move(row(klynge, number).prefect_run_id, RunState.RUNNING)
    dispatcher.follow_open()
    assert row(klynge, number).state == RUNNING
    engine.move(row(klynge, number).prefect_run_id, RunState.DONE)
    dispatcher.follow_open()
    assert row(klynge, number).state == DONE
    assert len(engine.started) == 1


def test_the_form_in_the_engine_gets_the_address_of_the_record_and_no_more(klynge, engine, dispatcher):
    order(klynge)
    dispatcher.trigger_waiting()
    assert engine.started[0].parameters == {"form": {"meeting": "/r/17"}}


def test_the_same_key_is_the_same_order_even_after_its_end(klynge):
    first = order(klynge, once_key="publish-9")
    with klynge.works.writing(ACTOR) as uow:
        finish(uow, first, DONE, N_("Done"))
    assert order(klynge, once_key="publish-9") == first
    assert order(klynge, once_key="publish-10") != first


def test_an_order_waits_while_the_engine_is_away_and_is_done_once_when_it_returns(klynge, engine, dispatcher):
    engine.is_up = False
    number = order(klynge)
    dispatcher.look()
    for _ in range(3):
        assert dispatcher.trigger_waiting() == 0
    assert row(klynge, number).state == WAITING
    engine.is_up = True
    dispatcher.look()
    dispatcher.trigger_waiting()
    dispatcher.trigger_waiting()
    assert row(klynge, number).state == TRIGGERED
    assert len(engine.started) == 1


def test_a_worker_that_died_after_the_trigger_does_not_start_a_second_run(klynge, engine, dispatcher):
    number = order(klynge)
    engine.start("meeting-pack", {"meeting_id": 17}, key=row(klynge, number).idempotency_key)  # … and died before it noted it
    dispatcher.trigger_waiting()
    assert len(engine.started) == 1
    assert row(klynge, number).prefect_run_id == engine.started[0].run.id


def test_a_run_that_is_quicker_than_the_dispatcher_keeps_its_own_state(klynge, engine, dispatcher, monkeypatch):
    number = order(klynge)
    start = engine.start

    def start_and_finish(flow, parameters, *, key, name=None):
        run_id = start(flow, parameters, key=key, name=name)
        with klynge.works.writing(ACTOR) as uow:
            finish(uow, begin(uow, flow, run_id=run_id, idempotency_key=key), DONE, N_("Done"))
        return run_id

    monkeypatch.setattr(engine, "start", start_and_finish)
    dispatcher.trigger_waiting()
    assert row(klynge, number).state == DONE


def test_a_crashed_run_is_started_anew_a_few_times_and_then_given_up(klynge, engine, dispatcher):
    number = order(klynge)
    for _ in range(MOST_RUNS):
        dispatcher.trigger_waiting()
        engine.move(row(klynge, number).prefect_run_id, RunState.CRASHED)
        dispatcher.follow_open()
    assert len(engine.started) == MOST_RUNS
    assert row(klynge, number).state == FAILED
    with klynge.works.writing(ACTOR) as uow:
        try_again(uow, number)
    dispatcher.trigger_waiting()
    assert row(klynge, number).state == TRIGGERED


def test_an_engine_that_lost_its_memory_is_asked_again_after_a_while(klynge, engine, dispatcher, clock):
    number = order(klynge)
    dispatcher.trigger_waiting()
    engine.forget()
    dispatcher.follow_open()
    assert row(klynge, number).state == TRIGGERED
    clock.moment += timedelta(minutes=3)
    dispatcher.follow_open()
    assert row(klynge, number).state == WAITING


def test_a_run_started_in_the_engine_gets_an_order_of_its_own(klynge):
    with klynge.works.writing(ACTOR) as uow:
        number = begin(uow, "meeting-pack", run_id="run-1", parameters={"meeting": "1/2027"})
        assert begin(uow, "meeting-pack", run_id="run-1") == number
        report_progress(uow, number, "collect", Label(da="Data samlet", en="Data collected"), state=RUNNING)
        report_progress(uow, number, "collect", Label(da="Data samlet", en="Data collected"), note=N_("Done"))
    with klynge.works.reading(ACTOR) as uow:
        status = flow_status(uow, number)
    assert [(step.key, step.state) for step in status.steps] == [("collect", DONE)]
    assert status.state == RUNNING


def test_a_refused_order_fails_at_once_and_the_next_one_goes_on(klynge, engine, dispatcher, monkeypatch):
    from crm.kernel.errors import IntegrationError

    first, second = order(klynge, once_key="a"), order(klynge, once_key="b")
    start = engine.start

    def refuse_first(flow, parameters, *, key, name=None):
        if key == row(klynge, first).idempotency_key:
            raise IntegrationError("the form does not fit", retryable=False)
        return start(flow, parameters, key=key, name=name)

    monkeypatch.setattr(engine, "start", refuse_first)
    dispatcher.trigger_waiting()
    assert row(klynge, first).state == FAILED
    assert row(klynge, second).state == TRIGGERED


def test_a_busy_engine_is_left_alone_for_longer_each_time(klynge, engine, dispatcher, clock):
    number = order(klynge)
    engine.is_up = False
    waits = []
    for _ in range(4):
        dispatcher.trigger_waiting()
        due = row(klynge, number).next_at
        waits.append((due - clock.moment).total_seconds())
        clock.moment = due
    assert waits == sorted(waits)
    assert waits[0] < waits[-1] <= 30


def test_the_page_says_in_words_why_an_order_waits(klynge):
    from crm.ops.worker import Worker

    number = order(klynge)
    assert words(klynge, number).startswith("The background work is stopped.")
    engine = FakeEngine(is_up=False)
    dispatcher = Dispatcher(klynge.works, engine, ACTOR)
    worker = Worker(klynge.works, dispatcher, OutboxSender(klynge.works, NoMailer(), ACTOR))
    dispatcher.look()
    worker.beat()
    assert words(klynge, number).startswith("Prefect is stopped.")
    engine.is_up = True
    worker.turn(1e9)
    assert words(klynge, number) == "Is about to start"


def test_the_newest_order_about_a_record_is_the_one_shown(klynge):
    with klynge.works.reading(ACTOR) as uow:
        assert latest_flow(uow, 17) is None


class NoMailer:
    def send(self, mail):
        raise AssertionError("there is nothing to send")


def test_boards_are_offered_when_they_change_and_not_otherwise(klynge, engine):
    boards = ["Styregruppen"]
    dispatcher = Dispatcher(klynge.works, engine, ACTOR, lambda _uow: {("meeting-pack", "board"): boards})
    dispatcher.offer_choices()
    assert engine.choices == {}
    dispatcher.look()
    dispatcher.offer_choices()
    assert engine.choices == {("meeting-pack", "board"): ("Styregruppen",)}
    boards.append("Advisory board")
    dispatcher.offer_choices()
    assert engine.choices[("meeting-pack", "board")] == ("Styregruppen", "Advisory board")
