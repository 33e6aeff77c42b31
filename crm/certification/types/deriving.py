"""What follows for a certificate: its days by the scheme's dated rules, what takes its place, and its status on the day."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import date
from typing import Any, Final

from crm.certification import rules
from crm.certification.rules import Award, Status, Term
from crm.certification.schemes import fingerprint, scheme_rules
from crm.kernel.i18n import N_
from crm.records.fields import DateValue
from crm.records.types import Problems, RuleContext, Values

#: The setting of the same name, in months.
EXPIRING_SETTING: Final = "certificate_expiring_months"
#: What organisations keep of their certificates, as a version: another one, and all is derived anew.
_KEPT: Final = 1
#: What follows from the rules unless somebody has written another day.
_BY_RULE: Final = ("scheme_version", "valid_from", "valid_until")


def day_in(values: Values, name: str) -> date | None:
    """Give the day that a date field of a certificate holds."""
    value = values.get(name)
    return value.start if isinstance(value, DateValue) else None


def award_of(values: Values | None) -> Award | None:
    """Read what rules ask of a certificate out of its values; None while it lacks a day or lies in the trash."""
    if values is None or values.get("deleted_at") is not None:
        return None
    assessed, start, end = (day_in(values, name) for name in ("assessed", "valid_from", "valid_until"))
    if assessed is None or end is None or values.get("level") not in rules.RANK:
        return None
    own_id, replaced = int(values.get("id") or 0), day_in(values, "superseded_on")
    return Award(str(values["level"]), assessed, start or assessed, end, day_in(values, "renew_by"), own_id, replaced)


def expiring_months(settings: Mapping[str, Any]) -> int:
    """Give how many months before its end a certificate counts as expiring."""
    return int(settings.get(EXPIRING_SETTING, rules.EXPIRING_MONTHS))


def status_of(values: Values, day: date, settings: Mapping[str, Any]) -> Status | None:
    """Give what a certificate is on a day, by its stored days; None while it has no end."""
    end = day_in(values, "valid_until")
    if end is None:
        return None
    windows = {"renew_by": day_in(values, "renew_by"), "superseded_on": day_in(values, "superseded_on")}
    return rules.status_on(day, end, **windows, expiring_months=expiring_months(settings))


def derive(old: Values | None, new: Values, context: RuleContext) -> Mapping[str, Any]:
    """Give the values that follow: days that nobody wrote, what takes its place, the status, the title."""
    if day_in(new, "assessed") is None or new.get("level") not in rules.RANK:
        return {"_title": ""}
    found = dict(new)
    if old is None and new.get("replaces") is None:
        found["replaces"] = _predecessor(new, context)
    _lay_rules(old, found, context)
    end = day_in(found, "valid_until")
    if end is not None:
        rule = rules.rule_of(scheme_rules(), found["scheme_version"], found["level"])
        found["renew_by"] = _value(rules.renew_by(rule, end))
    found["superseded_on"] = _value(_superseded(found, context))
    found["status"] = status_of(found, context.today, context.settings)
    names = (*_BY_RULE, "replaces", "renew_by", "superseded_on", "status")
    return {**{name: found.get(name) for name in names}, "_title": _title(found, context)}


def _value(day: date | None) -> DateValue | None:
    return None if day is None else DateValue(day)


def _lay_rules(old: Values | None, found: dict[str, Any], context: RuleContext) -> None:
    """Fill in what is empty by the rules, and let what followed them before follow them still."""
    before = None if old is None else _by_rule(old, context)
    for name in _BY_RULE:
        followed = before is not None and old is not None and old.get(name) == found.get(name) == before.get(name)
        if found.get(name) is None or followed:
            found[name] = _by_rule(found, context).get(name)


def _by_rule(values: Values, context: RuleContext) -> dict[str, Any]:
    """Give scheme version and term as the dated rules have them."""
    assessed = day_in(values, "assessed")
    if assessed is None or values.get("level") not in rules.RANK:
        return {}
    scheme = rules.scheme_on(scheme_rules(), assessed)
    term = term_by_rule(values, scheme, context)
    return {"scheme_version": scheme, "valid_from": _value(term.valid_from), "valid_until": _value(term.valid_until)}


def term_by_rule(values: Values, scheme: str, context: RuleContext) -> Term:
    """Give the term of a certificate by its version's rule, and by the one it replaces."""
    rule = rules.rule_of(scheme_rules(), str(values.get("scheme_version") or scheme), str(values["level"]))
    replaced = values.get("replaces")
    earlier = award_of(context.related([replaced]).get(replaced)) if replaced else None
    return rules.term_of(rule, values["assessed"].start, earlier)


