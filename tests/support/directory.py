"""What belongs to organisations and people, for tests of every type."""

from __future__ import annotations

from crm.records.work import UnitOfWork


def make_belongings(uow: UnitOfWork, organisation: int, person: int) -> None:
    """Give an organisation an earlier name and a site, and a person a consent."""
    uow.records.create("organisation_name", {"title": "Gammelt navn", "organisation": organisation, "period": "2010-01-01"})
    uow.records.create("site", {"title": "Kontor", "organisation": organisation})
    uow.records.create("consent", {"person": person, "purpose": "newsletter", "channel": "email", "given": "2026-01-01"})
