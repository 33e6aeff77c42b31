"""Limits hold when many guess at once, on both databases; users, tokens and links on both as well."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta

import pytest
from sqlalchemy import func, select

from crm.kernel.errors import Conflict, InvalidInput, RuleViolation
from crm.security import links, tokens
from crm.security.callers import Callers, actor_for
from crm.security.defaults import seed_roles
from crm.security.epochs import end_all_access
from crm.security.events import By, events_about
from crm.security.limits import PER_ACCOUNT, TooManyTries, count_try, take_back
from crm.security.models import LoginAttempt, SignInLink
from crm.security.sessions import Browser, sessions_of, start_session
from crm.security.users import NewUser, add_user, get_user, list_users, set_roles
from tests.conftest import NOW

BY = By(NOW, None, "127.0.0.1")


@pytest.fixture
def anna(database):
    with database.writing() as session:
        return add_user(session, NewUser("anna", "Anna Maria Ørum", ["staff"], "Anna@Example.dk", "tyve røde cykler 7"), BY)


def try_once(database, address="10.0.0.1"):
    try:
        with database.writing() as session:
            count_try(session, "key", "password", "anna", address, NOW)
    except TooManyTries:
        return False
    return True


def test_parallel_guesses_do_not_slip_past_the_limit(database):
    with ThreadPoolExecutor(8) as pool:
        allowed = sum(pool.map(lambda number: try_once(database, f"10.0.0.{number}"), range(30)))
    assert allowed == PER_ACCOUNT


def test_the_table_tells_no_name(database):
    try_once(database)
    with database.reading() as session:
        assert "anna" not in session.scalars(select(LoginAttempt.account)).one()


def test_a_right_password_is_taken_back(database):
    for _ in range(30):
        with database.writing() as session:
            take_back(session, count_try(session, "key", "password", "anna", "10.0.0.1", NOW))
    with database.reading() as session:
        assert session.scalar(select(func.count()).select_from(LoginAttempt)) == 0


def test_names_are_folded_before_they_are_counted(database):
    for typed in ("anna", "ANNA", " Anna "):
        with database.writing() as session:
            count_try(session, "key", "password", typed, "10.0.0.1", NOW)
    with database.reading() as session:
        assert len(set(session.scalars(select(LoginAttempt.account)))) == 1


def test_a_user_as_the_pages_show_it(database, anna):
    with database.reading() as session:
        user = get_user(session, anna)
        assert (user.username, user.name, user.email, user.roles) == ("anna", "Anna Maria Ørum", "anna@example.dk", ("staff",))
        assert [found.id for found in list_users(session, "maria ø")] == [anna]
        assert [line.kind for line in events_about(session, anna)] == ["user_added"]


@pytest.mark.parametrize(
    "new",
    [
        NewUser("a", "Navn", ["staff"]),
        NewUser("rigtig", "", ["staff"]),
        NewUser("rigtig", "Navn", []),
        NewUser("rigtig", "Navn", ["findes ikke"]),
        NewUser("rigtig", "Navn", ["staff"], email="ikke en adresse"),
        NewUser("rigtig", "Navn", ["staff"], email="a@b.dk\nBcc: x@y.dk"),
        NewUser("rigtig", "Navn", ["staff"], password="kort"),
        NewUser("med mellemrum", "Navn", ["staff"]),
    ],
)
def test_wrong_users_are_refused(database, new):
    with pytest.raises(InvalidInput), database.writing() as session:
        add_user(session, new, BY)


def test_a_user_name_is_nobodys_email(database, anna):
    for username, email in (("anna", "ny@example.dk"), ("anna@example.dk", ""), ("ny", "ANNA@example.dk")):
        with pytest.raises(Conflict), database.writing() as session:
            add_user(session, NewUser(username, "Ny", ["staff"], email), BY)


def test_the_caller_of_a_session_is_found_in_one_read_and_ends_with_the_epoch(database, anna):
    callers = Callers(timedelta(minutes=60))
    with database.writing() as session:
        key = start_session(session, anna, now=NOW, lasts=timedelta(hours=12), browser=Browser("10.0.0.1", "Firefox"))
    with database.reading() as session:
        facts = callers.by_session(session.connection(), key, NOW)
        assert facts.actor.roles == {"staff"}
        assert facts.actor.security_epoch > 0
        assert [line.browser for line in sessions_of(session, anna, now=NOW, idle=callers.idle)] == ["Firefox"]
        assert callers.by_session(session.connection(), key + "x", NOW) is None
        assert callers.by_session(session.connection(), key, NOW + timedelta(hours=12)) is None
    with database.writing() as session:
        end_all_access(session, anna)
    with database.reading() as session:
        assert callers.by_session(session.connection(), key, NOW) is None


def test_roles_are_read_anew_when_the_epoch_moves(database, anna):
    callers = Callers(timedelta(minutes=60))
    with database.writing() as session:
        add_user(session, NewUser("chef", "Chef", ["administrator"], "chef@example.dk"), BY)
        token = tokens.issue(session, anna, "x", "read", timedelta(days=1), BY)
    with database.reading() as session:
        assert callers.by_token(session.connection(), token, NOW).actor.roles == {"staff"}
    with database.writing() as session:
        set_roles(session, anna, ["reader"], BY)
        fresh = tokens.issue(session, anna, "x", "read", timedelta(days=1), BY)
    with database.reading() as session:
        assert callers.by_token(session.connection(), token, NOW) is None
        assert callers.by_token(session.connection(), fresh, NOW).actor.roles == {"reader"}
        assert actor_for(session, anna).roles == {"reader"}


def test_a_link_is_spent_once_even_by_two_at_once(database, anna):
    sent = []

    def queue(session, to, subject, text, *, to_name="", at=None):
        sent.append(text)

    with database.writing() as session:
        links.send_link(session, anna, "sign_in", queue, links.Letterhead("http://localhost:8080", "Kontoret"), BY)
    token = sent[0].split("/login/link/")[1].split()[0]

    def spend(_number):
        try:
            with database.writing() as session:
                links.spend(session, token, NOW)
        except RuleViolation:
            return 0
        return 1

    with ThreadPoolExecutor(4) as pool:
        assert sum(pool.map(spend, range(8))) == 1
    with database.reading() as session:
        assert session.scalars(select(SignInLink.used_at)).one() == NOW


def test_seeding_roles_twice_changes_nothing(database):
    with database.writing() as session:
        assert seed_roles(session) == 0
