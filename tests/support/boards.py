"""A small world around one board: people with seats, the last meeting with follow-ups, the next one half prepared."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import UTC, date, datetime
from typing import TYPE_CHECKING, Any

from crm.boards.office import Office
from crm.boards.services import AssembledPack, assemble_pack
from crm.records.fields.date import DateValue
from crm.security.actors import Actor, system_actor
from integrations.documents.word import WordRenderer

if TYPE_CHECKING:
    from crm.wiring import Klynge

SEED = system_actor("seed")
#: Tuesday 27 April 2027, 10.00–14.00 in Copenhagen.
MEETING_TIME = DateValue(datetime(2027, 4, 27, 8, tzinfo=UTC), datetime(2027, 4, 27, 12, tzinfo=UTC), all_day=False)
LAST_TIME = DateValue(datetime(2026, 10, 1, 8, tzinfo=UTC), datetime(2026, 10, 1, 12, tzinfo=UTC), all_day=False)


@dataclass
class World:
    """Ids of what was made."""

    board: int
    other_board: int
    anne: int
    jens: int
    last: int
    meeting: int
    items: list[int] = field(default_factory=list)
    follow_ups: list[int] = field(default_factory=list)
    office: Office | None = None


def make_world(klynge: Klynge) -> World:
    """Make it, through the store."""
    with klynge.works.writing(SEED, cause="seed") as uow:
        make = uow.records.create
        cluster = make("organisation", {"title": "Grøn Energi Nord"})
        board = make("board", {"title": "Styregruppen", "meeting_name": "Styregruppemøde", "place": "Styrelsen, København"})
        other = make("board", {"title": "Rådgivende udvalg", "kind": "advisory"})
        anne = make("person", {"given_name": "Anne", "family_name": "Holm", "email": "anne.holm@example.dk"})
        jens = make("person", {"given_name": "Jens", "family_name": "Bak", "email": "jens.bak@example.dk"})
        since = {"period": DateValue(date(2026, 1, 1))}
        make("mandate", {"board": board, "person": anne, "role": "chair", "organisation": cluster, **since})
        make("mandate", {"board": other, "person": jens, **since})
        last = make("meeting", {"board": board, "when": LAST_TIME})
        world = World(board, other, anne, jens, last, make("meeting", {"board": board, "when": MEETING_TIME}))
        world.items = [make("agenda_item", {"meeting": world.meeting, **values}) for values in ITEMS]
        first = make("follow_up", {"title": "Notat om Østfyn", "meeting": last, "responsible": anne, "due": date(2026, 11, 1)})
        second = make("follow_up", {"title": "Kontakt Aabenraa", "meeting": last, "responsible": jens, "due": date(2027, 2, 1)})
        world.follow_ups = [first, second]
    world.office = Office.of(klynge.settings)
    return world


ITEMS: tuple[dict[str, Any], ...] = (
    {"title": "Godkendelse af dagsorden", "item_type": "decision", "minutes": 5, "presenter": "formanden", "standing": True},
    {"title": "Opfølgning siden sidst", "item_type": "orientation", "minutes": 15, "blocks": ["follow_ups"]},
    {
        "title": "Aktivitetsplan 2. halvår 2027",
        "item_type": "decision",
        "minutes": 40,
        "recommendation": "at styregruppen godkender planen",
        "background": "Planen følger af strategien.",
        "presentation": "Planen har tre spor:\n\n- Sparring\n- Arrangementer\n- Certificering",
    },
    {
        "title": "Kortlægning af samarbejde",
        "item_type": "discussion",
        "minutes": 45,
        "recommendation": "Hvor er der mest at vinde?",
    },
)


def assembled(klynge: Klynge, world: World) -> AssembledPack:
    """Assemble the next meeting's pack, without an engine."""
    assert world.office is not None
    return assemble_pack(klynge.works, WordRenderer(), klynge.files, world.meeting, world.office)


def submitted(klynge: Klynge, world: World) -> AssembledPack:
    """Assemble it and submit it for approval."""
    pack = assembled(klynge, world)
    with klynge.works.writing(SEED) as uow:
        uow.records.transition(world.meeting, "submit")
    return pack


def user_actor(klynge: Klynge, user_id: int) -> Actor:
    """Give a user as the actor that a request would carry."""
    from crm.security.callers import actor_for

    with klynge.database.reading() as session:
        return actor_for(session, user_id, klynge.mandates)
