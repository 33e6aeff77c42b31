"""Jobs: batches, one act, a worker that dies, two workers at once, stopping, failing, sweeping. On both databases."""

from __future__ import annotations

import os
import subprocess
import sys
import threading
from datetime import timedelta

import pytest
from sqlalchemy import func, select, update
from sqlalchemy.exc import OperationalError

from crm.kernel.clock import FixedClock
from crm.kernel.errors import NotFound, RuleViolation
from crm.kernel.i18n import N_, Label
from crm.kernel.settings import ROOT
from crm.records.jobs import Job, JobRecord, JobRunner, cancel_job, enqueue, register_job
from crm.records.jobs.queries import job_report, job_status, latest_jobs
from crm.records.jobs.sweeping import JobSweeper
from crm.records.models import Act, Change, record_table
from crm.security.models import user_table
from tests.support.records import SYSTEM, add_actor, works_on

ALL = [("organisation", "*"), ("@crm", "use")]


def shout(uow, batch):
    """Add a sign to the name of two records a batch; one whose name says so is left alone."""
    for position, record_id in batch.waiting(uow, 2):
        name = uow.records.values(record_id)["title"]
        if "tavs" in name:
            batch.skip(position, N_("It is quiet."))
        else:
            uow.records.update(record_id, {"title": f"{name}!"})
            batch.did(position)
    return "on" if batch.waiting(uow, 3)[2:] else None


register_job("test-shout", Label("Råb", "Shout"), shout)


@pytest.fixture
def works(database):
    return works_on(database)


@pytest.fixture
def anna(database):
    return add_actor(database, "anna", ALL)


@pytest.fixture
def runner(works, tmp_path):
    return JobRunner(works, tmp_path / "jobs")


def make(works, actor, *names):
    with works.writing(actor) as uow:
        return [uow.records.create("organisation", {"title": name, "kind": "cluster"}) for name in names]


def order(works, actor, ids, **more):
    with works.writing(actor) as uow:
        return enqueue(uow, "test-shout", {}, records=ids, **more)


def titles(works):
    with works.reading(SYSTEM) as uow:
        return list(uow.session.scalars(select(record_table.c.title).order_by(record_table.c.id)))


def later(works, span):
    works.clock = FixedClock(works.clock.now() + span)


def status(works, actor, job_id):
    with works.reading(actor) as uow:
        return job_status(uow, job_id)


def test_a_job_is_done_in_batches_under_one_act_and_says_what_became_of_each_record(works, anna, runner):
    ids = make(works, anna, "A", "B tavs", "C", "D", "E")
    job_id = order(works, anna, ids)
    assert runner.step()
    half = status(works, anna, job_id)
    assert (half.state, half.done, half.skipped, half.percent) == ("running", 1, 1, 40)
    assert titles(works) == ["A!", "B tavs", "C", "D", "E"]
    runner.drain()
    done = status(works, anna, job_id)
    assert (done.state, done.done, done.skipped, done.total) == ("done", 4, 1, 5)
    assert titles(works) == ["A!", "B tavs", "C!", "D!", "E!"]
    with works.reading(anna) as uow:
        report = job_report(uow, job_id, "skipped")
        assert [(line.title.title, str(line.reason)) for line in report.lines] == [("B tavs", "It is quiet.")]
        acts = set(uow.session.scalars(select(Change.act_id).where(Change.kind == "update")))
        assert acts == {done.act_id}
        act = uow.session.get(Act, done.act_id)
        assert (act.actor_id, act.cause, act.cause_id) == (anna.user_id, "person", f"job:{job_id}")


def test_the_records_of_a_select_are_fixed_when_it_is_ordered(works, anna, runner):
    make(works, anna, "A", "B")
    with works.writing(anna) as uow:
        job_id = enqueue(uow, "test-shout", {}, records=select(record_table.c.id))
    make(works, anna, "C")
    runner.drain()
    assert status(works, anna, job_id).total == 2
    assert titles(works) == ["A!", "B!", "C"]


def test_a_job_without_records_ends_at_once(works, anna, runner):
    job_id = order(works, anna, [])
    runner.drain()
    assert status(works, anna, job_id).state == "done"


