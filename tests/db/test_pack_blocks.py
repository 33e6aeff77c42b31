"""The blocks of a pack, each with a worked case, on both databases: what lies in the period, and nothing else."""

from __future__ import annotations

from datetime import timedelta

import pytest
from sqlalchemy import select

from crm.boards.models import PackBuild
from crm.boards.packs.blocks import BLOCKS, undrawn
from crm.boards.packs.document import Grid, ItemSheet, Paragraph, Section
from crm.kernel.clock import FixedClock
from crm.wiring import Klynge
from tests.support.boards import SEED
from tests.support.pack_blocks import drawn, make_counted


@pytest.fixture
def sheet(klynge: Klynge) -> ItemSheet:
    return drawn(klynge, make_counted(klynge))[1]


def table(section: Section, place: int = 0) -> list[tuple[str, ...]]:
    return list([part for part in section.parts if isinstance(part, Grid)][place].rows)


def said(section: Section) -> str:
    return " ".join(part.text for part in section.parts if isinstance(part, Paragraph))


def test_every_block_is_drawn_in_the_order_chosen_under_its_name(sheet: ItemSheet) -> None:
    assert undrawn() == []
    assert [section.heading for section in sheet.sections] == [block.label("da") for block in BLOCKS.values()]
    found = dict(zip(BLOCKS, sheet.sections, strict=True))
    note = [part.note for section in sheet.sections for part in section.parts if isinstance(part, Grid)]
    assert all(line.endswith("Tal pr. 01.12.2026 kl.\u00a009.00") for line in note)
    assert said(found["cases"]).endswith("Sekretariatets bemærkning: Bemærkningen står.")

    assert said(found["activities"]).startswith(
        "I perioden 02.10.2026–01.12.2026 er der afholdt 3 arrangementer med 17 deltagere fra 3 klyngesekretariater. "
        "Hertil kommer 300 personer ved 1 arrangement,"
    )
    assert table(found["activities"]) == [
        ("Workshop", "1", "17", "3"),
        ("Konference", "1", "–", "–"),
        ("Klynges strategimøde", "1", "–", "–"),
        ("I alt", "3", "17", "3"),
    ]
    rows = {row[0]: row[1:] for row in table(found["activities_by_region"])}
    assert rows["Region Midtjylland"] == ("1", "9,5", "2")
    assert rows["Region Syddanmark"] == ("–", "7,5", "2")
    assert rows["I alt"] == ("3", "17", "3")
    (grid,) = [part for part in found["activities_by_region"].parts if isinstance(part, Grid)]
    assert "deles" in grid.note or "ligeligt" in grid.note
    assert "Opgjort efter regionerne" not in grid.note

    assert table(found["certificates"]) == [
        ("Guld", "1", "1", "–"),
        ("Sølv", "–", "–", "–"),
        ("Bronze", "1", "–", "1"),
        ("I alt", "2", "1", "1"),
    ]
    assert [row[:3] for row in table(found["certificates"], 1)] == [
        ("Sydlys", "Bronze", "04.07.2026"),
        ("Midtvind", "Guld", "16.02.2027"),
    ]
    assert table(found["sparring"]) == [
        ("Strategi", "2", "2", "1,5"),
        ("Finansiering og ansøgninger", "1", "1", "0,8"),
        ("I alt", "2", "2", "1,5"),
    ]
    assert table(found["cases"]) == [
        ("Certificering", "1", "–", "–", "1"),
        ("Fusion", "–", "–", "1", "–"),
        ("I alt", "1", "–", "1", "1"),
    ]
    assert table(found["appearances"]) == [("Facilitator", "1")]
    assert table(found["appearances"], 1) == [("03.11.2026", "Strategimøde hos Midtvind", "Midtvind", "Facilitator")]
    assert said(found["bridges"]) == (
        "I perioden 02.10.2026–01.12.2026 er der henvist 1 gang, begyndt 1 samarbejde og deltaget i 1 strategimøde."
    )
    assert ("Kontakt", "1") in table(found["bridges"])
    assert table(found["international"]) == [("Tyskland", "1", "1", "–", "12"), ("I alt", "1", "1", "–", "12")]


def test_small_numbers_are_hidden_and_clusters_are_not_named_to_the_clusters_themselves(sqlite_klynge: Klynge) -> None:
    made = make_counted(sqlite_klynge)
    with sqlite_klynge.works.writing(SEED) as uow:
        uow.records.update(made.world.board, {"names_clusters": False})
        for one in made.participations[:4]:  # of Midtvind: four are left there
            uow.records.update(one, {"status": "absent"})
    found = dict(zip(BLOCKS, drawn(sqlite_klynge, made)[1].sections, strict=True))
    rows = {row[0]: row[2] for row in table(found["activities_by_region"])}
    assert (rows["Region Midtjylland"], rows["Region Syddanmark"], rows["I alt"]) == ("5,5", "7,5", "13")
    with sqlite_klynge.works.writing(SEED) as uow:
        for one in made.participations[4:]:
            uow.records.update(one, {"status": "absent"})
        for one in made.participations[:4]:
            uow.records.update(one, {"status": "attended"})
    found = dict(zip(BLOCKS, drawn(sqlite_klynge, made)[1].sections, strict=True))
    (grid,) = [part for part in found["activities_by_region"].parts if isinstance(part, Grid)]
    assert {row[0]: row[2] for row in grid.rows}["Region Midtjylland"] == "•"
    assert "• står i stedet for tal under 5" in grid.note
    assert "med færre end 5 deltagere" in said(found["activities"])
    for name in ("certificates", "appearances"):
        text = str(found[name])
        assert not any(cluster in text for cluster in ("Midtvind", "Sydlys", "Tværs")), name


def test_a_rebuild_says_which_figures_have_changed_and_the_remarks_stay(sqlite_klynge: Klynge, clock: FixedClock) -> None:
    made = make_counted(sqlite_klynge)
    drawn(sqlite_klynge, made)
    assert changes(sqlite_klynge) is None
    clock.moment += timedelta(hours=2)
    drawn(sqlite_klynge, made)
    assert changes(sqlite_klynge) == []
    with sqlite_klynge.works.writing(SEED) as uow:
        values = {"organisation": made.clusters[1], "level": "gold", "assessed": "2026-11-20"}
        uow.records.create("certificate", values)
    _version, sheet = drawn(sqlite_klynge, made)
    (line,) = changes(sqlite_klynge) or [""]
    assert line.startswith(f"punkt {sheet.number} er ændret: Certifikater, Guld, Gældende: 1 → 2; ")
    assert "Certifikater, I alt, Gældende: 2 → 3" in line
    cases = next(section for section in sheet.sections if section.heading == "Sager")
    assert said(cases).endswith("Sekretariatets bemærkning: Bemærkningen står.")


def changes(klynge: Klynge) -> list[str] | None:
    """Give what the latest build says that it changed."""
    with klynge.database.reading() as session:
        return session.scalars(select(PackBuild).order_by(PackBuild.id.desc()).limit(1)).one().changes
