"""The same filter finds the same records in SQL, on both databases, as in Python: over every kind of field, wherever it is kept."""

from __future__ import annotations

import random
from collections.abc import Mapping
from contextlib import suppress
from datetime import UTC, date, datetime, timedelta
from decimal import Decimal
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlalchemy import insert, select

from crm.directory.types import TYPES
from crm.filters import All, Any_, Condition, Filter, Not
from crm.filters.evaluate import evaluate
from crm.filters.resolve import Context, resolve
from crm.filters.tree import OPERATORS
from crm.kernel.clock import FixedClock
from crm.kernel.db import Database
from crm.kernel.errors import InvalidInput
from crm.records.fields import KINDS, ValueProblem
from crm.records.models import FieldRow, RecordLink, RecordTypeRow, record_table
from crm.records.query import list_page
from crm.records.registry import RegistryCache
from crm.records.sql import SqlFilter
from crm.records.store.context import read_values
from crm.records.subject import subject_of
from crm.records.types import Links
from crm.records.work import UnitOfWork, Works
from crm.security.actors import Actor, system_actor
from crm.security.models import user_table

TODAY = date(2026, 12, 1)
RECORDS = 60
LIVE = record_table.c.deleted_at.is_(None)
#: kind → config, slot; each is added twice: in a slot, and in JSON alone.
EXTRAS: dict[str, tuple[dict[str, Any], str | None]] = {
    "text": ({}, "t1"),
    "number": ({"decimals": 4}, "n1"),
    "date": ({"time": "optional"}, "d1"),
    "choice": ({"options": [{"key": key, "label": {"da": key}} for key in ("a", "b", "B")]}, "t2"),
    "yes_no": ({}, "n2"),
    "user": ({}, "n3"),
    "link": ({}, "t3"),
    "relation": ({"targets": ["organisation"]}, "n4"),
    "money": ({"currencies": ["DKK", "EUR"]}, "n5"),
    "progress": ({}, "n6"),
    "duration": ({}, "n7"),
    "rating": ({}, "n8"),
    "address": ({}, "t4"),
    "rich_text": ({}, None),
    "auto_number": ({"prefix": "S-", "padding": 3}, None),
    "choices": ({"options": [{"key": key, "label": {"da": key}} for key in ("a", "b", "c")]}, None),
    "tags": ({}, None),
    "users": ({}, None),
    "emails": ({}, None),
    "phones": ({}, None),
}
TEXTS = [
    "Aabenraa", "Åbenrå", "aabenraa ", "Ærø", "ærø  to", "ærø to", "Østfyn", "Zebra", "a", "A", "100 % vind", "100_vind", "\\",
    "'--", "Café", "cafe", "é", "x" * 200, "æøå", "0", "ß", "ss", "ı", "I", "ǅ", "中", "😀", "b", "B",
]  # fmt: skip
NUMBERS = ["0", "-0.0001", "0.0001", "0.1", "0.3", "12", "12.5", "-7", "99999999999999", "0.3001"]
DATES = [
    "2026-12-01", "2026-11-30", "2026-12-02", "2026-03-29", "2026-10-25", "2026-11-30T23:00+00:00", "2026-12-01T22:59:59+00:00",
    "2026-12-01T23:00:00+00:00", "2026-12-01T08:00", "2026-03-29T03:30", "2026-10-25T02:30", "1899-12-31", "2026-10-24T22:00+00:00",
]  # fmt: skip
PERIODS = [
    "@day",
    "@week",
    "@week-1",
    "@month",
    "@month+1",
    "@quarter-1",
    "@year",
    "@year-9999",
    "@past30d",
    "@next1m",
    "@century",
    5,
]
#: In a fresh database the first records and users have these numbers.
ORGANISATIONS = [1, 2, 3, 4, 5]
USERS = [1, 2]
LINKS = ["https://a.dk", "https://A.dk/B", "https://a.dk/b", "mailto:x@y.dk", "https://a.dk/%"]
MAILS = ["post@a.dk", "POST@a.dk", "a_b@b.dk", "a%b@b.dk"]
#: Values that records hold and conditions ask for, by kind.
POOLS: dict[str, list[Any]] = {
    "text": [*TEXTS, *MAILS],
    "number": NUMBERS,
    "date": DATES,
    "choice": ["a", "b", "B", "cluster", "company", "active", "merged"],
    "yes_no": [True, False],
    "user": USERS,
    "link": LINKS,
    "relation": ORGANISATIONS,
    "money": ["0", "0.01", "-3", "12,5", "99999999999999", "7"],
    "progress": [0, 1, 50, 100, 101, 2**40, "7"],
    "duration": [0, 60, "1:30", "90", "2 t", 5399, 2**40],
    "rating": [1, 2, 5, 6, "3"],
    "address": ["Havnegade 1", "Aabenraa", "Åbenrå", "aa", "%", "_", "5000"],
    "rich_text": ["<p>Hej <b>du</b></p>", "Hej", "hej du", "Aabenraa & omegn", "%", "åben", "<"],
    "auto_number": [],
    "choices": ["a", "b", "c", "a,b", "c,b"],
    "tags": ["Ærø", "ærø", "vind", "Vind, Ærø", "100 %", "%", "i"],
    "users": [1, 2, "1,2"],
    "emails": ["a@x.dk", "A@x.dk, b@y.dk", "b@y.dk", "x.dk", "@", "%"],
    "phones": ["33 11 22 33", "+4533112233", "+46 8 506 10 000, 33112234", "33112234", "45", "%"],
}


