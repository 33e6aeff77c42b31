"""A process that writes changes in short and long transactions: `python log_writer.py <url> <seed> <transactions>`."""

from __future__ import annotations

import random
import sys
import time
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parents[3]))

from crm.kernel.db import Database
from crm.records.work import Works
from tests.support.records import SYSTEM, works_on


def write(works: Works, dice: random.Random, transactions: int) -> None:
    """Write one to four changes a transaction; one in four lingers before it commits, one in eight is taken back."""
    for number in range(transactions):
        with works.writing(SYSTEM) as uow:
            for part in range(dice.randint(1, 4)):
                uow.records.create("organisation", {"title": f"{number} {part}"})
                if not dice.randrange(4):
                    time.sleep(dice.random() * 0.05)
            if not dice.randrange(8):
                uow.session.rollback()


if __name__ == "__main__":
    database = Database(sys.argv[1])
    write(works_on(database), random.Random(sys.argv[2]), int(sys.argv[3]))
    database.dispose()
