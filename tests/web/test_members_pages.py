"""Certificates, memberships and the catalogue on screen: in boxes and badges, edited in place, each only as far as one may read."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, date, datetime
from typing import Any

import pytest
from flask import Flask

from crm.certification.queries import certificates_on
from crm.kernel.settings import Settings
from crm.membership.queries import criteria_of
from crm.membership.seed import load_criteria
from crm.records.query import one
from crm.web.app import create_app
from crm.wiring import Klynge, build
from tests.support.queries import counting
from tests.support.records import add_actor
from tests.support.screens import SEED, Desk, desk, make, words

HX = {"HX-Request": "true"}


@pytest.fixture
def staff(app: Flask, sqlite_klynge: Klynge) -> Desk:
    return desk(app, sqlite_klynge)


@dataclass
class Cluster:
    """A cluster that was bronze, let it lapse, became silver and then gold."""

    id: int
    gold: int


@pytest.fixture
def cluster(sqlite_klynge: Klynge) -> Cluster:
    made = make(sqlite_klynge, "organisation", title="Grøn Energi Nord", kind="cluster")
    for level, day in (("bronze", "2019-03-10"), ("silver", "2021-05-04")):
        make(sqlite_klynge, "certificate", organisation=made, level=level, assessed=day)
    return Cluster(made, make(sqlite_klynge, "certificate", organisation=made, level="gold", assessed="2023-03-14"))


def at(klynge: Klynge, moment: datetime) -> None:
    clock: Any = klynge.clock
    clock.moment = moment


def test_a_cluster_shows_its_label_beside_its_name_and_the_earlier_ones(
    staff: Desk, cluster: Cluster, sqlite_klynge: Klynge
) -> None:
    at(sqlite_klynge, datetime(2024, 6, 1, 8, tzinfo=UTC))
    text = words(staff.get(f"/r/{cluster.id}"))
    assert "★ Guld · udløber 31.03.2025" in text
    assert "Gyldigt til 31.03.2025" in text
    assert "Sølv 04.05.2021–31.05.2023 Afløst" in text
    assert "Bronze 10.03.2019–10.03.2021 Bortfaldet" in text
    at(sqlite_klynge, datetime(2025, 8, 1, 8, tzinfo=UTC))  # the worker has not come by yet
    text = words(staff.get(f"/r/{cluster.id}"))
    assert "★ Guld · udløber" not in text
    assert "★ Guld Udløbet – kan fornyes til 31.03.2026" in text
    own = words(staff.get(f"/r/{cluster.gold}"))
    assert "En fornyelse gælder fra 01.04.2025, uanset hvor sent den vurderes." in own
    assert "Efter ordningens regel: en første tildeling gælder 24 måneder til månedens udgang." in own
    assert "Usikkert: Revisionens præcise dag" in own


def test_labels_of_a_day_are_one_statement_and_follow_rights(cluster: Cluster, sqlite_klynge: Klynge) -> None:
    other = make(sqlite_klynge, "organisation", title="Østfyn Maritim")
    make(sqlite_klynge, "certificate", organisation=other, level="bronze", assessed="2024-06-20")
    both = [cluster.id, other]
    with sqlite_klynge.works.reading(SEED) as uow:
        with counting(sqlite_klynge.database) as asked:
            held = certificates_on(uow, both, date(2025, 3, 31))
        assert len(asked) == 1
        assert {key: one.level for key, one in held.items()} == {cluster.id: "gold", other: "bronze"}
        levels = {day: certificates_on(uow, [cluster.id], date.fromisoformat(day)).get(cluster.id) for day in DAYS}
        assert {day: one and one.level for day, one in levels.items()} == DAYS
    blind = add_actor(sqlite_klynge.database, "blind", [("organisation", "read"), ("certificate", "read", "all", ["level"], None)])
    with sqlite_klynge.works.reading(blind) as uow:
        assert certificates_on(uow, both, date(2025, 3, 31)) == {}


DAYS = {
    "2019-03-09": None,
    "2021-03-10": "bronze",
    "2021-03-11": None,
    "2023-03-13": "silver",
    "2023-03-14": "gold",
    "2025-03-31": "gold",
    "2025-04-01": None,
}


def test_an_end_written_by_hand_says_what_the_rule_would_give(staff: Desk, cluster: Cluster) -> None:
    staff.post(f"/r/{cluster.gold}/field/valid_until", **{"valid_until.start": "2025-12-31", "seen_version": "9"})
    assert "efter reglen ville den være 31.03.2025" in words(staff.get(f"/r/{cluster.gold}"))


def test_the_criteria_are_answered_where_they_stand(staff: Desk, sqlite_klynge: Klynge, cluster: Cluster) -> None:
    assert load_criteria(sqlite_klynge.works) == 5
    assert load_criteria(sqlite_klynge.works) == 0
    entry = make(sqlite_klynge, "catalogue_entry", organisation=cluster.id, period={"start": "2025-10-01"})
    assert words(staff.get(f"/r/{entry}")).count("Ordlyden udfyldes af sekretariatet.") == 5
    with sqlite_klynge.works.reading(SEED) as uow:
        first, second, *_ = [line.row.id for line in criteria_of(uow, entry)]
    url = f"/catalogue/{entry}/answers"
    said = staff.client.post(url, data=with_token(staff, **{f"answer.{first}": "met"}), headers=HX)
    assert "1 opfyldt" in words(said)
    assert "Gemt" in said.text
    staff.client.post(url, data=with_token(staff, **{f"note.{first}": "Referat af 3. maj"}), headers=HX)
    staff.post(
        url, **{f"answer.{first}": "met", f"note.{first}": "Referat af 3. maj", f"answer.{second}": "no", f"note.{second}": ""}
    )
    refused = staff.client.post(url, data=with_token(staff, **{f"answer.{first}": "måske"}), headers=HX)
    assert "”måske” kan ikke vælges." in words(refused)
    with sqlite_klynge.works.reading(SEED) as uow:
        lines = criteria_of(uow, entry)
        assert [(line.answer and line.answer.key, line.note) for line in lines[:3]] == [
            ("met", "Referat af 3. maj"),
            ("no", ""),
            (None, ""),
        ]
        assert one(uow, lines[0].answer_id or 0).version == 2, "the whole form wrote nothing that stood there already"
    text = words(staff.get(f"/r/{cluster.id}"))
    assert "Optaget i kataloget 01.10.2025–" in text
    assert "1 opfyldt 1 nej" in text
    assert staff.client.post(url, data=with_token(staff, **{"answer.x": "met"})).status_code == 404


def with_token(staff: Desk, **values: str) -> dict[str, str]:
    from tests.support.forms import token

    return {"csrf_token": token(staff.client, "/login/link"), **values}


def test_readers_see_the_answers_and_change_none(app: Flask, sqlite_klynge: Klynge, cluster: Cluster) -> None:
    load_criteria(sqlite_klynge.works)
    entry = make(sqlite_klynge, "catalogue_entry", organisation=cluster.id)
    with sqlite_klynge.works.reading(SEED) as uow:
        first = criteria_of(uow, entry)[0].row.id
    make(sqlite_klynge, "catalogue_answer", entry=entry, criterion=first, answer="partly", note="Mangler regnskab")
    reader = desk(app, sqlite_klynge, "reader")
    page = reader.get(f"/r/{entry}")
    assert "Delvist Mangler regnskab" in words(page)
    assert f'name="answer.{first}"' not in page.text
    assert reader.post(f"/catalogue/{entry}/answers", **{f"answer.{first}": "met"}).status_code == 403


@pytest.fixture
def secretariat(make_settings: Callable[..., Settings], sqlite_klynge: Klynge) -> Klynge:
    """The same house, set up for a cluster's own secretariat."""
    settings = make_settings(database_url=sqlite_klynge.database.url, membership_view="memberships")
    return build(settings, clock=sqlite_klynge.clock)


