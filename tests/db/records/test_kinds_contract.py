"""What every kind of field promises, on both databases: one suite over all of them."""

from __future__ import annotations

import json
from typing import Any

import pytest
from hypothesis import given, settings
from sqlalchemy import select

from crm.api.openapi import field_schema
from crm.api.wire import record_json, writer
from crm.filters import Condition, Filter, Not
from crm.filters.evaluate import evaluate
from crm.filters.tree import OPERATORS
from crm.kernel.db import Database
from crm.kernel.errors import InvalidInput
from crm.kernel.i18n import Label
from crm.records.definitions import add_field
from crm.records.fields import KINDS
from crm.records.models import FieldRow
from crm.records.query import count, list_page, one
from crm.records.registry import extra_field
from crm.records.related import history
from crm.records.subject import subject_of
from crm.records.work import Works
from crm.screens.present import Presenter
from tests.support.hostile import HOSTILE
from tests.support.kinds import EXAMPLES, send_files
from tests.support.records import SYSTEM, add_actor, everything_in, works_on
from tests.unit.records.field_laws import check_form, check_hostile, check_round_trips, refusal

ZONE = "Europe/Copenhagen"
ALL = sorted(EXAMPLES)
GIVEN = {"auto_number"}


def field_of(kind: str) -> Any:
    row = FieldRow(
        key="f1", api_name="x", kind=kind, label={"da": "X"}, config=EXAMPLES[kind].config, slot_state="ready", required=False
    )
    return extra_field(row)


def raws(which: str) -> dict[str, Any]:
    return {f"x_{kind}": getattr(example, which)[0] for kind, example in EXAMPLES.items() if kind not in GIVEN}


def values(which: str) -> dict[str, Any]:
    return {f"x_{kind}": getattr(example, which)[1] for kind, example in EXAMPLES.items()}


@pytest.fixture
def fields(database: Database) -> Works:
    """A field of every kind on organisations, two users, and two organisations to point at."""
    for name in ("anne", "bo"):
        add_actor(database, name)
    works = works_on(database)
    with works.writing(SYSTEM) as uow:
        assert [uow.records.create("organisation", {"title": name}) for name in ("Et", "To")] == [1, 2]
    with works.writing(SYSTEM, publishing=True) as uow:
        for kind, example in EXAMPLES.items():
            add_field(uow, "organisation", f"x_{kind}", kind, Label(da=kind), config=example.config).slot_state = "ready"
    send_files(works, SYSTEM)
    return works


# -- without a database ------------------------------------------------------------------------------------------------


def test_there_is_an_example_of_every_kind() -> None:
    assert set(EXAMPLES) == set(KINDS)


@pytest.mark.parametrize("kind", ALL)
def test_a_value_comes_back_from_json_a_form_and_an_export(kind: str) -> None:
    item = field_of(kind)
    for raw, value in (EXAMPLES[kind].first, EXAMPLES[kind].second):
        if kind not in GIVEN:
            assert KINDS[kind].clean(item, raw, ZONE) == value
        check_round_trips(item, value)
        check_form(item, value)
        text = KINDS[kind].to_text(item, value, ZONE)
        assert isinstance(text, str)
        assert KINDS[kind].clean(item, KINDS[kind].from_text(item, text, ZONE), ZONE) == value
    assert KINDS[kind].to_text(item, None, ZONE) == ""
    assert KINDS[kind].clean(item, KINDS[kind].from_text(item, "", ZONE), ZONE) is None
    nothing = KINDS[kind].clean(item, KINDS[kind].from_form(item, KINDS[kind].to_form(item, None, ZONE)), ZONE)
    assert nothing is (False if kind == "yes_no" else None)


@pytest.mark.parametrize("kind", ALL)
def test_what_is_no_value_of_the_kind_is_refused_in_words(kind: str) -> None:
    item = field_of(kind)
    for raw in EXAMPLES[kind].refused:
        if raw not in (99, [99]):  # whether it exists is the store's to say
            assert refusal(item, raw)


@pytest.mark.parametrize("kind", ALL)
@settings(max_examples=60)
@given(raw=HOSTILE)
def test_no_raw_value_breaks_a_kind(kind: str, raw: Any) -> None:
    check_hostile([field_of(kind)], raw)


# -- on both databases -------------------------------------------------------------------------------------------------


def test_a_list_that_is_passed_on_as_json_says_what_each_record_says(fields: Works) -> None:
    own = {"email": "a@example.dk", "phone": "33112233", "tags": ["x"]}
    with fields.writing(SYSTEM) as uow:
        for which in ("first", "second"):
            uow.records.create("organisation", {"title": which, **own, **raws(which)})
    with fields.reading(SYSTEM) as uow:
        kind = uow.registry.get("organisation")
        ready = [writer(kind, ready=True)(row) for row in list_page(uow, "organisation", as_json=True).rows]
        worded = [record_json(kind, row) for row in list_page(uow, "organisation").rows]
    assert len(ready) == 4
    assert ready == worded
    assert all(row["email"] for row in ready if row["title"] in {"first", "second"})