class Places:
    """The records, and the means to ask for them."""

    def __init__(self, works: Works, values: Mapping[int, dict[str, Any]]) -> None:
        self.works = works
        self.values = values


@pytest.fixture
def places(database: Database) -> Places:
    """Sixty organisations with random values, many empty, pointing at each other and at one in the trash."""
    add_users_and_fields(database)
    works = Works(database, RegistryCache(TYPES), clock=FixedClock(datetime(2026, 12, 1, 8, tzinfo=UTC)))
    with works.writing(system_actor("test")) as uow:
        assert [uow.records.create("organisation", {"title": f"Nr. {n}"}) for n in ORGANISATIONS] == ORGANISATIONS
    dice = random.Random(20261201)
    with works.writing(system_actor("test")) as uow:
        for _number in range(RECORDS):
            record_id = uow.records.create("organisation", random_values(uow, dice), owner_id=dice.choice([None, *USERS]))
            for target in dice.sample(ORGANISATIONS, dice.choice([0, 0, 1, 2])):
                uow.records.link(record_id, "successors", target)
            if dice.random() < 0.3:
                uow.records.transition(record_id, dice.choice(["merge", "close", "prepare"]))
        uow.session.execute(record_table.update().where(record_table.c.id == ORGANISATIONS[0]).values(deleted_at=uow.now()))
    with works.reading(system_actor("test")) as uow:
        return Places(works, stored_values(uow))


def add_users_and_fields(database: Database) -> None:
    with database.writing() as session:
        for user_id in USERS:
            name = f"user{user_id}"
            session.execute(
                insert(user_table).values(id=user_id, first_name=name, last_name="", username=name, email=name, active=True)
            )
        type_id = session.scalars(select(RecordTypeRow.id).where(RecordTypeRow.key == "organisation")).one()
        for number, (kind, (config, slot)) in enumerate(EXTRAS.items()):
            for place, taken in (("slot", slot), ("json", None)):
                key, name = f"f{number}{place[0]}", f"{kind}_{place}"
                session.add(
                    FieldRow(type_id=type_id, key=key, api_name=name, kind=kind, label={"da": kind}, config=config, slot=taken)
                )


def random_values(uow: UnitOfWork, dice: random.Random) -> dict[str, Any]:
    values: dict[str, Any] = {"title": dice.choice(TEXTS)}
    for item in uow.registry.get("organisation").fields:
        if item.read_only or item.api_name == "title" or isinstance(item.place, Links) or dice.random() < 0.35:
            continue
        own = [option.key for option in item.options] if item.kind == "choice" else []
        raw = dice.choice(own or POOLS[item.kind])
        with suppress(ValueProblem):  # a value that this field does not take
            KINDS[item.kind].clean(item, raw, uow.zone)
            values[item.api_name] = raw
    if values.get("region_rule") == "fractional":
        values["regions"] = ["midtjylland", "syddanmark"]
        values.pop("primary_region", None)
    return values


def stored_values(uow: UnitOfWork) -> dict[int, dict[str, Any]]:
    """Read every live record's values, with its links and the moments of the spine."""
    heads = uow.session.execute(select(record_table.c.id, record_table.c.created_at, record_table.c.updated_at).where(LIVE)).all()
    stored = read_values(uow, [row.id for row in heads])
    for row in heads:
        stored[row.id].update(created_at=row.created_at, updated_at=row.updated_at, successors=[])
    for from_id, to_id in uow.session.execute(select(RecordLink.from_id, RecordLink.to_id)):
        if from_id in stored:
            stored[from_id]["successors"].append(to_id)
    return stored


