"""The `klynge` command. A refusal ends as one line and exit code 1; a traceback is shown only with `--debug`."""

from __future__ import annotations

import sys
from importlib import import_module
from importlib.util import find_spec
from typing import IO, Any, Final, NamedTuple

import click
from sqlalchemy.exc import DBAPIError

from crm import __version__
from crm.cli.base import Cli, in_one_line, terminal_locale
from crm.kernel.errors import KlyngeError
from crm.kernel.i18n import N_


class Subcommand(NamedTuple):
    """Where a subcommand is, and what it does: `klynge --help` imports none of them."""

    module: str
    summary: str


COMMANDS: Final[dict[str, Subcommand]] = {
    "up": Subcommand("crm.cli.up", "Serve the CRM with Prefect beside it; Ctrl-C ends it."),
    "run": Subcommand("crm.cli.run", "Run one of its processes alone."),
    "db": Subcommand("crm.cli.db", "Create and upgrade the database."),
    "seed": Subcommand("crm.cli.seed", "Load base data or demo data."),
    "user": Subcommand("crm.cli.users", "Add users, list them, set passwords."),
    "token": Subcommand("crm.cli.users", "Make API tokens."),
    "flow": Subcommand("crm.cli.flow", "How flow orders stand; where Prefect is."),
    "search": Subcommand("crm.cli.search", "Write the index of the full-text search anew."),
    "check": Subcommand("crm.cli.check", "Say what is unsafe or missing in settings and state."),
    "bench": Subcommand("crm.cli.bench", "Fill the database for measuring."),
}


class OneLine(click.ClickException):
    """An error shown as its plain sentence, without click's English “Error:”."""

    def show(self, file: IO[Any] | None = None) -> None:
        """Print it to stderr."""
        click.echo(self.format_message(), err=True)


class KlyngeGroup(click.Group):
    """A group that imports a subcommand's file when it is called, and words errors."""

    def list_commands(self, ctx: click.Context) -> list[str]:
        """Name the subcommands that this installation has."""
        return [name for name, sub in COMMANDS.items() if find_spec(sub.module) is not None]

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:
        """Import a subcommand: the click command of that name in its module."""
        if cmd_name not in self.list_commands(ctx):
            return None
        module = import_module(COMMANDS[cmd_name].module)
        return next((item for item in vars(module).values() if isinstance(item, click.Command) and item.name == cmd_name), None)

    def format_commands(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:
        """List the subcommands without importing them."""
        with formatter.section("Commands"):
            formatter.write_dl([(name, COMMANDS[name].summary) for name in self.list_commands(ctx)])

    def invoke(self, ctx: click.Context) -> Any:
        """Run, and turn errors into one line in the terminal's language."""
        try:
            return super().invoke(ctx)
        except (click.ClickException, click.exceptions.Exit, click.Abort):
            raise
        except Exception as error:
            if ctx.params.get("debug"):
                raise
            raise OneLine(_line(error)) from error


def _line(error: Exception) -> str:
    """Word any error; the unknown ones name their kind, so that they can be reported."""
    language = terminal_locale()
    if isinstance(error, KlyngeError):
        return in_one_line(error, language)
    if isinstance(error, DBAPIError):
        cause = str(error.orig).strip().splitlines()[0] if str(error.orig).strip() else type(error.orig).__name__
        return N_("The database says: %(problem)s", problem=cause)(language)
    text = " ".join(str(error).split())
    problem = f"{type(error).__name__}: {text}" if text else type(error).__name__
    return N_("Something went wrong (%(problem)s). Run it again with --debug to see where.", problem=problem)(language)


@click.group(cls=KlyngeGroup, context_settings={"help_option_names": ["-h", "--help"]})
@click.option("--debug", is_flag=True, help="Show tracebacks.")
@click.version_option(__version__, prog_name="klynge")
@click.pass_context
def klynge(ctx: click.Context, *, debug: bool) -> None:
    """Klynge: the CRM of a business-cluster secretariat."""
    ctx.obj = Cli(debug=debug)
    ctx.call_on_close(ctx.obj.close)


def main() -> None:
    """Run the command line."""
    sys.exit(klynge(prog_name="klynge"))


if __name__ == "__main__":
    main()
