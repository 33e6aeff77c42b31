"""Units of work, a follower of the log, and short ways to write and to search."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from crm.kernel.db import Database
from crm.records.search import SearchFollower, find
from crm.records.work import Works
from crm.security.actors import Actor
from tests.support.records import SYSTEM, works_on


@pytest.fixture
def works(database: Database) -> Works:
    return works_on(database)


@pytest.fixture
def follower(works: Works) -> SearchFollower:
    """The worker's part: `follower.turn()` brings the index up to date."""
    found = SearchFollower(works)
    found.turn()
    return found


@pytest.fixture
def add(works: Works) -> Callable[..., int]:
    """Write a record of a type, and give its id."""

    def write(type_key: str, **values: object) -> int:
        with works.writing(SYSTEM) as uow:
            return uow.records.create(type_key, values)

    return write


@pytest.fixture
def titles(works: Works) -> Callable[..., list[str]]:
    """Search, and give the titles found, sorted."""

    def search(text: str, actor: Actor = SYSTEM) -> list[str]:
        with works.reading(actor) as uow:
            return sorted(hit.title for group in find(uow, text, each=100) for hit in group.hits)

    return search