KILLED = """
import os, sys
from pathlib import Path
from crm.records.jobs import JobRunner, register_job
from tests.db.records.test_jobs import shout
from tests.support.records import works_on
from crm.kernel.db import Database

def deadly(uow, batch):
    if batch.place == "on":
        shout(uow, batch)
        uow.session.flush()
        os.kill(os.getpid(), 9)   # the second batch is written, but not committed
    return shout(uow, batch)

register_job("test-shout", "x", deadly)
JobRunner(works_on(Database(sys.argv[1])), Path(sys.argv[2])).drain()
"""


def test_a_job_whose_worker_was_killed_goes_on_where_it_stopped_and_does_nothing_twice(database, works, anna, tmp_path):
    job_id = order(works, anna, make(works, anna, *"ABCDE"))
    command = [sys.executable, "-c", KILLED, database.url, str(tmp_path)]
    assert subprocess.run(command, cwd=ROOT, check=False, timeout=60).returncode == -9
    assert titles(works) == ["A!", "B!", "C", "D", "E"]
    other = JobRunner(works, tmp_path)
    assert not other.step(), "the dead one's lease still runs"
    other.turn(seconds=0)
    other.drain()
    assert titles(works) == ["A!", "B!", "C!", "D!", "E!"]
    done = status(works, anna, job_id)
    assert (done.state, done.done) == ("done", 5)


def test_a_worker_of_another_machine_that_fell_silent_loses_the_job_when_its_lease_ends(database, works, anna, tmp_path):
    order(works, anna, make(works, anna, *"ABC"))
    silent = JobRunner(works, tmp_path, name="elsewhere:1:a")
    assert silent.step()
    other = JobRunner(works, tmp_path)
    other.turn()
    assert titles(works) == ["A!", "B!", "C"]
    later(works, timedelta(seconds=61))
    other.drain()
    assert titles(works) == ["A!", "B!", "C!"]


def test_a_worker_that_lost_the_job_in_the_middle_of_a_batch_keeps_nothing_of_it(works, anna, runner, tmp_path):
    job_id = order(works, anna, make(works, anna, "A"))
    other = JobRunner(works, tmp_path, name="elsewhere:1:a")

    def slow(inner_works, _actor, batch):
        later(works, timedelta(seconds=61))
        assert other._take(job_id)
        batch.result = {"stale": True}

    register_job("test-shout", Label("x"), outside=slow)
    try:
        runner.step()
    finally:
        register_job("test-shout", Label("Råb", "Shout"), shout)
    assert status(works, anna, job_id).result == {}
    other.drain()
    assert titles(works) == ["A!"]


def test_two_workers_share_jobs_and_do_nothing_twice(works, anna, tmp_path):
    for _ in range(3):
        order(works, anna, make(works, anna, *"ABCDEF"))
    both = [threading.Thread(target=JobRunner(works, tmp_path, name=f"{name}:1:x").drain) for name in "ab"]
    for one in both:
        one.start()
    for one in both:
        one.join(timeout=60)
    assert titles(works) == [f"{name}!" for name in "ABCDEF"] * 3
    with works.reading(anna) as uow:
        assert uow.session.scalar(select(func.sum(Job.done))) == 18


def test_a_job_can_be_stopped_before_it_begins_and_between_batches(works, anna, runner):
    ids = make(works, anna, *"ABCDE")
    first, second = order(works, anna, ids), order(works, anna, ids)
    with works.writing(anna) as uow:
        cancel_job(uow, first)
    assert status(works, anna, first).state == "cancelled"
    runner.step()
    with works.writing(anna) as uow:
        cancel_job(uow, second)
    runner.drain()
    stopped = status(works, anna, second)
    assert (stopped.state, stopped.done, stopped.is_open) == ("cancelled", 2, False)
    assert titles(works) == ["A!", "B!", "C", "D", "E"]


