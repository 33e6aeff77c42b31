"""Base data and the demo, on both databases: loaded once, right as of any day, with a history that is real."""

from __future__ import annotations

import itertools
import shutil
import stat
from contextlib import contextmanager, nullcontext
from datetime import UTC, date, datetime
from pathlib import Path

import pytest
from sqlalchemy import func, select

from crm.boards.models import AgendaItem, Decision, FollowUp, Mandate, Meeting, PackVersion
from crm.cli.seed import reset, seed
from crm.demo.batches import story_day
from crm.demo.plan import Size, make_plan
from crm.demo.plan.sizes import MEASURES
from crm.demo.users import USERS, sign_in_lines
from crm.directory.models import Municipality, MunicipalityRegion, Organisation, Person, Region
from crm.directory.queries import municipalities_in, region_of, regions_from, regions_on
from crm.directory.seed import load_places
from crm.kernel.clock import FixedClock, local_day
from crm.kernel.errors import ConfigError
from crm.kernel.safety import DEMO_LINES
from crm.kernel.settings import Settings
from crm.kernel.text import sort_key
from crm.ops.models import FlowRequest, MailOutbox
from crm.records.models import Act, Change, record_table
from crm.security.actors import system_actor
from crm.security.callers import actor_for
from crm.security.models import SecurityEvent
from crm.security.users import find_user
from crm.wiring import build

PLACES = (Region, Municipality, MunicipalityRegion)
WRITERS = {"administrator", "staff"}
ZONE = "Europe/Copenhagen"


def batches_of(klynge) -> int:
    """Count what the small demo of a clock's day holds."""
    return len(make_plan(local_day(klynge.clock.now(), ZONE), Size.SMALL, ZONE))


COUNTED = (Organisation, Person, Meeting, AgendaItem, Decision, FollowUp, PackVersion, Act, Change, *PLACES)


def counts(klynge) -> dict[str, int]:
    with klynge.database.reading() as session:
        found = {model.__name__: session.scalar(select(func.count()).select_from(model.__table__)) for model in COUNTED}
        return {**found, "events": session.scalar(select(func.count(SecurityEvent.id)))}


@pytest.fixture(scope="module", params=["sqlite", "postgresql"])
def demo(request, tmp_path_factory):
    """A demo loaded on 1 December 2026, once on each database; tests that use it leave it as it is."""
    clock = FixedClock(datetime(2026, 12, 1, 8, tzinfo=UTC))
    if request.param == "sqlite":
        home, file = request.getfixturevalue("copied_demo")
        shutil.copytree(home, own := tmp_path_factory.mktemp("demo") / "home")
        shutil.copyfile(file, own / "demo.db")
        yield (klynge := build(Settings(home=own, database_url=f"sqlite:///{own / 'demo.db'}"), clock=clock))
        klynge.database.dispose()
        return
    backend = request.getfixturevalue("postgres_backend")
    url = backend.url()
    klynge = build(Settings(home=tmp_path_factory.mktemp("demo"), database_url=url), clock=clock)
    try:
        assert seed(klynge) == batches_of(klynge)
        yield klynge
    finally:
        klynge.database.dispose()
        backend.drop(url)


@pytest.fixture(scope="module")
def copied_demo(sqlite_backend, tmp_path_factory):
    """A loaded home and database file, to be copied: loading takes seconds."""
    home, url = tmp_path_factory.mktemp("copied"), sqlite_backend.url()
    klynge = build(Settings(home=home, database_url=url), clock=FixedClock(datetime(2026, 12, 1, 8, tzinfo=UTC)))
    seed(klynge)
    klynge.database.dispose()
    yield home, Path(url.removeprefix("sqlite:///"))
    sqlite_backend.drop(url)


@pytest.fixture
def own_demo(copied_demo, make_settings, clock, tmp_path):
    """A demo of one's own, to change."""
    home, file = copied_demo
    shutil.copyfile(file, tmp_path / "own.db")
    shutil.copytree(home, tmp_path / "home")
    klynge = build(make_settings(database_url=f"sqlite:///{tmp_path / 'own.db'}"), clock=clock)
    yield klynge
    klynge.database.dispose()


