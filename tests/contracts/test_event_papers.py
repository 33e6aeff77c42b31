"""What every drawer of an event's papers promises; and the Word files, opened again: names, order, headings, badges that fit."""

from __future__ import annotations

from dataclasses import replace
from io import BytesIO
from typing import Any

import pytest
from docx import Document
from docx.oxml.ns import qn
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from crm.events.papers import EventPaper, Guest
from crm.events.ports import EventPapers
from integrations.documents.event_papers import WordPapers
from integrations.documents.plain_papers import PlainPapers

PAPER = EventPaper(
    title="Workshop om data",
    facts=("tirsdag den 20. oktober 2026", "Aalborg"),
    guests=(
        Guest("Anne Holm", "Grøn Energi Nord", "Klyngechef", "Oplægsholder"),
        Guest("Østen Ærø", "Østfyns Netværk"),
        Guest("Åse Aagaard", "Aabenraa Erhverv", "Konsulent"),
    ),
    note="3 tilmeldt pr. 01.10.2026",
    office="Klyngesekretariatet (demo)",
)


@pytest.fixture(params=[WordPapers, PlainPapers])
def papers(request: pytest.FixtureRequest) -> EventPapers:
    made: EventPapers = request.param()
    return made


def text_of(papers: EventPapers, content: bytes) -> str:
    """Give all text of a paper."""
    if papers.suffix != "docx":
        return content.decode()
    docx = Document(BytesIO(content))
    cells = [cell.text for table in docx.tables for row in table.rows for cell in row.cells]
    return "\n".join([*(one.text for one in docx.paragraphs), *cells])


def test_both_papers_name_every_guest_and_say_which_event(papers: EventPapers):
    for content in (papers.participant_list(PAPER), papers.name_badges(PAPER)):
        text = text_of(papers, content)
        assert all(one.name in text and one.organisation in text for one in PAPER.guests)
        assert "Workshop om data" in text
    assert "3 tilmeldt" in text_of(papers, papers.participant_list(PAPER))
    assert text_of(papers, papers.participant_list(PAPER)).count("☐") == 3
    assert "☐" not in text_of(papers, papers.participant_list(replace(PAPER, tick=False)))


def test_an_empty_list_says_so(papers: EventPapers):
    empty = replace(PAPER, guests=())
    assert "ingen på listen" in text_of(papers, papers.participant_list(empty))
    assert "nobody on the list" in text_of(papers, papers.name_badges(replace(empty, locale="en")))


@settings(max_examples=6, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(text=st.text(st.characters(), max_size=300))
def test_no_typed_text_breaks_a_paper(papers: EventPapers, text: str):
    paper = replace(PAPER, title=text, facts=(text,), guests=(Guest(text, text, text, text),), note=text, office=text)
    for content in (papers.participant_list(paper), papers.name_badges(paper)):
        text_of(papers, content)


def word(content: bytes) -> Any:
    return Document(BytesIO(content))


def test_the_word_list_repeats_its_headings_and_numbers_its_pages():
    docx = word(WordPapers().participant_list(replace(PAPER, guests=PAPER.guests * 40)))
    table = docx.tables[0]
    assert table.rows[0]._tr.trPr.find(qn("w:tblHeader")) is not None
    assert [cell.text for cell in table.rows[0].cells] == ["Navn", "Organisation", "Stilling", "Mødt"]
    assert [cell.text for cell in table.rows[1].cells] == ["Anne Holm (oplægsholder)", "Grøn Energi Nord", "Klyngechef", "☐"]
    assert len(table.rows) == 121
    assert "NUMPAGES" in docx.sections[0].footer._element.xml
    assert docx.styles["Normal"].element.rPr.find(qn("w:lang")).get(qn("w:val")) == "da-DK"


def test_badges_are_two_by_five_on_a_page_of_one_height_and_a_long_name_is_set_smaller():
    guests = (*PAPER.guests, Guest("Alexandra-Margrethe Christoffersen Vestergaard-Nielsen", "X"))
    docx = word(WordPapers().name_badges(replace(PAPER, guests=guests)))
    table = docx.tables[0]
    assert (len(table.rows), len(table.columns)) == (2, 2)
    assert {round(row.height.cm, 1) for row in table.rows} == {5.4}
    sizes = [cell.paragraphs[0].runs[0].font.size.pt for row in table.rows for cell in row.cells]
    assert sizes == [24, 24, 24, 13]
    section = docx.sections[0]
    assert section.page_height.cm - section.top_margin.cm - section.bottom_margin.cm > 5 * 5.4
