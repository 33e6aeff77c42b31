"""Names, numbers and addresses made up from the lists of `seeds/demo`: domains end in .example, company numbers begin with 9."""

from __future__ import annotations

import csv
import random
import re
from collections.abc import Sequence
from dataclasses import dataclass, field
from functools import cache
from typing import Any, Final

from crm.demo.stories import DEMO
from crm.kernel.errors import ConfigError

_WEIGHTS: Final = (2, 7, 6, 5, 4, 3, 2)
_FOLDED: Final = str.maketrans({"æ": "ae", "ø": "oe", "å": "aa", "é": "e", "ö": "o", "ü": "u", "ä": "a", "ó": "o", "ń": "n"})
#: The first two digits of numbers in use.
_PREFIXES: Final = (
    20,
    21,
    22,
    23,
    26,
    28,
    29,
    30,
    31,
    40,
    41,
    42,
    50,
    51,
    60,
    61,
    35,
    38,
    43,
    47,
    57,
    63,
    65,
    74,
    75,
    76,
    86,
    87,
    97,
    98,
)
#: Names that everybody knows: a made-up company that came to bear one would be taken for the real one.
WELL_KNOWN: Final = (
    *("arla", "brødrene dahl", "carlsberg", "coloplast", "cowi", "danfoss", "danish crown", "demant", "flsmidth", "grundfos"),
    *("hartmann", "hempel", "lego", "lemvigh", "lundbeck", "maersk", "mærsk", "nordea", "novo", "ramboll", "rambøll", "rockwool"),
    *("sanistål", "semco", "siemens", "topsøe", "velux", "vestas", "widex", "ørsted"),
)


@cache
def rows(name: str) -> tuple[dict[str, str], ...]:
    """Read a list; lines that begin with # say what it is."""
    with (DEMO / name).open(encoding="utf-8", newline="") as file:
        return tuple(csv.DictReader(line for line in file if not line.startswith("#")))


def company_number(dice: random.Random, taken: set[str]) -> str:
    """Give a number of eight digits that begins with 9 and passes the check of modulus 11."""
    while True:
        digits = [9, *(dice.randint(0, 9) for _ in range(6))]
        rest = sum(digit * weight for digit, weight in zip(digits, _WEIGHTS, strict=True)) % 11
        number = "".join(map(str, digits)) + str((11 - rest) % 11)
        if rest != 1 and number not in taken:
            taken.add(number)
            return number


def slug(text: str) -> str:
    """Write a name as an address does: small letters, æ as ae."""
    return re.sub(r"[^a-z0-9]+", "-", text.lower().translate(_FOLDED)).strip("-")


@dataclass(slots=True)
class Inventor:
    """Makes up names that nobody in the demo has yet."""

    dice: random.Random
    numbers: set[str] = field(default_factory=set)
    titles: set[str] = field(default_factory=set)
    domains: set[str] = field(default_factory=set)
    addresses: set[str] = field(default_factory=set)
    names: set[str] = field(default_factory=set)

    def number(self) -> str:
        """Give a company number."""
        return company_number(self.dice, self.numbers)

    def phone(self) -> str:
        """Give a number as it could be, with the 55 of those that are made up."""
        return f"+45 {self.dice.choice(_PREFIXES)} 55 {self.dice.randint(0, 99):02} {self.dice.randint(0, 99):02}"

    def street(self) -> str:
        """Give a street and a number, sometimes a floor."""
        floor = self.dice.choice(("", "", "", "", ", 1. sal", ", 2. sal", ", st. tv."))
        return f"{self.dice.choice(rows('lists/streets.csv'))['name']} {self.dice.randint(1, 140)}{floor}"

    def town(self) -> dict[str, str]:
        """Give a postcode with its town and municipality, more often a large one."""
        towns = rows("lists/towns.csv")
        return self.dice.choices(towns, [int(row["often"]) for row in towns])[0]

    def domain(self, title: str) -> str:
        """Give a domain for a name."""
        bare = re.sub(r"\b(A/S|ApS|I/S|K/S|P/S)$", "", title).strip()
        base = slug(bare)
        domain, number = f"{base}.example", 2
        while domain in self.domains:
            domain, number = f"{base}{number}.example", number + 1
        self.domains.add(domain)
        return domain

    def company(self) -> tuple[str, str]:
        """Give a company's name and its theme.

        Raises:
            ConfigError: the lists hold too few names.
        """
        for _ in range(200):
            trade = self.dice.choice(rows("lists/trades.csv"))
            title = self._company_title(trade["trade"])
            if title not in self.titles and not any(known in title.lower() for known in WELL_KNOWN):
                self.titles.add(title)
                return title, trade["theme"]
        raise ConfigError("seeds/demo/lists hold too few names for so many companies")

    def _company_title(self, trade: str) -> str:
        dice = self.dice
        form = dice.choices(("A/S", "ApS", "I/S", "P/S"), (10, 12, 1, 1))[0]
        stem = dice.choice(rows("lists/stems.csv"))["name"]
        shape = dice.randint(0, 9)
        if shape < 6:
            return f"{stem} {trade} {form}"
        family, other = (one.removesuffix("s") for one in dice.sample(self._families(), 2))
        if shape < 8:
            return f"{family} {trade} {form}"
        return f"{family} & {other} {trade} {form}" if shape == 8 else f"{stem} {family} {form}"

    def _families(self) -> Sequence[str]:
        return [row["name"] for row in rows("lists/family_names.csv")]

    def person(self) -> tuple[str, str]:
        """Give a given name and a family name that nobody has together."""
        families = rows("lists/family_names.csv")
        for _ in range(200):
            if self.dice.random() < 0.02:
                row = self.dice.choice(rows("lists/foreign_names.csv"))
                given, family = row["given"], row["family"]
            else:
                given = self.dice.choice(rows("lists/given_names.csv"))["name"]
                family = self.dice.choices(families, [int(row["often"]) for row in families])[0]["name"]
                if self.dice.random() < 0.16:
                    given = f"{given} {self.dice.choice(families)['name']}"
            if f"{given} {family}" not in self.names and not given.endswith(family):
                self.names.add(f"{given} {family}")
                return given, family
        raise ConfigError("seeds/demo/lists hold too few names for so many people")

    def address(self, given: str, family: str, domain: str) -> str:
        """Give an e-mail address as the place writes them."""
        first, last = slug(given.split(maxsplit=1)[0]), slug(family)
        ways = (
            f"{first}.{last}",
            f"{first[:1]}{last[:2]}",
            f"{first[:2]}{last[:2]}",
            f"{first}{last[:1]}",
            f"{first}.{last}{len(given)}",
        )
        start = len(domain) % 3
        for way in (*ways[start:], *ways):
            if (address := f"{way}@{domain}") not in self.addresses:
                self.addresses.add(address)
                return address
        address = f"{first}.{last}.{len(self.addresses)}@{domain}"
        self.addresses.add(address)
        return address


def phones(inventor: Inventor) -> list[dict[str, Any]] | str:
    """Give one number, or one at work and one in the pocket."""
    if inventor.dice.random() < 0.3:
        return [{"number": inventor.phone(), "type": "work"}, {"number": inventor.phone(), "type": "mobile", "primary": True}]
    return inventor.phone()
