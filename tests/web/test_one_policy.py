"""One policy: what a role may not read or write, no door shows, asks about or takes – every type, field by field.

Each type is tried twice by a role that may read and write one half of its fields, then the other; so each field is once hidden
and once open. Words in the hidden fields are canaries: no page, list, count, search, export, history, feed or API answer holds one.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Any
from urllib.parse import quote

import pytest
from flask import Flask

from crm.kernel.clock import FixedClock
from crm.kernel.db import Database
from crm.kernel.errors import InvalidInput
from crm.kernel.settings import Settings
from crm.records import query
from crm.records.fields import KINDS
from crm.records.types import Links, RecordType
from crm.wiring import BUILTIN_TYPES, Klynge, build
from tests.support.api import Caller
from tests.support.boards import SEED, World, make_world
from tests.support.casework import make_casework
from tests.support.directory import make_belongings
from tests.support.events import make_event
from tests.support.members import make_members
from tests.support.records import add_actor
from tests.support.screens import Desk, desk

TYPES = {item.key: item for item in BUILTIN_TYPES}
HX = {"HX-Request": "true"}
REFUSED = {400, 403, 404, 422}
#: The name of a record is made of these: it shows what stands in them.
NAMES = {"title", "given_name", "family_name", "meeting_name", "number", "year"}


@dataclass
class Half:
    """Someone who may read and write one half of a type's fields, at a browser and by the API."""

    type: RecordType
    record_id: int
    hidden: list[str]
    open: list[str]
    #: The canary in each text field.
    canaries: dict[str, str]
    desk: Desk
    caller: Caller

    def leaks(self, text: str) -> list[str]:
        return [name for name in self.hidden if self.canaries.get(name, "\0") in text]


@pytest.fixture
def sqlite_klynge(sqlite_database: Database, make_settings: Callable[..., Settings], clock: FixedClock) -> Iterator[Klynge]:
    """A type of forty fields is asked about more often than the API lets anyone ask within a minute."""
    container = build(make_settings(database_url=sqlite_database.url, api_requests_per_minute=0), clock=clock)
    yield container
    container.database.dispose()


@pytest.fixture
def world(sqlite_klynge: Klynge) -> World:
    return make_world(sqlite_klynge)


@pytest.fixture
def record_ids(sqlite_klynge: Klynge, world: World) -> dict[str, int]:
    """A record of every type."""
    with sqlite_klynge.works.writing(SEED) as uow:
        uow.records.create("decision", {"agenda_item": world.items[0], "text": "Godkendt", "decided_on": "2026-10-01"})
        uow.records.create("task", {"title": "Ring til Anne", "about": world.anne})
        uow.records.create("sparring", {"person": world.anne, "next_step": "Sender skabelon"})
        make_members(uow, uow.records.create("organisation", {"title": "Nordisk Vand"}), world.anne, world.last)
        make_belongings(uow, uow.records.create("organisation", {"title": "Nordisk Lys"}), world.anne)
        make_casework(uow, world.anne)
        make_event(uow, world.anne)
        return {key: query.list_page(uow, key, size=1).rows[0].id for key in TYPES}


def lay_canaries(klynge: Klynge, record_type: RecordType, record_id: int) -> dict[str, str]:
    """Write a word of its own into each text field that takes one, twice, so that the history has one too."""
    laid = {}
    for item in record_type.fields:
        if item.kind not in {"text", "rich_text"} or item.read_only or item.api_name in NAMES:
            continue
        word = f"Kanariefugl{item.api_name.replace('_', '').title()}"
        try:
            with klynge.works.writing(SEED) as uow:
                uow.records.update(record_id, {item.api_name: f"{word} gammel"})
                uow.records.update(record_id, {item.api_name: word})
        except InvalidInput:
            continue  # a postcode is no word
        laid[item.api_name] = word
    return laid


def half_role(klynge: Klynge, key: str, open_fields: list[str]) -> None:
    """Make the role: the whole of every other type, half of this one."""
    add_actor(
        klynge.database,
        "half",
        [
            ("@crm", "use"),
            ("@api", "use"),
            *((other, "read") for other in TYPES if other != key),
            (key, "read", "all", open_fields, None),
            *((key, act, "all", None, open_fields) for act in ("create", "update")),
            (key, "delete"),
        ],
    )


