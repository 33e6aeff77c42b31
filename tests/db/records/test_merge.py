"""Two records become one: values, relations, links and all that hangs on them; undone, both are back as they were."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, Any

import pytest
from sqlalchemy import insert, select

from crm.kernel.errors import AccessDenied, Conflict, InvalidInput, NotFound, RuleViolation
from crm.kernel.i18n import N_, Label
from crm.records.comments.models import Comment
from crm.records.definitions import add_field
from crm.records.merge import ALL, MergeRecords, merge_records, merged_into, survivor_of
from crm.records.models import StoredFile, record_table
from crm.records.query import list_page
from crm.records.related import links
from crm.records.undo import undo_act
from crm.security.models import Account, user_table
from tests.support.records import NOW, SYSTEM, add_actor, builtin, everything_in, works_on

if TYPE_CHECKING:
    from crm.kernel.db import Database
    from crm.records.work import Works
    from crm.security.actors import Actor


@pytest.fixture
def works(database: Database) -> Works:
    return works_on(database)


@pytest.fixture
def staff(database: Database) -> Actor:
    return add_actor(database, "mette", [("*", "*")])


def make(works: Works, type_key: str, **values: Any) -> int:
    with works.writing(SYSTEM) as uow:
        return uow.records.create(type_key, values)


def two_of_a_name(works: Works) -> tuple[int, int]:
    bak = make(works, "person", given_name="Jens", family_name="Bak", email="jens@havn.dk", note="Ringer helst.")
    back = make(works, "person", given_name="Jens", family_name="Back", email="jb@havn.dk", phone="33 11 22 33", note="Ny chef.")
    return bak, back


def merge(works: Works, actor: Actor, survivor: int, *others: int, **more: Any) -> str:
    with works.writing(actor) as uow:
        merge_records(uow, MergeRecords(survivor, others, **more))
        return uow.act.id


def values(works: Works, record_id: int) -> dict[str, Any]:
    with works.reading(SYSTEM) as uow:
        return uow.records.values(record_id)


def comparable(database: Database) -> dict[str, Any]:
    """Everything but the log and what tells that something was written: versions and moments."""
    left = ("act", "change", "change_value", "search_part", "search_doc")
    found = everything_in(database, but=left)
    with database.engine.connect() as connection:
        columns = [column for column in record_table.c if column.name not in {"version", "updated_at", "updated_by"}]
        found["record"] = [tuple(row) for row in connection.execute(select(*columns).order_by(record_table.c.id))]
    return found


def test_the_survivor_keeps_its_values_and_gets_what_it_lacked(works: Works, staff: Actor) -> None:
    bak, back = two_of_a_name(works)
    merge(works, staff, bak, back)
    now = values(works, bak)
    assert now["title"] == "Jens Bak"
    assert [one.address for one in now["email"]] == ["jens@havn.dk", "jb@havn.dk"]
    assert [one.primary for one in now["email"]] == [True, False]
    assert [one.number for one in now["phone"]] == ["+4533112233"]
    assert now["note"] == "Ringer helst.\n\nNy chef."
    with works.reading(staff) as uow:
        assert [row.id for row in list_page(uow, "person").rows] == [bak]


def test_values_are_chosen_field_by_field(works: Works, staff: Actor) -> None:
    bak, back = two_of_a_name(works)
    merge(works, staff, bak, back, picks={"family_name": back, "note": back, "email": ALL, "phone": bak})
    now = values(works, bak)
    assert (now["title"], now["note"], now["phone"]) == ("Jens Back", "Ny chef.", None)
    with works.writing(staff) as uow, pytest.raises(InvalidInput):
        merge_records(uow, MergeRecords(bak, (make_other(uow),), picks={"given_name": 9_999}))


def make_other(uow: Any) -> int:
    return int(uow.records.create("person", {"given_name": "Anne"}))


def test_what_points_at_the_other_points_at_the_survivor(works: Works, staff: Actor) -> None:
    bak, back = two_of_a_name(works)
    board = make(works, "board", title="Styregruppen", kind="steering", meeting_name="Møde")
    mandate = make(works, "mandate", board=board, person=back, period={"start": "2026-01-01"})
    meeting = make(works, "meeting", board=board, when="2026-12-24 10:00")
    trashed = make(works, "follow_up", title="Send notat", meeting=meeting, responsible=back)
    firm = make(works, "organisation", title="Havnen")
    with works.writing(SYSTEM) as uow:
        uow.records.link(back, "positions", firm, role="Direktør")
        uow.records.link(bak, "positions", firm, role="Konsulent")
        uow.records.delete(trashed)
    merge(works, staff, bak, back)
    assert values(works, mandate)["person"] == bak
    assert values(works, mandate)["title"].startswith("Jens Bak")
    with works.writing(staff) as uow:
        assert sorted(line.role for line in links(uow, bak)) == ["Direktør", "Konsulent"]
        uow.records.restore(trashed)
        assert uow.records.values(trashed)["responsible"] == bak


def test_comments_and_files_come_along_and_the_old_address_leads_on(works: Works, staff: Actor, database: Database) -> None:
    bak, back = two_of_a_name(works)
    with database.writing() as session:
        session.add(Comment(record_id=back, author_id=staff.user_id, text="Ring til ham.", created_at=NOW))
        session.add(StoredFile(record_id=back, sha256="a" * 64, size=1, media_type="text/plain", name="brev.txt", created_at=NOW))
    merge(works, staff, bak, back)
    with works.reading(staff) as uow:
        assert uow.session.scalars(select(Comment.record_id)).all() == [bak]
        assert uow.session.scalars(select(StoredFile.record_id)).all() == [bak]
        found = survivor_of(uow, back)
        assert found is not None
        assert (found.id, merged_into(uow, bak)) == (bak, [back])
        assert survivor_of(uow, bak) is None


def test_undone_both_are_back_with_all_they_had_and_redone_they_are_one_again(
    works: Works, staff: Actor, database: Database
) -> None:
    with works.writing(SYSTEM, publishing=True) as uow:
        add_field(uow, "person", "badge", "text", Label(da="Nummer"), config={"unique": True})
    bak, back = two_of_a_name(works)
    board = make(works, "board", title="Styregruppen", kind="steering", meeting_name="Møde")
    make(works, "mandate", board=board, person=back, period={"start": "2026-01-01"})
    firm = make(works, "organisation", title="Havnen")
    with works.writing(SYSTEM) as uow:
        uow.records.update(back, {"badge": "A1"})
        uow.records.link(back, "positions", firm, role="Direktør")
        uow.session.add(Comment(record_id=back, author_id=staff.user_id, text="Ring til ham.", created_at=NOW))
    before = comparable(database)
    act = merge(works, staff, bak, back)
    after = comparable(database)
    assert values(works, bak)["badge"] == "A1"
    assert after != before
    with works.writing(staff) as uow:
        report = undo_act(uow, act)
        undo = uow.act.id
    assert report.skipped == []
    again = comparable(database)
    again["record_link"] = [row[1:] for row in again["record_link"]]
    before["record_link"] = [row[1:] for row in before["record_link"]]
    assert again == before
    with works.writing(staff) as uow:
        assert undo_act(uow, undo).skipped == []
        assert survivor_of(uow, back) is not None
        assert uow.session.scalars(select(Comment.record_id)).all() == [bak]
    assert values(works, bak)["badge"] == "A1"


def test_a_record_that_was_a_part_of_the_other_is_not_a_part_of_itself(works: Works, staff: Actor) -> None:
    whole = make(works, "organisation", title="Havnen")
    part = make(works, "organisation", title="Havnen A/S", parent=whole)
    below = make(works, "organisation", title="Kajen", parent=whole)
    merge(works, staff, part, whole)
    assert values(works, part)["parent"] is None
    assert values(works, below)["parent"] == part


def test_merges_one_after_the_other_lead_to_the_last(works: Works, staff: Actor) -> None:
    first, second = two_of_a_name(works)
    third = make(works, "person", given_name="Jens", family_name="Bach")
    merge(works, staff, second, first)
    merge(works, staff, third, second)
    with works.reading(staff) as uow:
        for one in (first, second):
            found = survivor_of(uow, one)
            assert found is not None
            assert found.id == third


def test_who_may_not_change_and_delete_both_is_refused(works: Works, database: Database) -> None:
    bak, back = two_of_a_name(works)
    for acts in (["read"], ["read", "update"], ["read", "delete"]):
        actor = add_actor(database, "-".join(acts), [("person", act) for act in acts])
        with works.writing(actor) as uow, pytest.raises(AccessDenied):
            merge_records(uow, MergeRecords(bak, (back,)))
    stranger = add_actor(database, "stranger", [("organisation", "*")])
    with works.writing(stranger) as uow, pytest.raises(NotFound):
        merge_records(uow, MergeRecords(bak, (back,)))


def test_a_merge_of_what_was_changed_since_or_does_not_fit_together_is_refused(works: Works, staff: Actor) -> None:
    bak, back = two_of_a_name(works)
    firm = make(works, "organisation", title="Havnen")
    with works.writing(SYSTEM) as uow:
        uow.records.update(back, {"note": "Ringer aldrig."})
    with works.writing(staff) as uow, pytest.raises(Conflict):
        merge_records(uow, MergeRecords(bak, (back,), seen={bak: 1, back: 1}))
    for others in ((firm,), (bak,), ()):
        with works.writing(staff) as uow, pytest.raises(InvalidInput):
            merge_records(uow, MergeRecords(bak, others))


def test_two_users_are_never_made_one(works: Works, staff: Actor, database: Database) -> None:
    bak, back = two_of_a_name(works)
    with database.writing() as session:
        for number, person in enumerate((bak, back)):
            other = add_actor_row(session, number)
            session.add(Account(user_id=other, person_id=person))
    with works.writing(staff) as uow, pytest.raises(RuleViolation):
        merge_records(uow, MergeRecords(bak, (back,)))
    assert values(works, back)["deleted_at"] is None


def add_actor_row(session: Any, number: int) -> int:
    user = {"first_name": "A", "last_name": "B", "username": f"u{number}", "email": f"u{number}@example.dk", "active": True}
    return int(session.execute(insert(user_table).values(user).returning(user_table.c.id)).scalar_one())


def test_a_rule_that_stands_in_the_way_refuses_all_of_it_by_name(database: Database, staff: Actor) -> None:
    def one_a_person(_old: Any, new: Any, context: Any) -> Any:
        others = [other for other in context.having("mandate", "person", new["person"]) if other["id"] != new["id"]]
        return {"person": N_("The person already sits there.")} if others else {}

    mandate = builtin("mandate")
    works = works_on(database, replace(mandate, functions=replace(mandate.functions, check=one_a_person)))
    bak, back = two_of_a_name(works)
    board = make(works, "board", title="Styregruppen", kind="steering", meeting_name="Møde")
    for person in (bak, back):
        make(works, "mandate", board=board, person=person)
    with works.writing(staff) as uow, pytest.raises(RuleViolation) as refused:
        merge_records(uow, MergeRecords(bak, (back,)))
    assert "Jens Back" in refused.value.message("en")
    assert "already sits there" in refused.value.message("en")
    assert values(works, back)["deleted_at"] is None