def test_a_refusal_ends_the_job_in_its_own_words_and_a_fault_under_a_number(works, anna, runner):
    def refuse(_uow, _batch):
        raise RuleViolation(N_("Not today."))

    def break_down(_uow, _batch):
        raise ZeroDivisionError

    job_ids = []
    for kind, run in (("test-refuse", refuse), ("test-break", break_down)):
        register_job(kind, Label("x"), run)
        with works.writing(anna) as uow:
            job_ids.append(enqueue(uow, kind, {}))
    runner.drain()
    refused, broken = (status(works, anna, job_id) for job_id in job_ids)
    assert (refused.state, str(refused.message), refused.error_reference) == ("failed", "Not today.", None)
    assert broken.state == "failed"
    assert len(broken.error_reference) == 8


def test_a_busy_database_is_asked_again_later_and_not_without_end(works, anna, runner):
    calls = []

    def busy(_uow, batch):
        calls.append(1)
        if len(calls) < 3 or batch.order["always"]:
            raise OperationalError("x", {}, Exception("locked"))

    register_job("test-busy", Label("x"), busy)
    with works.writing(anna) as uow:
        once, always = (enqueue(uow, "test-busy", {"always": one}) for one in (False, True))
    for _ in range(12):
        runner.drain()
        later(works, timedelta(minutes=1))
    assert status(works, anna, once).state == "done"
    ended = status(works, anna, always)
    assert (ended.state, bool(ended.error_reference)) == ("failed", True)


def test_a_batch_that_kills_its_worker_each_time_is_given_up(works, anna, tmp_path):
    job_id = order(works, anna, make(works, anna, "A"))
    for number in range(6):
        JobRunner(works, tmp_path, name=f"h{number}:1:x")._take(job_id)
        later(works, timedelta(seconds=61))
    assert status(works, anna, job_id).state == "failed"


def test_a_job_runs_under_the_rights_that_its_owner_has_when_it_runs(database, works, anna, runner):
    job_id = order(works, anna, make(works, anna, "A"))
    with database.writing() as session:
        session.execute(update(user_table).where(user_table.c.id == anna.user_id).values(active=False))
    runner.drain()
    assert titles(works) == ["A"]
    assert status(works, anna, job_id).state == "failed"


def test_the_job_that_waited_longest_is_next(works, anna, runner):
    ids = make(works, anna, *"ABCDEF")
    long, short = order(works, anna, ids), order(works, anna, ids[:1])
    later(works, timedelta(seconds=1))
    runner.step()
    runner.step()
    assert status(works, anna, short).state == "done"
    assert status(works, anna, long).state == "running"


def test_a_job_is_seen_by_its_owner_and_administrators_only(database, works, anna, runner):
    job_id = order(works, anna, make(works, anna, "A"), once_key="x")
    assert order(works, anna, [], once_key="x") == job_id
    boss = add_actor(database, "boss", [("*", "*"), ("@admin", "use")])
    bo = add_actor(database, "bo", ALL)
    with works.writing(bo) as uow:
        assert latest_jobs(uow) == []
        for ask in (lambda: job_status(uow, job_id), lambda: job_report(uow, job_id, "done"), lambda: cancel_job(uow, job_id)):
            with pytest.raises(NotFound):
                ask()
    with works.reading(boss) as uow:
        assert [one.owner for one in latest_jobs(uow)] == ["Anna Prøve"]
        assert not job_status(uow, job_id).is_mine


def test_old_files_and_jobs_are_cleared_away(works, anna, runner):
    job_id = order(works, anna, make(works, anna, "A"))
    runner.drain()
    for name in (str(job_id), "999", "sheet-x"):
        (runner.folder / name).mkdir(parents=True)
    os.utime(runner.folder / "sheet-x", (0, 0))
    sweep = JobSweeper(runner.folder)
    with works.writing(SYSTEM) as uow:
        sweep(uow.session, uow.now())
        assert [path.name for path in runner.folder.iterdir()] == [str(job_id)]
        sweep(uow.session, uow.now() + timedelta(days=8))
        assert list(runner.folder.iterdir()) == []
        sweep(uow.session, uow.now() + timedelta(days=91))
        assert uow.session.scalar(select(func.count()).select_from(JobRecord)) == 0
