"""Bulk edit on both databases: at once and as a job, refusals with reasons, one act, rights, what the list showed."""

from __future__ import annotations

from dataclasses import replace

import pytest
from sqlalchemy import select

from crm.filters import Condition
from crm.kernel.errors import AccessDenied, Conflict, InvalidInput
from crm.kernel.i18n import N_
from crm.records.bulk import ADD, CHANGE, DELETE, REMOVE, STATE, BulkOrder, Chosen, Started, install, start
from crm.records.jobs import JobRunner
from crm.records.jobs.queries import job_report, job_status
from crm.records.models import Change
from crm.records.store import Create
from crm.records.undo import undo_act
from tests.support.records import add_actor, builtin, works_on

ALL = [("organisation", "*"), ("board", "*"), ("meeting", "*")]
NO = N_("Not this one.")
KIND = BulkOrder("organisation", CHANGE, "kind", value="network")


def act_of(started: Started) -> str:
    """The act that can be undone: there must be one."""
    assert started.act_id is not None
    return started.act_id


def job_of(started: Started) -> int:
    """The job whose report is read: there must be one."""
    assert started.job_id is not None
    return started.job_id


@pytest.fixture(autouse=True)
def _known_kinds():
    install()


@pytest.fixture
def anna(database):
    return add_actor(database, "anna", ALL)


def make(works, actor, *names, kind="cluster"):
    with works.writing(actor) as uow:
        return uow.records.save_many([order_of(name, kind) for name in names])


def order_of(name, kind):
    return Create("organisation", {"title": name, "kind": kind})


def kinds_now(works, actor, ids):
    with works.reading(actor) as uow:
        return [uow.records.values(one)["kind"] for one in ids]


def test_a_few_are_changed_at_once_under_one_act_that_can_be_undone(works, anna):
    ids = make(works, anna, "A", "B", "C")
    with works.writing(anna) as uow:
        started = start(uow, KIND, Chosen(tuple(ids[:2])), expected=2)
    assert (started.is_job, started.done, started.job_id) == (False, 2, None)
    assert started.message("da") == "Slags ændret på 2 organisationer."
    assert kinds_now(works, anna, ids) == ["network", "network", "cluster"]
    with works.writing(anna) as uow:
        undo_act(uow, act_of(started))
    assert kinds_now(works, anna, ids) == ["cluster"] * 3


def test_what_was_so_already_is_left_alone_and_no_line_is_written(works, anna):
    ids = make(works, anna, "A", "B", kind="network")
    with works.writing(anna) as uow:
        started = start(uow, KIND, Chosen(tuple(ids)), expected=None)
    assert (started.done, started.skipped, started.act_id) == (0, 2, None)
    with works.reading(anna) as uow:
        assert uow.session.scalars(select(Change.kind).where(Change.kind == "update")).all() == []


def test_a_refused_record_keeps_its_reason_and_the_others_are_changed(works, anna):
    with works.writing(anna) as uow:
        board_id, other = (uow.records.create("board", {"title": name, "kind": "steering"}) for name in ("Styregruppen", "Tom"))
        uow.records.create("meeting", {"board": board_id, "when": {"start": "2026-12-24 10:00", "end": "2026-12-24 12:00"}})
    order = BulkOrder("board", DELETE)
    with works.writing(anna) as uow:
        started = start(uow, order, Chosen((board_id, other)), expected=2)
    assert (started.done, started.failed) == (1, 1)
    assert "1 møde" in started.message("da")
    with works.reading(anna) as uow:
        (line,) = job_report(uow, job_of(started), "failed").lines
        assert (line.record_id, line.title.title) == (board_id, "Styregruppen")
        assert job_status(uow, job_of(started)).act_id == started.act_id


def test_a_whole_result_is_a_job_over_the_records_that_were_there(works, anna, tmp_path):
    ids = make(works, anna, *(f"Org {number}" for number in range(130)))
    other = make(works, anna, "Anden", kind="company")
    where = Condition("kind", "is", "cluster")
    with works.writing(anna) as uow, pytest.raises(Conflict, match="130"):
        start(uow, KIND, Chosen(where=where, whole=True), expected=129)
    with works.writing(anna) as uow:
        started = start(uow, KIND, Chosen(where=where, whole=True), expected=130)
    assert started.is_job
    later = make(works, anna, "Senere")
    JobRunner(works, tmp_path).drain()
    assert set(kinds_now(works, anna, ids)) == {"network"}
    assert kinds_now(works, anna, [*other, *later]) == ["company", "cluster"]
    with works.reading(anna) as uow:
        status = job_status(uow, job_of(started))
        acts = set(uow.session.scalars(select(Change.act_id).where(Change.kind == "update")))
    assert (status.done, status.total, acts) == (130, 130, {status.act_id})


def test_rights_are_the_stores_record_by_record(database, works, anna):
    ids = make(works, anna, "A", "B")
    with works.writing(anna) as uow:
        uow.records.update(ids[0], {"owner": anna.user_id})
    bo = add_actor(database, "bo", [("organisation", "read"), ("organisation", "update", "own")])
    with works.writing(anna) as uow:
        uow.records.update(ids[1], {"owner": bo.user_id})
    with works.writing(bo) as uow:
        started = start(uow, KIND, Chosen(tuple(ids)), expected=2)
    assert (started.done, started.failed) == (1, 1)
    assert kinds_now(works, anna, ids) == ["cluster", "network"]


