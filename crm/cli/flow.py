"""`klynge flow`: orders of flows from the terminal, and the way into Prefect's own screen."""

from __future__ import annotations

import click
from sqlalchemy import select

from crm.cli.base import Cli, pass_cli
from crm.kernel.i18n import N_
from crm.security.actors import system_actor


@click.group("flow")
def flow() -> None:
    """Flows: how the last orders stand, and how to open Prefect."""


@flow.command("open")
@pass_cli
def open_command(cli: Cli) -> None:
    """Say where Prefect's screen is, and the file that holds its password."""
    console = cli.settings.prefect_api_url.rstrip("/").removesuffix("/api")
    cli.settings.prefect_auth_string()
    cli.tell(N_("Open %(url)s and give the password when asked.", url=console))
    if cli.settings.prefect_auth is not None:
        cli.tell(N_("The password is the value of KLYNGE_PREFECT_AUTH (user:password)."))
        return
    file = cli.settings.home / "secrets" / "prefect_auth"
    cli.tell(N_("The password is klynge: and then what stands in %(file)s, which only you can read.", file=str(file)))


@flow.command("list")
@click.option("--limit", default=20, show_default=True, help="How many.")
@pass_cli
def list_command(cli: Cli, limit: int) -> None:
    """Show the latest orders and how they stand."""
    from crm.ops.models import FlowRequest
    from crm.ops.queries import flow_status

    with cli.app.works.reading(system_actor("cli")) as uow:
        ids = uow.session.scalars(select(FlowRequest.id).order_by(FlowRequest.id.desc()).limit(limit)).all()
        for status in (flow_status(uow, number) for number in ids):
            last = f" – {status.message(cli.locale)}" if status.message else ""
            click.echo(f"{status.id:>6}  {status.created_at:%Y-%m-%d %H:%M}  {status.flow:<16} {status.words(cli.locale)}{last}")
