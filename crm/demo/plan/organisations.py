"""The office, the authorities around it, the 48 clusters, and the companies and institutions that they know."""

from __future__ import annotations

import random
from datetime import date, timedelta
from typing import Any, Final

from crm.demo.plan.names import Inventor, rows
from crm.demo.plan.world import REFORM, STAFF, Org, World

#: Keys, names and places of the regions; public facts. The last one takes over from two on the day of the reform.
REGIONS: Final = (
    ("region_nord", "Region Nordjylland", "nordjylland", "9220", "Aalborg Øst", "0851", "region-nordjylland.example"),
    ("region_midt", "Region Midtjylland", "midtjylland", "8800", "Viborg", "0791", "region-midtjylland.example"),
    ("region_syd", "Region Syddanmark", "syddanmark", "7100", "Vejle", "0630", "region-syddanmark.example"),
    ("region_hoved", "Region Hovedstaden", "hovedstaden", "3400", "Hillerød", "0219", "region-hovedstaden.example"),
    ("region_sjael", "Region Sjælland", "sjaelland", "4180", "Sorø", "0340", "region-sjaelland.example"),
)
EAST: Final = ("region_oest", "Region Østdanmark", "oestdanmark", "4180", "Sorø", "0340", "region-oestdanmark.example")
#: Shares of what is no company among the rest, with made-up names: first half, second half.
OTHERS: Final = {
    "knowledge": (
        0.03,
        ("Kattegat", "Nordvest", "Limfjordens", "Østersøens", "Sydøstdansk", "Midtfjord", "Storebælts", "Havnens"),
        ("Erhvervsakademi", "Teknologihus", "Universitetscenter", "Designskole", "Ingeniørhøjskole"),
    ),
    "authority": (
        0.03,
        ("Fjordlandets", "Hedens", "Kystens", "Øernes", "Nordskovens", "Sundets", "Ådalens", "Bæltets"),
        ("Erhvervskontor", "Vækstforvaltning", "Havnestyrelse", "Landdistriktskontor", "Iværksætterkontor"),
    ),
    "network": (
        0.025,
        ("Vestlige", "Fælles", "Grønne", "Unge", "Jyske", "Fynske", "Sjællandske", "Nordiske"),
        ("Eksportnetværk", "Produktionsnetværk", "Ingeniørnetværk", "Bygherrenetværk", "Turismenetværk"),
    ),
    "partner": (
        0.03,
        ("Havn", "Sekstant", "Kompas", "Bro", "Fyrtårn", "Lods", "Anker", "Fælled"),
        ("Analyse", "Facilitering", "Kommunikation", "Innovationsfond", "Evaluering"),
    ),
}
#: What a cluster's own organisations are called in notes.
_FROM: Final = (
    "Medlem af {cluster}.",
    "Kender vi fra {cluster}s medlemsmøde.",
    "Deltager i projekter hos {cluster}.",
    "Meldt ind via {cluster}.",
)


def add_organisations(world: World, inventor: Inventor) -> None:
    """Fill the world with organisations, in the order in which the office wrote them down."""
    add_office(world)
    add_clusters(world, inventor)
    add_others(world, inventor)


def add_office(world: World) -> None:
    """The office itself, the agency, and the regions of the day; the new region is written down when it is prepared."""
    day = world.start
    office = Org("office", "Klyngesekretariatet", "partner", "klyngesekretariatet.example", day, "0461", "services")
    agency = Org("agency", "Styrelsen for Klynger og Innovation", "authority", "klyngestyrelsen.example", day, "0101", "services")
    world.orgs |= {office.key: office, agency.key: agency}
    values = {
        "title": office.title,
        "kind": "partner",
        "cvr": "98219935",
        "street": "Havnegade 12, 2. sal",
        "postcode": "5000",
        "city": "Odense C",
        "municipality": "0461",
        "website": "https://klyngesekretariatet.example",
        "email": [
            {"address": f"{name}@{office.domain}", "type": kind} for name, kind in (("post", "work"), ("faktura", "invoice"))
        ],
        "phone": "+45 65 55 01 00",
        "note": "Landsdækkende støttefunktion for klyngerne. Betjener styregruppen og det rådgivende udvalg.",
    }
    world.create(day, "admin", "office", "organisation", values)
    values = {
        "title": agency.title,
        "kind": "authority",
        "cvr": "94875749",
        "street": "Slotspladsen 4",
        "postcode": "1200",
        "city": "København K",
        "municipality": "0101",
        "website": "https://klyngestyrelsen.example",
        "email": "post@klyngestyrelsen.example",
        "phone": "+45 35 55 02 00",
    }
    world.create(day, "admin", "agency", "organisation", values)
    for key, title, region, _postcode, _city, municipality, domain in regions_to_know(world):
        world.orgs[key] = Org(key, title, "authority", domain, max(day, _known_since(region)), municipality, "services")
    for key, _title, region, postcode, city, municipality, domain in regions_to_know(world):
        org = world.orgs[key]
        values = {
            "title": org.title,
            "kind": "authority",
            "postcode": postcode,
            "city": city,
            "municipality": municipality,
            "website": f"https://{domain}",
            "email": f"erhverv@{domain}",
        }
        world.create(org.since, "admin", key, "organisation", values)
        if region == EAST[2] and "region_hoved" in world.orgs:
            _join_regions(world)


