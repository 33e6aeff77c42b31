"""`klynge bench seed`: many records for measuring, the same ones every time, through the store like any import."""

from __future__ import annotations

import random
from collections.abc import Callable, Iterator
from itertools import islice
from typing import TYPE_CHECKING, Any, Final
from uuid import uuid4

import click

from crm.cli.base import Cli, pass_cli
from crm.kernel.i18n import N_
from crm.security.actors import system_actor

if TYPE_CHECKING:
    from crm.records.work import Works

#: One transaction a batch: about 0.15 s each, so that others can write in between.
BATCH: Final = 500
SEED: Final = 20261201

_FIRST: Final = (
    "Nordisk", "Dansk",  "Østfynsk", "Vestjysk", "Bornholmsk", "Midtjysk", "Sjællandsk", "Grøn", "Blå", "Digital", "Klog",
    "Fælles", "Ny", "Gammel", "Stor", "Lille", "Hurtig", "Stille", "Åben", "Ærlig", "Ørn", "Aabenraa", "Odense", "Esbjerg",
)  # fmt: skip
_MIDDLE: Final = (
    "Vind", "Vand", "Sol", "Jord", "Stål", "Træ", "Glas", "Fødevare", "Robot", "Drone", "Life Science", "Energi", "Logistik", "Lyd",
    "Design", "Møbel", "Tekstil", "Finans", "Plast", "Byg", "Havne", "Rumfart", "Miljø", "Sensor", "Data", "Lys",
)  # fmt: skip
_LAST: Final = (
    "A/S",
    "ApS",
    "Klynge",
    "Netværk",
    "Gruppen",
    "Huset",
    "Laboratorium",
    "Værft",
    "Teknik",
    "Partner",
    "& Søn",
    "Center",
)
_KINDS: Final = ("company", "company", "company", "company", "knowledge", "authority", "network", "partner", "cluster")
_STREETS: Final = ("Havnegade", "Skovvej", "Åvej", "Møllevej", "Industrivej", "Stationsvej", "Ørstedsvej", "Ærøgade", "Vestergade")
_TOWNS: Final = (
    ("5000", "Odense C", "0461"), ("8000", "Aarhus C", "0751"), ("9000", "Aalborg", "0851"), ("6200", "Aabenraa", "0580"),
    ("5970", "Ærøskøbing", "0492"), ("6700", "Esbjerg", "0561"), ("2100", "København Ø", "0101"), ("7100", "Vejle", "0630"),
    ("4000", "Roskilde", "0265"), ("3700", "Rønne", "0400"), ("8800", "Viborg", "0791"), ("4800", "Nykøbing F", "0376"),
)  # fmt: skip
_GIVEN: Final = (
    "Anna",
    "Åse",
    "Bo",
    "Cecilie",
    "Dorthe",
    "Erik",
    "Freja",
    "Gorm",
    "Helle",
    "Ib",
    "Jens",
    "Karen",
    "Lars",
    "Mette",
    "Øjvind",
)
_FAMILY: Final = (
    "Andersen",
    "Bæk",
    "Dahl",
    "Friis",
    "Holm",
    "Jensen",
    "Kjær",
    "Lund",
    "Møller",
    "Nielsen",
    "Østergaard",
    "Aagaard",
    "Skov",
)


@click.group("bench")
def bench() -> None:
    """Fill the database for measuring."""


@bench.command("seed")
@click.option(
    "--organisations", type=click.IntRange(0, 5_000_000), default=100_000, show_default=True, help="How many organisations."
)
@click.option("--persons", type=click.IntRange(0, 5_000_000), default=0, show_default=True, help="How many persons.")
@click.option("--events", type=click.IntRange(0, 1_000_000), default=0, show_default=True, help="How many events.")
@pass_cli
def seed(cli: Cli, organisations: int, persons: int, events: int) -> None:
    """Add organisations, persons and events; the same numbers give the same records."""
    works = cli.app.works
    kinds: list[tuple[str, int, Callable[[random.Random, int], dict[str, Any]]]] = [
        ("organisation", organisations, organisation_values),
        ("person", persons, person_values),
        ("event", events, event_values),
    ]
    for type_key, number, make in kinds:
        if number:
            fill(works, type_key, number, make)
    cli.tell(
        N_("%(organisations)s organisations and %(persons)s persons were added.", organisations=organisations, persons=persons)
    )


@bench.command("changes")
@click.option("--number", type=click.IntRange(1, 100_000), default=2_000, show_default=True, help="How many changes it has.")
@pass_cli
def changes(cli: Cli, number: int) -> None:
    """Add one organisation that was changed many times, for its timeline."""
    with cli.app.works.writing(system_actor("bench"), cause="seed") as uow:
        made = uow.records.create("organisation", {"title": "Ofte Ændret A/S"})
        for one in range(1, number):
            uow.records.update(made, {"street": f"Flyttevej {one}"})
    cli.tell(N_("An organisation with %(number)s changes was added.", number=number))


def fill(works: Works, type_key: str, number: int, make: Callable[[random.Random, int], dict[str, Any]]) -> None:
    """Write records in batches, all of one act, with a progress bar."""
    from crm.records.store import Create

    dice, act_id = random.Random(f"{SEED} {type_key}"), uuid4().hex  # noqa: S311 - made-up data, the same every time
    orders = (Create(type_key, make(dice, one)) for one in range(1, number + 1))
    with click.progressbar(length=number, label=type_key) as bar:
        for batch in _batches(orders):
            with works.writing(system_actor("bench"), cause="seed", act_id=act_id) as uow:
                uow.records.save_many(batch)
            bar.update(len(batch))


def _batches(orders: Iterator[Any]) -> Iterator[list[Any]]:
    while batch := list(islice(orders, BATCH)):
        yield batch


def organisation_values(dice: random.Random, number: int) -> dict[str, Any]:
    """Make up an organisation."""
    postcode, town, municipality = dice.choice(_TOWNS)
    name = f"{dice.choice(_FIRST)} {dice.choice(_MIDDLE)} {dice.choice(_LAST)} {number}"
    return {
        "title": name,
        "kind": dice.choice(_KINDS),
        "cvr": str(90_000_000 + number),
        "street": f"{dice.choice(_STREETS)} {dice.randint(1, 240)}",
        "postcode": postcode,
        "city": town,
        "municipality": municipality,
        "website": f"https://nr{number}.example.dk",
        "email": f"post@nr{number}.example.dk",
        "phone": f"331{dice.randint(20_000_000, 99_999_999) % 100_000:05}",
        # By number, not by dice: the same names come out as before there were these fields.
        "employees": number % 400 if number % 2 else None,
        "founded": f"{1990 + number % 30}-{1 + number % 12:02}-{1 + number % 28:02}" if number % 4 == 0 else None,
        "note": None if number % 3 else f"Mødt på messe nr. {number % 97}. Vil gerne høre om {dice.choice(_MIDDLE).lower()}.",
    }


def event_values(_dice: random.Random, number: int) -> dict[str, Any]:
    """Make up an event, on one of the days of thirty years."""
    day = f"{2000 + number % 30}-{1 + number % 12:02}-{1 + number % 28:02}"
    return {"title": f"Temamøde {number}", "kind": "conference", "when": day, "place": "Odense"}


def person_values(dice: random.Random, number: int) -> dict[str, Any]:
    """Make up a person."""
    given, family = dice.choice(_GIVEN), dice.choice(_FAMILY)
    return {
        "given_name": given,
        "family_name": f"{family} {number}",
        "email": f"person{number}@example.dk",
        "phone": f"331{dice.randint(20_000_000, 99_999_999) % 100_000:05}",
    }
