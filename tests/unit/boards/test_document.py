"""The pack as plain data: built from values, stored as JSON, read back the same."""

from __future__ import annotations

import json
from dataclasses import replace
from datetime import UTC, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from crm.boards.packs.build import AnnexSource, FollowUpSource, ItemSource, PackSource, build_document, follow_up_parts
from crm.boards.packs.changes import news
from crm.boards.packs.document import Grid, PackDocument
from crm.boards.packs.html import render_html

SOURCE = PackSource(
    meeting_id=17,
    meeting_title="Styregruppemøde 1/2027",
    board_title="Styregruppen",
    office="Klyngesekretariatet (demo)",
    starts_at=datetime(2027, 4, 27, 8, tzinfo=UTC),
    ends_at=datetime(2027, 4, 27, 12, tzinfo=UTC),
    place="Styrelsen, København",
    contact="Mette Kjær",
    items=(
        ItemSource(1, "Godkendelse af dagsorden", "decision", 5, "formanden", standing=True),
        ItemSource(
            2,
            "Aktivitetsplan",
            "decision",
            40,
            recommendation="at planen godkendes",
            background="Baggrunden.",
            presentation="Sagen.",
            annexes=(AnnexSource(51, "Plan.pdf", 1000), AnnexSource(52, "Budget.xlsx", 2000)),
        ),
        ItemSource(3, "Status", "orientation", 20, presentation="Der er holdt 14 arrangementer.", note="Tallene er foreløbige."),
        ItemSource(4, "Kortlægning", "discussion", 45, recommendation="Hvor er mest at vinde?", closed=True),
    ),
    version=1,
    built_at=datetime(2027, 4, 12, 7, 14, tzinfo=UTC),
    zone="Europe/Copenhagen",
)


def test_the_front_page_tells_when_where_and_which_version() -> None:
    lines = dict(build_document(SOURCE).front.lines)
    assert lines["Tid"] == "tirsdag den 27. april 2027 kl.\u00a010.00–14.00"
    assert lines["Sted"] == "Styrelsen, København"
    assert lines["Version"] == "1 · samlet 12.04.2027 kl.\u00a009.14"


def test_the_headings_follow_the_type_and_the_recommendation_comes_first() -> None:
    headings = {item.title: [section.heading for section in item.sections] for item in build_document(SOURCE).items}
    assert headings["Aktivitetsplan"] == ["Indstilling", "Baggrund", "Sagsfremstilling"]
    assert headings["Status"] == ["Orientering", "Sekretariatets bemærkning"]
    assert headings["Kortlægning"] == ["Oplæg til drøftelse"]
    assert headings["Godkendelse af dagsorden"] == []


def test_the_agenda_lists_every_item_with_type_and_minutes() -> None:
    agenda = build_document(SOURCE).agenda
    assert agenda.rows[1] == ("2", "Aktivitetsplan", "Beslutning", "40", "–")
    assert agenda.rows[3][1] == "Kortlægning (lukket punkt)"
    assert agenda.note == "I alt 1 t 50 min"


def test_annexes_are_numbered_through_the_pack_and_keep_their_numbers() -> None:
    first = build_document(SOURCE)
    assert [(annex.number, annex.title, annex.item_number) for annex in first.annexes] == [(1, "Plan", 2), (2, "Budget", 2)]
    moved = replace(
        SOURCE,
        items=(
            SOURCE.items[2],
            replace(SOURCE.items[1], annexes=(AnnexSource(53, "Ny.pdf", 1), AnnexSource(52, "Budget.xlsx", 2))),
        ),
    )
    later = build_document(replace(moved, kept_annexes={51: 1, 52: 2}))
    assert {annex.file_id: annex.number for annex in later.annexes} == {53: 3, 52: 2}


def test_numbers_run_on_over_the_year_when_the_board_says_so() -> None:
    document = build_document(replace(SOURCE, numbering="year", earlier_items=12))
    assert [item.number for item in document.items] == [13, 14, 15, 16]


def test_it_reads_back_from_json_as_it_was() -> None:
    document = build_document(SOURCE)
    stored = json.loads(json.dumps(document.to_json()))
    assert PackDocument.from_json(stored) == document
    assert PackDocument.from_json(stored).digest() == document.digest()


text = st.text(max_size=60)


@given(
    st.lists(
        st.tuples(text, st.sampled_from(["decision", "discussion", "orientation"]), text, st.none() | st.integers(0, 500)),
        max_size=5,
    )
)
def test_any_agenda_survives_storage_and_is_escaped_in_html(items: list[tuple[str, str, str, int | None]]) -> None:
    sources = tuple(
        ItemSource(number, title, kind, minutes, presentation=body) for number, (title, kind, body, minutes) in enumerate(items, 1)
    )
    document = build_document(replace(SOURCE, items=sources))
    assert PackDocument.from_json(json.loads(json.dumps(document.to_json()))) == document
    render_html(document)


def test_a_document_of_a_newer_release_is_not_guessed_at() -> None:
    with pytest.raises(ValueError, match="schema 99"):
        PackDocument.from_json({**build_document(SOURCE).to_json(), "schema": 99})


def test_any_change_of_text_changes_the_digest() -> None:
    other = replace(SOURCE, items=(replace(SOURCE.items[0], minutes=6), *SOURCE.items[1:]))
    assert build_document(other).digest() != build_document(SOURCE).digest()


def test_a_later_version_says_exactly_what_is_new() -> None:
    before = build_document(SOURCE)
    items = (
        SOURCE.items[0],
        replace(SOURCE.items[1], annexes=(*SOURCE.items[1].annexes, AnnexSource(60, "Tillæg.pdf", 5))),
        replace(SOURCE.items[2], presentation="Der er holdt 15 arrangementer."),
        ItemSource(9, "Eventuelt", "orientation", standing=True),
    )
    after = build_document(replace(SOURCE, version=2, items=items, kept_annexes={51: 1, 52: 2}))
    assert news(before, after) == (
        "Bilag 3 til punkt 2: Tillæg",
        "punkt 3 er ændret",
        "nyt punkt 4: Eventuelt",
        "punktet ”Kortlægning” er taget af dagsordenen",
    )
    assert news(None, after) == ()
    assert news(before, before) == ()


def test_the_follow_up_block_says_when_its_figures_were_drawn() -> None:
    rows = (
        FollowUpSource(
            "Notat om Østfyn", "Styregruppemøde 1/2026", "Anne Holm", "01.11.2026", done=True, overdue=False, done_on="20.10.2026"
        ),
        FollowUpSource("Kontakt Aabenraa", "Styregruppemøde 1/2026", "", "01.02.2027", done=False, overdue=True),
    )
    sentence, table = follow_up_parts(rows, "12.04.2027 kl. 09.14", "da")
    assert sentence.text == "1 af 2 opfølgningspunkter er udført."
    assert isinstance(table, Grid)
    assert table.note == "Tal pr. 12.04.2027 kl. 09.14"
    assert [row[-1] for row in table.rows] == ["Udført 20.10.2026", "Overskredet"]


def test_the_html_face_has_one_h1_and_a_heading_for_each_item() -> None:
    html = render_html(build_document(replace(SOURCE, items=(replace(SOURCE.items[1], title="<script>alert(1)</script>"),))))
    assert html.count("<h1>") == 1
    assert "<h2>1. &lt;script&gt;alert(1)&lt;/script&gt;</h2>" in html
    assert "<script>" not in html
    assert html.index("Indstilling") < html.index("Baggrund")
