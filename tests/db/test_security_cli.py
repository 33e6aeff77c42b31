"""`klynge user` and `klynge token`: what the first administrator and checks from outside begin with."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest
from click.testing import CliRunner

from crm.cli.main import klynge as command
from crm.security.callers import Callers
from crm.security.fab.hashing import password_matches
from crm.security.users import find_user

GOOD = "tyve røde cykler 7"


@pytest.fixture
def run(sqlite_database, monkeypatch, tmp_path):
    """Run the command against a migrated database."""
    monkeypatch.setenv("KLYNGE_HOME", str(tmp_path))
    monkeypatch.setenv("KLYNGE_DATABASE_URL", sqlite_database.url)

    def go(*words, typed=None):
        return CliRunner().invoke(command, list(words), input=typed)

    return go


def add(run, name="mette", *more, typed=GOOD + "\n"):
    return run("user", "add", name, "--role", "administrator", "--password-stdin", *more, typed=typed)


def test_the_first_administrator_is_made_by_one_command(run, sqlite_database):
    answer = add(run, "Mette", "--email", "mette@example.dk", "--full-name", "Mette Kjær")
    assert answer.exit_code == 0, answer.output
    assert GOOD not in answer.output
    with sqlite_database.reading() as session:
        found = find_user(session, "METTE@example.dk")
    assert found is not None
    assert password_matches(found[1], GOOD)
    assert "mette\tadministrator\tmette@example.dk" in run("user", "list").output


@pytest.mark.parametrize("typed", ["kort\n", "password1234\n", "\n", ""])
def test_a_weak_password_is_refused_in_one_line(run, typed):
    answer = add(run, typed=typed)
    assert answer.exit_code == 1
    assert "Traceback" not in answer.output
    assert len(answer.output.strip().splitlines()) == 1
    assert run("user", "list").output == ""


def test_an_unknown_role_is_refused(run):
    answer = run("user", "add", "mette", "--role", "root", "--password-stdin", typed=GOOD)
    assert answer.exit_code == 1
    assert "root" in answer.output


def test_a_user_needs_a_way_in(run):
    assert run("user", "add", "mette", "--role", "staff").exit_code == 1
    assert run("user", "add", "mette", "--role", "staff", "--email", "mette@example.dk").exit_code == 0


def test_the_same_name_twice_is_refused(run):
    assert add(run).exit_code == 0
    assert add(run).exit_code == 1


def test_a_token_is_printed_alone_and_works(run, sqlite_database):
    add(run)
    answer = run("token", "add", "mette", "--scope", "read", "--days", "3")
    assert answer.exit_code == 0
    token = answer.output.strip()
    assert token.startswith("klynge_")
    assert len(token.split()) == 1
    now = datetime.now(UTC)
    with sqlite_database.reading() as session:
        facts = Callers(timedelta(minutes=60)).by_token(session.connection(), token, now)
        assert facts.scope == "read"
        assert facts.actor.roles == {"administrator"}
        assert Callers(timedelta(minutes=60)).by_token(session.connection(), token, now + timedelta(days=3)) is None


def test_a_token_for_nobody_is_refused(run):
    answer = run("token", "add", "ukendt")
    assert answer.exit_code == 1
    assert "klynge_" not in answer.output


def test_a_new_password_ends_tokens(run, sqlite_database):
    add(run)
    token = run("token", "add", "mette").output.strip()
    assert run("user", "password", "mette", "--password-stdin", typed="fire grønne både sejler\n").exit_code == 0
    with sqlite_database.reading() as session:
        assert Callers(timedelta(minutes=60)).by_token(session.connection(), token, datetime.now(UTC)) is None
