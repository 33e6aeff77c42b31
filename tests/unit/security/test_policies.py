"""What grants allow: by act, type, scope and field; what no grant allows is denied."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from crm.kernel.errors import AccessDenied
from crm.security.policies import EVERYTHING_ALLOWED, NOTHING_ALLOWED, Access, GrantFacts

G = GrantFacts
FEW, MANY = frozenset({"title"}), frozenset({"title", "phone"})

GRANTS = st.lists(
    st.builds(
        GrantFacts,
        st.sampled_from(["person", "meeting", "*", "@crm"]),
        st.sampled_from(["read", "update", "use", "*"]),
        st.sampled_from(["own", "board", "all"]),
        st.sampled_from([None, FEW, MANY, frozenset()]),
        st.sampled_from([None, FEW, MANY, frozenset()]),
    ),
    max_size=6,
)


def test_what_no_grant_allows_is_denied() -> None:
    access = Access((G("person", "read"), G("meeting", "*", "board"), G("*", "export")))
    assert access.may("read", "person")
    assert not access.may("update", "person")
    assert access.scopes("update", "meeting") == {"board"}
    assert access.may("export", "anything")
    access.require("read", "person")
    with pytest.raises(AccessDenied):
        access.require("read", "organisation")
    assert access.readable("organisation") == frozenset()


def test_areas_are_opened_by_name_alone() -> None:
    staff = Access((G("*", "*"), G("@crm", "use")))
    assert staff.may_use("@crm")
    assert not staff.may_use("@admin")
    assert not staff.may("use", "@flows")


def test_of_several_scopes_the_unbounded_one_stands_alone() -> None:
    assert Access((G("person", "read", "own"), G("*", "read"))).scopes("read", "person") == {"all"}
    assert Access((G("person", "read", "own"), G("person", "*", "board"))).scopes("read", "person") == {"own", "board"}


def test_fields_add_up_within_a_scope_and_never_across() -> None:
    same = Access((G("person", "read", "all", FEW), G("*", "read", "all", frozenset({"phone"}))))
    assert same.readable("person") == MANY
    assert Access((G("person", "read", "all", FEW), G("person", "*", "own"))).readable("person") == FEW
    assert Access((G("person", "read", "own", MANY), G("person", "*", "board", FEW))).readable("person") == FEW
    assert Access((G("person", "read", "own"), G("person", "*", "board", FEW))).readable("person") == FEW
    assert Access((G("person", "read", "own"), G("person", "*", "board"))).readable("person") is None
    written = Access((G("person", "update", "all", None, FEW),))
    assert (written.writable("update", "person"), written.writable("create", "person")) == (FEW, frozenset())


def test_the_product_itself_may_everything_and_nobody_nothing() -> None:
    assert EVERYTHING_ALLOWED.may("anything", "@admin")
    assert EVERYTHING_ALLOWED.readable("person") is None
    assert not EVERYTHING_ALLOWED.is_bounded
    assert not NOTHING_ALLOWED.may("read", "person")
    assert NOTHING_ALLOWED.writable("update", "person") == frozenset()


@given(
    grants=GRANTS, act=st.sampled_from(["read", "update", "use"]), type_key=st.sampled_from(["person", "meeting", "@crm", "@admin"])
)
def test_no_field_is_open_on_a_row_that_no_single_scope_of_grants_opens(grants: list[GrantFacts], act: str, type_key: str) -> None:
    access = Access(tuple(grants))
    allowed = access.readable(type_key) if act == "read" else access.writable(act, type_key)
    for scope in access.scopes(act, type_key):
        alone = Access(tuple(grant for grant in grants if grant.scope == scope))
        mine = alone.readable(type_key) if act == "read" else alone.writable(act, type_key)
        assert mine is None or (allowed is not None and allowed <= mine)
    assert access.is_bounded == any(grant.scope != "all" for grant in grants)


@given(grants=GRANTS, more=GRANTS, act=st.sampled_from(["read", "use"]), type_key=st.sampled_from(["person", "@crm", "@admin"]))
def test_another_grant_never_closes_what_was_open(
    grants: list[GrantFacts], more: list[GrantFacts], act: str, type_key: str
) -> None:
    before, after = Access(tuple(grants)), Access((*grants, *more))
    assert not before.may(act, type_key) or after.may(act, type_key)
    assert "all" not in before.scopes(act, type_key) or after.scopes(act, type_key) == {"all"}


def test_a_roles_grant_of_one_type_says_which_fields_and_its_grant_of_all_types_adds_none() -> None:
    reader = (G("*", "read", role="reader"), G("person", "read", "all", FEW, role="reader"))
    assert Access(reader).readable("person") == FEW
    assert Access(reader).readable("organisation") is None
    staff = (G("*", "*", role="staff"),)
    assert Access((*reader, *staff)).readable("person") is None, "who has two roles reads what either reads"
    own = (G("*", "read", role="reader"), G("person", "read", "own", FEW, role="reader"))
    assert Access(own).readable("person") is None, "a narrower scope takes nothing from the wider one"