def regions_to_know(world: World) -> list[tuple[str, ...]]:
    """Give the regions that the office has dealt with in its time."""
    known: list[tuple[str, ...]] = list(REGIONS)
    if world.start >= REFORM:
        return [*known[:3], EAST]
    if world.load_day >= _known_since(EAST[2]) + timedelta(days=7):
        known.append(EAST)
    return known


def _known_since(region: str) -> date:
    """The year before the reform is one of preparation: the new region is written down in October."""
    return date(REFORM.year - 1, 10, 5) if region == EAST[2] else date.min


def _join_regions(world: World) -> None:
    since = world.orgs[EAST[0]].since
    for old in ("region_hoved", "region_sjael"):
        world.note(since, "admin", {"link": old, "field": "successors", "to": EAST[0], "role": "Fusion", "from_on": REFORM})
    if world.load_day <= REFORM + timedelta(days=3):
        world.note(since, "admin", {"step": "prepare", "record": EAST[0]})
        return
    first_days = REFORM + timedelta(days=4)
    world.note(first_days, "admin", *({"step": "merge", "record": old} for old in ("region_hoved", "region_sjael")))


def add_clusters(world: World, inventor: Inventor) -> None:
    """The catalogue, loaded in the office's first days; the one that came from a merger is written down when it came."""
    merged = world.office_day(world.ago(425))
    for row in rows("clusters.csv"):
        since = merged if row["key"] == "ressource" else world.office_day(world.start + timedelta(days=1))
        domain = f"{row['short']}.example"
        inventor.titles.add(row["title"])
        inventor.domains.add(domain)
        regions = tuple(row["regions"].split())
        org = Org(row["key"], row["title"], "cluster", domain, since, row["municipality"], row["theme"], regions=regions)
        org.level, org.by = row["level"], "admin" if row["founded"] else "mette"
        world.orgs[org.key] = org
        world.create(since, org.by, org.key, "organisation", _cluster_values(world, inventor, row, merged))
    add_predecessors(world, inventor, merged)
    add_starting(world, inventor)


def _cluster_values(world: World, inventor: Inventor, row: dict[str, str], merged: date) -> dict[str, Any]:
    founded = date(int(row["founded"]), 1 + int(row["members"]) % 12, 1) if row["founded"] else merged
    primary, *others = (world.region_on(key, world.load_day) for key in row["regions"].split())
    return {
        "title": row["title"],
        "kind": "cluster",
        "cvr": inventor.number(),
        "street": row["street"],
        "postcode": row["postcode"],
        "city": row["city"],
        "municipality": row["municipality"],
        "website": f"https://{row['short']}.example",
        "email": f"kontakt@{row['short']}.example",
        "phone": inventor.phone(),
        "themes": row["themes"].split(),
        "size_class": "under_10" if int(row["staff"]) < 10 else "under_50",
        "employees": int(row["staff"]),
        "members_count": int(row["members"]),
        "founded": founded,
        "region_rule": row["rule"],
        "primary_region": primary,
        "regions": list(dict.fromkeys((primary, *others))),
    }


def add_predecessors(world: World, inventor: Inventor, merged: date) -> None:
    """Two clusters that became one fourteen months before the day of loading."""
    old = (
        ("bioenergi", "Slagelse Bioenergi", "4200", "Slagelse", "0330", "energy"),
        ("affaldsteknik", "Næstved Affaldsteknik", "4700", "Næstved", "0370", "environment"),
    )
    for key, title, postcode, city, municipality, theme in old:
        domain = inventor.domain(title)
        org = Org(key, title, "cluster", domain, world.start + timedelta(days=1), municipality, theme)
        world.orgs[key] = org
        values = {
            "title": title,
            "kind": "cluster",
            "cvr": inventor.number(),
            "postcode": postcode,
            "city": city,
            "municipality": municipality,
            "website": f"https://{domain}",
            "email": f"kontakt@{domain}",
            "themes": [theme],
            "note": "Gik sammen i Vestsjællands Ressourceklynge. Åbne sager gøres færdige under det gamle navn.",
        }
        world.create(org.since, "admin", key, "organisation", {**values, "note": None})
        world.note(
            merged,
            "mette",
            {"link": key, "field": "successors", "to": "ressource", "role": "Fusion", "from_on": merged},
            {"update": key, "values": {"note": values["note"]}},
            {"step": "merge", "record": key},
        )


