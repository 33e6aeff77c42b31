"""Create and update: values, required and unknown fields, all problems at once, saving without a change."""

from __future__ import annotations

from datetime import date
from decimal import Decimal

import pytest

from crm.kernel.db import Database
from crm.kernel.errors import AccessDenied, InvalidInput, NotFound
from crm.kernel.i18n import Label
from crm.records.fields import DateValue
from crm.records.query import one
from crm.records.related import history
from crm.records.store import Create, StaleRecord
from crm.records.types import Field, Option, Spine
from crm.records.work import Works
from tests.support.records import SYSTEM, add_actor, builtin, everything_in, works_on

STAFF = (("*", "*"),)


def test_a_new_record_has_its_values_its_state_its_owner_and_one_change(database: Database, works: Works) -> None:
    anna = add_actor(database, "anna", STAFF)
    with works.writing(anna) as uow:
        made = uow.records.create(
            "organisation",
            {"title": " Aabenraa  Havn ", "cvr": "12345674", "website": "havn.dk", "email": "a@b.dk"},
            owner_id=anna.user_id,
        )
    with works.reading(anna) as uow:
        row = one(uow, made)
        assert (row.title, row.state, row.version, row.owner_id) == ("Aabenraa  Havn", "active", 1, anna.user_id)
        assert row.values["website"] == "https://havn.dk"
        assert row.values["note"] is None
        (line,) = history(uow, made)
        assert (line.kind, line.version, line.actor_name) == ("create", 1, "Anna Prøve")
        assert line.patch["title"] == (None, "Aabenraa  Havn")
        assert line.patch["state"] == (None, "active")
        assert "note" not in line.patch


def test_defaults_are_kept_as_values_of_their_kind_and_logged_as_such(works: Works) -> None:
    with works.writing(SYSTEM) as uow:
        board = uow.records.create("board", {"title": "Styregruppen"})
        assert uow.records.values(board)["items_days"] == Decimal(21)
        assert uow.records.values(board)["names_clusters"] is True
        (line,) = history(uow, board)
        assert str(line.patch["items_days"][1]) == "21"


def test_an_update_names_the_fields_it_changes_and_logs_old_and_new(works: Works) -> None:
    with works.writing(SYSTEM) as uow:
        made = uow.records.create("organisation", {"title": "Østfyn", "street": "11"})
        assert uow.records.update(made, {"street": "22", "city": "Nyborg"}) == 2
        assert history(uow, made)[0].patch == {"street": ("11", "22"), "city": (None, "Nyborg")}


def test_every_problem_of_an_order_is_told_at_once_by_field(works: Works) -> None:
    with works.writing(SYSTEM) as uow, pytest.raises(InvalidInput) as refused:
        uow.records.create("follow_up", {"meeting": 999, "due": "i går", "unknown": 1, "note": 5, "responsible": "nobody"})
    told = {name: str(message) for name, message in refused.value.fields.items()}
    assert told == {
        "title": "“Follow-up” must be filled in.",
        "meeting": "The chosen record does not exist, or cannot be chosen here.",
        "due": "“i går” is not a date. Write for example 27-04-2027.",
        "unknown": "There is no field “unknown”.",
        "note": "This must be text.",
        "responsible": "Choose from the list.",
    }


def test_what_a_rule_finds_is_told_beside_what_the_fields_find(works: Works) -> None:
    with works.writing(SYSTEM) as uow:
        board = uow.records.create("board", {"title": "Styregruppen"})
        meeting = uow.records.create("meeting", {"board": board, "when": "2027-04-27 10.00"})
        values = {"meeting": meeting, "title": "", "item_type": "orientation", "recommendation": "at vi spiser", "minutes": "mange"}
        with pytest.raises(InvalidInput) as refused:
            uow.records.create("agenda_item", values)
    assert set(refused.value.fields) == {"title", "recommendation", "minutes"}


