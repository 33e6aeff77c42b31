"""Who is told of what, once, and never of their own acts nor of what they may not see."""

from __future__ import annotations

from datetime import date, timedelta

import pytest
from sqlalchemy import select

from crm.kernel.db import Database
from crm.kernel.errors import InvalidInput, NotFound
from crm.notices.models import Follow
from crm.notices.queries import count_unread, followed, notices
from crm.notices.services import Wish, choose_ways, follow, mark_all_read, mark_read, sweep_notices
from crm.notices.services.read import KEPT
from crm.ops.models import MailOutbox
from crm.records.comments.services import edit_comment, write_comment
from crm.security.callers import actor_for
from crm.security.models import Account
from tests.support.notices import House
from tests.support.queries import counting
from tests.support.records import add_actor


def make(house: House, who: str, type_key: str = "organisation", **values: object) -> int:
    with house.works.writing(house.people[who]) as uow:
        return uow.records.create(type_key, values)


def user(house: House, name: str) -> int:
    return house.people[name].user_id or 0


def test_who_is_given_a_task_is_told_and_mailed_once(house: House):
    about = make(house, "anna", title="Klynge Fyn")
    task = make(house, "anna", "task", title="Ring til Fyn", about=about, owner=user(house, "bo"))
    assert house.tell() == 1
    assert house.told("bo") == ["*Anna P. gav dig opgaven ”Ring til Fyn”"]
    assert house.mails() == [("bo", "Anna P. gav dig opgaven ”Ring til Fyn”")]
    assert house.tell() == 0
    with house.works.reading(house.people["anna"]) as uow:
        text = uow.session.scalars(select(MailOutbox.text)).one()
    assert f"https://crm.example/r/{task}/ring-til-fyn" in text
    assert "https://crm.example/me#notices" in text


def test_nobody_is_told_of_their_own_act(house: House):
    task = make(house, "anna", "task", title="Min egen", owner=user(house, "anna"))
    with house.works.writing(house.people["anna"]) as uow:
        uow.records.update(task, {"title": "Min egen igen"})
        write_comment(uow, task, "Husk det")
        uow.records.transition(task, "complete")
    assert house.tell() == 0
    assert house.mails() == []


def test_a_mention_is_told_and_mailed_and_an_edit_tells_the_new_ones_only(house: House):
    about = make(house, "anna", title="Forberedelse af guld")
    with house.works.writing(house.people["anna"]) as uow:
        comment = write_comment(uow, about, "Kan du se på det, @Bo Prøve?")
    house.tell()
    assert house.told("bo") == ["*Anna P. nævnte dig i ”Forberedelse af guld”"]
    with house.works.writing(house.people["anna"]) as uow:
        edit_comment(uow, comment, "Kan du se på det, @Bo Prøve? Nu!")
    assert house.tell() == 0
    assert [to for to, _ in house.mails()] == ["bo"]


def test_one_s_followed_records_tell_of_changes_steps_and_comments_of_others(house: House):
    about = make(house, "anna", title="Klynge Fyn")
    house.tell()
    with house.works.writing(house.people["bo"]) as uow:
        uow.records.update(about, {"note": "Ét"})
        uow.records.update(about, {"note": "To"})
        uow.records.transition(about, "prepare")
        write_comment(uow, about, "I gang")
    assert house.tell() == 3
    assert house.told("anna") == [
        "*Bo P. kommenterede ”Klynge Fyn”",
        "*Bo P. flyttede ”Klynge Fyn” til ”Under opstart”",
        "*Bo P. ændrede ”Klynge Fyn”",
    ]
    assert house.mails() == [], "what one follows comes to the bell only, unless one asks for mail"
    with house.works.reading(house.people["anna"]) as uow:
        assert [line.times for line in notices(uow).lines] == [1, 1, 2]


def test_changes_gather_in_one_notice_until_it_is_read(house: House):
    about = make(house, "anna", title="Klynge Fyn")
    for _ in range(2):
        for note in ("a", "b", "c"):
            with house.works.writing(house.people["bo"]) as uow:
                uow.records.update(about, {"note": note})
            house.tell()
        house.read_all("anna")
    assert house.told("anna") == ["Bo P. ændrede ”Klynge Fyn”", "Bo P. ændrede ”Klynge Fyn”"]


def test_who_comments_follows_and_who_muted_hears_only_what_is_meant_for_them(house: House):
    about = make(house, "anna", title="Klynge Fyn")
    with house.works.writing(house.people["anna"]) as uow:
        follow(uow, about, Wish.MUTE)
    with house.works.writing(house.people["bo"]) as uow:
        write_comment(uow, about, "Hej")
        uow.records.update(about, {"note": "x"})
    house.tell()
    assert house.told("anna") == []
    with house.works.writing(house.people["anna"]) as uow:
        write_comment(uow, about, "Svar")
    with house.works.writing(house.people["bo"]) as uow:
        write_comment(uow, about, "@Anna Prøve, se her")
    house.tell()
    assert house.told("bo") == ["*Anna P. kommenterede ”Klynge Fyn”"]
    assert house.told("anna") == ["*Bo P. nævnte dig i ”Klynge Fyn”"]


