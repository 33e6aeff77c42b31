"""A task about a record is found by those who may read that record, and by its assignee; a private one by its two people only."""

from __future__ import annotations

from datetime import timedelta

import pytest
from sqlalchemy import func, select
from sqlalchemy.orm import aliased

from crm.filters import Condition
from crm.kernel.db import Database
from crm.kernel.errors import AccessDenied, InvalidInput, NotFound
from crm.records.query import count, list_page, one, pick, titles
from crm.records.related import history
from crm.records.search import SearchFollower, find
from crm.records.work import UnitOfWork, Works
from crm.screens.trash import load_trash
from crm.security.actors import Actor
from crm.tasks.models import Task
from crm.tasks.queries import count_mine, may_be_about, my_open
from crm.tasks.timeline import steps_about
from tests.support.records import SYSTEM, add_actor

ALL = [("*", "*")]
OTHER = aliased(Task, flat=True)


class World:
    """Anna may everything. Eva may all tasks, but reads only her own organisation, and no persons. Bo may everything too."""

    def __init__(self, database: Database, works: Works) -> None:
        self.works = works
        self.anna, self.bo = add_actor(database, "anna", ALL), add_actor(database, "bo", ALL)
        self.eva = add_actor(database, "eva", [("task", "*"), ("organisation", "read", "own")])
        with works.writing(SYSTEM) as uow:
            make = uow.records.create
            self.hers = make("organisation", {"title": "Evas klynge"}, owner_id=self.eva.user_id)
            self.other = make("organisation", {"title": "Lukket klynge"})
            self.person = make("person", {"given_name": "Anne"})
        with works.writing(self.anna) as uow:

            def task(title: str, **values: object) -> int:
                return uow.records.create("task", {"title": title, "description": "Fortroligt", **values})

            self.free = task("Opgave fri")
            self.seen = task("Opgave om Evas", about=self.hers)
            self.hidden = task("Opgave om lukket", about=self.other)
            self.of_person = task("Opgave om Anne", about=self.person)
            self.given = task("Opgave til Eva", about=self.other, owner=self.eva.user_id)
            self.private = task("Opgave privat", private=True, owner=self.anna.user_id)
            self.for_bo = task("Opgave til Bo", private=True, owner=self.bo.user_id)
        SearchFollower(works).turn()

    def ids(self, actor: Actor) -> dict[str, set[int]]:
        """Give what an actor finds by every way there is."""
        every = [self.free, self.seen, self.hidden, self.of_person, self.given, self.private, self.for_bo]
        with self.works.reading(actor) as uow:
            found = {
                "list": {row.id for row in list_page(uow, "task").rows},
                "list by due": {row.id for row in list_page(uow, "task", sort="due").rows},
                "count": set(every[: count(uow, "task").number]),
                "filter": {row.id for row in list_page(uow, "task", where=Condition("title", "starts", "Opgave")).rows},
                "pick": {title.id for title in pick(uow, ["task"], "opgave")},
                "search": {hit.id for group in find(uow, "opgave", each=50) for hit in group.hits if hit.type_key == "task"},
                "search in texts": {hit.id for group in find(uow, "fortroligt", each=50) for hit in group.hits},
                "titles": set(titles(uow, every)),
                "one": {one_id for one_id in every if self._reads(uow, one_id)},
                "orm": set(uow.session.scalars(select(Task.id))),
                "orm entities": {task.id for task in uow.session.scalars(select(Task))},
                "orm alias": set(uow.session.scalars(select(OTHER.id))),
                "orm exists": {
                    one_id for one_id in every if uow.session.scalar(select(select(Task.id).where(Task.id == one_id).exists()))
                },
            }
            assert uow.session.scalar(select(func.count()).select_from(Task)) == len(found["list"])
            assert [group.count.number for group in find(uow, "fortroligt")] == [len(found["list"])]
        found["count"] = found["list"] if len(found["count"]) == len(found["list"]) else found["count"]
        return found

    @staticmethod
    def _reads(uow: UnitOfWork, record_id: int) -> bool:
        try:
            one(uow, record_id)
            history(uow, record_id)
            uow.records.values(record_id)
            uow.get(Task, record_id)
        except NotFound:
            return False
        return True


@pytest.fixture
def world(database: Database, works: Works) -> World:
    return World(database, works)