def test_values_are_kept_changed_emptied_and_logged(fields: Works, database: Database) -> None:
    with fields.writing(SYSTEM) as uow:
        made = uow.records.create("organisation", {"title": "Ny", **raws("first")})
    assert shown(fields, made) == values("first")
    with fields.writing(SYSTEM) as uow:
        uow.records.update(made, raws("second"))
    assert shown(fields, made) == {**values("second"), "x_auto_number": "SAG-0001"}
    with fields.writing(SYSTEM) as uow:
        uow.records.update(made, dict.fromkeys(raws("first")))
    assert shown(fields, made) == {**dict.fromkeys(values("first")), "x_auto_number": "SAG-0001"}
    with fields.reading(SYSTEM) as uow:
        emptied, changed, created = history(uow, made)
    for name, value in values("first").items():
        assert created.patch[name] == (None, value)
        if name != "x_auto_number":
            assert changed.patch[name] == (value, values("second")[name])
            assert emptied.patch[name] == (values("second")[name], None)


def shown(works: Works, record_id: int) -> dict[str, Any]:
    with works.reading(SYSTEM) as uow:
        return {name: value for name, value in one(uow, record_id).values.items() if name.startswith("x_")}


def test_saving_what_is_there_writes_nothing(fields: Works, database: Database) -> None:
    with fields.writing(SYSTEM) as uow:
        made = uow.records.create("organisation", {"title": "Ny", **raws("first")})
    before = everything_in(database)
    with fields.writing(SYSTEM) as uow:
        record_type = uow.registry.get("organisation")
        forms: dict[str, Any] = {}
        for name, value in values("first").items():
            item = record_type.by_name[name]
            if not item.read_only:
                forms[name] = KINDS[item.kind].from_form(item, KINDS[item.kind].to_form(item, value, ZONE))
        assert uow.records.update(made, raws("first")) == 1
        assert uow.records.update(made, forms) == 1
    assert everything_in(database) == before


def test_the_api_gives_json_that_it_reads_back(fields: Works, database: Database) -> None:
    with fields.writing(SYSTEM) as uow:
        made = uow.records.create("organisation", {"title": "Ny", **raws("first")})
        sent = json.loads(json.dumps(record_json(uow.registry.get("organisation"), one(uow, made))))
    before = everything_in(database)
    with fields.writing(SYSTEM) as uow:
        assert uow.records.update(made, {name: sent[name] for name in raws("first")}) == 1
    assert everything_in(database) == before


def test_every_operator_finds_the_same_in_sql_and_in_python(fields: Works) -> None:
    with fields.writing(SYSTEM) as uow:
        ids = [uow.records.create("organisation", {"title": which, **raws(which)}) for which in ("first", "second")]
    with fields.reading(SYSTEM) as uow:
        record_type = uow.registry.get("organisation")
        for kind in KINDS.values():
            name = f"x_{kind.key}"
            plain = kind.operators - {"within"}  # a period is no value of the kind: tests/db/test_filters_agree.py
            wanted: list[Filter] = [condition(op, name, raw) for op in plain for raw in operands(kind.key)]
            for tree in [*wanted, *map(Not, wanted)]:
                by_sql = {row.id for row in list_page(uow, "organisation", where=tree).rows} - {1, 2}
                by_python = {
                    record_id
                    for record_id in ids
                    if evaluate(
                        tree, subject_of(uow.registry, record_type, uow.records.values(record_id), uow.zone, lambda _id: None)
                    )
                }
                assert by_sql == by_python, tree
            assert count(uow, "organisation", Condition(name, "filled")).number == 2
            assert count(uow, "organisation", Condition(name, "empty")).number == 2


def condition(op: str, name: str, raw: Any) -> Condition:
    return Condition(name, op, {0: None, 1: raw, -1: (raw,)}[OPERATORS[op]])


def operands(kind: str) -> list[Any]:
    """Values to compare with: of the examples, each as a condition takes it."""
    known: dict[str, list[Any]] = {
        "rich_text": ["du", "HEJ", "c"],
        "money": ["1234,5", 2000, 1500],
        "duration": ["1:30", 5405, 1],
        "date": ["2026-12-01", "2026-12-02T10:00"],
        "choices": ["a", "b"],
        "tags": ["VIND", "Brint", "i"],
        "users": [1, "2"],
        "emails": ["anne@havn.dk", "BO@havn.dk", "@havn"],
        "phones": ["33112233", "+46850610000", "11"],
        "address": ["havnegade", "Odense", "st"],
        "relation": [1, 2],
        "file": ["plan", "ÆRØ.png", "x"],
        "auto_number": [1, "SAG-0002", "3"],
        "progress": [40, 100, 1000],
        "rating": [3, 6, 1000],
        "number": ["1234,5", 10**12],
    }
    return known.get(kind, [EXAMPLES[kind].first[1], EXAMPLES[kind].second[1]])


