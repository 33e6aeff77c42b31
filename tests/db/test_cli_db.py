"""`klynge db` as an operator runs it, on both databases."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from click.testing import CliRunner

from crm.cli.main import klynge
from crm.migrations import run
from crm.security.defaults import ROLES
from crm.wiring import BUILTIN_TYPES

if TYPE_CHECKING:
    from pathlib import Path

    from crm.kernel.db import Database


@pytest.fixture
def database(empty_database: Database, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Database:
    """An empty database that the settings name."""
    monkeypatch.setenv("KLYNGE_HOME", str(tmp_path / "home"))
    monkeypatch.setenv("KLYNGE_DATABASE_URL", empty_database.url)
    monkeypatch.setattr("crm.cli.base.terminal_locale", lambda: "en")
    return empty_database


def tell(*words: str) -> str:
    result = CliRunner().invoke(klynge, ["db", *words], catch_exceptions=False)
    assert result.exit_code == 0, result.output
    return result.output


def count(database: Database, table: str) -> int:
    from sqlalchemy import text

    with database.reading() as session:
        return int(session.scalar(text(f"SELECT count(*) FROM {table}")) or 0)


def test_upgrade_makes_everything_and_a_second_one_changes_nothing(database: Database):
    newest = run.heads()[0]
    assert tell("current") == f"The database is at -; the newest is {newest}.\n"
    assert tell("upgrade") == f"The database was upgraded to {newest}.\n"
    made = {table: count(database, table) for table in ("record_type", "ab_role", '"grant"')}
    assert made["record_type"] == len(BUILTIN_TYPES)
    assert made["ab_role"] == len(ROLES)
    assert tell("upgrade") == f"The database is at {newest}.\n"
    assert {table: count(database, table) for table in made} == made


def test_a_role_that_was_changed_stays_changed(database: Database):
    from sqlalchemy import text

    tell("upgrade")
    with database.writing() as session:
        session.execute(text("DELETE FROM \"grant\" WHERE act = 'read'"))
    left = count(database, '"grant"')
    tell("upgrade")
    assert count(database, '"grant"') == left


def test_a_step_back_is_asked_about_and_taken(database: Database):
    tell("upgrade")
    refused = CliRunner().invoke(klynge, ["db", "downgrade", "-1"], input="n\n")
    assert refused.exit_code == 1
    assert run.current(database) == run.heads()[0]
    assert tell("downgrade", "-1", "--yes").startswith("The database is at ")
    assert run.current(database) != run.heads()[0]
    assert tell("downgrade", "base", "--yes") == "The database is at base.\n"
    tell("upgrade")
