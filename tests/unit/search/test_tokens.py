"""How texts are cut into words, and what a search means: without a database."""

from __future__ import annotations

import pytest

from crm.records.search.tokens import BREAK, LONGEST_BODY, document, holds, marked, read_search


def test_a_document_holds_folded_words_with_a_break_between_texts():
    assert document(["Aabenraa Værft", "", "Café!"]) == f"åbenrå værft {BREAK} cafe"


@pytest.mark.parametrize(
    ("text", "figures"),
    [
        ("+45 33 12 34 56", ["4533123456", "33123456"]),
        ("33-12-34-56", ["33123456"]),
        ("CVR DK90000001", ["90000001"]),
        ("33123456", []),
        ("kl. 10.30 den 4. maj", []),
    ],
)
def test_grouped_figures_stand_in_one_piece_too(text: str, figures: list[str]):
    _words, _break, extra = document([text]).partition(f" {BREAK} ")
    assert extra.split() == figures


def test_an_endless_text_is_found_by_its_beginning():
    found = document(["ord " * 100_000])
    assert len(found) <= LONGEST_BODY
    assert not found.endswith(" ")


@pytest.mark.parametrize(
    ("typed", "text", "found"),
    [
        ("vind odense", "Odense: nordlig vind", True),
        ("vind aarhus", "Odense: nordlig vind", False),
        ('"nordlig vind"', "Odense: nordlig vind", True),
        ('"vind nordlig"', "Odense: nordlig vind", False),
        ("a/s", "Vind A/S", True),
        ("a/s", "Sørens Avis", False),
        ("33 12 34 56", "tlf. 33123456", True),
        ("33 12", "tlf. 33123456", False),
        ("sa", "Saabye", True),
        ("saa", "Såby", True),
        (BREAK, "alt", False),
    ],
)
def test_what_a_search_means(typed: str, text: str, found: bool):
    assert holds(read_search(typed), [document([text])]) is found


def test_no_phrase_reaches_from_one_text_into_the_next():
    assert not holds(read_search('"nordlig vind"'), [document(["nordlig", "vind"])])
    assert not holds(read_search('"nordlig vind"'), [document(["nordlig"]), document(["vind"])])


def test_whole_words_are_marked_where_they_stand():
    assert marked("Ring til Åse i Aabenraa.", read_search("aabenr åse")) == [
        ("Ring til ", False),
        ("Åse", True),
        (" i ", False),
        ("Aabenraa", True),
        (".", False),
    ]
    assert marked("intet", read_search("vind")) == [("intet", False)]
    assert read_search("  !? ").clauses == ()
    assert len(read_search("a b " * 100).clauses) == 12
