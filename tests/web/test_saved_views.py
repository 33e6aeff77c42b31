"""Saved views of lists: kept, opened under an address of their own, private or shared, changed only on purpose."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from crm.kernel.i18n import Label
from crm.records.definitions import add_field
from crm.records.models import FieldRow
from crm.records.saved_views import SaveView, save_view
from crm.security.models import Grant
from tests.support.people import add_role
from tests.support.queries import counting
from tests.support.records import SYSTEM
from tests.support.screens import Desk, desk, make, words

if TYPE_CHECKING:
    from flask import Flask

    from crm.wiring import Klynge

COMPANIES = "?f.kind=company&sort=city&dir=desc&cols=title%3A240%2Ccity"


@pytest.fixture
def staff(app: Flask, sqlite_klynge: Klynge) -> Desk:
    make(sqlite_klynge, "organisation", title="Havvind", kind="company", city="Odense")
    make(sqlite_klynge, "organisation", title="Bits", kind="cluster", city="Ribe")
    return desk(app, sqlite_klynge)


def keep(staff: Desk, name: str = "Virksomheder", state: str = COMPANIES, **more: str) -> str:
    answer = staff.post("/t/organisation/views", name=name, state=state, **more)
    assert answer.status_code == 303, words(answer)
    return answer.headers["Location"]


def test_a_view_is_opened_under_its_own_address_and_survives_a_reload(staff: Desk):
    address = keep(staff)
    for _ in range(2):
        page = staff.get(address)
        assert "Havvind" in page.text
        assert "Bits" not in page.text
        assert "Slags er Virksomhed" in words(page)
        assert 'data-field="city"' in page.text
        assert 'data-field="kind"' not in page.text
        assert '<col width="240">' in page.text
        assert "ikke gemt" not in words(page)


def test_what_is_changed_leaves_the_view_alone_until_it_is_updated(staff: Desk):
    address = keep(staff)
    changed = staff.get(f"{address}&f.kind=cluster")
    assert "Bits" in changed.text
    assert "Visningen er ændret, men ikke gemt." in words(changed)
    assert "Havvind" in staff.get(address).text
    state = changed.text.split('name="state" value="')[1].split('"')[0].replace("&amp;", "&")
    number = address.rpartition("=")[2]
    assert staff.post(f"/t/organisation/views/{number}/state", state=state).headers["Location"] == address
    assert "Bits" in staff.get(address).text


def test_a_filter_taken_away_from_a_view_stays_away_in_the_address(staff: Desk):
    address = keep(staff, state="?f.kind=company")
    page = staff.get(address)
    chip = page.text.split('class="chip"')[1].split('" aria-label')[0].rsplit('<a href="', 1)[1].replace("&amp;", "&")
    assert "changed=1" in chip
    without = staff.get(chip)
    assert "Bits" in without.text
    assert "ikke gemt" in words(without)


def test_the_rows_of_a_view_come_with_its_address(staff: Desk):
    address = keep(staff)
    rows = staff.get(address.replace("/t/organisation?", "/t/organisation/rows?") + "&q=hav")
    assert rows.headers["HX-Push-Url"].startswith(address + "&changed=1&q=hav")
    assert "ikke gemt" in words(rows)


def test_a_private_view_is_its_owners_and_a_shared_one_everybodys(app: Flask, sqlite_klynge: Klynge, staff: Desk):
    other = desk(app, sqlite_klynge, "staff", "lone")
    private, shared = keep(staff), keep(staff, "Til alle", shared="true")
    assert other.get(private).status_code == 404
    page = other.get(shared)
    assert "Havvind" in page.text
    assert "Virksomheder" not in words(page)
    number = shared.rpartition("=")[2]
    for act in ("name", "state", "unshare", "delete"):
        assert other.post(f"/t/organisation/views/{number}/{act}", name="Min", state="").status_code == 403
    assert other.post(f"/t/organisation/views/{private.rpartition('=')[2]}/delete").status_code == 404
    admin = desk(app, sqlite_klynge, "administrator")
    assert admin.post(f"/t/organisation/views/{number}/name", name="Fælles").status_code == 303
    assert "Fælles" in words(other.get(shared))
    reader = desk(app, sqlite_klynge, "reader")
    assert reader.post("/t/organisation/views", name="x", state="", shared="true").status_code == 403
    assert reader.post("/t/organisation/views", name="x", state="").status_code == 303


def test_a_view_is_renamed_shared_deleted_and_brought_back(app: Flask, sqlite_klynge: Klynge, staff: Desk):
    address = keep(staff)
    base = f"/t/organisation/views/{address.rpartition('=')[2]}"
    assert "Firmaer" in words(staff.get(staff.post(f"{base}/name", name="  Firmaer ").headers["Location"]))
    staff.post(f"{base}/share")
    other = desk(app, sqlite_klynge, "staff", "lone")
    assert other.get(address).status_code == 200
    gone = staff.get(staff.post(f"{base}/delete").headers["Location"])
    assert "er slettet" in words(gone)
    assert f'action="{base}/restore"' in gone.text
    assert staff.get(address).status_code == 404
    staff.post(f"{base}/restore")
    assert "Firmaer" in words(staff.get(address))


def test_a_list_opens_with_the_view_that_its_user_chose(app: Flask, sqlite_klynge: Klynge, staff: Desk):
    address = keep(staff)
    base = f"/t/organisation/views/{address.rpartition('=')[2]}"
    staff.post(f"{base}/open")
    assert staff.get("/t/organisation").headers["Location"] == address
    plain = staff.get("/t/organisation?view=all")
    assert "Bits" in plain.text
    assert "view=all" in plain.text.split("aria-sort")[1].split("</th>")[0]
    assert desk(app, sqlite_klynge, "staff", "lone").get("/t/organisation").status_code == 200
    staff.post(f"{base}/delete")
    assert staff.get("/t/organisation").status_code == 200


def test_nobody_sees_through_a_shared_view_what_they_may_not_read(app: Flask, sqlite_klynge: Klynge, staff: Desk):
    by_city = keep(
        staff, "Odense", "?where=%7B%22field%22%3A%22city%22%2C%22op%22%3A%22is%22%2C%22value%22%3A%22Odense%22%7D", shared="true"
    )
    columns = keep(staff, "Byer", "?cols=title%2Ccity", shared="true")
    crm = Grant(type_key="@crm", act="use")
    add_role(sqlite_klynge, "narrow", crm, Grant(type_key="organisation", act="read", read_fields=["title", "kind"]))
    clerk = desk(app, sqlite_klynge, "narrow")
    refused = clerk.get(by_city)
    assert refused.status_code == 400
    assert "som du ikke må se" in words(refused)
    assert "city" not in words(refused)
    page = clerk.get(columns)
    assert page.status_code == 200
    assert "Ribe" not in page.text


def test_a_view_outlives_a_field_that_is_gone(sqlite_klynge: Klynge, staff: Desk):
    with sqlite_klynge.works.writing(SYSTEM, publishing=True) as uow:
        add_field(uow, "organisation", "branche", "text", Label(da="Branche"))
    address = keep(staff, state="?cols=title%2Cbranche&f.kind=company")
    with sqlite_klynge.works.writing(SYSTEM, publishing=True) as uow:
        uow.session.query(FieldRow).filter_by(api_name="branche").delete()
        uow.registry  # noqa: B018 - the epoch is raised by the publish
        add_field(uow, "organisation", "andet", "text", Label(da="Andet"))
    page = staff.get(address)
    assert page.status_code == 200
    assert "Bits" not in page.text


def test_a_view_that_can_no_longer_be_shown_can_be_left_and_deleted(staff: Desk):
    where = "%7B%22field%22%3A%22kind%22%2C%22op%22%3A%22is%22%2C%22value%22%3A%22gone%22%7D"
    address = keep(staff, "Gammel", f"?where={where}")
    number = address.rpartition("=")[2]
    staff.post(f"/t/organisation/views/{number}/open")
    assert staff.get("/t/organisation").headers["Location"] == address
    page = staff.get(address)
    assert page.status_code == 400
    assert 'href="/t/organisation?view=all"' in page.text
    assert f'action="/t/organisation/views/{number}/delete"' in page.text
    assert staff.get("/t/organisation?view=all").status_code == 200
    staff.post(f"/t/organisation/views/{number}/delete")
    assert staff.get("/t/organisation").status_code == 200


def test_the_views_cost_one_query_however_many_there_are(sqlite_klynge: Klynge, staff: Desk):
    address = keep(staff)
    staff.get(address)
    with counting(sqlite_klynge.database) as few:
        staff.get(address)
    with sqlite_klynge.works.writing(SYSTEM) as uow:
        uow.actor = type(uow.actor)(user_id=staff.user_id, name="x", roles=frozenset())
        for number in range(20):
            save_view(uow, SaveView("organisation", f"Nr. {number}", {"q": str(number)}))
    with counting(sqlite_klynge.database) as many:
        staff.get(address)
    assert len(many) == len(few)