def add_starting(world: World, inventor: Inventor) -> None:
    """A cluster that is being founded and is not in the catalogue yet."""
    since = world.office_day(world.ago(201))
    domain = "foedevareklyngen.example"
    inventor.domains.add(domain)
    world.orgs["oestfyn"] = Org("oestfyn", "Østfyn Fødevareklynge", "cluster", domain, since, "0450", "food")
    values = {
        "title": "Østfyn Fødevareklynge",
        "kind": "cluster",
        "city": "Nyborg",
        "postcode": "5800",
        "municipality": "0450",
        "website": f"https://{domain}",
        "email": f"hej@{domain}",
        "themes": ["food"],
        "tags": ["Under opstart"],
        "note": "Under opstart sammen med landbrugsskolen. CVR-nr. følger, når foreningen er stiftet.",
    }
    world.create(since, "mette", "oestfyn", "organisation", values)
    world.note(since, "mette", {"step": "prepare", "record": "oestfyn"})


def add_others(world: World, inventor: Inventor) -> None:
    """Companies and the rest: about half loaded from the old register in the first weeks, the others as the office met them."""
    dice = world.dice("organisations")
    wanted = world.measure.organisations - len(world.orgs)
    kinds = [kind for kind, (share, *_rest) in OTHERS.items() for _ in range(round(wanted * share))]
    kinds += ["company"] * (wanted - len(kinds))
    dice.shuffle(kinds)
    days = sorted(_day_met(world, dice, number) for number in range(wanted))
    for number, (kind, day) in enumerate(zip(kinds, days, strict=True), 1):
        _add_one(world, inventor, dice, kind, day, f"org{number}")


def _day_met(world: World, dice: random.Random, number: int) -> date:
    if number % 2:
        return world.any_day(dice, world.start + timedelta(days=3), world.start + timedelta(days=16))
    return world.any_day(dice, world.start + timedelta(days=17), world.ago(4))


def _add_one(world: World, inventor: Inventor, dice: random.Random, kind: str, day: date, key: str) -> None:
    title, theme = inventor.company() if kind == "company" else _other(inventor, dice, kind)
    town, domain = inventor.town(), inventor.domain(title)
    by = "admin" if day <= world.start + timedelta(days=16) else dice.choice(STAFF)
    world.orgs[key] = Org(key, title, kind, domain, day, town["municipality"], theme, by=by)
    employees = _employees(dice, kind)
    cluster = dice.choice(world.known(day, "cluster") or world.clusters)
    values = {
        "title": title,
        "kind": kind,
        "cvr": inventor.number(),
        "street": inventor.street(),
        "postcode": town["postcode"],
        "city": town["city"],
        "municipality": town["municipality"],
        "website": f"https://{domain}",
        "email": f"{dice.choice(('info', 'kontakt', 'post', 'mail'))}@{domain}",
        "phone": inventor.phone(),
        "themes": [theme],
        "employees": employees,
        "size_class": size_class(employees),
        "founded": date(dice.randint(1952, world.start.year - 1), dice.randint(1, 12), 1) if dice.random() < 0.4 else None,
        "note": dice.choice(_FROM).format(cluster=cluster.title) if kind == "company" and dice.random() < 0.3 else None,
    }
    if kind == "company" and dice.random() < 0.07:
        values |= {"advertising_protected": True, "protected_on": day}
    world.create(day, by, key, "organisation", values)


def _other(inventor: Inventor, dice: random.Random, kind: str) -> tuple[str, str]:
    _share, first, second = OTHERS[kind]
    titles = [f"{one} {other}" for one in first for other in second if f"{one} {other}" not in inventor.titles]
    title = dice.choice(titles)
    inventor.titles.add(title)
    return title, dice.choice(("services", "digital", "food", "energy", "production", "health"))


def _employees(dice: random.Random, kind: str) -> int:
    if kind != "company":
        return dice.randint(3, 90)
    low, high = dice.choices(((1, 9), (10, 49), (50, 249), (250, 900)), (44, 36, 16, 4))[0]
    return dice.randint(low, high)


def size_class(employees: int) -> str:
    """Give the class of a number of employees."""
    return next((name for name, below in (("under_10", 10), ("under_50", 50), ("under_250", 250)) if employees < below), "large")
