"""`klynge search reindex`, what `klynge check` says of a late index, and the worker that follows."""

from __future__ import annotations

from datetime import timedelta

import pytest
from click.testing import CliRunner

from crm.cli.check import search_index
from crm.cli.main import klynge as command
from crm.cli.run import build_worker
from crm.kernel.clock import FixedClock
from crm.records.search import find
from tests.support.records import SYSTEM


def said(database) -> list[str]:
    return [finding.message("en") for finding in search_index(database)]


def test_check_names_an_index_that_nobody_writes_and_reindex_writes_it(sqlite_klynge, monkeypatch: pytest.MonkeyPatch):
    works = sqlite_klynge.works
    monkeypatch.setattr("crm.cli.check.SystemClock", lambda: FixedClock(works.clock.now() + timedelta(minutes=5)))
    monkeypatch.setenv("KLYNGE_HOME", str(sqlite_klynge.settings.home))
    monkeypatch.setenv("KLYNGE_DATABASE_URL", sqlite_klynge.database.url)
    assert said(sqlite_klynge.database) == []
    with works.writing(SYSTEM) as uow:
        uow.records.create("organisation", {"title": "Nordisk Vind", "note": "fyrtårn"})
    assert said(sqlite_klynge.database) == ["The search index has not been written yet. Run: klynge search reindex"]
    told = CliRunner().invoke(command, ["search", "reindex"])
    assert told.exit_code == 0, told.output
    assert said(sqlite_klynge.database) == []
    with works.writing(SYSTEM) as uow:
        uow.records.create("organisation", {"title": "Sydlig Vind"})
    assert said(sqlite_klynge.database) == ["The search is 1 changes behind: does the worker run?"]
    monkeypatch.setattr("crm.cli.check.SystemClock", lambda: works.clock)
    assert said(sqlite_klynge.database) == []


def test_the_worker_follows(sqlite_klynge):
    works = sqlite_klynge.works
    with works.writing(SYSTEM) as uow:
        uow.records.create("organisation", {"title": "Nordisk Vind", "note": "fyrtårn"})
    part = next(one for one in build_worker(sqlite_klynge)._parts if one.name == "search")
    part.run()
    with works.reading(SYSTEM) as uow:
        assert [hit.title for group in find(uow, "fyrtårn") for hit in group.hits] == ["Nordisk Vind"]