def test_what_can_be_sorted_is_and_the_rest_says_so(fields: Works) -> None:
    """Of each kind, the second example is the larger one."""
    with fields.writing(SYSTEM) as uow:
        ids = [uow.records.create("organisation", {"title": which, **raws(which)}) for which in ("first", "second")]
    with fields.reading(SYSTEM) as uow:
        for kind in KINDS.values():
            if not kind.sortable:
                with pytest.raises(InvalidInput, match="sorted"):
                    list_page(uow, "organisation", sort=f"x_{kind.key}")
                continue
            for descending in (False, True):
                page = list_page(uow, "organisation", sort=f"x_{kind.key}", descending=descending)
                assert [row.id for row in page.rows] == [*(reversed(ids) if descending else ids), 1, 2], kind.key
                first = list_page(uow, "organisation", sort=f"x_{kind.key}", size=1, descending=descending)
                second = list_page(
                    uow, "organisation", sort=f"x_{kind.key}", size=1, descending=descending, cursor=first.next_cursor
                )
                assert [row.id for row in (*first.rows, *second.rows)] == [row.id for row in page.rows[:2]]
                assert not second.restarted


def test_history_is_read_in_words(fields: Works) -> None:
    with fields.writing(SYSTEM) as uow:
        made = uow.records.create("organisation", {"title": "Ny", **raws("first")})
        presenter = Presenter(uow, "da")
        (line,) = history(uow, made)
        record_type = uow.registry.get("organisation")
        pairs = [(record_type.by_name[name], line.patch[name][1]) for name in values("first")]
        presenter.prepare(pairs)
        words = {item.kind: presenter.show(item, value).text for item, value in pairs}
    assert words == {kind: example.words for kind, example in EXAMPLES.items()}


def test_what_points_nowhere_and_what_is_refused_leaves_nothing(fields: Works, database: Database) -> None:
    before = everything_in(database)
    with fields.writing(SYSTEM) as uow:
        for kind, example in EXAMPLES.items():
            for raw in example.refused:
                with pytest.raises(InvalidInput):
                    uow.records.create("organisation", {"title": "Ny", f"x_{kind}": raw})
    assert everything_in(database) == before


def test_a_person_cannot_set_a_number(fields: Works, database: Database) -> None:
    actor = add_actor(database, "clara", [("organisation", act) for act in ("read", "create", "update")])
    with fields.writing(actor) as uow, pytest.raises(InvalidInput, match="system"):
        uow.records.create("organisation", {"title": "Ny", "x_auto_number": "SAG-7"})


def test_a_retired_option_stays_where_it_was_and_is_not_chosen_anew(fields: Works, database: Database) -> None:
    with fields.writing(SYSTEM) as uow:
        made = uow.records.create("organisation", {"title": "Ny", "x_choices": "a"})
    with database.writing() as session:
        row = session.scalars(select(FieldRow).where(FieldRow.api_name == "x_choices")).one()
        row.config = {"options": [{**option, "retired": option["key"] == "a"} for option in row.config["options"]]}
    works = works_on(database)
    with works.writing(SYSTEM) as uow:
        assert uow.records.update(made, {"x_choices": "a,b"}) == 2
        uow.records.update(made, {"x_choices": "b"})
        with pytest.raises(InvalidInput, match="no longer offered"):
            uow.records.update(made, {"x_choices": "a,b"})


def test_many_values_go_with_their_record(fields: Works, database: Database) -> None:
    with fields.writing(SYSTEM) as uow:
        made = uow.records.create("organisation", {"title": "Ny", **raws("first")})
    assert len(everything_in(database)["record_value"]) == 2 + 2 + 2 + 2 + 2 + 1 + 1
    with fields.writing(SYSTEM) as uow:
        uow.records.update(made, {"x_tags": ["vind", "ny"]})
    keys = {row[2] for row in everything_in(database)["record_value"]}
    assert {"vind", "ny"} <= keys
    assert not {"\ue001r\ue002"} & keys


@pytest.mark.parametrize("kind", ALL)
def test_the_api_describes_the_kind(kind: str) -> None:
    item = field_of(kind)
    schema = field_schema(item, "da")
    assert schema["title"] == "X"
    sent = json.loads(json.dumps(KINDS[kind].to_json(item, EXAMPLES[kind].first[1])))
    words = {str: "string", bool: "boolean", int: "integer", list: "array", dict: "object"}
    allowed = [schema, *schema.get("anyOf", ())]
    assert any(words[type(sent)] in one.get("type", ()) for one in allowed)
