"""What every subcommand shares: settings and the wired product, made when first needed, and the terminal's language."""

from __future__ import annotations

import locale
from collections.abc import Iterator
from contextlib import contextmanager
from functools import cached_property
from tomllib import TOMLDecodeError
from typing import TYPE_CHECKING, Any

import click
from pydantic import ValidationError

from crm.kernel.errors import ConfigError, InvalidInput, KlyngeError
from crm.kernel.i18n import N_, Message, best_locale, worded
from crm.kernel.settings import Settings
from crm.security.actors import system_actor

if TYPE_CHECKING:
    from crm.records.work import UnitOfWork
    from crm.wiring import Klynge


def terminal_locale() -> str:
    """Give the language of the terminal; Danish when it names none that we speak."""
    return best_locale(locale.setlocale(locale.LC_CTYPE))


def load_settings() -> Settings:
    """Read the settings.

    Raises:
        ConfigError: a setting is unknown or wrong; the text names it and never shows a value.
    """
    try:
        return Settings()
    except ValidationError as error:
        problems = "; ".join(f"KLYNGE_{'.'.join(map(str, item['loc'])).upper()}: {item['msg']}" for item in error.errors())
        raise ConfigError(N_("Wrong settings: %(problems)s", problems=problems)) from None
    except TOMLDecodeError as error:
        raise ConfigError(N_("klynge.toml cannot be read: %(problem)s", problem=str(error))) from None


def in_one_line(error: KlyngeError, language: str) -> str:
    """Word an error for the terminal."""
    if isinstance(error, InvalidInput):
        return "; ".join(f"{name}: {message(language)}" for name, message in error.fields.items())
    message: Any = getattr(error, "message", None) or (error.args[0] if error.args else str(error))
    return str(worded(message, language))


class Cli:
    """The context object of all subcommands (`pass_cli`)."""

    def __init__(self, *, debug: bool = False) -> None:
        self.debug = debug
        self.locale = terminal_locale()

    @cached_property
    def settings(self) -> Settings:
        """The settings, read once."""
        return load_settings()

    @cached_property
    def app(self) -> Klynge:
        """The wired product."""
        from crm.wiring import build

        return build(self.settings)

    def close(self) -> None:
        """Close what was opened."""
        app = self.__dict__.get("app")
        if app is not None and "database" in app.__dict__:
            app.database.dispose()

    def tell(self, message: Message) -> None:
        """Print a sentence in the terminal's language."""
        click.echo(message(self.locale))

    @contextmanager
    def work(self, cause: str = "person") -> Iterator[UnitOfWork]:
        """Open a unit of work as the command line's own actor, committed on leaving."""
        with self.app.works.writing(system_actor("cli"), cause=cause) as uow:
            yield uow


pass_cli = click.make_pass_decorator(Cli)