def test_what_may_not_be_read_is_not_chosen_and_nothing_is_told_of_it(database, works, anna):
    ids = make(works, anna, "A", "B")
    bo = add_actor(database, "bo", [("organisation", "read", "own"), ("organisation", "update")])
    with works.writing(bo) as uow, pytest.raises(InvalidInput):
        start(uow, KIND, Chosen(tuple(ids)), expected=None)


def test_an_order_that_cannot_be_carried_out_is_refused_before_it_begins(database, works, anna):
    ids = tuple(make(works, anna, "A"))
    bo = add_actor(database, "bo", [("organisation", "read")])
    ci = add_actor(database, "ci", [("organisation", "read"), ("organisation", "update", "all", None, ["note"])])
    for actor, order, error in (
        (bo, KIND, AccessDenied),
        (ci, KIND, AccessDenied),
        (bo, BulkOrder("organisation", DELETE), AccessDenied),
        (anna, BulkOrder("organisation", CHANGE, "kind", value="x"), InvalidInput),
        (anna, BulkOrder("organisation", CHANGE, "title", value=""), InvalidInput),
        (anna, BulkOrder("organisation", CHANGE, "nothing", value="x"), InvalidInput),
        (anna, BulkOrder("organisation", CHANGE, "kind", ADD, value="network"), InvalidInput),
        (anna, BulkOrder("organisation", STATE, target="x"), InvalidInput),
        (anna, BulkOrder("organisation", "burn"), InvalidInput),
    ):
        with works.writing(actor) as uow, pytest.raises(error):
            start(uow, order, Chosen(ids), expected=None)


def test_the_owner_can_be_given_to_many(works, anna):
    ids = make(works, anna, "A", "B")
    with works.writing(anna) as uow:
        started = start(uow, BulkOrder("organisation", CHANGE, "owner", value=anna.user_id), Chosen(tuple(ids)), expected=2)
    assert started.done == 2
    with works.reading(anna) as uow:
        assert {uow.records.values(one)["owner"] for one in ids} == {anna.user_id}


def test_values_can_be_added_and_taken_away_beside_what_is_there(works, anna):
    ids = make(works, anna, "A", "B")
    with works.writing(anna) as uow:
        uow.records.update(ids[0], {"tags": ["vind", "havn"]})

    def tag(mode, value):
        with works.writing(anna) as uow:
            return start(uow, BulkOrder("organisation", CHANGE, "tags", mode, value), Chosen(tuple(ids)), expected=2)

    assert tag(ADD, ["vind", "sol"]).done == 2
    assert tag(ADD, ["vind"]).skipped == 2
    with works.reading(anna) as uow:
        assert [set(uow.records.values(one)["tags"]) for one in ids] == [{"vind", "havn", "sol"}, {"vind", "sol"}]
    assert tag(REMOVE, ["vind", "sol"]).done == 2
    with works.reading(anna) as uow:
        assert [uow.records.values(one)["tags"] for one in ids] == [("havn",), None]


def test_a_status_is_reached_by_the_step_that_leads_there_from_each_records_own(works, anna):
    ids = make(works, anna, *"ABC")
    with works.writing(anna) as uow:
        uow.records.transition(ids[1], "prepare")
        uow.records.transition(ids[2], "close")
    with works.writing(anna) as uow:
        started = start(uow, BulkOrder("organisation", STATE, target="starting"), Chosen(tuple(ids)), expected=3)
    assert (started.done, started.skipped, started.failed) == (1, 1, 1)
    with works.reading(anna) as uow:
        assert [uow.records.values(one)["state"] for one in ids] == ["starting", "starting", "closed"]
        (line,) = job_report(uow, job_of(started), "failed").lines
    assert line.reason is not None
    assert line.reason("da") == "Intet trin fører fra ”Ophørt” til ”Under opstart”."
    with works.writing(anna) as uow:
        undo_act(uow, act_of(started))
    with works.reading(anna) as uow:
        assert uow.records.values(ids[0])["state"] == "active"


def test_one_that_is_refused_in_a_large_batch_stops_no_other(database, works, anna, tmp_path):
    organisation = builtin("organisation")
    no_seven = replace(organisation.functions, check=lambda _old, new, _context: {"kind": NO} if new["title"] == "Org 77" else {})
    ids = make(works, anna, *(f"Org {number}" for number in range(120)))
    works = works_on(database, replace(organisation, functions=no_seven))
    with works.writing(anna) as uow:
        started = start(uow, KIND, Chosen(tuple(ids)), expected=120)
    JobRunner(works, tmp_path).drain()
    with works.reading(anna) as uow:
        status = job_status(uow, job_of(started))
        assert (status.done, status.failed) == (119, 1)
        assert [line.record_id for line in job_report(uow, job_of(started), "failed").lines] == [ids[77]]
