"""`klynge search reindex`: the index of the full-text search, written anew."""

from __future__ import annotations

import click

from crm.cli.base import Cli, pass_cli
from crm.kernel.i18n import N_


@click.group("search")
def search() -> None:
    """Look after the full-text search."""


@search.command("reindex")
@pass_cli
def reindex(cli: Cli) -> None:
    """Write every record's words anew, in short transactions, and forget those of what is gone; the product may run meanwhile."""
    from crm.records.search import SearchFollower

    follower = SearchFollower(cli.app.works)
    follower.rewrite_all()
    number = follower.turn()
    follower.tidy()
    cli.tell(N_("The search index is written: %(number)s.", number=number))
