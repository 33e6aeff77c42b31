"""The command line: subcommands load lazily, and a refusal is one line."""

from __future__ import annotations

import subprocess
import sys

import click
import pytest
from click.testing import CliRunner

from crm.cli.main import COMMANDS, KlyngeGroup, klynge
from crm.kernel.errors import ConfigError, InvalidInput, RuleViolation
from crm.kernel.i18n import N_


@pytest.fixture
def group() -> KlyngeGroup:
    """A group of the same class, with commands that fail in every way."""

    class Failing(KlyngeGroup):
        def list_commands(self, ctx: click.Context) -> list[str]:
            return ["rule", "fields", "config", "bug", "exit"]

        def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command:
            errors = {
                "rule": RuleViolation(N_("You do not have the right to do this.")),
                "fields": InvalidInput({"name": N_("It is too long.")}),
                "config": ConfigError("The port is taken."),
                "bug": ZeroDivisionError("division\nby zero"),
                "exit": click.exceptions.Exit(3),
            }

            def fail() -> None:
                raise errors[cmd_name]

            return click.Command(cmd_name, callback=fail)

    @click.group(cls=Failing)
    @click.option("--debug", is_flag=True)
    def root(debug: bool) -> None:
        pass

    assert isinstance(root, KlyngeGroup)
    return root


@pytest.mark.parametrize(
    ("command", "said"), [("fields", "name: "), ("config", "The port is taken."), ("bug", "ZeroDivisionError")]
)
def test_an_error_is_one_line_and_exit_code_1(group: KlyngeGroup, command: str, said: str) -> None:
    result = CliRunner().invoke(group, [command])
    assert result.exit_code == 1
    assert said in result.stderr
    assert result.stderr.count("\n") == 1
    assert "Traceback" not in result.output


def test_a_refusal_is_worded_in_the_terminals_language(group: KlyngeGroup, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("crm.cli.main.terminal_locale", lambda: "en")
    assert CliRunner().invoke(group, ["rule"]).stderr == "You do not have the right to do this.\n"


def test_debug_lets_the_error_through(group: KlyngeGroup) -> None:
    result = CliRunner().invoke(group, ["--debug", "bug"])
    assert isinstance(result.exception, ZeroDivisionError)


def test_exit_codes_of_subcommands_are_kept(group: KlyngeGroup) -> None:
    assert CliRunner().invoke(group, ["exit"]).exit_code == 3


def test_an_unknown_subcommand_is_refused() -> None:
    assert CliRunner().invoke(klynge, ["nonsense"]).exit_code == 2


def test_help_names_every_subcommand_and_imports_none() -> None:
    code = (
        "import sys; from click.testing import CliRunner; from crm.cli.main import klynge; "
        "print(CliRunner().invoke(klynge, ['--help']).output); "
        "heavy = {'flask', 'prefect', 'crm.cli.check', 'crm.wiring', 'alembic'} & set(sys.modules); assert not heavy, heavy"
    )
    result = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=False)
    assert result.returncode == 0, result.stderr
    assert "check" in result.stdout


@pytest.mark.parametrize("name", sorted(COMMANDS))
def test_every_subcommand_of_the_table_exists(name: str) -> None:
    command = klynge.get_command(click.Context(klynge), name)
    assert command is not None
    assert command.name == name
