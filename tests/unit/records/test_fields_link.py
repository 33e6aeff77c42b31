"""Web addresses: only what is safe to click."""

from __future__ import annotations

from urllib.parse import urlsplit

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from crm.records.fields import KINDS, ValueProblem
from crm.records.fields.link import SCHEMES
from crm.records.types import Column
from tests.support.hostile import HOSTILE
from tests.unit.records.field_laws import ZONE, check_form, check_hostile, check_round_trips, cleaned, field, refusal

ITEM = field("link", Column(("x",)))
EXTRA = field("link")
ADDRESSES = st.one_of(
    st.from_regex(r"https?://[a-z0-9-]{1,20}\.dk(/[a-zA-Z0-9%_.-]{0,20}){0,3}(\?[a-z=&]{0,10})?", fullmatch=True),
    st.from_regex(r"mailto:[a-z]{1,10}@[a-z]{1,10}\.dk", fullmatch=True),
    st.from_regex(r"tel:\+?[0-9]{3,12}", fullmatch=True),
)


@given(value=ADDRESSES)
def test_addresses_come_back(value: str) -> None:
    for item in (ITEM, EXTRA):
        check_round_trips(item, value)
        check_form(item, value)


@settings(max_examples=1000)
@given(raw=HOSTILE | st.text(max_size=30).map(lambda text: f"{text}:x") | st.text(max_size=30).map(lambda text: f"https://{text}"))
def test_whatever_is_kept_can_be_clicked_safely(raw: object) -> None:
    check_hostile((ITEM, EXTRA), raw)
    try:
        value = cleaned(ITEM, raw)
    except ValueProblem:
        return
    if value is not None:
        assert urlsplit(value).scheme.casefold() in SCHEMES
        assert len(value) <= 500


@pytest.mark.parametrize(
    "raw", ["javascript:alert(1)", "JaVaScRiPt:x", "java\0script:alert(1)", "data:text/html,x", "vbscript:x", "file:///etc/passwd"]
)
def test_nothing_that_runs_is_a_link(raw: str) -> None:
    assert refusal(ITEM, raw) == "Only web, mail and telephone addresses can be links."


def test_a_bare_host_becomes_a_secure_address_and_the_whole_must_fit_its_column() -> None:
    assert cleaned(ITEM, " havn.dk/om ") == "https://havn.dk/om"
    assert cleaned(ITEM, "\u202e") is None
    assert len(cleaned(ITEM, "a" * 492)) == 500
    for raw in ("a" * 493, "https://", "a b.dk", "https://[::1"):
        assert refusal(ITEM, raw) == "This is not a web address."
    assert refusal(ITEM, 5) == "This must be a web address."


def test_a_slot_holds_small_letters_and_fits() -> None:
    assert KINDS["link"].slot_value(EXTRA, "https://A.dk/B", ZONE) == "https://a.dk/b"
    assert len(KINDS["link"].slot_value(EXTRA, "https://" + "İ" * 490, ZONE)) <= 200
