"""Who works where: the office, those around it, the clusters' people, and some at every company."""

from __future__ import annotations

import random
from datetime import date, timedelta
from typing import Any, Final

from crm.demo.plan.names import Inventor, phones
from crm.demo.plan.world import REFORM, STAFF, Human, Org, World, open_day

#: People of the stories: key, names, organisation, role, days before the day of loading on which they took up the post.
NAMED: Final = (
    ("mette_person", "Mette", "Kragh", "office", "Chefkonsulent", 1900),
    ("ida_person", "Ida", "Winther", "office", "Sekretariatsleder", 2300),
    ("rasmus_person", "Rasmus", "Engberg", "office", "Konsulent", 1400),
    ("sofie_person", "Sofie", "Hjorth", "office", "Konsulent", 1150),
    ("torben_person", "Torben", "Kjær", "office", "International konsulent", 1600),
    ("kirsten", "Kirsten", "Aagaard", "agency", "Kontorchef", 1500),
    ("jens", "Jens", "Østergaard", "region_nord", "Chefkonsulent", 2100),
    ("soeren", "Søren", "Bækgaard", "region_midt", "Chefkonsulent", 1120),
    ("aase", "Åse", "Lindholm", "region_syd", "Udviklingschef", 1300),
    ("birgitte", "Birgitte", "Falkenberg", "region_hoved", "Enhedschef", 1450),
    ("henrik", "Henrik", "Damsbo", "region_sjael", "Specialkonsulent", 1250),
    ("anne", "Anne", "Holm", "aabenraa", "Klyngechef", 1300),
    ("erik", "Erik", "Tranberg", "aeroe", "Klyngechef", 1650),
    ("camilla", "Camilla", "Skovlyst", "limfjord", "Projektleder", 1380),
    ("lis", "Lis", "Hovgaard", "oestfyn", "Projektleder", 210),
    ("bjarne", "Bjarne", "Uldum", "ressource", "Klyngechef", 425),
)
NOTES: Final = {
    "anne": "Træffes bedst efter kl. 10. Sidder også i erhvervsrådet i Aabenraa.",
    "erik": "Eneste fuldtidsansatte. Ring helst mandag eller torsdag.",
    "bjarne": "Var direktør i Slagelse Bioenergi til sammenlægningen.",
    "lis": "Ansat på landbrugsskolen, låner os en dag om ugen.",
}
_CLUSTER_ROLES: Final = (
    "Klyngechef",
    "Projektleder",
    "Kommunikationskonsulent",
    "Projektkonsulent",
    "Administrator",
    "Netværksleder",
)
_ROLES: Final = {
    "company": (
        "Direktør",
        "Udviklingschef",
        "Salgschef",
        "Produktionschef",
        "Kontaktperson",
        "Ingeniør",
        "Marketingchef",
        "Økonomichef",
    ),
    "knowledge": ("Forskningsleder", "Lektor", "Innovationskonsulent", "Institutleder", "Adjunkt"),
    "authority": ("Erhvervskonsulent", "Kontorchef", "Chefkonsulent", "Udviklingskonsulent"),
    "network": ("Netværksleder", "Kontaktperson", "Koordinator"),
    "partner": ("Partner", "Seniorkonsulent", "Konsulent", "Direktør"),
}
#: Jens Bak and Jens Back are one man, and come with the stories.
_OF_STORIES: Final = 2


def add_people(world: World, inventor: Inventor) -> None:
    """Fill the world with people, everyone a little after their organisation."""
    for given, family in (("Jens", "Bak"), ("Jens", "Back"), *((row[1], row[2]) for row in NAMED)):
        inventor.names.add(f"{given} {family}")
    dice = world.dice("people")
    add_named(world, inventor)
    for org in world.clusters:
        _add_staff(world, inventor, dice, org)
    for org in list(world.orgs.values()):
        if org.key.startswith("org") or org.key in {"bioenergi", "affaldsteknik"}:
            _add_human(world, inventor, dice, org, _ROLES.get(org.kind, _CLUSTER_ROLES)[0])
    companies = [org for org in world.orgs.values() if org.key.startswith("org")]
    while len(world.humans) < world.measure.persons - _OF_STORIES:
        org = dice.choice(companies)
        if len(org.people) < (6 if org.kind == "company" else 9):
            _add_human(world, inventor, dice, org, dice.choice(_ROLES[org.kind][1:]))
    tell_moves(world, inventor, dice)


