"""A pasted list on an event: who is known, who is new, who is unsure; done once, as one act, however long it is."""

from __future__ import annotations

from pathlib import Path

import pytest

from crm.events.guest_match import Verdict
from crm.events.services import PlaceGuests, decide, mark_attendance, place_guests, preview_guests
from crm.events.services.place import install
from crm.filters import Condition
from crm.kernel.errors import AccessDenied, InvalidInput
from crm.records import query
from crm.records.jobs import JobRunner
from crm.records.jobs.queries import job_status
from crm.records.undo import undo_act
from tests.db.events.conftest import World
from tests.support.queries import counting
from tests.support.records import add_actor

LIST = """Navn\tOrganisation\tE-mail
Anne Holm\tAqua Klyngen\tANNE@nord.example
Jens Back\tAqua Klyngen\t
Dorte Dam\tHelt Ny Klynge A/S\tdorte@ny.example
Ebbe Friis\tGrøn Energi Nord\t
\t\tukendt@nord.example"""

install()


@pytest.fixture
def jens(world: World) -> int:
    with world.works.writing(world.staff) as uow:
        person = uow.records.create("person", {"given_name": "Jens", "family_name": "Bak"})
        uow.records.link(person, "positions", world.aqua)
        return person


def put(world: World, text: str, status: str = "registered", **choices: str) -> tuple[int, str]:
    """Paste a list; gives how many were changed, and the act."""
    with world.works.writing(world.staff) as uow:
        found = preview_guests(uow, world.workshop, text)
        order, still_open = decide(found, {int(line[1:]): choice for line, choice in choices.items()}, status)
        assert not still_open
        return place_guests(uow, order).changed, uow.act.id


def on_list(world: World) -> dict[str, tuple[str, int | None, str | None]]:
    with world.works.reading(world.staff) as uow:
        rows = query.list_page(uow, "participation", where=Condition("event", "is", world.workshop), size=200).rows
        return {row.title.split(",")[0]: (row.values["status"], row.values["organisation"], row.values["note"]) for row in rows}


def test_a_list_is_put_on_the_event_pasted_again_it_makes_no_doubles_and_undo_takes_all_of_it(world: World, jens: int):
    with world.works.reading(world.staff) as uow:
        found = preview_guests(uow, world.workshop, LIST)
        assert {key.value: number for key, number in found.counts.items()} == {"known": 1, "new": 2, "unsure": 1, "unusable": 1}
        assert found.unknown_organisations == ("Helt Ny Klynge A/S",)
        _order, still_open = decide(found, {}, "registered")
        assert list(still_open) == [3], "an unsure line wants a choice"
    changed, act = put(world, LIST, l3=str(jens))
    assert changed == 4
    listed = on_list(world)
    # Anne was with Nord on the event's day: what the list says is kept beside it.
    assert listed["Anne Holm"] == ("registered", None, "Aqua Klyngen")
    assert (listed["Jens Bak"][1], listed["Ebbe Friis"][1]) == (world.aqua, world.nord)
    assert listed["Dorte Dam"][1] not in {None, world.nord, world.aqua}, "an organisation that we did not have is made"
    assert put(world, LIST, l3=str(jens))[0] == 0
    assert len(on_list(world)) == 4
    with world.works.reading(world.staff) as uow:
        assert query.count(uow, "person").number == 4
        assert preview_guests(uow, world.workshop, LIST).on_list == 3
    with world.works.writing(world.staff) as uow:
        undo_act(uow, act)
    with world.works.reading(world.staff) as uow:
        assert on_list(world) == {}
        assert query.count(uow, "person").number == 2
        assert query.count(uow, "organisation").number == 2


def test_who_signed_up_becomes_one_who_came_and_nobody_is_put_back(world: World):
    put(world, "Anne Holm;Grøn Energi Nord")
    assert put(world, "Anne Holm;Grøn Energi Nord", "attended")[0] == 1
    assert on_list(world)["Anne Holm"][:2] == ("attended", world.nord)
    assert put(world, "Anne Holm;Grøn Energi Nord")[0] == 0
    assert on_list(world)["Anne Holm"][0] == "attended"


