"""A membership and its type: the period it takes from the type, and the status it has on the day."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import date
from typing import Any, Final

from crm.kernel.i18n import N_, Label
from crm.membership import rules
from crm.membership.models import Membership, MembershipType
from crm.membership.types.common import PERIOD, SECTION, TITLE, day_of, derived_title, last_day_of
from crm.records.fields import DateValue
from crm.records.types import Ages, Column, Field, Functions, Names, Option, Problems, RecordType, RuleContext, Values

_COLOURS: Final = {"new": "teal", "current": "green", "grace": "amber", "expired": "grey", "cancelled": "red", "future": "blue"}
STATUSES: Final = tuple(Option(status, name, _COLOURS[status]) for status, name in rules.STATUS_NAMES.items())


def _days(name: str, label: Label, help: Label) -> Field:  # noqa: A002 - as in `Field`
    return Field(name, "number", label, Column((name,)), config={"integer_column": True, "min": 0, "max": 3650}, help=help)


def _check_type(_old: Values | None, new: Values, _context: RuleContext) -> Problems:
    if new.get("period_kind") == rules.FIXED and new.get("months") not in {None, 12}:
        return {"months": N_("A membership that follows the calendar year takes no number of months.")}
    return {}


def _members_of_changed_type(old: Values | None, new: Values, context: RuleContext) -> Iterable[int]:
    """Name the memberships of a type whose days of patience have changed."""
    if old is None or all(old.get(name) == new.get(name) for name in ("new_days", "grace_days")):
        return ()
    return [int(one["id"]) for one in context.having("membership", "membership_type", int(new["id"]))]


MEMBERSHIP_TYPE: Final = RecordType(
    key="membership_type",
    names=Names(
        one=Label(da="medlemstype", en="membership type"),
        many=Label(da="medlemstyper", en="membership types"),
        new=Label(da="Ny medlemstype", en="New membership type"),
        title=Label(da="Medlemstyper", en="Membership types"),
    ),
    icon="tag",
    model=MembershipType,
    functions=Functions(check=_check_type, touches=_members_of_changed_type),
    list_fields=("title", "period_kind", "months", "fee", "grace_days"),
    fields=(
        Field("title", "text", Label(da="Navn", en="Name"), TITLE, required=True),
        Field(
            "period_kind",
            "choice",
            Label(da="Periode", en="Period"),
            Column(("period_kind",)),
            required=True,
            default=rules.ROLLING,
            options=(
                Option(rules.ROLLING, Label(da="Løbende fra start", en="Rolling from the start")),
                Option(rules.FIXED, Label(da="Kalenderår", en="Calendar year")),
            ),
        ),
        Field(
            "months",
            "number",
            Label(da="Måneder", en="Months"),
            Column(("months",)),
            config={"integer_column": True, "min": 1, "max": 600},
            help=Label(
                da="En løbende periodes længde; tomt = til den opsiges.", en="A rolling period's length; empty = until cancelled."
            ),
        ),
        Field(
            "fee",
            "money",
            Label(da="Kontingent", en="Fee"),
            Column(("fee_amount", "fee_currency")),
            config={"currencies": ("DKK", "EUR"), "min": 0},
            help=Label(da="For en periode.", en="For one period."),
        ),
        _days(
            "new_days",
            Label(da="Ny i dage", en="New for days"),
            Label(da="Så længe efter indmeldelsen tæller et medlem som nyt.", en="So long after joining a member counts as new."),
        ),
        _days(
            "grace_days",
            Label(da="Henstand i dage", en="Days of grace"),
            Label(da="Så længe efter udløbet tæller medlemskabet stadig.", en="So long after its end a membership still counts."),
        ),
        Field(
            "description", "text", Label(da="Beskrivelse", en="Description"), Column(("description",)), config={"multiline": True}
        ),
    ),
)


def facts_of(values: Values, type_values: Values | None) -> rules.Facts | None:
    """Give what the status hangs on, out of a membership's values and its type's; None without a period."""
    start = day_of(values.get("period"))
    if start is None:
        return None
    kind = type_values or {}
    return rules.Facts(
        start=start,
        end=last_day_of(values.get("period")),
        joined=day_of(values.get("joined")),
        cancelled=day_of(values.get("cancelled")),
        new_days=int(kind.get("new_days") or 0),
        grace_days=int(kind.get("grace_days") or 0),
    )


def _type_of(values: Values, context: RuleContext) -> Values | None:
    type_id = values.get("membership_type")
    return context.related([type_id]).get(type_id) if type_id else None


def _derive(old: Values | None, new: Values, context: RuleContext) -> Mapping[str, Any]:
    kind = _type_of(new, context)
    given = {"period": _period(new, kind, context.today)}
    if old is None and kind is not None and new.get("fee") is None:
        given["fee"] = kind.get("fee")
    values = {**new, **given}
    facts = facts_of(values, kind)
    status = new.get("override") or (None if facts is None else rules.status_on(facts, context.today).value)
    return {**given, "status": status, "_title": _title(values, kind, context)}


def _period(new: Values, kind: Values | None, today: date) -> DateValue | None:
    """Give the period as typed, or with what the type proposes in the place of what is missing."""
    period: DateValue | None = new.get("period")
    end = last_day_of(period)
    if kind is None or end is not None:
        return period
    how = str(kind.get("period_kind") or rules.ROLLING)
    start = day_of(period) or rules.first_start(how, today)
    months = kind.get("months")
    proposed = rules.propose_period(how, None if months is None else int(months), start)
    return DateValue(proposed.start, proposed.end)


def _title(values: Values, kind: Values | None, context: RuleContext) -> str:
    """Name it by its member, its type and its year or years."""
    organisation = context.related([values["organisation"]]).get(values["organisation"]) if values.get("organisation") else None
    start, end = day_of(values.get("period")), last_day_of(values.get("period"))
    years = "" if start is None else str(start.year) if end is None or end.year == start.year else f"{start.year}–{end.year}"
    names = [str(one.get("title", "")) for one in (organisation, kind) if one]
    return " ".join(part for part in (", ".join(names), years) if part)


def _check(_old: Values | None, new: Values, _context: RuleContext) -> Problems:
    start, joined = day_of(new.get("period")), day_of(new.get("joined"))
    if start is not None and joined is not None and joined > start:
        return {"joined": N_("Nobody becomes a member after the period has begun.")}
    return {}


def _turns(values: Values, context: RuleContext) -> date | None:
    facts = facts_of(values, _type_of(values, context))
    return None if facts is None or values.get("override") else rules.next_turn(facts, context.today)


MEMBERSHIP: Final = RecordType(
    key="membership",
    names=Names(
        one=Label(da="medlemskab", en="membership"),
        many=Label(da="medlemskaber", en="memberships"),
        new=Label(da="Nyt medlemskab", en="New membership"),
        title=Label(da="Medlemskaber", en="Memberships"),
    ),
    icon="users-group",
    model=Membership,
    section=SECTION,
    functions=Functions(derive=_derive, check=_check, title=derived_title),
    ages=Ages(("status",), _turns),
    list_fields=("title", "organisation", "membership_type", "status", "period", "fee"),
    fields=(
        Field(
            "organisation",
            "relation",
            Label(da="Medlem", en="Member"),
            Column(("organisation_id",)),
            required=True,
            targets=("organisation",),
            back_label=Label(da="Medlemskaber", en="Memberships"),
        ),
        Field(
            "secretariat",
            "relation",
            Label(da="Medlem af", en="Member of"),
            Column(("secretariat_id",)),
            targets=("organisation",),
            back_label=Label(da="Medlemmer", en="Members"),
            help=Label(da="Tomt = vores eget sekretariat.", en="Empty = our own secretariat."),
        ),
        Field(
            "membership_type",
            "relation",
            Label(da="Medlemstype", en="Membership type"),
            Column(("membership_type_id",)),
            required=True,
            targets=("membership_type",),
            back_label=Label(da="Medlemskaber", en="Memberships"),
        ),
        Field(
            "status",
            "choice",
            Label(da="Status", en="Status"),
            Column(("status",)),
            config={"badge": True},
            options=STATUSES,
            read_only=True,
        ),
        Field(
            "period",
            "date",
            Label(da="Periode", en="Period"),
            PERIOD,
            config={"end": "optional"},
            help=Label(da="Tomt = efter medlemstypen.", en="Empty = as the type has it."),
        ),
        Field(
            "joined",
            "date",
            Label(da="Medlem siden", en="Member since"),
            Column(("joined",)),
            config={"store": "day"},
            help=Label(da="Tomt = periodens første dag.", en="Empty = the period's first day."),
        ),
        Field(
            "fee",
            "money",
            Label(da="Kontingent", en="Fee"),
            Column(("fee_amount", "fee_currency")),
            config={"currencies": ("DKK", "EUR"), "min": 0},
            help=Label(da="Tomt på et nyt medlemskab = medlemstypens.", en="Empty on a new membership = the type's."),
        ),
        Field(
            "cancelled",
            "date",
            Label(da="Opsagt fra", en="Cancelled from"),
            Column(("cancelled",)),
            config={"store": "day"},
            help=Label(da="Den første dag, medlemskabet ikke gælder.", en="The first day on which it no longer holds."),
        ),
        Field(
            "override",
            "choice",
            Label(da="Status sat i hånden", en="Status set by hand"),
            Column(("override",)),
            options=STATUSES,
            help=Label(
                da="Gælder, til det fjernes igen; reglerne springes over.",
                en="Holds until it is removed; the rules are passed over.",
            ),
        ),
        Field("note", "text", Label(da="Bemærkning", en="Note"), Column(("note",)), config={"multiline": True}),
    ),
)
