"""`klynge user` and `klynge token`: the first administrator, further users, and tokens for programs."""

from __future__ import annotations

import sys
from datetime import timedelta

import click
from sqlalchemy.orm import Session

from crm.cli.base import Cli, pass_cli
from crm.kernel.errors import InvalidInput, NotFound
from crm.kernel.i18n import N_
from crm.security import tokens
from crm.security.events import By
from crm.security.users import NewUser, add_user, find_user, list_users, set_password


@click.group("user", short_help="Add and list users.")
def user() -> None:
    """Users and their passwords."""


@user.command("add")
@click.argument("name")
@click.option("--role", "roles", multiple=True, required=True, help="administrator, staff, board_member, reader; may be repeated.")
@click.option("--email", default="", help="Where sign-in links are sent.")
@click.option("--full-name", default="", help="How the user is called on screen; the user name when left out.")
@click.option("--person", type=int, help="The number of the person record that this user is.")
@click.option("--password-stdin", is_flag=True, help="Read the password from the first line of standard input.")
@pass_cli
def add(
    cli: Cli, name: str, roles: tuple[str, ...], email: str, full_name: str, person: int | None, *, password_stdin: bool
) -> None:
    """Add the user NAME. Without a password they sign in by a link to their e-mail."""
    if not password_stdin and not email:
        raise InvalidInput({"email": N_("Give an e-mail or a password: else nobody can sign in.")})
    password = sys.stdin.readline().rstrip("\r\n") if password_stdin else None
    new = NewUser(name, full_name or name, roles, email, password, person)
    with cli.app.database.writing() as session:
        add_user(session, new, By(cli.app.clock.now()))
    cli.tell(N_("User %(name)s added.", name=name.strip().lower()))


@user.command("password")
@click.argument("name")
@click.option("--password-stdin", is_flag=True, required=True, help="Read the password from the first line of standard input.")
@pass_cli
def password(cli: Cli, name: str, *, password_stdin: bool) -> None:
    """Give the user NAME a new password; ends their sessions and tokens."""
    with cli.app.database.writing() as session:
        set_password(session, _user_id(session, name), sys.stdin.readline().rstrip("\r\n"), By(cli.app.clock.now()))
    cli.tell(N_("User %(name)s has a new password.", name=name))


@user.command("list")
@pass_cli
def list_all(cli: Cli) -> None:
    """List users: name, roles, e-mail, and whether they may sign in."""
    with cli.app.database.reading() as session:
        for found in list_users(session):
            state = "" if found.active else " (inactive)"
            click.echo(f"{found.username}\t{', '.join(found.roles)}\t{found.email}{state}")


@click.group("token", short_help="Make tokens for the API.")
def token() -> None:
    """Bearer tokens for programs."""


@token.command("add")
@click.argument("name")
@click.option("--scope", type=click.Choice(tokens.SCOPES), default="write", show_default=True, help="read: GET only.")
@click.option("--days", type=click.IntRange(1, tokens.LONGEST.days), default=90, show_default=True, help="Days until it runs out.")
@click.option("--label", default="klynge token add", show_default=True, help="What the profile page calls it.")
@pass_cli
def add_token(cli: Cli, name: str, scope: str, days: int, label: str) -> None:
    """Make a token for the user NAME and print it: once, and never again."""
    with cli.app.database.writing() as session:
        made = tokens.issue(session, _user_id(session, name), label, scope, timedelta(days=days), By(cli.app.clock.now()))
    click.echo(made)


def _user_id(session: Session, name: str) -> int:
    found = find_user(session, name)
    if found is None:
        raise NotFound(N_("There is no active user %(name)s.", name=name))
    return found[0]
