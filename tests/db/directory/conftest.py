"""Units of work for tests of tasks."""

from __future__ import annotations

import pytest

from crm.kernel.db import Database
from crm.records.work import Works
from tests.support.records import works_on


@pytest.fixture
def works(database: Database) -> Works:
    """Units of work over the built-in types, on both databases."""
    return works_on(database)