def test_every_way_to_tasks_gives_the_same_ones(world: World):
    public = {world.free, world.seen, world.hidden, world.of_person, world.given}
    expected = {
        "anna": (world.anna, {*public, world.private, world.for_bo}),
        "bo": (world.bo, {*public, world.for_bo}),
        "eva": (world.eva, {world.free, world.seen, world.given}),
    }
    for name, (actor, ids) in expected.items():
        for way, found in world.ids(actor).items():
            assert found == ids, f"{name}, by {way}"
    with world.works.reading(SYSTEM) as uow:
        assert count(uow, "task").number == 7


def test_what_may_not_be_read_may_not_be_written_whatever_the_grant(world: World):
    for actor, task in ((world.eva, world.hidden), (world.bo, world.private)):
        for write in (
            lambda uow, task=task: uow.records.update(task, {"title": "X"}),
            lambda uow, task=task: uow.records.transition(task, "complete"),
            lambda uow, task=task: uow.records.delete(task),
        ):
            with pytest.raises(NotFound), world.works.writing(actor) as uow:
                write(uow)
    with pytest.raises((InvalidInput, AccessDenied)), world.works.writing(world.eva) as uow:
        uow.records.create("task", {"title": "Spion", "about": world.other})


def test_the_assignee_does_it_without_seeing_what_it_is_about(world: World):
    with world.works.writing(world.eva) as uow:
        assert uow.records.transition(world.given, "complete") == "done"
        with pytest.raises(NotFound):
            one(uow, world.other)


def test_a_task_in_the_trash_keeps_its_rights(world: World):
    with world.works.writing(world.anna) as uow:
        for task in (world.private, world.hidden, world.seen):
            uow.records.delete(task)
    for actor, expected in ((world.anna, {world.private, world.hidden, world.seen}), (world.eva, {world.seen})):
        with world.works.reading(actor) as uow:
            assert {line.title.id for line in load_trash(uow, timedelta(days=30)).lines} == expected


def test_my_tasks_are_mine(world: World):
    for actor, number in ((world.eva, 1), (world.bo, 1)):
        with world.works.reading(actor) as uow:
            assert count_mine(uow) == number
            assert sum(len(lines) for _, lines in my_open(uow)) == number
    with world.works.reading(world.eva) as uow:
        (_, (line,)), *_ = my_open(uow)
        assert line.about is None, "what it is about is not named to one who may not read it"


def test_there_is_no_path_over_a_bound_type(database: Database, world: World):
    """A filter over a relation to tasks would count what may not be seen."""
    from crm.kernel.i18n import Label
    from crm.records.types import Column, Field
    from tests.support.records import builtin, works_on

    follow_up = builtin("follow_up")
    relation = Field("task", "relation", Label("Opgave", "Task"), Column(("agenda_item_id",)), targets=("task",))
    fields = (*(item for item in follow_up.fields if item.api_name != "agenda_item"), relation)
    changed = works_on(database, builtin("follow_up", fields=fields))
    with changed.reading(world.anna) as uow, pytest.raises(InvalidInput, match="path"):
        count(uow, "follow_up", Condition("task.title", "starts", "O"))


def test_the_timeline_of_a_record_tells_of_the_tasks_that_one_may_see(world: World):
    with world.works.writing(world.anna) as uow:
        secret = uow.records.create("task", {"title": "Hemmelig", "about": world.hers, "private": True})
        uow.records.transition(world.seen, "complete")
    expected = {
        "anna": (world.anna, [(world.seen, "Task done"), (secret, "Task written"), (world.seen, "Task written")]),
        "eva": (world.eva, [(world.seen, "Task done"), (world.seen, "Task written")]),
    }
    for name, (actor, lines) in expected.items():
        with world.works.reading(actor) as uow:
            found = steps_about(uow, one(uow, world.hers), None, 10)
            assert [(entry.line.url.split("/")[2], entry.line.words("en")) for entry in found] == [
                (str(task), words) for task, words in lines
            ], name
            assert steps_about(uow, one(uow, world.hers), found[0].id, 10) == found[1:], "older ones follow"


def test_who_may_not_read_what_a_task_is_about_is_shown_no_tasks_of_a_record(database: Database, world: World):
    """The field, not the record, is kept from them: the tab, its number and the lines would tell its value."""
    grants = [("task", "read", "all", ["title", "due"]), ("organisation", "read")]
    ida = add_actor(database, "ida", grants)
    with world.works.reading(ida) as uow:
        row = one(uow, world.hers)
        assert not may_be_about(uow, row.type_key)
        assert steps_about(uow, row, None, 10) == []
    with world.works.reading(world.anna) as uow:
        assert may_be_about(uow, "organisation")
        assert not may_be_about(uow, "task")
