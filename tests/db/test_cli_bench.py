"""`klynge bench seed` makes the same records on both databases, through the store."""

from __future__ import annotations

from pathlib import Path

import pytest
from click.testing import CliRunner
from sqlalchemy import func, select

from crm.cli.main import klynge as command
from crm.kernel.db import Database
from crm.records.models import Act, Change, record_table


@pytest.fixture
def seeded(database: Database, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Database:
    monkeypatch.setenv("KLYNGE_HOME", str(tmp_path / "home"))
    monkeypatch.setenv("KLYNGE_DATABASE_URL", database.url)
    result = CliRunner().invoke(command, ["bench", "seed", "--organisations", "700", "--persons", "30"])
    assert result.exit_code == 0, result.output
    return database


def test_the_records_are_many_logged_and_the_same_every_time(seeded: Database) -> None:
    with seeded.reading() as session:
        titles = session.scalars(select(record_table.c.title).order_by(record_table.c.id)).all()
        assert len(titles) == 730
        assert titles[:2] == ["Digital Drone Center 1", "Stor Jord Netværk 2"]
        assert titles[699].endswith(" 700")
        assert session.scalar(select(func.count()).select_from(Change)) == 730
        assert session.scalar(select(func.count()).select_from(Act)) == 2
