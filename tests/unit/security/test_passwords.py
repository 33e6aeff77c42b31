"""What makes a password acceptable."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from crm.kernel.errors import InvalidInput
from crm.security.passwords import LEAST, MOST, common_passwords, require_strong, weakness

GOOD = ["tyve røde cykler 7", "korrekt hest batteri hæfteklamme", "Nordlys-Havn-4711", "x9#Lq2!vTz8$", "𝔞𝔟𝔠 ø å æ 12 kat"]


def test_the_shipped_list_is_long_enough():
    assert len(common_passwords()) >= 3000


@pytest.mark.parametrize("good", GOOD)
def test_long_and_uncommon_is_enough(good):
    assert weakness(good) is None


@pytest.mark.parametrize(
    "bad",
    ["", "a", "elleve tegn", "password1234", "PASSWORD1234", "123456789012", "qwertyuiop123", "!!Velkommen2026!!", "aaaaaaaaaaaaaa",
     "hejhejhejhejhej", "administrator", "x" * (MOST + 1), "000000000000000"],
)  # fmt: skip
def test_short_common_or_repeating_is_refused(bad):
    assert weakness(bad) is not None


@pytest.mark.parametrize("bad", ["mettekjaer2026!", "Mette.Kjær.1979", "mette@example.dk", "KjærMette12345"])
def test_ones_own_name_is_no_password(bad):
    assert weakness(bad, ("Mette Kjær", "mettekjaer", "mette@example.dk")) is not None


def test_the_own_name_inside_a_longer_one_is_fine():
    assert weakness("mette cykler over broen", ("Mette Kjær", "mette", "")) is None


def test_the_reason_stands_on_the_field():
    with pytest.raises(InvalidInput) as caught:
        require_strong("kort", field="new")
    assert caught.value.fields["new"]("da") == f"Brug mindst {LEAST} tegn."


@given(st.text(max_size=300), st.lists(st.text(max_size=30), max_size=3))
def test_any_text_gets_an_answer(text, about):
    found = weakness(text, about)
    assert found is None or found("da")