def add_named(world: World, inventor: Inventor) -> None:
    """The people of the stories."""
    for key, given, family, org_key, role, days in NAMED:
        org = world.orgs.get(org_key) or world.orgs["region_oest"]
        address = (
            f"{key.removesuffix('_person')}@{org.domain}"
            if org_key == "office"
            else f"{given.lower()}.{family.lower()}@{org.domain}"
        )
        address = inventor.address(given, family, org.domain) if not address.isascii() else address
        address = "aase.lindholm@region-syddanmark.example" if key == "aase" else address
        inventor.addresses.add(address)
        human = Human(key, given, family, org, role, max(world.start, org.since))
        _write(world, human, address, phones(inventor), "mette", from_on=world.ago(days), note=NOTES.get(key))
    soeren = {"link": "soeren", "field": "positions", "to": "aabenraa", "role": "Projektleder"}
    note = "Stod for opbygningen af klyngens demonstrationsværksted."
    world.note(world.start + timedelta(days=2), "mette", {**soeren, "from_on": -2600, "to_on": -1121, "note": note})
    bjarne = {"link": "bjarne", "field": "positions", "to": "bioenergi", "role": "Direktør"}
    world.note(world.orgs["ressource"].since, "mette", {**bjarne, "from_on": -3100, "to_on": -426})
    if {"region_oest", "region_hoved"} <= world.orgs.keys():
        move = {"link": "birgitte", "field": "positions", "to": "region_oest", "role": "Enhedschef", "from_on": REFORM}
        world.note(world.orgs["region_oest"].since, "mette", move)


def _add_staff(world: World, inventor: Inventor, dice: random.Random, org: Org) -> None:
    """A cluster's manager first, then its team, and two or three of its board."""
    roles = [_CLUSTER_ROLES[0]] if not any(human.role == "Klyngechef" for human in org.people) else []
    roles += [dice.choice(_CLUSTER_ROLES[1:]) for _ in range(dice.randint(1, 4))]
    if world.measure.participants == 1.0:
        roles += ["Bestyrelsesformand", *(["Bestyrelsesmedlem"] * dice.randint(0, 2))]
    for role in roles:
        _add_human(world, inventor, dice, org, role)


def _add_human(world: World, inventor: Inventor, dice: random.Random, org: Org, role: str) -> None:
    given, family = inventor.person()
    late = 0 if not org.people or dice.random() < 0.6 else dice.randint(1, max(1, (world.ago(4) - org.since).days))
    since = max(org.since, world.office_day(org.since + timedelta(days=late)))
    human = Human(f"p{len(world.humans)}", given, family, org, role, since)
    by = org.by if since == org.since else dice.choice(STAFF)
    address = inventor.address(given, family, org.domain) if dice.random() < 0.97 else None
    phone = phones(inventor) if dice.random() < 0.7 else None
    _write(world, human, address, phone, by, from_on=since - timedelta(days=dice.randint(20, 2400)))


def _write(world: World, human: Human, address: str | None, phone: Any, by: str, *, from_on: date, note: str | None = None) -> None:
    human.org.people.append(human)
    world.humans.append(human)
    values = {"given_name": human.given, "family_name": human.family, "email": address, "phone": phone, "note": note}
    world.create(human.since, by, human.key, "person", values)
    last = REFORM - timedelta(days=1) if human.org.key in {"region_hoved", "region_sjael"} else None
    to_on = last if last is not None and last < world.load_day else None
    link = {"link": human.key, "field": "positions", "to": human.org.key, "role": human.role, "from_on": from_on, "to_on": to_on}
    world.note(human.since, by, link)


def tell_moves(world: World, inventor: Inventor, dice: random.Random) -> None:
    """About one in forty has changed post in the time: the old position has an end, the new one a beginning.

    Camilla Skovlyst went from one cluster to another in the middle of a series of meetings that she takes part in.
    """
    camilla = next(human for human in world.humans if human.key == "camilla")
    move(world, inventor, camilla, world.orgs["vestvind"], open_day(world.ago(250)), "mette")
    movers = [human for human in world.humans if human.key.startswith("p") and human.since < world.ago(500)]
    for human in dice.sample(movers, len(movers) // 40):
        kinds = ("cluster", "company") if human.org.kind == "cluster" else (human.org.kind,)
        places = [org for org in world.orgs.values() if org.kind in kinds and org is not human.org and org.since < world.ago(420)]
        places = [org for org in places if org.regions or org.kind != "cluster"]
        if not places or human is human.org.people[0]:
            continue
        move(world, inventor, human, dice.choice(places), world.any_day(dice, world.ago(400), world.ago(30)), dice.choice(STAFF))


def move(world: World, inventor: Inventor, human: Human, to: Org, day: date, by: str) -> None:
    """Let a person change post: what was is kept as a position that has ended, and they are written to at the new place."""
    old, human.org = human.org, to
    world.moves.setdefault(human.key, []).append((day, old))
    old.people.remove(human)
    to.people.append(human)
    named = human.key == "camilla"
    address = "camilla.skovlyst@vestvind.example" if named else inventor.address(human.given, human.family, to.domain)
    link = {"link": human.key, "field": "positions", "to": to.key, "role": human.role, "from_on": day}
    ended = {"end": human.key, "field": "positions", "to": old.key, "to_on": day - timedelta(days=1)}
    world.note(day, by, ended, link, {"update": human.key, "values": {"email": address}})