def test_a_setting_says_which_of_the_two_is_shown_and_hides_no_data(staff: Desk, secretariat: Klynge, cluster: Cluster) -> None:
    member = make(secretariat, "organisation", title="Nordisk Vand", kind="company")
    year = make(secretariat, "membership_type", title="Ordinært medlem", period_kind="fixed", grace_days=30)
    made = make(secretariat, "membership", organisation=member, membership_type=year)
    entry = make(secretariat, "catalogue_entry", organisation=cluster.id)
    other = desk(create_app(secretariat), secretariat, "staff")
    national, cluster_s = staff.get(f"/r/{cluster.id}"), other.get(f"/r/{cluster.id}")
    for page, shown, hidden in ((national, "catalogue_entry", "membership"), (cluster_s, "membership", "catalogue_entry")):
        assert f'href="/t/{shown}"' in page.text
        assert f'href="/t/{hidden}"' not in page.text
    assert "Katalog" in words(national)
    assert "Gældende" not in words(staff.get(f"/r/{member}"))
    assert "Ordinært medlem Gældende 01.01.2026–31.12.2026" in words(other.get(f"/r/{member}"))
    for page in (staff.get(f"/r/{made}"), staff.get("/t/membership"), other.get(f"/r/{entry}"), other.get("/t/catalogue_entry")):
        assert page.status_code == 200
    secretariat.database.dispose()


def test_a_membership_says_why_it_is_what_it_is_and_is_renewed_once(app: Flask, sqlite_klynge: Klynge) -> None:
    member = make(sqlite_klynge, "organisation", title="Nordisk Vand")
    year = make(
        sqlite_klynge, "membership_type", title="Ordinært medlem", period_kind="fixed", fee="12500", new_days=90, grace_days=30
    )
    made = make(sqlite_klynge, "membership", organisation=member, membership_type=year, fee="10000")
    at(sqlite_klynge, datetime(2027, 1, 5, 8, tzinfo=UTC))
    staff = desk(app, sqlite_klynge)
    page = staff.get(f"/r/{made}")
    assert "Udløb den 31.12.2026; tæller stadig til og med 30.01.2027 (30 dages henstand)." in words(page)
    answer = staff.post(f"/memberships/{made}/renew")
    assert answer.status_code == 303
    following = words(staff.get(answer.location))
    assert "01.01.2027–31.12.2027" in following
    assert "12.500,00 kr." in following
    assert "Gælder til og med 31.12.2027." in following, "who was a member before is not new"
    again = staff.post(f"/memberships/{made}/renew")
    assert again.status_code == 409 or "findes allerede" in again.text
    assert "Den næste periode findes allerede." in words(staff.get(f"/r/{made}"))
    with sqlite_klynge.works.writing(SEED) as uow:
        uow.records.update(made, {"override": "current"})
    own = words(staff.get(f"/r/{made}"))
    assert "Gældende sat i hånden Efter reglerne ville det være: Henstand." in own


def test_the_page_of_an_organisation_asks_no_more_for_more_certificates(
    staff: Desk, sqlite_klynge: Klynge, cluster: Cluster
) -> None:
    staff.get(f"/r/{cluster.id}")
    with counting(sqlite_klynge.database) as few:
        staff.get(f"/r/{cluster.id}")
    for year in range(1980, 2010, 3):
        make(sqlite_klynge, "certificate", organisation=cluster.id, level="bronze", assessed=f"{year}-02-01")
    with counting(sqlite_klynge.database) as many:
        staff.get(f"/r/{cluster.id}")
    assert len(many) <= len(few)