@pytest.fixture(params=[(key, half) for key in TYPES for half in (0, 1)], ids=lambda param: f"{param[0]}-{param[1]}")
def half(request: pytest.FixtureRequest, app: Flask, sqlite_klynge: Klynge, record_ids: dict[str, int]) -> Half:
    key, part = request.param
    record_type = TYPES[key]
    names = [item.api_name for item in record_type.fields if item.api_name not in NAMES]
    hidden = names[part::2]
    shown = [item.api_name for item in record_type.fields if item.api_name not in hidden]
    canaries = lay_canaries(sqlite_klynge, record_type, record_ids[key])
    half_role(sqlite_klynge, key, shown)
    return Half(
        record_type,
        record_ids[key],
        hidden,
        shown,
        canaries,
        desk(app, sqlite_klynge, "half", "half"),
        Caller(sqlite_klynge, "half"),
    )


def stored(klynge: Klynge, record_id: int) -> dict[str, Any]:
    with klynge.works.reading(SEED) as uow:
        return {name: value for name, value in uow.records.values(record_id).items() if name not in {"version", "_data"}}


def test_a_field_is_hidden_or_open_at_every_door_alike(half: Half, sqlite_klynge: Klynge) -> None:
    no_answer_holds_a_word_of_a_hidden_field(half)
    no_door_answers_a_question_about_a_hidden_field(half)
    every_door_answers_a_question_about_an_open_field(half)
    no_door_takes_a_value_for_a_hidden_field(half, sqlite_klynge)


def no_answer_holds_a_word_of_a_hidden_field(half: Half) -> None:
    """And the open ones are there, or the test would see nothing."""
    key, one = half.type.key, f"/r/{half.record_id}"
    columns = ",".join(["title", *half.canaries])
    word = quote("Kanariefugl")
    pages = [
        one, f"{one}/edit", f"{one}/peek", f"{one}/print", f"{one}/history", f"{one}/timeline", f"{one}/timeline/more",
        f"{one}/tab/overview", f"/t/{key}", f"/t/{key}/rows?cols={columns}", f"/t/{key}/print?cols={columns}",
        f"/t/{key}?layout=board", f"/t/{key}?layout=calendar", f"/t/{key}/foot?cols={columns}", f"/t/{key}/filter",
        f"/t/{key}/arrange", f"/t/{key}/pick?q={word}", f"/search?q={word}", f"/palette/find?q={word}", "/trash", "/acts/mine",
    ]  # fmt: skip
    told = {path: half.desk.get(path, follow_redirects=True).text for path in pages}
    for form in ("csv", "xlsx"):
        exported = half.desk.post(f"/t/{key}/export", **{"bulk-list": "", "format": form, "columns": "all"})
        told[f"export {form}"] = _unpacked(exported.data)
    for path in (f"records/{key}", f"records/{key}/{half.record_id}", f"search?q={word}", f"records/{key}/duplicates"):
        told[f"api {path}"] = half.caller.get(path).get_data(as_text=True)
    found = {path: half.leaks(text) for path, text in told.items() if half.leaks(text)}
    assert found == {}
    shown = [name for name in half.open if name in half.canaries]
    for door in (one, f"{one}/edit", "export csv", "export xlsx", f"api records/{key}/{half.record_id}"):
        assert [name for name in shown if half.canaries[name] not in told[door]] == [], door


def _unpacked(content: bytes) -> str:
    """Give the text of a CSV file, or of all parts of a workbook."""
    import io
    import zipfile

    if not content.startswith(b"PK"):
        return content.decode()
    with zipfile.ZipFile(io.BytesIO(content)) as book:
        return "\n".join(book.read(name).decode(errors="replace") for name in book.namelist())


def _questions(half: Half, name: str) -> dict[str, int]:
    """Ask about a field at every door, and give the statuses."""
    key, where = half.type.key, {"field": name, "op": "empty"}
    text = quote(json.dumps(where))
    doors = {
        f"{door} {what}": half.desk.get(f"/t/{key}{path}?{what}={value}").status_code
        for door, path in (("page", ""), ("rows", "/rows"), ("count", "/count"), ("foot", "/foot"), ("print", "/print"))
        for what, value in (("where", text), ("sort", name))
        if (door, what) not in {("count", "sort"), ("foot", "sort")}
    }
    doors["field"] = half.desk.get(f"/r/{half.record_id}/field/{name}").status_code
    doors["history"] = half.desk.get(f"/r/{half.record_id}/history?field={name}").status_code
    doors["api filter"] = half.caller.get(f"records/{key}?filter={text}").status_code
    doors["api fields"] = half.caller.get(f"records/{key}?fields={name}").status_code
    doors["api sort"] = half.caller.get(f"records/{key}?sort={name}").status_code
    doors["export"] = half.desk.post(f"/t/{key}/export", **{"bulk-list": f"where={text}", "format": "csv"}).status_code
    doors["chip"] = half.desk.get(f"/t/{key}?f.{name}=1").status_code
    return doors


