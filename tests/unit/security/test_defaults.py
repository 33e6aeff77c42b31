"""What the roles may do by default."""

from __future__ import annotations

import pytest

from crm.kernel.i18n import LOCALES
from crm.security.defaults import BY_NAME, ROLES
from crm.security.policies import Access, GrantFacts

TYPES = ("organisation", "person", "board", "mandate", "meeting", "agenda_item", "decision", "follow_up", "app-noget")
ACTS = ("read", "create", "update", "delete", "approve", "complete")


def access(role):
    return Access(tuple(GrantFacts(right.type_key, right.act, right.scope) for right in BY_NAME[role].rights))


def test_every_role_has_words_in_both_languages():
    for role in ROLES:
        assert all(role.label(locale) and role.purpose(locale) for locale in LOCALES)


@pytest.mark.parametrize("role", ["administrator", "staff"])
@pytest.mark.parametrize("type_key", TYPES)
def test_staff_do_everything_with_records(role, type_key):
    assert all(access(role).scopes(act, type_key) == {"all"} for act in ACTS)


def test_only_administrators_manage_users_and_flows():
    for role in BY_NAME:
        for area in ("@admin", "@flows"):
            assert access(role).may_use(area) == (role == "administrator")


@pytest.mark.parametrize("type_key", TYPES)
def test_readers_see_and_change_nothing(type_key):
    assert [act for act in ACTS if access("reader").may(act, type_key)] == ["read"]


def test_board_members_see_only_their_boards():
    member = access("board_member")
    seen = {type_key: member.scopes("read", type_key) for type_key in TYPES if member.may("read", type_key)}
    assert seen == {
        "board": {"board"}, "meeting": {"board"}, "agenda_item": {"board"}, "decision": {"board"}, "follow_up": {"own"},
    }  # fmt: skip
    done = [(act, type_key) for act in ACTS for type_key in TYPES if act != "read" and member.may(act, type_key)]
    assert done == [("complete", "follow_up")]
    assert member.may_use("@portal")
    assert not member.may_use("@crm")
    assert not member.may_use("@api")