def test_to_follow_stop_and_mute_are_one_s_own(house: House):
    about = make(house, "anna", title="Klynge Fyn")
    bo = house.people["bo"]
    for wish, expected in ((Wish.FOLLOW, [False]), (Wish.FOLLOW, [False]), (Wish.MUTE, [True]), (Wish.UNFOLLOW, [])):
        with house.works.writing(bo) as uow:
            follow(uow, about, wish)
        with house.works.reading(bo) as uow:
            assert [line.muted for line in followed(uow)] == expected
    with pytest.raises(NotFound), house.works.writing(house.people["eva"]) as uow:
        follow(uow, about, Wish.FOLLOW)


def test_what_one_may_not_see_is_neither_told_nor_mailed_nor_shown_later(house: House):
    hers = make(house, "anna", title="Evas klynge", owner=user(house, "eva"))
    assert house.tell() == 1
    assert house.told("eva") == ["*Anna P. gjorde dig ansvarlig for ”Evas klynge”"]
    with house.works.writing(house.people["anna"]) as uow:
        uow.records.update(hers, {"owner": user(house, "bo")})
        uow.records.update(hers, {"note": "hemmeligt"})
    house.tell()
    assert house.told("eva") == [], "what she was told before is gone with her right"
    assert [to for to, _ in house.mails()] == ["eva", "bo"]
    with house.works.reading(house.people["eva"]) as uow:
        assert followed(uow) == []


def test_a_private_task_tells_its_two_people_only(house: House):
    task = make(house, "anna", "task", title="Løn", private=True, owner=user(house, "bo"))
    eva = house.people["eva"]
    with house.works.database.writing() as session:
        session.add(Follow(user_id=user(house, "eva"), record_id=task, muted=False, at=house.works.clock.now()))
    with house.works.writing(house.people["bo"]) as uow:
        uow.records.transition(task, "complete")
    house.tell()
    assert house.told("bo") == ["*Anna P. gav dig opgaven ”Løn”"]
    assert house.told("anna") == ["*Bo P. flyttede ”Løn” til ”Udført”"]
    with house.works.reading(eva) as uow:
        assert (notices(uow).lines, count_unread(uow)) == ((), 0)


def test_each_switch_does_what_it_says(house: House, database: Database):
    with database.writing() as session:
        choose_ways(session, user(house, "bo"), {"assigned": "off", "mentioned": "app", "changed": "mail"}, auto_follow=False)
        with pytest.raises(InvalidInput):
            choose_ways(session, user(house, "bo"), {"assigned": "pigeon"}, auto_follow=True)
    about = make(house, "anna", title="Klynge Fyn")
    make(house, "anna", "task", title="Ring", owner=user(house, "bo"))
    with house.works.writing(house.people["anna"]) as uow:
        write_comment(uow, about, "@Bo Prøve: se")
    with house.works.writing(house.people["bo"]) as uow:
        follow(uow, about, Wish.FOLLOW)
    house.tell()
    assert house.told("bo") == ["*Anna P. nævnte dig i ”Klynge Fyn”"]
    with house.works.writing(house.people["anna"]) as uow:
        uow.records.update(about, {"note": "x"})
    house.tell()
    assert house.mails() == [("bo", "Anna P. ændrede ”Klynge Fyn”")]
    mine = make(house, "bo", title="Bos")
    house.tell()
    with house.works.reading(house.people["bo"]) as uow:
        assert [line.title.id for line in followed(uow)] == [about], f"{mine} was not asked for"


def test_who_cannot_sign_in_or_has_no_bell_is_told_nothing(house: House, database: Database):
    member = add_actor(database, "åse", [("@portal", "use"), ("follow_up", "read", "own")])
    make(house, "anna", "task", title="Læs", owner=member.user_id)
    assert house.tell() == 0
    assert house.mails() == []


def test_a_follow_up_is_given_by_the_person_who_took_it_on(house: House, database: Database):
    person = make(house, "anna", "person", given_name="Bo")
    with database.writing() as session:
        account = session.get_one(Account, user(house, "bo"))
        account.person_id = person
    with database.reading() as session:
        house.people["bo"] = actor_for(session, user(house, "bo"))
    board = make(house, "anna", "board", title="Styregruppen")
    meeting = make(house, "anna", "meeting", board=board, when="2026-12-24 10:00")
    make(house, "anna", "follow_up", title="Send notat", meeting=meeting, responsible=person, due="2026-12-01")
    house.tell()
    assert house.told("bo") == ["*Anna P. gav dig opgaven ”Send notat”"]
    assert house.tell_due() == 1
    assert house.told("bo")[0] == "*”Send notat” har frist i dag"


