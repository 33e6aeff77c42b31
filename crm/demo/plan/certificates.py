"""Certificates as the clusters hold them: earned by steps over the years, most in force, one about to end, one late, one lost."""

from __future__ import annotations

import random
from calendar import monthrange
from datetime import date, timedelta
from typing import Any, Final

from crm.demo.plan.world import Human, Org, World, months_before

#: Fees in EUR without VAT, as the scheme's price page had them (undated): the first time, and to renew.
FEES: Final = {"bronze": (1650, 1650), "silver": (3620, 3620), "gold": (8250, 6765)}
#: The story's gold certificate ends eleven weeks after the day of loading.
EXPIRING_DAYS: Final = 77
#: Months from one level to the next.
STEPS: Final = {"bronze": (), "silver": ("bronze",), "gold": ("bronze",)}


def add_certificates(world: World) -> None:
    """Write down what each cluster has earned, from its first certificate on."""
    dice = world.dice("certificates")
    holders = [org for org in world.clusters if org.level]
    early = world.start + timedelta(days=18)
    people = [human for org in world.known(early, "partner") for human in org.people if human.since < early]
    assessors = [human for human in people if human.org.key != "office"][:5]
    for place, org in enumerate(holders):
        _add_history(world, dice, org, place, assessors)


def month_end(day: date, months: int = 0) -> date:
    """Give the last day of a day's month, or of one some months away."""
    first = months_before(day.replace(day=1), -months)
    return first.replace(day=monthrange(first.year, first.month)[1])


def _add_history(world: World, dice: random.Random, org: Org, place: int, assessors: list[Human]) -> None:
    level = org.level if org.level in STEPS else "bronze"
    end = _end_of(world, org, place)
    # a first award holds two years from its month, a renewal three years from the end of the one before
    renewed = org.level in {"gold", "bronze"} and place % 3 == 0 and org.key not in {"aabenraa", "ressource", "ribe"}
    awards: list[tuple[str, date, bool]] = []
    first = months_before(end, 60 if renewed else 24)
    if level != "bronze":
        awards.append(("bronze", _in_month(dice, months_before(first, 20)), False))
    awards.append((level, _in_month(dice, first), False))
    if renewed:
        awards.append((level, _in_month(dice, months_before(end, 36)), True))
    before: str | None = None
    for number, (earned, assessed, again) in enumerate(awards):
        last = number == len(awards) - 1
        key = f"certificate_{org.key}_{number}"
        values: dict[str, Any] = {
            "organisation": org.key,
            "level": earned,
            "assessed": assessed,
            "replaces": before,
            "score": dice.randint(840, 970) / 10 if earned == "gold" else None,
            "report_id": f"DNK{assessed:%m%Y}{earned[0].upper()}{dice.randint(100000, 999999)}",
            "fee": {"amount": FEES[earned][again], "currency": "EUR"},
            "valid_until": end if last and org.key == "aabenraa" else None,
            "note": "Slutdatoen er den, der står på certifikatet." if last and org.key == "aabenraa" else None,
        }
        day = max(world.start + timedelta(days=18 + number), org.since + timedelta(days=2 + number), assessed + timedelta(days=25))
        world.create(day, "mette", key, "certificate", values)
        if assessors:
            _add_assessors(world, dice, key, earned, day, assessors)
        before = key


def _add_assessors(world: World, dice: random.Random, key: str, level: str, day: date, assessors: list[Human]) -> None:
    number = 2 if level == "gold" and len(assessors) > 1 else 1
    roles = ("Ledende auditor", "Medauditor") if level == "gold" else ("Benchmarkingekspert",)
    for human, role in zip(dice.sample(assessors, number), roles, strict=False):
        world.note(day, "mette", {"link": key, "field": "assessors", "to": human.key, "role": role})


def _in_month(dice: random.Random, day: date) -> date:
    """Give a working day of a month: interviews are held on any."""
    found = day.replace(day=dice.randint(3, 20))
    return found - timedelta(days=max(0, found.weekday() - 4))


def _end_of(world: World, org: Org, place: int) -> date:
    """Give the last day of the present certificate: a month's end, from two to twenty-two months ahead."""
    if org.key == "aabenraa":
        return world.load_day + timedelta(days=EXPIRING_DAYS)
    if org.level == "renewable":
        return month_end(months_before(world.load_day, 5), -1)
    if org.level == "lapsed":
        return month_end(world.load_day, -20)
    if org.key == "ressource":
        return month_end(org.since + timedelta(days=120), 24)
    return month_end(world.load_day, 2 + place * 7 % 20)
