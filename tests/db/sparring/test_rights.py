"""Who sees a sparring: a confidential one its author, those named, administrators; readers never what was said or promised."""

from __future__ import annotations

from typing import Any

import pytest

from crm.filters import Condition
from crm.kernel.db import Database
from crm.kernel.errors import InvalidInput, NotFound
from crm.records.query import count, list_page, one, pick, titles
from crm.records.related import history
from crm.records.search import SearchFollower, find
from crm.records.work import Works
from crm.security.actors import Actor
from crm.security.defaults import SPARRING_FACTS, seed_roles
from tests.support.records import SYSTEM, add_actor

SECRET = "Bestyrelsen vil skille sig af med direktøren"
STEP = "Ringer til formanden"


class World:
    """Anna logs a sparring that she shares with Bo, and an open one; Dan, a colleague; Eva administers; Rita only reads."""

    def __init__(self, database: Database, works: Works) -> None:
        self.works = works
        with database.writing() as session:
            seed_roles(session)
        staff = [("*", "*")]
        self.anna, self.bo, self.dan = (add_actor(database, name, staff) for name in ("anna", "bo", "dan"))
        eva = add_actor(database, "eva", staff)
        self.eva = Actor(eva.user_id, "Eva", roles=eva.roles | {"administrator"})
        rita = add_actor(database, "rita")
        self.rita = Actor(rita.user_id, "Rita", roles=frozenset({"reader"}))
        with works.writing(SYSTEM) as uow:
            self.person = uow.records.create("person", {"given_name": "Anne", "family_name": "Holm"})
        with works.writing(self.anna) as uow:
            common: dict[str, Any] = {"person": self.person, "note": SECRET, "next_step": STEP, "topics": ["strategy"]}
            hidden = {**common, "confidential": True, "shared_with": [self.bo.user_id], "owner": self.anna.user_id}
            self.hidden = uow.records.create("sparring", hidden)
            self.open = uow.records.create("sparring", {**common, "owner": self.anna.user_id})
            tasks = {row.values["about"]: row.id for row in list_page(uow, "task").rows}
            self.hidden_task, self.open_task = tasks[self.hidden], tasks[self.open]
        SearchFollower(works).turn()


@pytest.fixture
def world(database: Database, works: Works) -> World:
    return World(database, works)


def seen_by(world: World, actor: Actor) -> dict[str, set[int]]:
    """Give which of the four records an actor meets, by every way there is."""
    every = [world.hidden, world.open, world.hidden_task, world.open_task]
    with world.works.reading(actor) as uow:
        readable = []
        for record_id in every:
            try:
                readable.append(one(uow, record_id).id)
            except NotFound:
                continue
        return {
            "list": {row.id for key in ("sparring", "task") for row in list_page(uow, key).rows},
            "one": set(readable),
            "titles": set(titles(uow, every)),
            "pick": {title.id for title in pick(uow, ["sparring", "task"], "")},
            "search": {hit.id for word in ("Anne", STEP) for group in find(uow, word) for hit in group.hits} & set(every),
        }


def test_a_confidential_sparring_and_its_task_are_for_author_named_colleagues_and_administrators(world: World) -> None:
    every = {world.hidden, world.open, world.hidden_task, world.open_task}
    for actor in (world.anna, world.bo, world.eva):
        assert seen_by(world, actor) == dict.fromkeys(("list", "one", "titles", "pick", "search"), every), actor.name
    assert all(found == {world.open, world.open_task} for found in seen_by(world, world.dan).values())
    with world.works.reading(world.dan) as uow:
        assert count(uow, "sparring").number == 1


def test_a_reader_sees_that_it_was_given_and_never_what_was_said_or_promised(world: World) -> None:
    assert all(found == {world.open} for found in seen_by(world, world.rita).values())
    with world.works.reading(world.rita) as uow:
        row = one(uow, world.open)
        assert set(row.values) <= set(SPARRING_FACTS)
        assert SECRET not in repr(row)
        assert STEP not in repr(row)
        lines = repr(history(uow, world.open))
        assert SECRET not in lines
        assert STEP not in lines
        assert not [group for word in ("direktøren", "formanden") for group in find(uow, word)]
        with pytest.raises(InvalidInput, match="next_step"):
            list_page(uow, "sparring", where=Condition("next_step", "filled"))