def test_the_first_order_of_a_batch_that_cannot_be_accepted_is_told_and_none_is_saved(database: Database, works: Works) -> None:
    before = everything_in(database)
    orders = [Create("organisation", {"title": "A"}), Create("organisation", {}), Create("organisation", {"title": "B", "x": 1})]
    with pytest.raises(InvalidInput) as refused, works.writing(SYSTEM) as uow:
        uow.records.save_many(orders)
    assert set(refused.value.fields) == {"title"}
    assert everything_in(database) == before


@pytest.mark.parametrize("values", [{}, {"title": "Østfyn", "street": "11"}, {"title": "  Østfyn "}, {"website": "https://a.dk"}])
def test_saving_without_a_change_writes_nothing(database: Database, works: Works, values: dict[str, str]) -> None:
    with works.writing(SYSTEM) as uow:
        made = uow.records.create("organisation", {"title": "Østfyn", "street": "11", "website": "a.dk"})
    before = everything_in(database)
    with works.writing(SYSTEM) as uow:
        assert uow.records.update(made, values) == 1
    assert everything_in(database) == before


def test_a_required_field_cannot_be_emptied_but_need_not_be_named(works: Works) -> None:
    with works.writing(SYSTEM) as uow:
        made = uow.records.create("person", {"given_name": "Anne"})
        with pytest.raises(InvalidInput, match="given_name"):
            uow.records.update(made, {"given_name": "  "})
        assert uow.records.update(made, {"family_name": "Holm"}) == 2
        assert one(uow, made).title == "Anne Holm"


def test_a_column_that_takes_no_null_refuses_an_empty_value_by_name(works: Works) -> None:
    with works.writing(SYSTEM) as uow:
        board = uow.records.create("board", {"title": "Styregruppen"})
        for values in ({"items_days": ""}, {"names_clusters": None}):
            with pytest.raises(InvalidInput, match="must be filled in"):
                uow.records.update(board, values)
        with pytest.raises(InvalidInput, match="items_days"):
            uow.records.create("board", {"title": "Udvalget", "items_days": None})


def test_a_read_only_field_is_set_by_rules_alone(database: Database, works: Works) -> None:
    anna = add_actor(database, "anna", STAFF)
    with works.writing(anna) as uow:
        made = uow.records.create("organisation", {"title": "Østfyn", "cvr": "12345678"})
        assert one(uow, made).values["cvr_doubtful"] is True
        with pytest.raises(InvalidInput, match="set by the system"):
            uow.records.update(made, {"cvr_doubtful": False})


def test_a_field_that_the_role_may_not_write_is_refused_by_name(database: Database, works: Works) -> None:
    eva = add_actor(
        database,
        "eva",
        [
            ("organisation", "read"),
            ("organisation", "create", "all", None, ["title"]),
            ("organisation", "update", "all", None, ["street"]),
        ],
    )
    with works.writing(eva) as uow:
        made = uow.records.create("organisation", {"title": "Østfyn"})
        assert uow.records.update(made, {"street": "11"}) == 2
        with pytest.raises(InvalidInput) as refused:
            uow.records.update(made, {"street": "22", "title": "Vestfyn", "email": "x@y.dk"})
        assert set(refused.value.fields) == {"title", "email"}
        with pytest.raises(InvalidInput, match="street"):
            uow.records.create("organisation", {"title": "Vestfyn", "street": "11"})
        assert one(uow, made).values["street"] == "11"


def test_a_retired_option_stays_where_it_is_and_is_not_chosen_anew(database: Database) -> None:
    kinds = builtin("organisation").by_name["kind"]
    works = works_on(database)
    with works.writing(SYSTEM) as uow:
        old, new = (
            uow.records.create("organisation", {"title": name, "kind": kind}) for name, kind in (("A", "network"), ("B", "company"))
        )
    retired = tuple(Option(item.key, item.label, retired=item.key == "network") for item in kinds.options)
    fields = tuple(
        Field("kind", "choice", item.label, item.place, options=retired) if item.api_name == "kind" else item
        for item in builtin("organisation").fields
    )
    works = works_on(database, builtin("organisation", fields=fields))
    with works.writing(SYSTEM) as uow:
        assert uow.records.update(old, {"kind": "network", "street": "1"}) == 2
        with pytest.raises(InvalidInput, match="no longer offered"):
            uow.records.update(new, {"kind": "network"})
        with pytest.raises(InvalidInput, match="no longer offered"):
            uow.records.create("organisation", {"title": "C", "kind": "network"})


