"""The office's conversations with clusters and others: about eight a week, fewer in summer and at Christmas."""

from __future__ import annotations

import random
from collections.abc import Mapping
from datetime import date, timedelta
from typing import Any, Final

from crm.demo.plan.texts import filled, texts
from crm.demo.plan.world import STAFF, Human, Org, World, is_summer, next_open_day, open_day

#: Who is talked to: a cluster's people mostly, now and then a company, seldom the others.
_KINDS: Final = {"cluster": 88, "company": 7, "knowledge": 2, "partner": 2, "authority": 1}
_NOTHING_YET: Final = ("not_followed", "not_followed", "contact", "contact", "collaboration", "nothing")


def add_talks(world: World) -> None:
    """Fill the weeks with conversations."""
    dice = world.dice("talks")
    monday = world.start + timedelta(days=21 - world.start.weekday())
    number = 0
    while monday < world.load_day:
        for _ in range(_wanted(world, dice, monday)):
            day = open_day(monday + timedelta(days=dice.choice((0, 1, 1, 2, 2, 3, 3, 4))))
            if day < world.ago(1):
                number += 1
                add_talk(world, dice, day, number)
        monday += timedelta(days=7)


def _wanted(world: World, dice: random.Random, monday: date) -> int:
    """Give how many talks a week has: a whole number near the mean, one where most are away, none between the years."""
    week, mean = monday.isocalendar().week, world.measure.sparrings_a_week
    if week in {52, 53, 1}:
        return 0
    if is_summer(monday):
        return int(dice.random() < mean / 6)
    if week in {27, 31, 51}:
        mean *= 0.5
    return int(mean + dice.uniform(-0.35, 0.35) * mean + dice.random())


def add_talk(world: World, dice: random.Random, day: date, number: int) -> None:
    """One conversation, written down the same day by who had it."""
    kind = dice.choices(list(_KINDS), list(_KINDS.values()))[0]
    if not _places(world, day, kind):
        kind = "cluster"
    if kind == "cluster":
        told = dice.choice(texts("sparring"))
    else:
        told = dice.choice([one for one in texts("sparring_others") if kind in one["kinds"]])
    human = _partner(dice, day, _places(world, day, kind), told)
    org = world.place_on(human, day)
    by = _adviser(world, dice, org.key)
    key, late = f"talk{number}", dice.random()
    channel = dice.choice(told["by"])
    values: dict[str, Any] = {
        "person": human.key,
        "topics": told["topics"],
        "channel": channel,
        "minutes": dice.choice(told["minutes"]),
        "held": day,
        "owner": by,
        "note": filled(told["note"], told.get("slots", {}), dice, fornavn=human.given.split(maxsplit=1)[0], klynge=org.title),
        "our_role": told.get("role") if channel == "strategy_meeting" else None,
        "confidential": bool(told.get("confidential")),
        "shared_with": ["admin"] if told.get("confidential") and late < 0.3 else None,
        "next_step": told.get("next") if late < 0.75 else None,
    }
    if told.get("refer"):
        known = [one for one in world.known(day, told["refer"]) if one is not org and (one.regions or one.kind != "cluster")]
        values |= {"referred_to": dice.choice(known).key if known else None, "led_to": dice.choice(told.get("led", _NOTHING_YET))}
    world.create(day, by, key, "sparring", values)
    world.note(day, by, {"link": key, "field": "organisations", "to": org.key})
    if dice.random() < 0.04:
        other = dice.choice([one for one in world.clusters if one is not org and one.since < day and not world.is_quiet(one, day)])
        world.note(day, by, {"link": key, "field": "organisations", "to": other.key})
    if values["next_step"]:
        _keep_promise(world, dice, day, by, key)


def _places(world: World, day: date, kind: str) -> list[Org]:
    """Give those of a kind that can be talked to: nobody of the quiet clusters of late, and not the office itself."""
    known = [
        org for org in world.known(day, kind) if not world.is_quiet(org, day) and any(human.since < day for human in org.people)
    ]
    return [org for org in known if org.regions or org.key.startswith("org")]


def _partner(dice: random.Random, day: date, places: list[Org], told: Mapping[str, Any]) -> Human:
    """Choose who is talked to: at strategy meetings always a manager, of a cluster that the words fit."""
    named = told.get("slots", {}).get("klynge2", ())
    fit = [org for org in places if org.title not in named and org.level in told.get("levels", (org.level,))]
    places = fit or places
    while True:
        people = [human for human in dice.choice(places).people if human.since < day and "Bestyrelse" not in human.role]
        if people:
            return people[0] if told.get("role") or dice.random() < 0.6 else dice.choice(people)


def _adviser(world: World, dice: random.Random, org_key: str) -> str:
    """Each cluster has one who knows it best."""
    usual = STAFF[sum(map(ord, org_key)) % len(STAFF)]
    return usual if dice.random() < 0.75 else dice.choice(STAFF)


def _keep_promise(world: World, dice: random.Random, day: date, by: str, key: str) -> None:
    """A promise is kept within two weeks; the latest are still open, and a few old ones were forgotten."""
    kept = next_open_day(day + timedelta(days=dice.randint(1, 12)))
    forgotten = world.ago(60) < day and dice.random() < 0.08
    if kept < world.ago(2) and not forgotten:
        world.note(kept, by, {"finish": key})
