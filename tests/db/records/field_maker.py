"""A process that adds an extra field: `python field_maker.py <url> <type> <name> <kind>`."""

from __future__ import annotations

import sys
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parents[3]))

from crm.kernel.db import Database
from crm.kernel.i18n import Label
from crm.records.definitions import add_field
from tests.support.records import SYSTEM, works_on

if __name__ == "__main__":
    url, type_key, name, kind = sys.argv[1:]
    database = Database(url)
    with works_on(database).writing(SYSTEM, publishing=True) as uow:
        add_field(uow, type_key, name, kind, Label(da=name))
    database.dispose()
