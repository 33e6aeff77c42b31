"""`klynge db`: the database's schema, by Alembic, and the rows that every database needs."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager

import click

from crm.kernel.db import Database
from crm.kernel.settings import Settings


@contextmanager
def opened() -> Iterator[Database]:
    """Open the database that the settings name, and close it at the end."""
    settings = Settings()
    settings.home.mkdir(parents=True, exist_ok=True, mode=0o700)
    database = Database(settings.resolved_database_url)
    try:
        yield database
    finally:
        database.dispose()


def upgrade_database(database: Database, revision: str = "head") -> None:
    """Migrate, then write the type numbers, roles and default grants that are missing. Safe to run twice, and at once."""
    from crm.migrations import run
    from crm.migrations.prepare import prepare
    from crm.wiring import BUILTIN_TYPES

    run.upgrade(database, revision)
    if revision in {"head", *run.heads()}:
        with run.alone(database), database.writing() as session:
            prepare(session, [item.key for item in BUILTIN_TYPES])


@click.group("db")
def db() -> None:
    """The database: create, upgrade, step back."""


@db.command("upgrade")
@click.argument("revision", default="head")
def upgrade_command(revision: str) -> None:
    """Create the database or bring it up to date; writes missing roles and types too."""
    from crm.migrations import run

    with opened() as database:
        before = run.current(database)
        upgrade_database(database, revision)
        after = run.current(database)
    click.echo(f"Database at {after}." if before == after else f"Database upgraded from {before or 'nothing'} to {after}.")


@db.command("downgrade")
@click.argument("revision")
@click.confirmation_option(prompt="Columns and tables of newer revisions will be lost. Go on?")
def downgrade_command(revision: str) -> None:
    """Take the database back to REVISION (`-1` for one step, `base` for nothing at all)."""
    from crm.migrations import run

    with opened() as database:
        run.downgrade(database, revision)
        click.echo(f"Database at {run.current(database) or 'nothing'}.")


@db.command("current")
def current_command() -> None:
    """Show the revision that the database is at, and the newest there is."""
    from crm.migrations import run

    with opened() as database:
        click.echo(f"database: {run.current(database) or 'empty'}\nnewest:   {', '.join(run.heads())}")
