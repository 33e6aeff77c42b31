"""Work abroad, who works with whom, the office's own seats, and what it has published and made."""

from __future__ import annotations

import random
from datetime import date, timedelta
from itertools import combinations
from typing import Any, Final

from crm.demo.plan.names import rows, slug
from crm.demo.plan.sizes import Size
from crm.demo.plan.texts import texts
from crm.demo.plan.world import STAFF, Org, World, open_day, span
from crm.international.countries import countries

#: What the office reports: so many clusters and companies were helped abroad.
CLUSTERS_HELPED: Final = 22
COMPANIES_HELPED: Final = 466
#: Companies helped that are written down one by one, each once.
NAMED: Final = 132
_OUTCOMES: Final = (("contact", "dialogue", "agreement", "nothing"), (45, 28, 17, 10))


def add_activities(world: World) -> None:
    """Activities of 22 clusters, whose companies are 466: some by name, the others as a number."""
    dice = world.dice("abroad")
    early = [org for org in world.clusters if org.since < world.start + timedelta(days=9)]
    clusters = dice.sample(early, CLUSTERS_HELPED)
    number_of = world.measure.activities
    days = sorted(world.any_day(dice, world.start + timedelta(days=40), world.ago(9)) for _ in range(number_of))
    share = NAMED if world.size is Size.FULL else 10
    free = world.known(world.start + timedelta(days=17), "company")
    named = dice.sample(free, share)
    counts = _split(dice, COMPANIES_HELPED - share, number_of)
    for number, day in enumerate(days):
        cluster = clusters[number % CLUSTERS_HELPED]
        companies = named[number * share // number_of : (number + 1) * share // number_of]
        _add_activity(world, dice, number, day, cluster, companies, counts[number])


def _split(dice: random.Random, total: int, parts: int) -> list[int]:
    """Split a number at random into so many that add up to it."""
    counts = [0] * parts
    for _ in range(total):
        counts[dice.randrange(parts)] += 1
    return counts


def _add_activity(
    world: World, dice: random.Random, number: int, day: date, cluster: Org, companies: list[Org], others: int
) -> None:
    told = texts("outreach")
    kind = dice.choices(list(told["activities"]), (26, 22, 22, 10, 20))[0]
    country = dice.choice(told["countries"])
    outcome = "open" if day > world.ago(40) else dice.choices(*_OUTCOMES)[0]
    name = next(option.label.da for option in countries() if option.key == country)
    key, by = f"abroad{number}", "torben" if dice.random() < 0.7 else dice.choice(STAFF)
    values = {
        "title": dice.choice(told["activities"][kind]).format(land=name),
        "kind": kind,
        "cluster": cluster.key,
        "company_count": others,
        "country": country,
        "een_partner": dice.choice(told["partners"]) if kind in {"partner_search", "matchmaking"} else None,
        "owner": by,
        "held": day,
        "outcome": outcome,
        "result": dice.choice(told["results"][outcome]),
    }
    world.create(day, by, key, "international_activity", values)
    for company in companies:
        world.note(day, by, {"link": key, "field": "companies", "to": company.key, "role": "Deltager"})


def add_collaborations(world: World) -> None:
    """Pairs of clusters that work together: more often of one region or one theme, and nearly half across a border."""
    dice = world.dice("collaborations")
    themes = {row["key"]: set(row["themes"].split()) for row in rows("clusters.csv")}
    early = [org for org in world.clusters if org.since < world.start + timedelta(days=9)]
    pairs = sorted(
        combinations(early, 2),
        key=lambda pair: (
            dice.random()
            ** (1 / (1 + 2.2 * (pair[0].regions[0] == pair[1].regions[0]) + 3 * bool(themes[pair[0].key] & themes[pair[1].key])))
        ),
        reverse=True,
    )
    for number, (one, other) in enumerate(pairs[: world.measure.collaborations]):
        _add_collaboration(world, dice, number, one, other)


def _add_collaboration(world: World, dice: random.Random, number: int, one: Org, other: Org) -> None:
    told = texts("outreach")
    kind = dice.choices(list(told["collaborations"]), (30, 25, 12, 10, 22, 1))[0]
    begun = world.any_day(dice, world.start - timedelta(days=400), world.ago(20))
    ended = open_day(begun + timedelta(days=dice.randint(200, 900)))
    over = ended < world.ago(30)
    status = "ended" if over else dice.choices(("running", "planned", "idea"), (76, 14, 10))[0]
    stated = world.any_day(dice, max(begun, world.start + timedelta(days=30)), world.ago(6))
    by, key = ("sofie" if dice.random() < 0.6 else dice.choice(STAFF)), f"together{number}"
    has_end = over or kind == "project"
    values: dict[str, Any] = {
        "one": one.key,
        "other": other.key,
        "kind": kind,
        "status": status,
        "intensity": "one" if status == "idea" else dice.choices(("two", "three", "four"), (48, 38, 14))[0],
        "period": span(
            begun if status in {"running", "ended"} else world.load_day + timedelta(days=60), ended if has_end else None
        ),
        "funding": dice.choice(told["funding"]) if kind == "project" else None,
        "source": dice.choice(told["sources"]),
        "stated": stated,
        "confirmed": dice.choices(("none", "one", "both"), (20, 35, 45))[0],
        "note": dice.choice(told["collaborations"][kind]).format(emne=dice.choice(told["topics"])),
    }
    if status in {"planned", "idea"}:
        values["period"] = span(world.load_day + timedelta(days=dice.randint(30, 200)))
    world.create(stated, by, key, "collaboration", values)
    if kind == "project":
        companies = world.known(stated, "company")
        for company in dice.sample(companies, min(len(companies), dice.randint(1, 4))):
            world.note(stated, by, {"link": key, "field": "companies", "to": company.key})


def add_library(world: World) -> None:
    """Publications and tools, and the office's seats elsewhere."""
    told = texts("outreach")
    for number, (kind, title, summary, ago) in enumerate(told["publications"]):
        day = world.office_day(world.load_day + timedelta(days=ago))
        link = f"https://klyngesekretariatet.example/udgivelser/{slug(title)}-{day.year}"
        full = f"{title} {day.year}" if kind in {"report", "newsletter"} else title
        values = {"title": full, "kind": kind, "published": day, "link": link, "summary": summary}
        world.create(day, "sofie", f"publication{number}", "publication", values)
    for number, (kind, title, description) in enumerate(told["tools"]):
        link = f"https://klyngesekretariatet.example/vaerktoejer/{slug(title)}"
        values = {"title": title, "kind": kind, "link": link, "description": description}
        world.create(world.start + timedelta(days=60 + 70 * number), "rasmus", f"tool{number}", "tool", values)
    for number, (title, place, person, first, last) in enumerate(told["seats"]):
        begun = world.office_day(world.load_day + timedelta(days=first))
        ended = None if last is None else world.load_day + timedelta(days=last)
        values = {"title": f"{title}, {place}", "person": person, "role": title, "period": span(begun, ended)}
        world.create(begun, "admin", f"outside{number}", "outside_seat", values)
