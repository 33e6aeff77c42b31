"""Text that a spreadsheet would run is marked as text, and read back as it was."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from crm.exchange.safe import defused, fused


@pytest.mark.parametrize("sign", ["=", "+", "-", "@", "\t", "\r", "＝", "＋", "－", "＠"])
@pytest.mark.parametrize("before", ["", " ", "\u00a0 ", "\u3000"])
def test_what_begins_as_a_formula_is_marked(sign: str, before: str) -> None:
    text = f"{before}{sign}cmd|' /C calc'!A0"
    assert defused(text) == f"'{text}"
    assert fused(defused(text)) == text


@pytest.mark.parametrize("text", ["", "Grøn Energi", "a=b", "'t Hooft", "5 + 5", "O'Hara", "'"])
def test_what_is_no_formula_stays_as_it_is(text: str) -> None:
    assert defused(text) == text
    assert fused(text) == text


@given(st.text(alphabet="'=+-@ \t\ra1＝", max_size=6) | st.text(max_size=30))
def test_every_text_comes_back_and_none_begins_as_a_formula(text: str) -> None:
    held = defused(text)
    assert fused(held) == text
    assert held.lstrip()[:1] not in set("=+-@＝＋－＠")
    assert held[:1] not in {"\t", "\r", "\n"}
