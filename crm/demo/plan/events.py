"""The office's events with those who came, what they thought of it, and what is still to come."""

from __future__ import annotations

import random
from datetime import date, time, timedelta
from typing import Any, Final

from crm.demo.plan.calendar import Planned, planned
from crm.demo.plan.organisations import EAST, regions_to_know
from crm.demo.plan.texts import texts
from crm.demo.plan.world import QUIET, REFORM, STAFF, Human, Org, World, hours, next_open_day, open_day

#: How many sign up to each kind.
GUESTS: Final = {
    "camp": (84, 102),
    "workshop": (28, 44),
    "master_class": (20, 26),
    "lab": (12, 16),
    "experience_group": (11, 15),
    "course": (14, 20),
    "summit": (70, 90),
    "regional_meeting": (20, 32),
}
#: What the yearly conference told of itself: people, clusters, countries, meetings.
FIGURES: Final = ((298, 151, 30, 493), (304, 149, 29, 487), (301, 150, 30, 496), (296, 152, 31, 489))
PARTS: Final = {"camp": 6, "master_class": 4, "course": 3, "summit": 4, "workshop": 3}
EVALUATED: Final = ("camp", "workshop", "master_class", "course", "summit")
#: The places where the office rents rooms, with their municipality.
PLACES: Final = (
    ("Havnegade 12, Odense", "0461"),
    ("Hotel Fjordblik, Vejle", "0630"),
    ("Kursuscenter Brinken, Middelfart", "0410"),
    ("Salen ved havnen, Aarhus", "0751"),
    ("Mødehuset, Roskilde", "0265"),
    ("Pakhus 9, Aalborg", "0851"),
    ("Konferencehuset, København", "0101"),
)
_SATISFIED: Final = (("very_satisfied", "satisfied", "neither", "dissatisfied", "very_dissatisfied"), (40, 42, 12, 5, 1))
_DEGREES: Final = (("very_high_degree", "high_degree", "some_degree", "lesser_degree", "not_at_all"), (18, 47, 27, 7, 1))


def add_events(world: World) -> None:
    """Write down every event from its planning to its evaluation."""
    dice = world.dice("events")
    groups = {what: _group(world, dice, what) for what in ("international", "communication", "gold")}
    for number, event in enumerate(planned(world)):
        _add_event(world, dice, event, f"event{number}", groups.get(event.what))


def _group(world: World, dice: random.Random, what: str) -> list[Human]:
    """The standing members of an experience group: one of each of some clusters."""
    clusters = [org for org in world.clusters if org.since < world.start + timedelta(days=9) and org.key not in QUIET]
    chosen = [org for org in clusters if org.level in {"gold", "silver"}] if what == "gold" else dice.sample(clusters, 14)
    early = world.start + timedelta(days=30)
    found = [next((human for human in org.people[::-1] if human.since < early), org.people[0]) for org in chosen]
    camilla = [human for human in world.humans if human.key == "camilla"] if what == "international" else []
    return list({human.key: human for human in [*camilla, *found]}.values())


def _add_event(world: World, dice: random.Random, event: Planned, key: str, group: list[Human] | None) -> None:
    by = STAFF[sum(map(ord, event.kind + event.what)) % len(STAFF)]
    made = max(world.start + timedelta(days=5), event.day - timedelta(days=dice.randint(75, 110)))
    made = min(made, world.ago(8))
    host, place, municipality = _where(world, dice, event, made, group)
    title = event.title
    if event.kind in {"regional_meeting", "regional_visit"}:
        region = _region(world, event)
        title = f"{title} {region}" if event.kind == "regional_visit" else f"{title}: {region}"
    if event.kind == "strategy_meeting" and host is not None:
        title = f"{title} {host.title}"
    held = event.day + timedelta(days=event.days) < world.ago(2)
    values: dict[str, Any] = {
        "title": title,
        "kind": event.kind,
        "when": hours(event.day, time(10), time(15), world.zone, days=event.days),
        "place": place,
        "municipality": municipality,
        "host": None if host is None else host.key,
        "capacity": GUESTS[event.kind][1] + 10 if event.kind in {"camp", "workshop", "course", "master_class"} else None,
        "our_role": ("facilitator", "expert")[event.number % 2] if event.kind == "strategy_meeting" else "organiser",
        "description": event.description,
        "people_count": dice.randint(9, 22) if event.kind == "strategy_meeting" and held else None,
    }
    world.create(made, by, key, "event", values, owner=by)
    for number in range(PARTS.get(event.kind, 0)):
        _add_session(world, dice, event, key, number, (made, by))
    guests = _guests(world, dice, event, group)
    if guests:
        _invite(world, dice, event, key, guests, (made, by), held=held)
    if held:
        _hold(world, dice, event, key, by, guests)


def _region(world: World, event: Planned) -> str:
    known = [
        one
        for one in regions_to_know(world)
        if (one is EAST) <= (event.day >= REFORM) and world.region_on(one[2], event.day) == one[2]
    ]
    return known[(event.number * 2 + (event.kind == "regional_visit")) % len(known)][1]