def test_only_the_product_itself_begins_a_record_in_another_state(database: Database, works: Works) -> None:
    anna = add_actor(database, "anna", STAFF)
    with works.writing(SYSTEM) as uow:
        made = uow.records.save_many([Create("organisation", {"title": "Det gamle netværk"}, state="closed")])[0]
        assert one(uow, made).state == "closed"
        with pytest.raises(InvalidInput, match="state"):
            uow.records.save_many([Create("organisation", {"title": "X"}, state="asleep")])
    with works.writing(anna) as uow, pytest.raises(AccessDenied):
        uow.records.save_many([Create("organisation", {"title": "X"}, state="closed")])


def test_an_owner_must_be_a_user(database: Database, works: Works) -> None:
    anna = add_actor(database, "anna", STAFF)
    with works.writing(anna) as uow, pytest.raises(InvalidInput, match="owner"):
        uow.records.create("organisation", {"title": "X"}, owner_id=4711)


def test_a_record_is_given_to_somebody_else_and_the_history_says_so(database: Database, works: Works) -> None:
    anna, bo = add_actor(database, "anna", STAFF), add_actor(database, "bo", STAFF)
    with works.writing(anna) as uow:
        made = uow.records.create("organisation", {"title": "X"}, owner_id=anna.user_id)
        assert uow.records.update(made, {"owner": bo.user_id, "city": "Ribe"}) == 2
        assert one(uow, made).owner_id == bo.user_id
        assert history(uow, made)[0].patch == {"owner": (anna.user_id, bo.user_id), "city": (None, "Ribe")}
        assert uow.records.update(made, {"owner": bo.user_id}) == 2
        with pytest.raises(InvalidInput, match="owner"):
            uow.records.update(made, {"owner": 4711})
        with pytest.raises(StaleRecord):
            uow.records.update(made, {"owner": None}, seen_version=1)
        uow.records.update(made, {"owner": None})
        assert one(uow, made).owner_id is None
        assert one(uow, uow.records.create("organisation", {"title": "Y", "owner": bo.user_id})).owner_id == bo.user_id


def test_a_type_whose_owner_is_a_field_keeps_the_one_given_beside_it(database: Database) -> None:
    anna = add_actor(database, "anna", STAFF)
    owner = Field("owner", "user", Label(da="Ansvarlig"), Spine(("owner_id",)))
    works = works_on(database, builtin("organisation", fields=(*builtin("organisation").fields, owner)))
    with works.writing(anna) as uow:
        made = uow.records.create("organisation", {"title": "X"}, owner_id=anna.user_id)
        assert one(uow, made).owner_id == anna.user_id
        uow.records.update(made, {"owner": None})
        assert one(uow, made).owner_id is None


def test_unknown_types_and_records_are_not_found(works: Works) -> None:
    with works.writing(SYSTEM) as uow:
        with pytest.raises(NotFound):
            uow.records.create("unicorn", {})
        with pytest.raises(NotFound):
            uow.records.update(4711, {"title": "X"})


def test_a_period_and_a_day_come_back_as_they_were_written(works: Works) -> None:
    with works.writing(SYSTEM) as uow:
        board = uow.records.create("board", {"title": "Styregruppen"})
        person = uow.records.create("person", {"given_name": "Anne"})
        seat = uow.records.create(
            "mandate", {"board": board, "person": person, "period": {"start": "1/3 2026", "end": "2027-03-01"}}
        )
        assert uow.records.values(seat)["period"] == DateValue(date(2026, 3, 1), date(2027, 3, 1))
        assert uow.records.update(seat, {"period": {"start": "2026-03-01", "end": "01.03.2027"}}) == 1