def read(klynge):
    return klynge.works.reading(system_actor("test"))


# ------------------------------------------------------------------------------------------------------------ places
def test_places_are_loaded_and_loading_again_changes_nothing(demo):
    with demo.database.writing() as session:
        load_places(session)
    with demo.database.reading() as session:
        assert session.scalar(select(func.count(Municipality.code))) == 98
        assert session.scalar(select(func.count(Region.key))) == 8
        assert session.scalar(select(func.count()).select_from(MunicipalityRegion.__table__)) == 98 + 46


def test_there_are_five_regions_to_the_end_of_2026_and_four_after(demo):
    last, first = date(2026, 12, 31), date(2027, 1, 1)
    with demo.database.reading() as session:
        assert [region.key for region in regions_on(session, last)] == [
            "hovedstaden",
            "midtjylland",
            "nordjylland",
            "sjaelland",
            "syddanmark",
        ]
        assert [region.key for region in regions_on(session, first)] == ["midtjylland", "nordjylland", "oestdanmark", "syddanmark"]
        new = region_of(session, "0101", first)
        assert new is not None
        assert (new.name, new.seat, new.code) == ("Region Østdanmark", "Sorø", None)
        before = region_of(session, "0101", last)
        assert before is not None
        assert before.name == "Region Hovedstaden"
        assert region_of(session, "0411", last) is None
        assert [(spell.key, spell.first_day) for spell in regions_from(session, "0101", last)] == [
            ("hovedstaden", date(2007, 1, 1)),
            ("oestdanmark", first),
        ]
        assert [spell.key for spell in regions_from(session, "0101", first)] == ["oestdanmark"]
        assert [spell.key for spell in regions_from(session, "0580", last)] == ["syddanmark"]
        assert len(municipalities_in(session, "oestdanmark", first)) == 46
        assert municipalities_in(session, "oestdanmark", last) == []


# -------------------------------------------------------------------------------------------------------------- demo
def test_loading_twice_equals_loading_once(demo):
    before = counts(demo)
    lines = (demo.settings.home / DEMO_LINES).read_text()
    assert seed(demo) == 0
    assert counts(demo) == before
    assert (demo.settings.home / DEMO_LINES).read_text() == lines


def test_another_day_does_not_move_what_is_loaded(demo):
    before, made = counts(demo), acts_of_loading(demo)
    later = build(demo.settings, clock=FixedClock(datetime(2027, 3, 1, 8, tzinfo=UTC)))
    assert seed(later) == 0
    later.database.dispose()
    after = counts(demo)
    assert {name: after[name] for name in after if name not in {"Act", "Change"}} == {
        name: before[name] for name in before if name not in {"Act", "Change"}
    }
    assert acts_of_loading(demo) == made  # what has aged since is told by the calendar, not by the demo


def acts_of_loading(klynge):
    with klynge.database.reading() as session:
        return session.scalars(select(Act.id).where(Act.cause == "seed").order_by(Act.id)).all()


