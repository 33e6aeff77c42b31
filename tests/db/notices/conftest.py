"""An office of three with a bell each, on both databases."""

from __future__ import annotations

from pathlib import Path

import pytest

from crm.kernel.db import Database
from crm.kernel.settings import ROOT
from crm.notices.receivers import Desk
from tests.support.notices import STAFF, House
from tests.support.records import works_on


@pytest.fixture
def house(database: Database, tmp_path: Path) -> House:
    """Anna, Bo and Eva; Eva reads tasks and her own organisations only."""
    desk = Desk("Sekretariatet", "https://crm.example", (tmp_path, ROOT / "seeds" / "templates" / "mail"))
    found = House(works_on(database), desk, {})
    for name in ("anna", "bo"):
        found.add(database, name, STAFF)
    found.add(database, "eva", [("@crm", "use"), ("task", "*"), ("organisation", "read", "own")])
    return found
