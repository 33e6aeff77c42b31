"""Saved views that come with the product: each opens; administrators change them, and what was deleted stays away."""

from __future__ import annotations

from typing import TYPE_CHECKING
from urllib.parse import parse_qs, urlsplit

import pytest

from crm.kernel.db import Database
from crm.kernel.errors import AccessDenied
from crm.records.base_views import base_views, load_base_views
from crm.records.saved_views import drop_view, named, restore_view, update_view, views_of
from crm.records.view_models import SavedView
from crm.screens.listing.read import read_state
from crm.screens.listing.saved import arguments
from tests.support.records import SYSTEM, add_actor, works_on
from tests.support.screens import Desk, desk, make, words

if TYPE_CHECKING:
    from flask import Flask

    from crm.wiring import Klynge


@pytest.fixture
def staff(app: Flask, sqlite_klynge: Klynge) -> Desk:
    assert load_base_views(sqlite_klynge.works) == len(base_views())
    return desk(app, sqlite_klynge)


def test_every_view_opens_and_says_what_it_filters_by(staff: Desk, sqlite_klynge: Klynge) -> None:
    with sqlite_klynge.works.reading(SYSTEM) as uow:
        types = {one.type_key: uow.registry.get(one.type_key) for one in base_views()}
        known = {view.name: view.id for record_type in types.values() for view in views_of(uow, record_type)}
    for one in base_views():
        read_state(types[one.type_key], arguments(one.state))  # nothing in it is left out in silence
        page = staff.get(f"/t/{one.type_key}?view={known[one.name.da]}")
        assert page.status_code == 200, one.key
        assert one.name.da in words(page)
        assert 'class="chip"' in page.text, one.key


def test_the_certified_and_those_that_expire(staff: Desk, sqlite_klynge: Klynge) -> None:
    names = {"Lys": ("gold", "2028-03-31"), "Sol": ("silver", "2027-01-31"), "Vind": None}
    for title, held in names.items():
        organisation = make(sqlite_klynge, "organisation", title=title, kind="cluster")
        if held is not None:
            level, until = held
            facts = {"organisation": organisation, "level": level, "assessed": "2026-01-10", "valid_until": until}
            make(sqlite_klynge, "certificate", **facts)
    everything = staff.get("/t/organisation")
    assert '<span class="pill tone-amber"><span aria-hidden="true">★</span>Guld</span>' in everything.text
    addresses = [part.split('"')[0] for part in everything.text.split('<a href="')]
    views = [address for address in addresses if "view" in parse_qs(urlsplit(address).query)]
    clusters, certified, expiring = (staff.get(one).text.split("<tbody")[1] for one in views[:3])
    assert all(title in clusters for title in names)
    assert [title in certified for title in names] == [True, True, False]
    assert [title in expiring for title in names] == [False, True, False]
    grouped = staff.get("/t/organisation?by=certificate_level")
    assert '<span aria-hidden="true">●</span>Sølv</span>' in grouped.text
    assert staff.get("/t/organisation?layout=board&by=certificate_level").status_code == 200


def test_nobodys_views_are_the_administrators_and_what_was_deleted_stays_away(database: Database) -> None:
    works = works_on(database)
    assert load_base_views(works) == len(base_views())
    clerk = add_actor(database, "anna", [("organisation", "*"), ("@crm", "*")])
    admin = add_actor(database, "ida", [("*", "*"), ("@admin", "*")])
    with works.writing(clerk) as uow:
        clusters, certified, *_rest = views_of(uow, uow.registry.get("organisation"))
        name = named(clusters)
        assert not isinstance(name, str)
        assert (name("da"), name("en")) == ("Klynger", "Clusters")
        with pytest.raises(AccessDenied):
            drop_view(uow, "organisation", clusters.id)
    with works.writing(admin) as uow:
        update_view(uow, "organisation", clusters.id, name="Vores klynger", shared=False)
        drop_view(uow, "organisation", certified.id)
    with works.reading(admin) as uow:
        kept = uow.session.get(SavedView, clusters.id)
        assert kept is not None
        assert (named(kept), kept.owner_id) == ("Vores klynger", admin.user_id)
    assert load_base_views(works) == 0
    with works.reading(clerk) as uow:
        assert {view.name for view in views_of(uow, uow.registry.get("organisation"))} == {"Udløber inden 6 mdr."}
    with works.writing(admin) as uow:
        restore_view(uow, "organisation", certified.id)