def no_door_answers_a_question_about_a_hidden_field(half: Half) -> None:
    for name in half.hidden:
        statuses = _questions(half, name)
        assert {door: status for door, status in statuses.items() if status not in REFUSED} == {}, name


def every_door_answers_a_question_about_an_open_field(half: Half) -> None:
    for name in half.open:
        item = half.type.by_name[name]
        statuses = _questions(half, name)
        if isinstance(item.place, Links) or not KINDS[item.kind].sortable or item.config.get("multiline"):
            statuses = {door: status for door, status in statuses.items() if not door.endswith("sort")}
        statuses.pop("chip")  # what it takes depends on the kind
        if item.read_only or isinstance(item.place, Links):
            statuses.pop("field")  # set by the system, or edited as links
        if isinstance(item.place, Links):
            statuses.pop("history")  # lines of the timeline
        assert {door: status for door, status in statuses.items() if status != 200} == {}, name


def _beyond(half: Half, values: dict[str, Any]) -> dict[str, Any]:
    """Leave out what the open fields hold, which a form empties where it leaves them out, and a title that follows from them."""
    follows = half.open if "title" in half.type.by_name else [*half.open, "title"]
    return {name: value for name, value in values.items() if name not in follows}


def no_door_takes_a_value_for_a_hidden_field(half: Half, sqlite_klynge: Klynge) -> None:
    key, record_id = half.type.key, half.record_id
    before = _beyond(half, stored(sqlite_klynge, record_id))
    for name in half.hidden:
        answers = {
            "api": half.caller.patch(f"records/{key}/{record_id}", {name: "1"}).status_code,
            "api new": half.caller.post(f"records/{key}", {"title": "Ny", name: "1"}).status_code,
            "field": half.desk.post(f"/r/{record_id}/field/{name}", **{name: "1", "seen_version": "1"}).status_code,
        }
        assert {door: status for door, status in answers.items() if status not in REFUSED} == {}, name
        half.desk.post(f"/r/{record_id}/edit", **{name: "1"})
        half.desk.post(f"/t/{key}/cells", cells=json.dumps([[record_id, 1, name, "1"]]))
        half.desk.post(
            f"/t/{key}/bulk/change",
            **{"bulk-ids": str(record_id), "bulk-field": name, name: "1", "bulk-number": "1", "bulk-list": ""},
        )
        half.desk.post(f"/r/{record_id}/history/restore", field=name, version="1")
        half.desk.post(f"/t/{key}/board/move", id=str(record_id), by=name, to="1", seen_version="1")
        half.desk.post(f"/t/{key}/calendar/move", id=str(record_id), by=name, start="2026-12-24", seen_version="1")
        assert _beyond(half, stored(sqlite_klynge, record_id)) == before, name


@pytest.mark.parametrize("role", ["administrator", "staff", "reader", "board_member"])
def test_each_role_meets_the_same_answer_at_every_door(
    app: Flask, sqlite_klynge: Klynge, record_ids: dict[str, int], role: str
) -> None:
    """A role that may read a type reads it everywhere, and one that may not meets it nowhere; the same for writing."""
    person, caller = desk(app, sqlite_klynge, role), Caller(sqlite_klynge, role)
    inside, writes = role != "board_member", role in {"administrator", "staff"}
    for key, record_id in record_ids.items():
        reads = {
            "page": person.get(f"/r/{record_id}", follow_redirects=True).status_code,
            "list": person.get(f"/t/{key}").status_code,
            "count": person.get(f"/t/{key}/count").status_code,
            "peek": person.get(f"/r/{record_id}/peek", headers=HX).status_code,
            "history": person.get(f"/r/{record_id}/history").status_code,
            "print": person.get(f"/t/{key}/print").status_code,
            "export": person.post(f"/t/{key}/export", format="csv", **{"bulk-list": ""}).status_code,
            "files": person.get(f"/r/{record_id}/files", headers=HX).status_code,
        }
        expected = 200 if inside else 403
        assert {door: status for door, status in reads.items() if status != expected} == {}, key
        assert caller.get(f"records/{key}/{record_id}").status_code == (200 if inside else 403)
        edits = {
            "form": person.get(f"/r/{record_id}/edit").status_code,
            "api": caller.patch(f"records/{key}/{record_id}", {}).status_code,
        }
        assert {door: status for door, status in edits.items() if status != (200 if writes else 403)} == {}, key
