"""A little of everything that a pack counts, around the world of one board: held since its last meeting, and before."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date, timedelta
from typing import TYPE_CHECKING, Any

from crm.boards.packs.blocks import BLOCKS
from crm.boards.packs.document import ItemSheet, PackDocument
from crm.records.fields.date import DateValue
from tests.support.boards import SEED, World, assembled, make_world

if TYPE_CHECKING:
    from crm.records.work import UnitOfWork
    from crm.wiring import Klynge

#: The last meeting was on 1 October, the fixed clock stands on 1 December 2026.
INSIDE, BEFORE = date(2026, 11, 3), date(2026, 9, 3)


@dataclass
class Counted:
    """Ids of what was made, by what it is."""

    world: World
    item: int = 0
    clusters: list[int] = field(default_factory=list)
    participations: list[int] = field(default_factory=list)


def make_counted(klynge: Klynge) -> Counted:
    """Make it, through the store: an item that draws every block, and records inside and outside the period."""
    made = Counted(make_world(klynge))
    with klynge.works.writing(SEED, cause="seed") as uow:
        new = uow.records.create
        made.clusters = [
            new("organisation", {"title": "Midtvind", "kind": "cluster", "municipality": "0751"}),
            new("organisation", {"title": "Sydlys", "kind": "cluster", "municipality": "0461"}),
            new(
                "organisation",
                {"title": "Tværs", "kind": "cluster", "region_rule": "fractional", "regions": ["midtjylland", "syddanmark"]},
            ),
        ]
        _events(uow, made)
        _certificates(uow, made.clusters)
        _work(uow, made)
        values: dict[str, Any] = {"title": "Status", "item_type": "orientation", "meeting": made.world.meeting}
        blocks = [{"key": key, "remark": "Bemærkningen står." if key == "cases" else ""} for key in BLOCKS]
        made.item = new("agenda_item", {**values, "blocks": blocks})
    return made


def _events(uow: UnitOfWork, made: Counted) -> None:
    new, step = uow.records.create, uow.records.transition
    midtvind, sydlys, tvaers = made.clusters
    workshop = new("event", {"title": "Workshop", "kind": "workshop", "when": DateValue(INSIDE), "municipality": "0751"})
    earlier = new("event", {"title": "For tidligt", "kind": "workshop", "when": DateValue(BEFORE), "municipality": "0751"})
    meeting = {"title": "Strategimøde hos Midtvind", "kind": "strategy_meeting", "when": DateValue(INSIDE), "host": midtvind}
    strategy = new("event", {**meeting, "our_role": "facilitator"})
    summit = new("event", {"title": "Konference", "kind": "conference", "when": DateValue(INSIDE), "people_count": 300})
    for number, cluster in enumerate([midtvind] * 8 + [sydlys] * 6 + [tvaers] * 3):
        person = new("person", {"given_name": f"Prøve {number}", "family_name": "Hansen"})
        values = {"event": workshop, "person": person, "organisation": cluster, "status": "attended"}
        made.participations.append(new("participation", values))
        if number < 2:
            new("participation", {**values, "event": earlier})
        if number == 2:
            new("participation", {**values, "event": strategy, "status": "registered"})
    for event in (workshop, earlier, strategy, summit):
        step(event, "hold")


def _certificates(uow: UnitOfWork, clusters: list[int]) -> None:
    today = uow.today()
    for cluster, level, until in zip(clusters, ("gold", "bronze", "bronze"), (77, -150, 500), strict=True):
        values = {"organisation": cluster, "level": level, "assessed": DateValue(date(2025, 1, 10))}
        uow.records.create("certificate", {**values, "valid_until": DateValue(today + timedelta(days=until))})


def _work(uow: UnitOfWork, made: Counted) -> None:
    new, link = uow.records.create, uow.records.link
    midtvind, sydlys, _tvaers = made.clusters
    for day, topics, cluster in (
        (INSIDE, ["strategy", "funding"], midtvind),
        (INSIDE, ["strategy"], sydlys),
        (BEFORE, ["data"], sydlys),
    ):
        values = {"person": made.world.anne, "held": DateValue(day), "minutes": 45, "topics": topics, "channel": "phone"}
        if cluster == midtvind:
            values |= {"referred_to": sydlys, "led_to": "contact"}
        link(new("sparring", values), "organisations", cluster)
    running = new("case", {"title": "Guld igen", "kind": "certification", "organisation": midtvind, "opened": DateValue(INSIDE)})
    ended = new("case", {"title": "Fusion", "kind": "merger", "organisation": sydlys, "opened": DateValue(BEFORE)})
    uow.records.transition(running, "start")
    uow.records.transition(ended, "drop")
    abroad = {"title": "Besøg i Hamborg", "kind": "market_visit", "cluster": midtvind, "country": "DE", "company_count": 12}
    new("international_activity", {**abroad, "held": DateValue(INSIDE)})
    new("international_activity", {**abroad, "country": "SE", "held": DateValue(BEFORE)})
    new("collaboration", {"one": midtvind, "other": sydlys, "kind": "project", "status": "running", "period": DateValue(INSIDE)})


def drawn(klynge: Klynge, made: Counted) -> tuple[int, ItemSheet]:
    """Assemble the pack; gives the version's id and the item's sheet."""
    pack = assembled(klynge, made.world)
    from crm.boards.models import PackVersion

    with klynge.database.reading() as session:
        document = PackDocument.from_json(session.get_one(PackVersion, pack.version_id).document)
    sheet = document.item(made.item)
    assert sheet is not None
    return pack.version_id, sheet
