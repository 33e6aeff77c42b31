"""From typed text to parts of a pack."""

from __future__ import annotations

from crm.boards.packs import words
from crm.boards.packs.document import Paragraph, Points
from crm.boards.packs.text import read_recommendation, read_text


def test_an_empty_line_parts_paragraphs_and_a_single_one_does_not() -> None:
    assert read_text("Første\nlinje.\n\nAnden.") == (Paragraph("Første linje."), Paragraph("Anden."))


def test_dashes_and_numbers_make_lists() -> None:
    assert read_text("Tre spor:\n- Sparring\n- Certificering\n1. først\n2. så") == (
        Paragraph("Tre spor:"),
        Points(("Sparring", "Certificering")),
        Points(("først", "så"), numbered=True),
    )


def test_nothing_gives_nothing() -> None:
    assert read_text(None) == read_text("  \n \n") == ()


def test_one_recommendation_becomes_a_sentence() -> None:
    assert read_recommendation("at planen godkendes", "da") == (Paragraph("Sekretariatet indstiller, at planen godkendes"),)


def test_several_recommendations_become_a_numbered_list() -> None:
    expected = (Paragraph("Sekretariatet indstiller,"), Points(("at planen godkendes", "at den sendes"), numbered=True))
    for typed in (
        "at planen godkendes\nat den sendes",
        "- at planen godkendes\n- At den sendes",
        "1. at planen godkendes\n2. at den sendes",
    ):
        assert read_recommendation(typed, "da") == expected


def test_a_recommendation_in_the_writers_own_form_stands_as_typed() -> None:
    assert read_recommendation("Det indstilles, at planen godkendes.", "da") == (Paragraph("Det indstilles, at planen godkendes."),)


def test_for_a_discussion_the_secretariat_suggests() -> None:
    assert read_recommendation("at landene drøftes", "da", words.SUGGESTS) == (
        Paragraph("Sekretariatet foreslår, at landene drøftes"),
    )
    assert read_recommendation("Hvor er mest at vinde?", "da", words.SUGGESTS) == (Paragraph("Hvor er mest at vinde?"),)
