"""The clock of a certificate, as pure functions: how long an award runs, what renews it, and what it is on a day.

The numbers come from dated rows (`schemes.scheme_rules`), one a version of the scheme and level; nothing here knows them.
"""

from __future__ import annotations

import calendar
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from enum import StrEnum
from typing import Final

from crm.directory.types.common import LEVEL_OPTIONS
from crm.kernel.errors import ConfigError
from crm.kernel.i18n import N_, Label, Message

#: From the lowest to the highest.
LEVELS: Final[dict[str, Label]] = {option.key: option.label for option in LEVEL_OPTIONS}
RANK: Final = {level: place for place, level in enumerate(LEVELS)}
#: Months before its end from which a certificate counts as expiring, unless the office says otherwise.
EXPIRING_MONTHS: Final = 6


class Status(StrEnum):
    """What a certificate is on a day."""

    VALID = "valid"
    EXPIRING = "expiring"
    RENEWABLE = "renewable"
    LAPSED = "lapsed"
    SUPERSEDED = "superseded"


STATUS_NAMES: Final[Mapping[Status, Label]] = {
    Status.VALID: Label(da="Gyldigt", en="Valid"),
    Status.EXPIRING: Label(da="Udløber snart", en="Expiring"),
    Status.RENEWABLE: Label(da="Udløbet – kan fornyes", en="Expired – can be renewed"),
    Status.LAPSED: Label(da="Bortfaldet", en="Lapsed"),
    Status.SUPERSEDED: Label(da="Afløst", en="Superseded"),
}
#: The organisation holds the label on the day.
IN_FORCE: Final = frozenset({Status.VALID, Status.EXPIRING})


@dataclass(frozen=True, slots=True)
class SchemeRule:
    """One dated row: how long awards of a level run that were assessed by a version of the scheme.

    `renew_months`: how long after its end a certificate can be renewed; None: no rule is known, nothing is renewed.
    """

    scheme: str
    level: str
    assessed_from: date | None
    months: int
    month_end: bool
    renew_months: int | None = None
    renewal_months: int | None = None
    #: What no source settles, to be said where the rule is shown.
    uncertain: Label | None = None


@dataclass(frozen=True, slots=True)
class Award:
    """What a certificate knows of another one: enough to say which renews or takes the place of which."""

    level: str
    assessed: date
    valid_from: date
    valid_until: date
    renew_by: date | None = None
    id: int = 0
    superseded_on: date | None = None


@dataclass(frozen=True, slots=True)
class Term:
    """How long an award runs by its rule; both days are included."""

    valid_from: date
    valid_until: date
    #: The last day on which an assessment renews it; None where no renewal is known.
    renew_by: date | None
    #: It goes on from the end of the one before.
    renews: bool


def months_after(day: date, months: int) -> date:
    """Give the day some months later; the last day of a month leads to the last day of a month (28.02.2023 → 29.02.2024)."""
    year, month = divmod(day.year * 12 + day.month - 1 + months, 12)
    last = calendar.monthrange(year, month + 1)[1]
    was_last = day.day == calendar.monthrange(day.year, day.month)[1]
    return date(year, month + 1, last if was_last else min(day.day, last))


def months_before(day: date, months: int) -> date:
    """Give the day some months earlier, by the same reckoning."""
    return months_after(day, -months)


def scheme_on(rules: Sequence[SchemeRule], assessed: date) -> str:
    """Give the version of the scheme that was in use on the day of an assessment."""
    begun = [rule for rule in rules if rule.assessed_from is None or rule.assessed_from <= assessed]
    if not begun:
        raise ConfigError("seeds/base/label_schemes.csv has no row without assessed_from")
    return max(begun, key=lambda rule: rule.assessed_from or date.min).scheme


def rule_of(rules: Iterable[SchemeRule], scheme: str, level: str) -> SchemeRule:
    """Give the row of a version and level.

    Raises:
        ConfigError: the rows have none.
    """
    found = next((rule for rule in rules if rule.scheme == scheme and rule.level == level), None)
    if found is None:
        raise ConfigError(f"seeds/base/label_schemes.csv has no row for {scheme}, {level}")
    return found


def renews(rule: SchemeRule, assessed: date, replaces: Award | None) -> bool:
    """Whether an assessment renews an earlier certificate: the same level, not after its window. How early is not limited."""
    if replaces is None or rule.renew_months is None or rule.renewal_months is None or replaces.level != rule.level:
        return False
    return replaces.assessed < assessed <= months_after(replaces.valid_until, rule.renew_months)


