"""The demo: its totals are those that such a function reports, and its stories are all in it, whatever the day of loading."""

from __future__ import annotations

from collections import Counter
from datetime import UTC, date, datetime, timedelta
from time import perf_counter

import pytest
from sqlalchemy import func, select

from crm.boards.models import Mandate
from crm.cases.models import Case
from crm.certification.models import Certificate
from crm.cli.seed import seed
from crm.collaboration.models import Collaboration
from crm.demo.batches import story_day
from crm.directory.models import Consent, Organisation, Person
from crm.events.models import Event, Participation
from crm.international.models import InternationalActivity
from crm.kernel.clock import FixedClock, local_day
from crm.kernel.settings import Settings
from crm.membership.models import CatalogueEntry
from crm.records.files import files_of
from crm.records.models import Change, RecordLink, record_table
from crm.records.related import links
from crm.records.search import find
from crm.security.actors import system_actor
from crm.sparring.models import Sparring
from crm.wiring import build

ZONE = "Europe/Copenhagen"


def loaded(backend, home, day, size):
    """Give a demo as of a day, and take it away afterwards."""
    url = backend.url()
    moment = datetime.combine(day, datetime.min.time(), UTC) + timedelta(hours=8)
    klynge = build(Settings(home=home, database_url=url, demo_size=size), clock=FixedClock(moment))
    seed(klynge)
    yield klynge
    klynge.database.dispose()
    backend.drop(url)


@pytest.fixture(scope="module")
def whole(sqlite_backend, tmp_path_factory):
    """All of it, before the reform of the regions; tests that use it leave it as it is."""
    yield from loaded(sqlite_backend, tmp_path_factory.mktemp("whole"), date(2026, 12, 1), "full")


@pytest.fixture(scope="module")
def later(sqlite_backend, tmp_path_factory):
    """The small one, after the reform."""
    yield from loaded(sqlite_backend, tmp_path_factory.mktemp("later"), date(2027, 6, 1), "small")


@pytest.fixture(params=["whole", "later"])
def demo(request):
    """Each of the two: what is told of both is right as of any day."""
    return request.getfixturevalue(request.param)


@pytest.fixture
def uow(demo):
    with demo.works.reading(system_actor("test")) as opened:
        yield opened


@pytest.fixture
def all_in(whole):
    """A unit of work on the whole demo."""
    with whole.works.reading(system_actor("test")) as opened:
        yield opened


@pytest.fixture
def today(demo):
    return local_day(demo.clock.now(), ZONE)


def all_of(uow, model):
    return uow.session.scalars(select(model)).all()


def named(uow, title):
    return uow.session.scalars(select(Organisation).where(Organisation.title == title)).one()


def within_a_year(today, years_back=0):
    last = date(today.year - years_back, today.month, today.day)
    return lambda event: date(last.year - 1, last.month, last.day) < local_day(event.starts_at, ZONE) <= last


# ------------------------------------------------------------------------------------------------------------- totals
def test_there_are_as_many_organisations_and_people_as_there_should_be(all_in):
    kinds = Counter(org.kind_of for org in all_of(all_in, Organisation))
    assert sum(kinds.values()) == 1200
    assert kinds["company"] > 900
    clusters = [org for org in all_of(all_in, Organisation) if org.kind_of == "cluster" and org.state == "active"]
    assert len(clusters) == 48
    assert {org.region for org in clusters} >= {"nordjylland", "midtjylland", "syddanmark"}
    assert len(all_of(all_in, Person)) == 4000
    assert len(all_of(all_in, Consent)) > 800


def test_certificates_in_force_are_eight_gold_five_silver_and_twenty_two_bronze(uow):
    states = Counter((one.level, one.status) for one in all_of(uow, Certificate))
    in_force = Counter(
        level for (level, status), number in states.items() if status in {"valid", "expiring"} for _ in range(number)
    )
    assert in_force == {"gold": 8, "silver": 5, "bronze": 22}
    assert (states["bronze", "renewable"], states["bronze", "lapsed"]) == (1, 1)


def test_a_year_has_four_workshops_one_camp_and_one_conference_with_its_figures(all_in):
    held = [event for event in all_of(all_in, Event) if event.state == "held"]
    for back in (0, 1):
        year = Counter(event.kind_of for event in filter(within_a_year(date(2026, 12, 1), back), held))
        assert (year["workshop"], year["camp"], year["conference"]) == (4, 1, 1)
        assert 8 <= year["strategy_meeting"] <= 10
    for event in held:
        if event.kind_of == "conference":
            assert event.people_count in range(290, 311)
            assert event.cluster_count in range(148, 154)
            assert event.country_count in range(29, 32)
            assert event.meeting_count in range(480, 500)
    total = Counter(event.kind_of for event in held)
    assert (total["master_class"], total["lab"], total["course"]) == (5, 3, 2)
    groups = {event.title.partition(",")[0] for event in held if event.kind_of == "experience_group"}
    assert len(groups) == 3
    assert any(event.state == "open" for event in all_of(all_in, Event))


def test_about_a_thousand_sparrings_fewer_when_people_are_away(all_in):
    days = [local_day(one.starts_at, ZONE) for one in all_of(all_in, Sparring)]
    assert 900 < len(days) < 1100
    weeks = Counter(day.isocalendar()[:2] for day in days)
    summer = [number for (_year, week), number in weeks.items() if week in {28, 29, 30}]
    assert max(summer, default=0) <= 2
    assert not [day for day in days if (day.month, day.day) >= (12, 22) or (day.month, day.day) <= (1, 2)]
    assert len({one.note for one in all_of(all_in, Sparring)}) > 120