def found_by_sql(places: Places, tree: Filter) -> set[int]:
    with places.works.reading(system_actor("test")) as uow:
        record_type = uow.registry.get("organisation")
        compiler = SqlFilter(uow.registry, record_type, uow.zone)
        where = compiler.compile(resolve(tree, compiler.kind_of, Context(None, TODAY)))
        source = uow.registry.storage("organisation").source()
        statement = select(record_table.c.id).select_from(source)
        statement = statement.where(record_table.c.type_id == record_type.id, LIVE, where)
        return set(uow.session.scalars(statement))


def found_by_python(places: Places, tree: Filter) -> set[int]:
    with places.works.reading(system_actor("test")) as uow:
        record_type = uow.registry.get("organisation")
        compiler = SqlFilter(uow.registry, record_type, uow.zone)
        resolved = resolve(tree, compiler.kind_of, Context(None, TODAY))
        return {
            record_id
            for record_id, values in places.values.items()
            if evaluate(resolved, subject_of(uow.registry, record_type, values, uow.zone, places.values.get))
        }


def askable() -> dict[str, str]:
    """Every field that can be asked for, with its kind; and some paths."""
    (organisation,) = (item for item in TYPES if item.key == "organisation")
    own = {item.api_name: item.kind for item in organisation.fields if not item.config.get("multiline")}
    extra = {f"{kind}_{place}": kind for kind in EXTRAS for place in ("slot", "json")}
    spine = {"state": "choice", "owner": "user", "created_at": "date", "id": "relation"}
    paths = {
        "parent.title": "text",
        "parent.parent.kind": "choice",
        "parent.number_slot": "number",
        "relation_slot.text_json": "text",
    }
    return {**own, **extra, **spine, **paths}


ASKABLE = askable()


@st.composite
def conditions(draw: st.DrawFn) -> Filter:
    name = draw(st.sampled_from(sorted(ASKABLE)))
    kind = ASKABLE[name]
    value: st.SearchStrategy[Any] = st.sampled_from(POOLS[kind] or [1, 7, "S-012", "30", "x"])
    if kind == "text":
        value = value | st.text(alphabet="aAåÅæøÆ b%_\\'z", max_size=4)
    if kind == "date":
        value = (
            value
            | st.sampled_from(["@today", "@today-1d", "@today+1w", "@today-2m", "@today+9999y"])
            | st.dates(TODAY - timedelta(9), TODAY + timedelta(9))
        )
    if kind == "number":
        value = value | st.decimals(-20, 20, places=4)
    op = draw(st.sampled_from(sorted(KINDS[kind].operators)))
    if OPERATORS[op] == 0:
        return Condition(name, op)
    if op == "within":
        return Condition(name, op, draw(st.sampled_from(PERIODS)))
    return Condition(name, op, draw(st.lists(value, max_size=4).map(tuple) if OPERATORS[op] == -1 else value))


TREES: st.SearchStrategy[Filter] = st.recursive(
    conditions(),
    lambda part: st.one_of(
        st.lists(part, max_size=3).map(lambda parts: All(tuple(parts))),
        st.lists(part, max_size=3).map(lambda parts: Any_(tuple(parts))),
        part.map(Not),
    ),
    max_leaves=5,
)


@settings(max_examples=400, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow])
@given(tree=TREES)
def test_sql_and_python_find_the_same_records(places: Places, tree: Filter) -> None:
    try:
        by_sql = found_by_sql(places, tree)
    except InvalidInput:
        return  # a value that the field cannot hold: asked for by nobody
    assert by_sql == found_by_python(places, tree)


def test_the_data_is_worth_asking(places: Places) -> None:
    """Most fields hold both values and gaps: otherwise agreement would prove little."""
    for name in (
        "text_slot",
        "number_json",
        "date_slot",
        "relation_slot",
        "parent",
        "user_json",
        "tags_json",
        "users_json",
        "money_slot",
    ):
        filled = found_by_sql(places, Condition(name, "filled"))
        assert RECORDS // 10 < len(filled) < RECORDS


def test_me_is_the_one_who_asks(places: Places) -> None:
    user_id = USERS[0]
    with places.works.writing(system_actor("test")) as uow:
        expected = {key for key, values in places.values.items() if values["owner"] == user_id}
        mine = Actor(user_id=user_id, name="Mette", roles=frozenset())
        uow.actor = mine
        page = list_page(uow, "organisation", where=Condition("owner", "is", "@me"), size=200)
    assert {row.id for row in page.rows} == expected


def test_numbers_in_json_are_as_exact_as_those_in_slots(places: Places) -> None:
    for name in ("number_slot", "number_json"):
        found = found_by_sql(places, Condition(name, "is", Decimal("0.3")))
        assert {places.values[one][name] for one in found} <= {Decimal("0.3")}
        assert found
