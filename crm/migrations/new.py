"""Writes a new migration from what the models say and the newest one lacks: `python -m crm.migrations.new "add notice days"`.

The comparison is made on a scratch SQLite file, so no database of anyone's is touched.
"""

from __future__ import annotations

import sys
from datetime import UTC, datetime
from pathlib import Path
from tempfile import TemporaryDirectory

import click
from alembic import command

from crm.kernel.db import Database
from crm.migrations import run


@click.command()
@click.argument("slug")
def new(slug: str) -> None:
    """Write a migration named SLUG; read it before you commit it."""
    with TemporaryDirectory() as folder:
        database = Database(f"sqlite:///{Path(folder) / 'scratch.db'}")
        run.upgrade(database)
        settings = run.config()
        with database.write_engine.connect() as connection:
            settings.attributes["connection"] = connection
            made = command.revision(settings, slug, autogenerate=True, rev_id=f"{datetime.now(UTC):%Y%m%d_%H%M}")
        database.dispose()
    click.echo(getattr(made, "path", ""))


if __name__ == "__main__":
    sys.exit(new())