def test_a_long_list_is_a_job_of_one_act_and_the_preview_asks_no_more_for_it(world: World, tmp_path: Path):
    long = "\n".join(f"Gæst Nummer{number}\tStor Klynge\tgaest{number}@stor.example" for number in range(90))
    with world.works.reading(world.staff) as uow:
        with counting(world.works.database) as few:
            preview_guests(uow, world.workshop, LIST)
        with counting(world.works.database) as many:
            found = preview_guests(uow, world.workshop, long)
        assert len(many) <= len(few) + 1
    with world.works.writing(world.staff) as uow:
        placed = place_guests(uow, decide(found, {}, "registered")[0], back=f"/r/{world.workshop}")
    assert placed.job_id is not None
    assert on_list(world) == {}
    JobRunner(world.works, tmp_path).drain()
    with world.works.reading(world.staff) as uow:
        job = job_status(uow, placed.job_id)
        assert (job.state, job.done, job.failed) == ("done", 90, 0)
        assert query.count(uow, "organisation", Condition("title", "is", "Stor Klynge")).number == 1
        assert query.count(uow, "participation", Condition("event", "is", world.workshop)).number == 90
    with world.works.writing(world.staff) as uow:
        assert job.act_id is not None
        undo_act(uow, job.act_id)
        assert query.count(uow, "participation", Condition("event", "is", world.workshop)).number == 0


def test_nothing_is_done_where_the_day_has_not_come_nobody_is_left_or_the_right_is_missing(world: World):
    with world.works.writing(world.staff) as uow:
        found = preview_guests(uow, world.later, "Ny Mand")
        with pytest.raises(InvalidInput, match="day has not come"):
            place_guests(uow, decide(found, {}, "attended")[0])
        with pytest.raises(InvalidInput, match="Choose a status"):
            decide(found, {}, "sovende")
        with pytest.raises(InvalidInput, match="nobody"):
            place_guests(uow, PlaceGuests(world.later, "registered", ()))
    grants = [("event", "read"), ("participation", "*"), ("person", "read"), ("organisation", "read")]
    reader = add_actor(world.works.database, "few", grants)
    with world.works.writing(reader) as uow:
        found = preview_guests(uow, world.later, "Ny Mand\nAnne Holm;Aqua Klyngen")
        with pytest.raises(AccessDenied, match="new people"):
            decide(found, {}, "registered")
        order, _open = decide(found, {1: "skip"}, "registered")
        assert place_guests(uow, order).changed == 1


def test_whoever_may_not_read_addresses_learns_nothing_by_them(world: World):
    fields = ["given_name", "family_name"]
    grants = [("event", "read"), ("participation", "*"), ("person", "read", "all", fields, None), ("organisation", "read")]
    half = add_actor(world.works.database, "half", grants)
    with world.works.reading(half) as uow:
        found = preview_guests(uow, world.workshop, "Anna H;Nord;anne@nord.example")
        assert found.guests[0].match.verdict is Verdict.NEW


def test_many_are_marked_as_one_act_and_what_is_so_already_is_left_alone(world: World):
    text = "\n".join(f"Gæst Nummer{number}" for number in range(30))
    put(world, text)
    with world.works.writing(world.staff) as uow:
        ids = [row.id for row in query.list_page(uow, "participation", size=200).rows]
        assert mark_attendance(uow, world.workshop, ids[:20], "attended").changed == 20
        act = uow.act.id
    with world.works.writing(world.staff) as uow:
        assert mark_attendance(uow, world.workshop, ids, "attended").changed == 10
        assert mark_attendance(uow, world.workshop, ids, "attended").changed == 0
        with pytest.raises(InvalidInput, match="Choose some"):
            mark_attendance(uow, world.later, [], "attended")
        assert mark_attendance(uow, world.later, ids, "absent").changed == 0, "only those of the event itself"
        undo_act(uow, act)
        assert query.count(uow, "participation", Condition("status", "is", "registered")).number == 20