def test_a_date_that_has_come_is_told_once_a_day_until_it_is_done(house: House):
    bo = user(house, "bo")
    late = make(house, "bo", "task", title="For sent", due="2026-11-27", owner=bo)
    make(house, "bo", "task", title="I dag", due="2026-12-01 16:00", owner=bo)
    make(house, "bo", "task", title="Husk mig", due="2026-12-20", remind_on="2026-12-01", owner=bo)
    make(house, "bo", "task", title="Senere", due="2026-12-02", owner=bo)
    assert house.tell_due() == 3
    assert house.tell_due() == 0
    assert sorted(house.told("bo")) == ["*Fristen for ”For sent” er overskredet", "*Husk ”Husk mig”", "*”I dag” har frist i dag"]
    house.later(days=1)
    assert house.tell_due() == 1, "the unread ones stay the notices that they are"
    assert len(house.told("bo")) == 4
    house.read_all("bo")
    with house.works.writing(house.people["bo"]) as uow:
        uow.records.transition(late, "complete")
    house.later(days=1)
    assert house.tell_due() == 2
    assert [line for line in house.told("bo") if line.startswith("*")] == [
        "*Fristen for ”Senere” er overskredet",
        "*Fristen for ”I dag” er overskredet",
    ]
    assert house.mails() == []


def test_who_wants_no_word_of_dates_gets_none_and_keeps_nobody_else_from_theirs(house: House, database: Database):
    with database.writing() as session:
        choose_ways(session, user(house, "anna"), {"due": "off"}, auto_follow=True)
        choose_ways(session, user(house, "bo"), {"due": "mail"}, auto_follow=True)
    make(house, "anna", "task", title="Annas", due="2026-12-01", owner=user(house, "anna"))
    make(house, "bo", "task", title="Bos", due="2026-12-01", owner=user(house, "bo"))
    assert [house.tell_due(), house.tell_due()] == [1, 0]
    assert house.told("anna") == []
    assert house.mails() == [("bo", "”Bos” har frist i dag")]


def test_imports_and_years_gone_by_are_no_news(house: House):
    with house.works.writing(house.people["anna"], cause="import") as uow:
        uow.records.create("task", {"title": "Hentet", "owner": user(house, "bo")})
    make(house, "anna", "task", title="Gammel", owner=user(house, "bo"))
    house.later(days=8)
    assert house.tell() == 0
    make(house, "anna", "task", title="Ny", owner=user(house, "bo"))
    assert house.tell() == 1
    house.later(days=2)
    with house.works.writing(house.people["anna"]) as uow:
        uow.records.create("task", {"title": "Frisk", "owner": user(house, "bo")})
    house.later(days=2)
    assert house.tell() == 1
    assert [subject for _, subject in house.mails()] == ["Anna P. gav dig opgaven ”Ny”"], "nobody is mailed days later"


def test_one_marks_one_s_own_notices_only(house: House):
    for title in ("A", "B"):
        make(house, "anna", "task", title=title, owner=user(house, "bo"))
    house.tell()
    with house.works.reading(house.people["bo"]) as uow:
        newest, oldest = (line.id for line in notices(uow).lines)
    with pytest.raises(NotFound), house.works.writing(house.people["anna"]) as uow:
        mark_read(uow, newest)
    with house.works.writing(house.people["anna"]) as uow:
        assert mark_all_read(uow) == 0
    with house.works.writing(house.people["bo"]) as uow:
        assert mark_all_read(uow, up_to=oldest) == 1
        mark_read(uow, newest)
        mark_read(uow, newest)
        assert count_unread(uow) == 0


def test_a_page_of_notices_asks_the_same_however_many_there_are(house: House):
    def asked() -> int:
        with house.works.reading(house.people["bo"]) as uow, counting(house.works.database) as queries:
            notices(uow)
            count_unread(uow)
        return len(queries)

    make(house, "anna", "task", title="Første", owner=user(house, "bo"))
    house.tell()
    few = asked()
    for number in range(20):
        make(house, "anna", "task", title=f"Nr. {number}", owner=user(house, "bo"))
    house.tell()
    assert asked() == few


def test_the_day_of_the_office_counts(house: House):
    """It is past midnight in Copenhagen, and still the day before in UTC."""
    house.later(hours=15, minutes=30)
    make(house, "bo", "task", title="I morgen var i dag", due=date(2026, 12, 2), owner=user(house, "bo"))
    assert house.tell_due() == 1
    assert house.told("bo") == ["*”I morgen var i dag” har frist i dag"]


def test_an_act_upon_many_mails_a_few_times_and_the_bell_has_all(house: House):
    with house.works.writing(house.people["anna"]) as uow:
        for number in range(7):
            uow.records.create("task", {"title": f"Nr. {number}", "owner": user(house, "bo")})
    assert house.tell() == 7
    assert [to for to, _ in house.mails()] == ["bo", "bo", "bo"]
    assert len(house.told("bo")) == 7


def test_what_was_read_long_ago_is_swept(house: House):
    make(house, "anna", "task", title="Læst", owner=user(house, "bo"))
    house.tell()
    house.read_all("bo")
    make(house, "anna", "task", title="Ulæst", owner=user(house, "bo"))
    house.tell()
    with house.works.database.writing() as session:
        assert sweep_notices(session, house.works.clock.now()) == 0
        assert sweep_notices(session, house.works.clock.now() + KEPT + timedelta(minutes=1)) == 1
    assert house.told("bo") == ["*Anna P. gav dig opgaven ”Ulæst”"]
