"""The steering group and the advisory board: who sits in them, and their meetings before the ones that the stories tell."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date, time, timedelta
from typing import Any, Final

from crm.demo.batches import Batch, moment_of, story_day
from crm.demo.plan.sizes import Size
from crm.demo.plan.texts import day_in_words, texts
from crm.demo.plan.world import REFORM, World, hours, next_open_day, span

#: Days before the day of loading of the earlier meetings; the last of the steering group is a story.
STEERING: Final = (231, 413, 595, 777)
ADVISORY: Final = (105, 287, 469, 651)
#: The clusters whose managers advise the office.
ADVISERS: Final = ("aabenraa", "aeroe", "vestvind", "sundhed", "limfjord", "fintek", "mediko", "bioproduktion")
PLACE: Final = "Havnegade 12, mødelokale 2, Odense"


def add_boards(world: World) -> None:
    """Write down the two bodies, their seats and their earlier meetings."""
    day = world.start + timedelta(days=4)
    purpose = (
        "Styregruppen fastlægger sekretariatets arbejdsprogram, følger brugen af bevillingen og tager stilling til, "
        "hvilke indsatser klyngerne skal tilbydes. Den mødes to gange om året."
    )
    deadlines = {"items_days": 21, "draft_days": 14, "dispatch_days": 7, "minutes_days": 7, "comments_days": 5}
    steering = {"title": "Styregruppen", "kind": "steering", "meeting_name": "Styregruppemøde", "purpose": purpose, "place": PLACE}
    world.create(day, "mette", "steering", "board", {**steering, **deadlines, "names_clusters": True})
    advisory = {
        "title": "Det rådgivende udvalg",
        "kind": "advisory",
        "meeting_name": "Møde i det rådgivende udvalg",
        "purpose": "Otte af klyngernes ledere rådgiver sekretariatet om kurser, sparring og fælles indsatser.",
        "place": "Online",
    }
    world.create(day, "mette", "advisory", "board", {**advisory, "names_clusters": False})
    add_seats(world, day)
    if world.size is Size.FULL:
        for board, days in (("steering", STEERING), ("advisory", ADVISORY)):
            for ago, told in zip(days, texts("meetings")[board], strict=True):
                add_meeting(world, board, story_day(world.load_day, -ago), told)
    coming = {"board": "advisory", "when": {"day": 75, "from": "13.00", "to": "14.30"}, "place": "Online"}
    world.create(world.ago(9), "sofie", "next_advisory", "meeting", coming, owner="sofie")


def add_seats(world: World, day: date) -> None:
    """Seats of the agency and the regions of each day, and of eight managers."""
    last = REFORM - timedelta(days=1)
    seats: list[tuple[str, str, str, date | None]] = [("kirsten", "agency", "chair", None), ("jens", "region_nord", "member", None)]
    seats += [("soeren", "region_midt", "member", None), ("aase", "region_syd", "member", None)]
    ends = last if {"region_oest", "region_hoved"} <= world.orgs.keys() else None
    if "region_hoved" in world.orgs:
        seats += [("birgitte", "region_hoved", "member", ends), ("henrik", "region_sjael", "member", ends)]
    else:
        seats.append(("birgitte", "region_oest", "member", None))
    seats.append(("mette_person", "office", "secretary", None))
    for person, org, role, end in seats:
        _seat(world, day, "steering", person, org, role, span(day, end))
    if ends is not None:
        since = world.orgs["region_oest"].since + timedelta(days=1)
        _seat(world, since, "steering", "birgitte", "region_oest", "member", span(REFORM), key="seat_birgitte_oest")
    for cluster in ADVISERS:
        manager = next(human for human in world.orgs[cluster].people if human.role == "Klyngechef")
        _seat(
            world,
            max(day, next_open_day(manager.since + timedelta(days=1))),
            "advisory",
            manager.key,
            cluster,
            "member",
            span(day, world.ago(-700)),
        )


def _seat(world: World, day: date, board: str, person: str, org: str, role: str, period: Any, *, key: str | None = None) -> None:
    values = {"board": board, "person": person, "organisation": org, "role": role, "period": period}
    world.create(day, "mette", key or f"seat_{person}", "mandate", values)


def add_meeting(world: World, board: str, day: date, told: Mapping[str, Any]) -> None:
    """One meeting as it went: called, written, sent, held, minuted, and what was to be done after it."""
    key = f"{board}_{day}"
    called, written, held = day - timedelta(days=35), day - timedelta(days=20), day + timedelta(days=3)
    online = board == "advisory"
    first, last = (time(13), time(14, 30)) if online else (time(10), time(12))
    place = "Online" if online else PLACE
    values = {"board": board, "when": hours(day, first, last, world.zone), "place": place}
    world.create(called, "mette", key, "meeting", values, owner="mette")
    opening = {"item_type": "decision", "standing": True, "minutes": 5}
    items = [
        {
            "title": "Godkendelse af dagsorden",
            **opening,
            "recommendation": "at dagsordenen godkendes.",
            "decision": "Dagsordenen blev godkendt.",
        },
        *told["items"],
        {"title": "Næste møde og eventuelt", "item_type": "orientation", "standing": True, "minutes": 10},
    ]
    for number, item in enumerate(items, 1):
        _add_item(world, key, number, item, called, written)
    sent = Batch(
        f"{key} sent", moment_of(world.office_day(day - timedelta(days=7)), time(11, 15), world.zone), "mette", ({"pack": key},)
    )
    world.more.append(sent)
    for number, item in enumerate(items, 1):
        if "decision" in item:
            decision = {"agenda_item": f"{key}_{number}", "text": item["decision"], "decided_on": day}
            world.create(held, "mette", f"{key}_{number}_decided", "decision", decision)
        if "follow_up" in item:
            _add_follow_up(world, key, number, item["follow_up"], day)
    world.note(held, "mette", {"step": "hold", "record": key})
    world.note(day + timedelta(days=7), "mette", {"step": "send_minutes", "record": key})
    world.note(day + timedelta(days=13), "mette", {"step": "approve_minutes", "record": key})


def _add_item(world: World, meeting: str, number: int, item: Mapping[str, Any], called: date, written: date) -> None:
    key, late = f"{meeting}_{number}", ("recommendation", "background", "presentation", "finances")
    head = {name: value for name, value in item.items() if name not in {*late, "decision", "follow_up"}}
    world.create(called, "mette", key, "agenda_item", {"meeting": meeting, **head})
    given = {name: item[name] for name in late if name in item}
    if given:
        world.note(written, "mette", {"update": key, "values": given})


def _add_follow_up(world: World, meeting: str, number: int, title: str, day: date) -> None:
    key, due = f"{meeting}_{number}_todo", day + timedelta(days=60)
    values = {"title": title, "meeting": meeting, "agenda_item": f"{meeting}_{number}", "responsible": "mette_person", "due": due}
    world.create(day + timedelta(days=3), "mette", key, "follow_up", values)
    done = {
        "step": "complete",
        "record": key,
        "comment": f"Gjort. Oplyst til medlemmerne den {day_in_words(due - timedelta(days=9))}.",
    }
    world.note(due - timedelta(days=9), "mette", done)
