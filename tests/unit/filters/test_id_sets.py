"""A set of records as a word: it comes back as it was, it is short, and a made-up one is refused."""

from __future__ import annotations

import base64
import zlib
from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from crm.filters import All, Condition
from crm.filters.id_sets import MOST, SIGN, is_packed, pack, unpack
from crm.filters.resolve import Context, resolve
from crm.kernel.errors import InvalidInput


@given(ids=st.sets(st.integers(1, 2**53), max_size=60))
def test_ids_come_back_in_order(ids: set[int]) -> None:
    word = pack(ids)
    assert is_packed(word)
    assert unpack(word) == tuple(sorted(ids))


def test_two_thousand_ids_fit_an_address() -> None:
    assert len(pack(range(40_000, 42_000))) < 100
    assert len(pack(number * 137 + number * number % 97 for number in range(1, 2001))) < 5000


@pytest.mark.parametrize(
    "word",
    [
        SIGN + "x",
        SIGN + "æ",
        SIGN + "AAAA",
        SIGN + base64.urlsafe_b64encode(zlib.compress(b"\1" * (MOST + 1))).decode(),
        SIGN + base64.urlsafe_b64encode(zlib.compress(b"\1" * 10_000_000)).decode(),
    ],
)
def test_a_made_up_word_is_none(word: str) -> None:
    assert unpack(word) is None


def test_a_filter_holds_the_ids_in_the_words_place() -> None:
    context = Context(None, date(2026, 12, 1))
    kinds = {"id": "relation", "title": "text"}.__getitem__
    tree = All((Condition("id", "in", (pack([7, 3]), 9)), Condition("title", "is", pack([7]))))
    assert resolve(tree, kinds, context) == All((Condition("id", "in", (3, 7, 9)), Condition("title", "is", pack([7]))))
    with pytest.raises(InvalidInput):
        resolve(Condition("id", "in", (SIGN + "x",)), kinds, context)
