"""Memberships, a catalogue entry and a certificate for tests, with a word in each text field that has one."""

from __future__ import annotations

from dataclasses import dataclass

from crm.records.work import UnitOfWork


@dataclass(frozen=True, slots=True)
class Members:
    """Ids of what was made."""

    kind: int
    membership: int
    entry: int
    criterion: int
    answer: int
    certificate: int


def make_members(uow: UnitOfWork, organisation: int, contact: int | None = None, meeting: int | None = None) -> Members:
    """Make one of each about an organisation: a member of 2026, in the catalogue, gold until 31 March 2027."""
    make = uow.records.create
    kind = make("membership_type", {"title": "Ordinært medlem", "period_kind": "fixed", "fee": "5000", "grace_days": 30})
    membership = make("membership", {"organisation": organisation, "membership_type": kind})
    entry = make("catalogue_entry", {"organisation": organisation, "contact": contact, "decided_at": meeting})
    criterion = make("catalogue_criterion", {"title": "Kriterium 1", "number": 1})
    answer = make("catalogue_answer", {"entry": entry, "criterion": criterion, "answer": "met"})
    certificate = make("certificate", {"organisation": organisation, "level": "gold", "assessed": "2025-03-10"})
    return Members(kind, membership, entry, criterion, answer, certificate)