def _where(world: World, dice: random.Random, event: Planned, made: date, group: list[Human] | None) -> tuple[Org | None, str, str]:
    """Strategy meetings and experience groups are at a cluster's, the conference abroad, the rest at rented rooms."""
    if event.kind == "strategy_meeting" or group:
        known = [org for org in world.clusters if org.since < made and not world.is_quiet(org, event.day)]
        members = [org for human in group or () if (org := world.place_on(human, event.day)).regions and org.since < made]
        host = dice.choice(members or known)
        return host, host.title, host.municipality
    if event.kind == "conference":
        return None, ("København", "Hannover", "Göteborg", "Wien")[event.number % 4], "0101" if event.number % 4 == 0 else ""
    place, municipality = PLACES[(event.number * 3 + len(event.kind)) % len(PLACES)]
    return world.orgs["office"], place, municipality


def _add_session(world: World, dice: random.Random, event: Planned, key: str, number: int, who: tuple[date, str]) -> None:
    made, by = who
    titles = texts("events")["session"]
    a_day = -(-PARTS[event.kind] // event.days)
    day, slot = event.day + timedelta(days=number // a_day), number % a_day
    start = time(10 + slot, 15 if slot else 0)
    speaker = dice.choice(world.clusters).people[0].name if number % 2 else None
    title = titles[0] if number == 0 else titles[1 + number % (len(titles) - 1)]
    values = {"title": title, "event": key, "when": hours(day, start, time(start.hour + 1), world.zone), "speaker": speaker}
    world.create(made, by, f"{key}_part{number}", "session", values)


def _guests(world: World, dice: random.Random, event: Planned, group: list[Human] | None) -> list[Human]:
    """Choose who signs up: managers to a master class, new people to the course, all kinds to the camp."""
    if event.kind not in GUESTS:
        return []
    seen = event.day - timedelta(days=60)
    low, high = GUESTS[event.kind]
    wanted = max(4, round(dice.randint(low, high) * world.measure.participants))
    if group:
        return [human for human in group if human.since < seen][: max(4, round(len(group) * world.measure.participants * 1.5))]
    clusters = [org for org in world.clusters if not world.is_quiet(org, event.day)]
    people = [human for org in clusters for human in org.people if human.since < seen and "Bestyrelse" not in human.role]
    if event.kind == "master_class":
        people = [human for human in people if human.role == "Klyngechef"]
    if event.kind in {"summit", "regional_meeting"}:
        people += [human for org in world.known(seen, "authority") for human in org.people if human.since < seen]
    return dice.sample(people, min(wanted, len(people)))


def _invite(
    world: World, dice: random.Random, event: Planned, key: str, guests: list[Human], who: tuple[date, str], *, held: bool
) -> None:
    """Sign people up in two or three goes, the last one shortly before."""
    made, by = who
    opened = max(made + timedelta(days=3), event.day - timedelta(days=56))
    if opened >= world.ago(3):
        return
    world.note(opened, by, {"step": "open", "record": key})
    goes = [day for back in (40, 21, 6) if opened < (day := open_day(event.day - timedelta(days=back))) < world.ago(2)]
    if not goes:
        goes = [opened]
    share = len(guests) if held else round(len(guests) * len(goes) / 3)
    for number, human in enumerate(guests[:share]):
        day = max(goes[number * len(goes) // share], next_open_day(human.since + timedelta(days=1)))
        speaker = number == 1 and event.kind in PARTS
        values = {"event": key, "person": human.key, "role_at_event": "speaker" if speaker else "participant"}
        world.create(day, by, f"{key}_{human.key}", "participation", values)


def _hold(world: World, dice: random.Random, event: Planned, key: str, by: str, guests: list[Human]) -> None:
    """The day after: who came, that it was held, the figures; and answers within two weeks."""
    after = event.day + timedelta(days=event.days + dice.randint(0, 2))
    after = next(day for back in range(20) if (day := after + timedelta(days=back)).weekday() < 5 and open_day(day) == day)
    came = 0
    for human in guests:
        status = "attended" if human.key == "camilla" else dice.choices(("attended", "absent", "cancelled"), (87, 5, 8))[0]
        came += status == "attended"
        world.note(after, by, {"update": f"{key}_{human.key}", "values": {"status": status}})
    if event.kind == "conference":
        names = ("people_count", "cluster_count", "country_count", "meeting_count")
        figures = dict(zip(names, FIGURES[event.number % len(FIGURES)], strict=True))
        world.note(after, by, {"update": key, "values": figures})
    world.note(after, by, {"step": "hold", "record": key})
    if event.kind in EVALUATED:
        for number in range(round(came * dice.uniform(0.35, 0.6))):
            _evaluate(world, dice, key, number, after + timedelta(days=dice.choice((1, 1, 2, 3, 5, 8))), by)


def _evaluate(world: World, dice: random.Random, key: str, number: int, day: date, by: str) -> None:
    values = {
        "event": key,
        "answered": day,
        "content": dice.choices(*_SATISFIED)[0],
        "practical": dice.choices(*_SATISFIED)[0],
        "benefit": dice.choices(*_DEGREES)[0],
        "comment": dice.choice(texts("events")["comments"]) if dice.random() < 0.3 else None,
    }
    world.create(max(day, day + timedelta(days=1)), by, f"{key}_answer{number}", "evaluation", values)
