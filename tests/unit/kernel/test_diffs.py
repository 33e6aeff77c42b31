"""Differences of texts: whatever they are, the pieces put together again give both."""

from __future__ import annotations

from time import perf_counter

from hypothesis import given
from hypothesis import strategies as st

from crm.kernel.diffs import MOST_WORDS, text_diff

TEXT = st.text(st.sampled_from("ab æø.\n,"), max_size=60) | st.text(max_size=30)


@given(first=TEXT, second=TEXT)
def test_the_pieces_give_both_texts_again(first: str, second: str):
    pieces = text_diff(first, second)
    assert "".join(piece.text for piece in pieces if piece.kind != "new") == first
    assert "".join(piece.text for piece in pieces if piece.kind != "gone") == second
    assert all(piece.text for piece in pieces)


def test_only_the_words_that_differ_are_named():
    pieces = text_diff("Ring på mandag kl. 10", "Ring på tirsdag kl. 10")
    assert [(piece.kind, piece.text) for piece in pieces if piece.kind != "same"] == [("gone", "mandag"), ("new", "tirsdag")]


def test_long_texts_do_not_take_long():
    first = "\n".join(f"linje {n} med ord" for n in range(MOST_WORDS))
    second = first.replace("linje 500 ", "linje fem hundrede ")
    begun = perf_counter()
    assert len(text_diff(first, second)) == 4
    assert len(text_diff("x " * 40_000, "y " * 40_000)) == 2
    assert perf_counter() - begun < 2
