"""One record of each kind of casework, work abroad, collaboration and library, for tests that need some."""

from __future__ import annotations

from crm.records.work import UnitOfWork


def make_casework(uow: UnitOfWork, person: int) -> None:
    """Write them about two new organisations and a person."""
    one, other = (uow.records.create("organisation", {"title": name}) for name in ("Havvind", "Lyd i Nord"))
    uow.records.create("case", {"title": "Guld", "kind": "certification", "organisation": one, "due": "2027-02-01"})
    abroad = {"title": "Messe i Hamborg", "kind": "market_visit", "cluster": one, "country": "DE", "held": "2026-10-01"}
    uow.records.create("international_activity", {**abroad, "company_count": 4})
    uow.records.create("outside_seat", {"title": "Bestyrelsen", "organisation": other, "person": person, "period": "2026-01-01"})
    uow.records.create("collaboration", {"one": one, "other": other, "kind": "project", "period": "2026-01-01"})
    uow.records.create("publication", {"title": "Klynger i tal", "kind": "report", "published": "2026-03-01"})
    uow.records.create("tool", {"title": "Skabelon til vedtægter", "kind": "template"})