def term_of(rule: SchemeRule, assessed: date, replaces: Award | None = None) -> Term:
    """Give how long an award runs.

    A renewal runs from the end of the old period, however late it was assessed: a late one does not move the end. Assessed
    early it takes the old one's place from the assessment on, so that one certificate holds on each day. After the window an
    assessment is a first award.
    """
    if renews(rule, assessed, replaces) and replaces is not None and rule.renewal_months is not None:
        start, end = (
            min(assessed, replaces.valid_until + timedelta(days=1)),
            months_after(replaces.valid_until, rule.renewal_months),
        )
        renewal = True
    else:
        start, end, renewal = assessed, _first_end(rule, assessed), False
    return Term(start, end, renew_by(rule, end), renewal)


def valid_until(rule: SchemeRule, assessed: date, replaces: Award | None = None) -> date:
    """Give the last day of an award."""
    return term_of(rule, assessed, replaces).valid_until


def renew_by(rule: SchemeRule, end: date) -> date | None:
    """Give the last day on which an assessment renews what ends on a day; None where no renewal is known."""
    return None if rule.renew_months is None else months_after(end, rule.renew_months)


def _first_end(rule: SchemeRule, assessed: date) -> date:
    if not rule.month_end:
        year, month = divmod(assessed.year * 12 + assessed.month - 1 + rule.months, 12)
        return date(year, month + 1, min(assessed.day, calendar.monthrange(year, month + 1)[1]))
    last_of_month = assessed.replace(day=calendar.monthrange(assessed.year, assessed.month)[1])
    return months_after(last_of_month, rule.months)


def predecessor(rule: SchemeRule, assessed: date, others: Iterable[Award]) -> Award | None:
    """Give which of an organisation's other certificates an assessment renews, or else takes the place of.

    The latest of its own level that it renews; else the highest of a lower level that was in force or renewable on the day.
    """
    earlier = [one for one in others if one.assessed < assessed and (one.superseded_on is None or one.superseded_on >= assessed)]
    renewed = [one for one in earlier if renews(rule, assessed, one)]
    if renewed:
        return max(renewed, key=lambda one: (one.valid_until, one.id))
    lower = [one for one in earlier if RANK[one.level] < RANK[rule.level] and assessed <= (one.renew_by or one.valid_until)]
    return max(lower, key=lambda one: (RANK[one.level], one.valid_until, one.id), default=None)


def superseded_on(own: Award, replacing: Iterable[Award], others: Iterable[Award]) -> date | None:
    """Give the first day on which another certificate stands in the place of this one.

    Args:
        own: the certificate.
        replacing: those that name it as the one they replace, of another organisation too (a merger).
        others: further ones of the same organisation; a later one of the same level or a higher one takes its place by itself
            while this one was in force or could be renewed.
    """
    days = [one.valid_from for one in replacing]
    end = own.renew_by or own.valid_until
    for one in others:
        later = (one.valid_from, one.assessed, one.id or 10**18) > (own.valid_from, own.assessed, own.id or 10**18)
        if later and RANK[one.level] >= RANK[own.level] and one.valid_from <= end:
            days.append(one.valid_from)
    return min(days, default=None)


def held_on(day: date, awards: Iterable[Award]) -> Award | None:
    """Give the one of an organisation's certificates that counts on a day: the highest level in force, of equals the last to end.

    Expiring is in force. What has ended counts no more, though it can still be renewed: the label is not held on such a day.
    """
    in_force = [
        one for one in awards if one.valid_from <= day <= one.valid_until and (one.superseded_on is None or day < one.superseded_on)
    ]
    return max(in_force, key=lambda one: (RANK[one.level], one.valid_until, one.id), default=None)


def status_on(
    day: date,
    valid_until: date,
    *,
    renew_by: date | None = None,
    superseded_on: date | None = None,
    expiring_months: int = EXPIRING_MONTHS,
) -> Status:
    """Give what a certificate is on a day; its last day and the last day of its window are included."""
    if superseded_on is not None and day >= superseded_on:
        return Status.SUPERSEDED
    if day <= valid_until:
        return Status.EXPIRING if day >= months_before(valid_until, expiring_months) else Status.VALID
    if renew_by is not None and day <= renew_by:
        return Status.RENEWABLE
    return Status.LAPSED


def next_turn(
    day: date,
    valid_until: date,
    *,
    renew_by: date | None = None,
    superseded_on: date | None = None,
    expiring_months: int = EXPIRING_MONTHS,
) -> date | None:
    """Give the first day after a day on which `status_on` may give something else; None: never again."""
    if superseded_on is not None and day >= superseded_on:
        return None
    one_day = timedelta(days=1)
    days = [months_before(valid_until, expiring_months), valid_until + one_day]
    if renew_by is not None:
        days.append(renew_by + one_day)
    if superseded_on is not None:
        days.append(superseded_on)
    return min((one for one in days if one > day), default=None)


def status_words(status: Status, renew_by: date | None, worded_day: str) -> Label | Message:
    """Word a status as it is said of one certificate; `worded_day` is `renew_by` in the reader's form."""
    if status is Status.RENEWABLE and renew_by is not None:
        return N_("Expired – can be renewed until %(date)s", date=worded_day)
    return STATUS_NAMES[status]
