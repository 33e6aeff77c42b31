"""What every pack renderer promises, and what a Word file must hold: styles, contents, page numbers, Danish, no repair."""

from __future__ import annotations

import re
import subprocess
from dataclasses import replace
from datetime import UTC, datetime
from io import BytesIO
from pathlib import Path
from zipfile import ZipFile

import pytest
from docx import Document
from docx.oxml.ns import qn
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from crm.boards.packs.build import AnnexSource, BlockSource, FollowUpSource, ItemSource, PackSource, build_document, follow_up_parts
from crm.boards.packs.document import PackDocument
from crm.boards.ports import PackRenderer
from integrations.documents.plain import PlainRenderer
from integrations.documents.word import WordRenderer

FOLLOW_UPS = (
    FollowUpSource("Notat om Østfyns deltagelse", "Styregruppemøde 2/2026", "Anne Holm", "15.01.2027", done=True, overdue=False),
    FollowUpSource("Kontakt Aabenraa om værtskab", "Styregruppemøde 2/2026", "Jens Bak", "01.02.2027", done=False, overdue=True),
)
BLOCK = follow_up_parts(FOLLOW_UPS, "12.04.2027 kl. 09.14", "da")
SOURCE = PackSource(
    meeting_id=17,
    meeting_title="Styregruppemøde 1/2027",
    board_title="Styregruppen",
    office="Klyngesekretariatet (demo)",
    starts_at=datetime(2027, 4, 27, 8, tzinfo=UTC),
    ends_at=datetime(2027, 4, 27, 12, tzinfo=UTC),
    place="Styrelsen, København",
    contact="Mette Kjær",
    members=("Anne Holm (formand), Grøn Energi Nord", "Jens Bak, Aabenraa Erhverv"),
    items=(
        ItemSource(1, "Godkendelse af dagsorden", "decision", 5, "formanden", standing=True),
        ItemSource(2, "Opfølgning siden sidst", "orientation", 15, blocks=(BlockSource("Opfølgningspunkter siden sidst", BLOCK),)),
        ItemSource(
            3,
            "Aktivitetsplan 2. halvår 2027",
            "decision",
            40,
            recommendation="at planen godkendes\nat sekretariatet kan flytte datoer",
            background="Planen følger af strategien.",
            presentation="Tre spor:\n\n- Sparring\n- Arrangementer\n- Certificering\n\n" + "Sagen er beskrevet grundigt. " * 150,
            annexes=(AnnexSource(51, "Aktivitetsplan.pdf", 1000),),
        ),
        ItemSource(
            4, "Budget", "decision", 30, recommendation="1. at budgettet godkendes\n2. at det sendes", finances="1.234.567,50 kr."
        ),
        ItemSource(5, "Kortlægning", "discussion", 45, recommendation="Hvor er der mest at vinde?", closed=True),
    ),
    version=1,
    built_at=datetime(2027, 4, 12, 7, 14, tzinfo=UTC),
    zone="Europe/Copenhagen",
)
PACK = build_document(SOURCE)


@pytest.fixture(params=[WordRenderer, PlainRenderer])
def renderer(request: pytest.FixtureRequest) -> PackRenderer:
    made: PackRenderer = request.param()
    return made


def test_it_names_its_kind_and_gives_bytes(renderer: PackRenderer) -> None:
    assert renderer.suffix.isalnum()
    assert "/" in renderer.media_type
    assert len(renderer.render(PACK)) > 100


def test_an_empty_pack_can_be_drawn(renderer: PackRenderer) -> None:
    assert renderer.render(build_document(replace(SOURCE, items=(), members=())))


