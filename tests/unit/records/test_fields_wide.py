"""The kinds of several parts or several values in columns of a type's own, and the safety of formatted text."""

from __future__ import annotations

from decimal import Decimal
from html.parser import HTMLParser
from typing import Any

import phonenumbers
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from crm.kernel.i18n import Label
from crm.records.fields import KINDS, AddressValue, MoneyValue, ValueProblem, phones
from crm.records.fields.rich_text import TAGS, sanitise
from crm.records.types import Column, Option
from tests.support.hostile import HOSTILE
from tests.unit.records.field_laws import ZONE, check_form, check_hostile, check_round_trips, cleaned, field, refusal

COLUMNS: dict[str, tuple[str, ...]] = {
    "rich_text": ("body", "body_key"),
    "money": ("fee", "fee_currency"),
    "address": ("street", "postcode", "city", "municipality", "country", "address_key"),
    "auto_number": ("number_text", "number"),
    "progress": ("done",),
    "duration": ("spent",),
    "rating": ("stars",),
    "choices": ("picked",),
    "tags": ("tags",),
    "users": ("helpers",),
    "emails": ("emails",),
    "phones": ("phones",),
}
OPTIONS = tuple(Option(key, Label(key, key)) for key in "abc")
ITEMS = {kind: field(kind, Column(columns), options=OPTIONS if kind == "choices" else ()) for kind, columns in COLUMNS.items()}


@pytest.mark.parametrize(
    ("kind", "raw"),
    [
        ("rich_text", "<p>x</p>"),
        ("money", "12,50"),
        ("address", {"city": "Odense"}),
        ("auto_number", 12),
        ("progress", 3),
        ("duration", 61),
        ("rating", 5),
        ("choices", "a,c"),
        ("tags", "x"),
        ("users", [1, 2]),
        ("emails", "a@x.dk, b@x.dk"),
        ("phones", "33112233"),
    ],
)
def test_values_come_back_from_columns_of_a_types_own(kind: str, raw: Any) -> None:
    value = cleaned(ITEMS[kind], raw)
    assert value is not None
    check_round_trips(ITEMS[kind], value)
    check_form(ITEMS[kind], value)
    nothing = KINDS[kind].to_columns(ITEMS[kind], None, ZONE)
    assert KINDS[kind].from_columns(ITEMS[kind], nothing, ZONE) is None


@settings(max_examples=300)
@given(raw=HOSTILE)
def test_no_raw_value_breaks_a_column(raw: Any) -> None:
    check_hostile(ITEMS.values(), raw)


class Reader(HTMLParser):
    """What a browser would find."""

    def __init__(self) -> None:
        super().__init__()
        self.found: list[tuple[str, dict[str, str | None]]] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.found.append((tag, dict(attrs)))


PIECES = st.sampled_from(
    [
        "<script>",
        "</script>",
        "<img src=x onerror=alert(1)>",
        "<a href='java\tscript:alert(1)'>",
        "<svg/onload=x>",
        "<p>",
        "</p>",
        "<b",
        ">",
        "<!--",
        "-->",
        "<style>",
        "&lt;script&gt;",
        "\0",
        "\u202e",
        "<a href=https://a.dk>",
        "<iframe src=//x>",
        "<math><mtext>",
        "<noscript>",
        "<p style='x' onclick=1>",
        "tekst",
        "&#x6a;avascript:",
        "<a href=data:text/html,x>",
        "<br/>",
        "'\"",
        "<template>",
        "<plaintext>",
    ]
)


@settings(max_examples=500)
@given(text=st.lists(PIECES, max_size=8).map("".join) | st.text(max_size=40))
def test_formatted_text_holds_nothing_that_runs_and_stays_as_it_is(text: str) -> None:
    item = field("rich_text")
    value = cleaned(item, text)
    if value is None:
        return
    assert cleaned(item, value) == value
    assert sanitise(value) == value
    reader = Reader()
    reader.feed(value)
    for tag, attributes in reader.found:
        assert tag in TAGS
        assert set(attributes) <= {"href", "rel"}
        assert (attributes.get("href") or "https:").split(":")[0] in {"http", "https", "mailto", "tel"} or ":" not in str(
            attributes["href"]
        )


@pytest.mark.parametrize(
    ("raw", "seconds"),
    [
        ("90", 5400),
        ("1:30", 5400),
        ("1.30", 5400),
        ("1 t 30 min", 5400),
        ("1,5 t", 5400),
        ("2 timer og 5 minutter", 7500),
        ("45 s", 45),
        ("1:00:05", 3605),
        ("2h", 7200),
        (90, 90),
    ],
)
def test_durations_are_read_as_people_write_them(raw: Any, seconds: int) -> None:
    assert cleaned(field("duration"), raw) == seconds


@pytest.mark.parametrize(
    ("raw", "amount", "currency"),
    [
        ("1.234,50", "1234.5", "DKK"),
        ("kr. 500,-", "500", "DKK"),
        ("100 EUR", "100", "EUR"),
        ("€ 5", "5", "EUR"),
        ("-3 kr", "-3", "DKK"),
        (7, "7", "DKK"),
    ],
)
def test_amounts_are_read_as_people_write_them(raw: Any, amount: str, currency: str) -> None:
    item = field("money", config={"currencies": ["DKK", "EUR"]})
    assert cleaned(item, raw) == MoneyValue(Decimal(amount), currency)


def test_an_address_is_read_as_people_write_it() -> None:
    item = field("address")
    raw = KINDS["address"].from_text(item, "Havnegade 1, st. tv., 5000 Odense C", ZONE)
    assert cleaned(item, raw) == AddressValue("Havnegade 1, st. tv.", "5000", "Odense C")
    assert refusal(item, {"postcode": "500"}) == "A Danish postcode has four digits."
    assert cleaned(item, {"postcode": "SE-211 19", "country": "se"}) == AddressValue(postcode="SE-211 19", country="SE")


def test_one_of_a_typed_list_is_the_primary() -> None:
    item = field("emails")
    both = [{"address": "a@x.dk", "primary": True}, {"address": "b@x.dk", "primary": True}, "A@X.dk"]
    assert [one.primary for one in cleaned(item, both)] == [True, False]
    last = [{"address": "a@x.dk"}, {"address": "b@x.dk", "primary": True}]
    assert [one.primary for one in cleaned(item, last)] == [False, True]
    with pytest.raises(ValueProblem):
        cleaned(item, [f"a{number}@x.dk" for number in range(11)])


@given(st.integers(20_000_000, 99_999_999))
def test_a_danish_number_is_written_as_the_library_writes_it(digits: int) -> None:
    parsed = phonenumbers.parse(f"+45{digits}")
    assert phones.written(f"+45{digits}") == phonenumbers.format_number(parsed, phonenumbers.PhoneNumberFormat.INTERNATIONAL)
