"""What certificates add to pages: the badge beside an organisation's name, its certificates, and how one's days are reckoned."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date, timedelta
from typing import Any, Final

from crm.certification.models import Certificate
from crm.certification.queries import CertificateLine, certificates_of, certificates_on
from crm.certification.rules import IN_FORCE, Status, rule_of, scheme_on, term_of
from crm.certification.schemes import scheme_rules
from crm.certification.types.deriving import award_of, day_in, status_of
from crm.kernel import format as words
from crm.kernel.errors import NotFound
from crm.kernel.i18n import N_
from crm.records.attached import has, register_pointing
from crm.records.fields import DateValue
from crm.records.query import Row, one
from crm.records.work import UnitOfWork
from crm.screens.panels import Badge, Panel, hide_related, register, register_badges, register_list_hint, tuck_away
from crm.screens.past import register_values
from crm.web.context import current_locale

#: Kinds of organisations that no label is awarded to: their names never carry a badge.
_NEVER: Final = frozenset({"company", "knowledge", "authority"})
_TONES: Final = {"bronze": "orange", "silver": "slate", "gold": "amber"}


def held_badge(uow: UnitOfWork, row: Row, day: date) -> Sequence[Badge]:
    """Give the badge of the label that an organisation holds on a day: ★ Guld · udløber 14.03.2028."""
    never = row.values.get("kind") in _NEVER or not has(uow, row.id, "certificate")
    held = None if never else certificates_on(uow, [row.id], day).get(row.id)
    if held is None:
        return ()
    until = words.day(held.valid_until, current_locale())
    text = N_("★ %(level)s · expires %(date)s", level=held.level_name, date=until)
    return (Badge(text, _TONES[held.level], url=held.url),)


def held_then(uow: UnitOfWork, rows: Sequence[Row], day: date) -> Mapping[int, Mapping[str, Any]]:
    """Give the label that each of some organisations held on a day, in the place of the one that counts today."""
    held = certificates_on(uow, [row.id for row in rows if row.values.get("kind") not in _NEVER], day)
    found: dict[int, dict[str, Any]] = {row.id: {"certificate_level": None, "certificate_until": None} for row in rows}
    for organisation, label in held.items():
        found[organisation] = {"certificate_level": label.level, "certificate_until": DateValue(label.valid_until)}
    return found


def certificates_panel(uow: UnitOfWork, row: Row) -> Mapping[str, Any] | None:
    """Load an organisation's certificates: the one that counts today, and the earlier ones."""
    lines = certificates_of(uow, row.id) if has(uow, row.id, "certificate") else []
    may_write = uow.access.may("create", "certificate")
    if not lines and not (may_write and row.values.get("kind") == "cluster"):
        return None
    current = next((line for line in lines if _counts(line)), None)
    earlier = [line for line in lines if line is not current]
    return {"current": current, "earlier": earlier, "may_write": may_write, "organisation": row}


def _counts(line: CertificateLine) -> bool:
    """Whether it is in force, or can still be renewed."""
    return line.status in IN_FORCE or line.status is Status.RENEWABLE


def clock_panel(uow: UnitOfWork, row: Row) -> Mapping[str, Any] | None:
    """Say what a certificate is today and by which rule its days were reckoned; nothing without the right to its days."""
    needed = {"level", "scheme_version", "assessed", "valid_until", "renew_by", "superseded_on", "status", "replaces"}
    values = row.values
    assessed, end = day_in(values, "assessed"), day_in(values, "valid_until")
    if not needed <= values.keys() or assessed is None or end is None:
        return None
    scheme = values.get("scheme_version") or scheme_on(scheme_rules(), assessed)
    rule = rule_of(scheme_rules(), scheme, values["level"])
    term = term_of(rule, assessed, award_of(_replaced(uow, values.get("replaces"))))
    line = CertificateLine(row, status_of(values, uow.today(), uow.settings))
    day_after = end + timedelta(days=1)
    return {"line": line, "rule": rule, "term": term, "by_hand": term.valid_until != end, "end": end, "day_after": day_after}


def _replaced(uow: UnitOfWork, record_id: int | None) -> Mapping[str, Any] | None:
    """Give the values of the certificate that this one renews or replaces, if it may be read."""
    try:
        found = None if record_id is None else one(uow, record_id, type_key="certificate")
    except NotFound:
        return None
    return None if found is None else {**found.values, "id": found.id}


def install() -> None:
    """Register the badge and the panels; called once, when the app is made."""
    register_pointing("certificate", Certificate.__table__.c.organisation_id)
    register_badges("organisation", held_badge)
    tuck_away("person", "certificate-assessors-in")
    register_values("organisation", held_then)
    panel = Panel("certificates", N_("Certificate"), "certification/_organisation_panel.html", certificates_panel, 3, side=True)
    register("organisation", panel)
    hide_related("organisation", "certificate", "organisation")
    register("certificate", Panel("clock", N_("Validity"), "certification/_clock_panel.html", clock_panel, 3, side=True))
    register_list_hint(
        "certificate", N_("Write down the first one: level and day of assessment are enough, the rules do the rest.")
    )