@settings(max_examples=25, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(title=st.text(st.characters(), min_size=1, max_size=80), body=st.text(st.characters(), max_size=300))
def test_no_typed_text_breaks_the_file(renderer: PackRenderer, title: str, body: str) -> None:
    item = ItemSource(1, title, "discussion", recommendation=body, presenter=title, note=body)
    content = renderer.render(build_document(replace(SOURCE, items=(item,), meeting_title=title, members=(body,))))
    if renderer.suffix == "docx":
        Document(BytesIO(content))


# --- Word ------------------------------------------------------------------------------------------------------------------


@pytest.fixture(scope="module")
def content() -> bytes:
    return WordRenderer().render(PACK)


def outline(content: bytes) -> list[str]:
    """Headings, lists and tables in order, with the names of their styles."""
    document = Document(BytesIO(content))
    lines = []
    for element in document.element.body:
        if element.tag == qn("w:p"):
            paragraph = next(one for one in document.paragraphs if one._p is element)
            if paragraph.text and not paragraph.style.name.startswith(("TOC 1", "toc 1")):
                lines.append(f"{paragraph.style.name}: {paragraph.text[:60]}")
        elif element.tag == qn("w:tbl"):
            table = next(one for one in document.tables if one._tbl is element)
            lines.append(f"{table.style.name}: " + " | ".join(cell.text for cell in table.rows[0].cells))
    return lines


def test_the_outline_is_the_golden_one(content: bytes) -> None:
    assert outline(content) == [
        "Pack Office: Klyngesekretariatet (demo)",
        "Title: Styregruppemøde 1/2027",
        "Subtitle: Dagsorden og bilag",
        "Pack Facts: Udvalg | Styregruppen",
        "Pack Heading: Medlemmer",
        "List Bullet: Anne Holm (formand), Grøn Energi Nord",
        "List Bullet: Jens Bak, Aabenraa Erhverv",
        "TOC Heading: Indhold",
        "Heading 1: Dagsorden",
        "Pack Table: Punkt | Emne | Type | Minutter | Oplæg",
        "Pack Note: I alt 2 t 15 min",
        "Heading 1: 1. Godkendelse af dagsorden",
        "Pack Facts Line: Beslutning · 5 min · Oplæg: formanden",
        "Heading 1: 2. Opfølgning siden sidst",
        "Pack Facts Line: Orientering · 15 min",
        "Heading 2: Opfølgningspunkter siden sidst",
        "Body Text: 1 af 2 opfølgningspunkter er udført.",
        "Pack Table: Opfølgningspunkt | Fra møde | Ansvarlig | Frist | Status",
        "Pack Note: Tal pr. 12.04.2027 kl. 09.14",
        "Heading 1: 3. Aktivitetsplan 2. halvår 2027",
        "Pack Facts Line: Beslutning · 40 min",
        "Heading 2: Indstilling",
        "Body Text: Sekretariatet indstiller,",
        "List Number: at planen godkendes",
        "List Number: at sekretariatet kan flytte datoer",
        "Heading 2: Baggrund",
        "Body Text: Planen følger af strategien.",
        "Heading 2: Sagsfremstilling",
        "Body Text: Tre spor:",
        "List Bullet: Sparring",
        "List Bullet: Arrangementer",
        "List Bullet: Certificering",
        "Body Text: Sagen er beskrevet grundigt. Sagen er beskrevet grundigt. Sa",
        "Heading 2: Bilag",
        "List Bullet: Bilag 1 til punkt 3: Aktivitetsplan",
        "Heading 1: 4. Budget",
        "Pack Facts Line: Beslutning · 30 min",
        "Heading 2: Indstilling",
        "Body Text: Sekretariatet indstiller,",
        "List Number: at budgettet godkendes",
        "List Number: at det sendes",
        "Heading 2: Økonomi",
        "Body Text: 1.234.567,50 kr.",
        "Heading 1: 5. Kortlægning",
        "Pack Facts Line: Drøftelse · Lukket punkt · 45 min",
        "Heading 2: Oplæg til drøftelse",
        "Body Text: Hvor er der mest at vinde?",
        "Heading 1: Bilagsliste",
        "List Bullet: Bilag 1 til punkt 3: Aktivitetsplan",
    ]


def test_the_contents_are_a_field_that_already_shows_its_entries(content: bytes) -> None:
    xml = part(content, "word/document.xml")
    assert 'TOC \\o "1-1"' in xml
    entries = [one.text for one in Document(BytesIO(content)).paragraphs if one.style.name.lower() == "toc 1"]
    assert len(entries) == 7
    assert xml.count("PAGEREF _Toc_") == 7
    for name in re.findall(r"PAGEREF (\S+)", xml):
        assert f'w:name="{name}"' in xml


def test_the_footer_counts_pages(content: bytes) -> None:
    footers = [part(content, name) for name in ZipFile(BytesIO(content)).namelist() if name.startswith("word/footer")]
    assert len(footers) == 2
    for xml in footers:
        assert "> PAGE <" in xml
        assert "> NUMPAGES <" in xml
        assert "Side " in xml


def test_the_proofing_language_is_danish_everywhere(content: bytes) -> None:
    styles = part(content, "word/styles.xml")
    assert set(re.findall(r'<w:lang [^>]*w:val="([^"]+)"', styles)) == {"da-DK"}
    document = Document(BytesIO(content))
    for name in ("Normal", "Title", "Heading 1", "Heading 2", "Body Text", "List Bullet", "List Number", "Table Text"):
        assert document.styles[name].element.rPr.find(qn("w:lang")).get(qn("w:val")) == "da-DK"
    assert document.core_properties.language == "da-DK"


def test_an_english_pack_is_proofed_in_english() -> None:
    content = WordRenderer().render(build_document(replace(SOURCE, locale="en")))
    assert set(re.findall(r'<w:lang [^>]*w:val="([^"]+)"', part(content, "word/styles.xml"))) == {"en-GB"}
    assert "Heading 2: Recommendation" in outline(content)


def test_the_file_says_what_it_is_and_whose(content: bytes) -> None:
    core = Document(BytesIO(content)).core_properties
    assert core.title == "Styregruppemøde 1/2027 – Dagsorden og bilag"
    assert core.author == "Klyngesekretariatet (demo)"
    assert core.subject == "Styregruppen"
    assert core.created == datetime(2027, 4, 12, 7, 14, tzinfo=UTC)


def test_the_page_is_a4_and_tables_repeat_their_heading(content: bytes) -> None:
    document = Document(BytesIO(content))
    section = document.sections[0]
    assert (round(section.page_width.cm, 1), round(section.page_height.cm, 1)) == (21.0, 29.7)
    for table in document.tables[1:]:
        assert table.rows[0]._tr.trPr.find(qn("w:tblHeader")) is not None
        assert table.rows[1]._tr.trPr.find(qn("w:cantSplit")) is not None
    assert document.styles["Heading 1"].paragraph_format.keep_with_next
    assert document.styles["Table Heading"].paragraph_format.keep_with_next


def test_every_list_of_recommendations_begins_at_one(content: bytes) -> None:
    document = Document(BytesIO(content))
    used = [one._p.pPr.numPr.numId.val for one in document.paragraphs if one.style.name == "List Number"]
    assert used[0] == used[1] != used[2] == used[3]


def test_every_paragraph_has_a_style_of_its_own_and_no_look_by_hand(content: bytes) -> None:
    for paragraph in Document(BytesIO(content)).paragraphs:
        assert paragraph.style.name != "Normal"
        for run in paragraph.runs:
            assert run.font.size is None
            assert run.font.bold is None


def test_the_same_pack_gives_the_same_content(content: bytes) -> None:
    again = WordRenderer().render(PACK)
    assert part(again, "word/document.xml") == part(content, "word/document.xml")
    assert part(again, "docProps/core.xml") == part(content, "docProps/core.xml")


def part(content: bytes, name: str) -> str:
    return ZipFile(BytesIO(content)).read(name).decode()


@pytest.fixture(scope="module")
def pages(content: bytes, tmp_path_factory: pytest.TempPathFactory) -> list[str]:
    """The pages' text as LibreOffice lays the file out; it refuses or repairs nothing."""
    folder = tmp_path_factory.mktemp("word")
    return pdf_pages(content, folder)


def pdf_pages(content: bytes, folder: Path) -> list[str]:
    (folder / "pack.docx").write_bytes(content)
    command = [
        "soffice",
        "--headless",
        f"-env:UserInstallation=file://{folder}/profile",
        "--convert-to",
        "pdf",
        "--outdir",
        str(folder),
    ]
    done = subprocess.run([*command, str(folder / "pack.docx")], capture_output=True, text=True, timeout=180, check=True)
    assert (folder / "pack.pdf").exists(), done.stderr
    text = subprocess.run(
        ["pdftotext", "-layout", str(folder / "pack.pdf"), "-"], capture_output=True, text=True, timeout=60, check=True
    )
    return text.stdout.split("\f")[:-1]


def test_libreoffice_opens_it_and_counts_its_pages(pages: list[str]) -> None:
    assert len(pages) == 9
    for number, text in enumerate(pages, 1):
        assert f"Side {number} af {len(pages)}" in text


def test_each_item_begins_a_page_and_the_contents_name_it(pages: list[str]) -> None:
    contents = dict(re.findall(r"^(\S.*?)[\s.]*?\.{3,}\s*(\d+)$", pages[1], re.MULTILINE))
    assert len(contents) == 7
    for heading, number in contents.items():
        assert heading.strip() in pages[int(number) - 1]


def test_the_guessed_page_numbers_are_those_of_the_layout(content: bytes, pages: list[str]) -> None:
    shown = [
        re.sub(r"^.*\D(\d+)$", r"\1", one.text)
        for one in Document(BytesIO(content)).paragraphs
        if one.style.name.lower() == "toc 1"
    ]
    laid_out = re.findall(r"\.{3,}\s*(\d+)$", pages[1], re.MULTILINE)
    assert shown == laid_out == ["2", "3", "4", "5", "7", "8", "9"]


def test_danish_letters_and_the_conclusion_survive(pages: list[str]) -> None:
    text = "\n".join(pages)
    assert "Kontakt Aabenraa" in text
    assert "Østfyns" in text
    item = next(page for page in pages[2:] if "3. Aktivitetsplan" in page)
    assert item.index("Indstilling") < item.index("Baggrund") < item.index("Sagsfremstilling")


def test_hostile_text_is_shown_as_typed(tmp_path: Path) -> None:
    hostile = "<w:p>&amp;]]> {{7*7}} \x00\x0b\ufffe\u202e ÆØÅ"
    pack: PackDocument = build_document(replace(SOURCE, items=(ItemSource(1, hostile, "discussion", recommendation=hostile),)))
    text = "\n".join(pdf_pages(WordRenderer().render(pack), tmp_path))
    assert "<w:p>&amp;]]> {{7*7}}" in text
    assert "ÆØÅ" in text
