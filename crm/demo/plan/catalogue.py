"""The national catalogue: each cluster's entry with its two texts, and how it meets the criteria."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Final

from crm.demo.batches import story_day
from crm.demo.plan.boards import STEERING
from crm.demo.plan.names import rows
from crm.demo.plan.sizes import Size
from crm.demo.plan.texts import texts
from crm.demo.plan.world import Org, World, next_open_day, span

#: Taken in by the steering group at its meeting of that number (the latest is 0).
DECIDED: Final = {"plante": 2, "kystsikring": 2}
CRITERIA: Final = 5


def add_catalogue(world: World) -> None:
    """Write down every entry and its answers, the two that ended with a merger included."""
    dice = world.dice("catalogue")
    facts = {row["key"]: row for row in rows("clusters.csv")}
    for place, org in enumerate(world.clusters):
        day = max(world.start + timedelta(days=22), org.since + timedelta(days=12))
        since = _since(world, org, int(facts[org.key]["founded"] or 0))
        theme = texts("themes")[facts[org.key]["theme"]]
        values = {
            "organisation": org.key,
            "period": span(since),
            "contact": org.people[0].key,
            "text_da": _text(world, org, facts[org.key], theme["da"], "da"),
            "text_en": _text(world, org, facts[org.key], theme["en"], "en"),
        }
        if org.key in DECIDED and world.size is Size.FULL:
            meeting = story_day(world.load_day, -STEERING[DECIDED[org.key]])
            day = meeting + timedelta(days=8)
            values |= {"decided_at": f"steering_{meeting}", "period": span(meeting)}
        day = max(day, next_open_day(org.people[0].since + timedelta(days=1)))
        key = f"entry_{org.key}"
        world.create(day, "mette", key, "catalogue_entry", values)
        for number in range(1, CRITERIA + 1) if place < world.measure.answered else ():
            met = "met" if dice.random() < (0.82 if org.level in {"bronze", ""} else 0.98) else "partly"
            answer = {"entry": key, "criterion": f"criterion_{number}", "answer": met}
            if met == "partly":
                answer["note"] = dice.choice(texts("themes")["partly"])
            world.create(day, "mette", f"{key}_{number}", "catalogue_answer", answer)
    merged = world.orgs["ressource"].since
    for old in ("bioenergi", "affaldsteknik"):
        entry = {"organisation": old, "period": span(date(2015, 10, 1), merged - timedelta(days=1))}
        world.create(world.start + timedelta(days=22), "mette", f"entry_{old}", "catalogue_entry", entry)


def _since(world: World, org: Org, founded: int) -> date:
    """The catalogue takes clusters in at the turn of a half-year, two years after they were founded."""
    if not founded:
        return org.since
    return min(date(max(2014, founded + 2), 1 if len(org.key) % 2 else 7, 1), world.start)


def _text(world: World, org: Org, row: dict[str, str], about: str, language: str) -> str:
    pattern = texts("themes")["pattern"][language]
    kinds = texts("themes")["offers"][language]
    return str(pattern).format(
        title=org.title, members=row["members"], about=about, city=row["city"], offer=kinds[len(org.title) % len(kinds)]
    )