def _of_organisation(values: Values, context: RuleContext) -> list[Award]:
    """Give the organisation's other certificates."""
    organisation = values.get("organisation")
    if not organisation:
        return []
    found = (award_of(one) for one in context.having("certificate", "organisation", organisation) if one["id"] != values.get("id"))
    return [one for one in found if one is not None]


def _predecessor(new: Values, context: RuleContext) -> int | None:
    """Give the certificate that a new one renews or takes the place of, when nobody said which."""
    assessed = new["assessed"].start
    scheme = str(new.get("scheme_version") or rules.scheme_on(scheme_rules(), assessed))
    rule = rules.rule_of(scheme_rules(), scheme, str(new["level"]))
    known = [one for one in _of_organisation(new, context) if one.id > 0]  # a new one of the same batch has no id yet
    found = rules.predecessor(rule, assessed, known)
    return None if found is None else found.id


def _superseded(values: Values, context: RuleContext) -> date | None:
    own = award_of({**values, "deleted_at": None})
    if own is None:
        return None
    naming = context.having("certificate", "replaces", own.id) if own.id else ()
    replacing = [one for one in map(award_of, naming) if one is not None]
    return rules.superseded_on(own, replacing, _of_organisation(values, context))


def _title(values: Values, context: RuleContext) -> str:
    organisation = values.get("organisation")
    name = str(context.related([organisation]).get(organisation, {}).get("title", "")) if organisation else ""
    level = rules.LEVELS[values["level"]].da
    return ", ".join(part for part in (name, f"{level} {values['assessed'].start.year}") if part)


def check(_old: Values | None, new: Values, _context: RuleContext) -> Problems:
    """Say what does not fit together."""
    problems = {}
    start, end = day_in(new, "valid_from"), day_in(new, "valid_until")
    if start is not None and end is not None and end < start:
        problems["valid_until"] = N_("The end is before the start.")
    if new.get("replaces") and new.get("replaces") == new.get("id"):
        problems["replaces"] = N_("A certificate does not replace itself.")
    return problems


def touches(old: Values | None, new: Values, context: RuleContext) -> Iterable[int]:
    """Name the certificates whose place this one takes, or took: those it names, and the others of its organisation."""
    for values in (old, new):
        if values is not None:
            if values.get("replaces"):
                yield int(values["replaces"])
            yield from (one.id for one in _of_organisation({**values, "id": new["id"]}, context))


def keeps(old: Values | None, new: Values, context: RuleContext) -> Mapping[int, Values]:
    """Let organisations keep which certificate counts today; of a certificate that was moved, both have a new answer."""
    wanted = {values["organisation"] for values in (old, new) if values is not None and values.get("organisation")}
    return {one: _kept_of(one, context) for one in sorted(wanted)}


def _kept_of(organisation: int, context: RuleContext) -> Values:
    awards = (award_of(one) for one in context.having("certificate", "organisation", organisation))
    held = rules.held_on(context.today, [one for one in awards if one is not None])
    if held is None:
        return {"certificate_level": None, "certificate_until": None}
    return {"certificate_level": held.level, "certificate_until": DateValue(held.valid_until)}


def turns(values: Values, context: RuleContext) -> date | None:
    """Give the next day on which the status, or what the organisation keeps of it, may be another."""
    end, start = day_in(values, "valid_until"), day_in(values, "valid_from")
    if end is None:
        return None
    windows = {"renew_by": day_in(values, "renew_by"), "superseded_on": day_in(values, "superseded_on")}
    turn = rules.next_turn(context.today, end, **windows, expiring_months=expiring_months(context.settings))
    return start if start is not None and turn is not None and context.today < start < turn else turn


def basis(settings: Mapping[str, Any]) -> str:
    """Name the rules and the setting that the values were made by."""
    return f"{fingerprint()}:{expiring_months(settings)}:{_KEPT}"