def test_twenty_two_clusters_and_466_companies_were_helped_abroad(uow):
    activities = all_of(uow, InternationalActivity)
    assert len({one.cluster_id for one in activities}) == 22
    linked = select(RecordLink.to_id).where(RecordLink.field == "companies", RecordLink.from_id.in_([one.id for one in activities]))
    companies = set(uow.session.scalars(linked))
    assert len(companies) + sum(one.company_count or 0 for one in activities) == 466


def test_the_rest_is_there(all_in):
    assert len([one for one in all_of(all_in, CatalogueEntry) if one.ends_at is None]) == 48
    pairs = {frozenset((one.one_id, one.other_id)) for one in all_of(all_in, Collaboration)}
    assert len(pairs) == 120
    running = [case for case in all_of(all_in, Case) if case.state in {"open", "active", "waiting"}]
    assert 12 < len(running) < len(all_of(all_in, Case)) / 2


def test_the_bodies_sit_as_they_should(uow, today):
    def seated(title):
        board = select(record_table.c.id).where(record_table.c.title == title).scalar_subquery()
        seats = uow.session.scalars(select(Mandate).where(Mandate.board_id == board)).all()
        here = [seat for seat in seats if local_day(seat.starts_at, ZONE) <= today]
        return [seat for seat in here if seat.ends_at is None or local_day(seat.ends_at, ZONE) >= today]

    members = [seat for seat in seated("Styregruppen") if seat.role == "member"]
    assert len(members) == (5 if today < date(2027, 1, 1) else 4)
    assert Counter(seat.role for seat in seated("Styregruppen"))["chair"] == 1
    assert len(seated("Det rådgivende udvalg")) == 8


# ------------------------------------------------------------------------------------------------------------ stories
def test_a_gold_certificate_ends_in_eleven_weeks_and_its_case_has_two_gaps(uow, today):
    robots = named(uow, "Aabenraa Robotklynge")
    held = uow.session.scalars(select(Certificate).where(Certificate.organisation_id == robots.id)).all()
    gold = next(one for one in held if one.level == "gold" and one.status == "expiring")
    assert gold.valid_until == today + timedelta(weeks=11)
    case = uow.session.scalars(select(Case).where(Case.title == "Forberedelse af guld")).one()
    assert len([row for row in case.checklist if row["text"].startswith("Mangler") and not row["done"]]) == 2


def test_two_clusters_merged_fourteen_months_ago_and_have_open_cases(uow, today):
    new = named(uow, "Vestsjællands Ressourceklynge")
    old = [named(uow, title) for title in ("Slagelse Bioenergi", "Næstved Affaldsteknik")]
    assert {org.state for org in old} == {"merged"}
    for org in old:
        (link,) = [line for line in links(uow, org.id) if line.field.api_name == "successors"]
        assert link.other.id == new.id
        assert 410 < (today - link.from_on).days < 440
        open_cases = uow.session.scalars(select(Case).where(Case.organisation_id == org.id, Case.state == "waiting")).all()
        assert len(open_cases) == 1


def test_one_changed_cluster_in_the_middle_of_a_series(all_in):
    camilla = all_in.session.scalars(select(Person).where(Person.title == "Camilla Skovlyst")).one()
    rows = all_in.session.scalars(select(Participation).where(Participation.person_id == camilla.id)).all()
    of_group = [row for row in rows if row.organisation_id is not None]
    assert len({row.organisation_id for row in of_group}) == 2
    assert len([line for line in links(all_in, camilla.id) if line.field.api_name == "positions" and line.to_on is not None]) == 1


def test_the_other_stories_are_there(uow, today):
    assert named(uow, "Trekantområdets Logistikklynge").region_rule == "fractional"
    assert len(named(uow, "Trekantområdets Logistikklynge").regions) == 2
    assert named(uow, "Østfyn Fødevareklynge").state == "starting"
    assert uow.session.scalar(select(func.count()).where(Person.title.in_(["Jens Bak", "Jens Back"]))) == 2
    protected = [org for org in all_of(uow, Organisation) if org.advertising_protected]
    assert len(protected) > 1
    item = uow.session.scalars(select(record_table.c.id).where(record_table.c.title == "Fælles besøg i Holland")).one()
    assert len(files_of(uow, item)) == 2
    assert story_day(today, 23) > today


# ------------------------------------------------------------------------------------------------- loading, as a whole
def test_all_can_be_searched_at_once(uow):
    assert [hit.title for group in find(uow, "landbrugsskolen") for hit in group.hits]
    assert [hit.title for group in find(uow, "robotklynge") for hit in group.hits]


def test_nothing_lies_ahead_in_the_log_and_a_later_load_finds_at_once_that_all_is_there(demo, uow):
    assert uow.session.scalar(select(func.max(Change.at))) <= uow.now()
    changes = uow.session.scalar(select(func.count()).select_from(Change.__table__))
    begun = perf_counter()
    assert seed(demo) == 0
    assert perf_counter() - begun < 3  # alone on a machine a fraction of a second
    assert uow.session.scalar(select(func.count()).select_from(Change.__table__)) == changes