def test_an_interrupted_loading_goes_on_where_it_stopped(sqlite_klynge, clock, monkeypatch):
    """Stopped twice, the second time on another day: the first day and what it made stay."""

    @contextmanager
    def stop_after(batches, number):
        yield itertools.islice(batches, number)

    begun = local_day(clock.now(), ZONE)
    whole = batches_of(sqlite_klynge)
    monkeypatch.setattr("crm.cli.seed.progress", lambda batches: stop_after(batches, 40))
    assert seed(sqlite_klynge) == 40
    clock.moment = datetime(2026, 12, 2, 8, tzinfo=UTC)
    monkeypatch.setattr("crm.cli.seed.progress", lambda batches: stop_after(batches, whole // 2))
    assert seed(sqlite_klynge) == whole // 2
    monkeypatch.setattr("crm.cli.seed.progress", nullcontext)
    assert seed(sqlite_klynge) == whole - 40 - whole // 2
    with sqlite_klynge.database.reading() as session:
        causes = session.scalars(select(Act.cause_id).where(Act.cause_id.like("demo/%"))).all()
        assert {cause.split("/")[1] for cause in causes} == {f"{begun} small"}
        assert len(causes) == len(set(causes))
        assert session.scalar(select(func.count()).select_from(Organisation.__table__)) == MEASURES[Size.SMALL].organisations


def test_the_demo_is_right_as_of_december(demo):
    expect_the_story(demo)


def test_the_demo_is_right_as_of_june(sqlite_klynge, clock):
    clock.moment = datetime(2027, 6, 1, 8, tzinfo=UTC)
    seed(sqlite_klynge)
    expect_the_story(sqlite_klynge)


def expect_the_story(klynge):
    today = klynge.clock.now()
    day = local_day(today, klynge.settings.zone)
    with read(klynge) as uow:
        steering = select(record_table.c.id).where(record_table.c.title == "Styregruppen").scalar_subquery()
        meetings = uow.session.scalars(select(Meeting).where(Meeting.board_id == steering).order_by(Meeting.starts_at)).all()
        last, coming = meetings[-2:]
        assert local_day(coming.starts_at, uow.zone) == story_day(day, 23)
        assert coming.state == "draft"
        assert last.state == "minutes_approved"
        assert last.starts_at < today < coming.starts_at
        items = uow.session.scalars(select(AgendaItem).where(AgendaItem.meeting_id == coming.id)).all()
        assert {item.item_type for item in items} == {"decision", "discussion", "orientation"}
        texts = ("recommendation", "background", "presentation", "finances", "blocks")
        empty = [item for item in items if not item.standing and not any(getattr(item, name) for name in texts)]
        assert len(empty) == 2
        follow_ups = uow.session.scalars(select(FollowUp).where(FollowUp.meeting_id == last.id)).all()
        overdue = [item for item in follow_ups if item.state == "open" and local_day(item.due_at, uow.zone) < day]
        assert (len(follow_ups), len(overdue)) == (5, 2)
        pack = uow.session.scalars(select(PackVersion).where(PackVersion.meeting_id == last.id)).one()
        assert pack.published_at is not None
        assert pack.published_at < last.starts_at
        seats = uow.session.scalars(select(Mandate).where(Mandate.board_id == steering)).all()
        assert len([seat for seat in seats if seat.starts_at <= last.starts_at and (seat.ends_at or today) >= last.starts_at]) >= 6


def test_history_is_real(demo):
    """Each change stands on its own day and under the person who made it; none lies ahead."""
    with read(demo) as uow:
        lines = select(Change.at, Change.actor_id, Change.kind).join(Act, Act.id == Change.act_id).order_by(Change.id)
        changes = uow.session.execute(lines.where(Act.cause_id.like("demo/%"))).all()
        assert [change.at for change in changes] == sorted(change.at for change in changes)
        assert changes[-1].at < uow.now()
        assert len({local_day(change.at, uow.zone) for change in changes}) >= 10
        assert {change.kind for change in changes} >= {"create", "update", "link", "transition"}
        staff = {found[0] for user in USERS if (found := find_user(uow.session, user.username)) and user.role in WRITERS}
        assert {change.actor_id for change in changes} == staff


def test_titles_with_danish_letters_stand_last(demo):
    with read(demo) as uow:
        titles = uow.session.scalars(
            select(record_table.c.title).where(record_table.c.kind == "organisation").order_by("title_sort")
        ).all()
    assert titles == sorted(titles, key=sort_key)
    stories = [title for title in titles if title.startswith(("Ærø", "Østfyn", "Aabenraa", "Vadehavet"))]
    assert stories == ["Vadehavets Offshoreklynge", "Ærø Maritime Netværk", "Østfyn Fødevareklynge", "Aabenraa Robotklynge"]


def test_the_demo_orders_no_flow_and_sends_no_mail(demo):
    with demo.database.reading() as session:
        assert session.scalar(select(func.count()).select_from(FlowRequest.__table__)) == 0
        assert session.scalar(select(func.count()).select_from(MailOutbox.__table__)) == 0


# ------------------------------------------------------------------------------------------------------------- users
def test_every_demo_user_can_sign_in_with_the_line_in_the_file(demo):
    lines = {line.username: line for line in sign_in_lines(demo)}
    assert {line.role for line in lines.values()} == {"administrator", "staff", "board_member", "reader"}
    assert set(lines) == {user.username for user in USERS}
    assert stat.S_IMODE((demo.settings.home / DEMO_LINES).stat().st_mode) == 0o600


def test_a_changed_password_is_no_longer_printed(own_demo):
    from crm.security.events import By
    from crm.security.users import set_password

    with own_demo.database.writing() as session:
        found = find_user(session, "admin")
        assert found is not None
        set_password(session, found[0], "En-helt-anden-4711", By(at=own_demo.clock.now()))
    assert {line.username for line in sign_in_lines(own_demo)} == {user.username for user in USERS} - {"admin"}


def test_the_board_member_is_a_person_with_a_seat(demo):
    with demo.database.reading() as session:
        found = find_user(session, "aase")
        assert found is not None
        aase = actor_for(session, found[0], demo.mandates)
    assert aase.roles == {"board_member"}
    assert [span.active(date(2026, 12, 1)) for span in aase.mandates] == [True]
    with demo.works.reading(aase) as uow:
        meetings = uow.session.scalars(select(Meeting)).all()
        assert {meeting.state for meeting in meetings} == {"minutes_approved"}
        mine = uow.session.scalars(select(FollowUp)).all()
        assert {item.responsible_id for item in mine} == {aase.person_id}
        assert len(mine) == 2


def test_demo_data_is_refused_outside_demo_mode(sqlite_database, make_settings, clock):
    klynge = build(make_settings(database_url=sqlite_database.url, mode="production"), clock=clock)
    try:
        assert seed(klynge) == 0
        with klynge.database.reading() as session:
            assert session.scalar(select(func.count(Municipality.code))) == 98
            assert find_user(session, "mette") is None
        with pytest.raises(ConfigError):
            reset(klynge)
        assert not (klynge.settings.home / DEMO_LINES).exists()
        assert sign_in_lines(klynge) == []
    finally:
        klynge.database.dispose()


def test_a_demo_can_be_emptied_and_loaded_again(own_demo, clock):
    clock.moment = datetime(2027, 6, 1, 8, tzinfo=UTC)
    old = (own_demo.settings.home / DEMO_LINES).read_text()
    reset(own_demo)
    assert counts(own_demo)["Organisation"] == 0
    assert seed(own_demo) == batches_of(own_demo)
    assert (own_demo.settings.home / DEMO_LINES).read_text() != old
    with read(own_demo) as uow:
        days = {local_day(moment, uow.zone) for moment in uow.session.scalars(select(Meeting.starts_at))}
        assert story_day(date(2027, 6, 1), 23) in days


# ----------------------------------------------------------------------------------------------------------- command
def test_the_command_loads_once_and_empties_only_when_told_so(sqlite_database, tmp_path):
    from click.testing import CliRunner

    from crm.cli.main import klynge as command

    runner = CliRunner(env={"KLYNGE_HOME": str(tmp_path), "KLYNGE_DATABASE_URL": sqlite_database.url, "LC_ALL": "C.UTF-8"})
    first, second = runner.invoke(command, ["seed"]), runner.invoke(command, ["seed"])
    assert " 0 dele" not in first.output, first.output
    assert " 0 dele" in second.output
    asked = runner.invoke(command, ["seed", "--reset"], input="n\n")
    assert asked.exit_code == 1
    assert "går tabt" in asked.output
    again = runner.invoke(command, ["seed", "--reset", "--yes"])
    assert again.output == first.output
