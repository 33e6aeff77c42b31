"""Many cells at once: from a sheet, emptied, filled down; what cannot be accepted is refused cell by cell; one step to undo."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

import pytest
from sqlalchemy import func, select

from crm.kernel.i18n import Label
from crm.records.definitions import add_field
from crm.records.models import Act, Change
from crm.screens.present import Presenter
from crm.security.models import Grant
from tests.support.forms import token
from tests.support.kinds import EXAMPLES, send_files
from tests.support.people import add_role
from tests.support.queries import counting
from tests.support.records import SYSTEM
from tests.support.screens import SEED, Desk, desk, make, make_meeting

if TYPE_CHECKING:
    from flask import Flask

    from crm.wiring import Klynge


@pytest.fixture
def staff(app: Flask, sqlite_klynge: Klynge) -> Desk:
    return desk(app, sqlite_klynge)


def paste(who: Desk, key: str, *cells: Any, status: int = 200, **more: Any) -> dict[str, Any]:
    data = {"csrf_token": token(who.client), "cells": json.dumps(cells), **more}
    answer = who.client.post(f"/t/{key}/cells", data=data, headers={"HX-Request": "true"})
    assert answer.status_code == status, answer.text
    return answer.get_json() if status == 200 else {}


def stored(klynge: Klynge, record_id: int) -> dict[str, Any]:
    with klynge.works.reading(SEED) as uow:
        return uow.records.values(record_id)


def test_a_range_from_a_sheet_is_one_act_and_tells_how_the_cells_look(staff: Desk, sqlite_klynge: Klynge):
    first, second = (make(sqlite_klynge, "organisation", title=name) for name in ("Havvind", "Grøn Energi"))
    facts = paste(
        staff,
        "organisation",
        [first, 1, "kind", "Virksomhed"],
        [first, 1, "municipality", "odense"],
        [first, 1, "state", "Ophørt"],
        [second, 1, "kind", "network"],
        [second, 1, "title", "Grøn <Energi> Nord"],
    )
    assert (facts["changed"], facts["refused"], facts["message"]) == (5, [], "5 celler er ændret.")
    assert facts["undo"].startswith("/acts/")
    now = stored(sqlite_klynge, first)
    assert (now["kind"], now["municipality"], now["state"]) == ("company", "0461", "closed")
    cells = {row["id"]: row for row in facts["rows"]}
    assert cells[first]["version"] == 4  # its fields, its step, and the day it ended
    assert "Grøn &lt;Energi&gt; Nord</a>" in cells[second]["fields"]["title"]["cell"]
    with sqlite_klynge.database.reading() as session:
        acts = select(Change.act_id).where(Change.record_id.in_([first, second]), Change.version > 1)
        assert session.scalar(select(func.count()).select_from(Act).where(Act.id.in_(acts))) == 1


def test_what_cannot_be_accepted_is_refused_and_the_rest_is_saved(staff: Desk, sqlite_klynge: Klynge):
    record = make(sqlite_klynge, "organisation", title="Havvind", city="Ribe")
    facts = paste(
        staff,
        "organisation",
        [record, 1, "website", "java script"],
        [record, 1, "kind", "Rumstation"],
        [record, 1, "cvr_doubtful", "ja"],
        [record, 1, "city", "Odense"],
        [record, 1, "title", ""],
        [record, 1, "state", "Kogt"],
        [999_999, 1, "city", "Odense"],
    )
    assert stored(sqlite_klynge, record)["city"] == "Odense"
    assert facts["changed"] == 1
    reasons = {one["field"]: one["reason"] for one in facts["refused"] if one["id"] == record}
    assert set(reasons) == {"website", "kind", "cvr_doubtful", "title", "state"}
    assert "”Rumstation” kan ikke vælges" in reasons["kind"]
    assert "udfyldes af systemet" in reasons["cvr_doubtful"]
    assert "”Kogt”" in reasons["state"]
    assert next(one for one in facts["refused"] if one["field"] == "kind")["where"] == "Havvind, Slags"
    assert (facts["refusals"], facts["message"]) == (6, "1 celle er ændret, 6 er afvist.")


def test_records_and_users_are_found_by_name(staff: Desk, sqlite_klynge: Klynge):
    parent = make(sqlite_klynge, "organisation", title="Aabenraa Energi")
    for _ in range(2):
        make(sqlite_klynge, "organisation", title="Dobbelt")
    one, two, three = (make(sqlite_klynge, "organisation", title=f"Nr. {n}") for n in range(3))
    facts = paste(
        staff,
        "organisation",
        [one, 1, "parent", "åbenrå energi"],
        [one, 1, "owner", "Staff  Prøve"],
        [two, 1, "parent", "Dobbelt"],
        [three, 1, "parent", "Findes ikke"],
        [three, 1, "owner", "Ingen Person"],
    )
    now = stored(sqlite_klynge, one)
    assert (now["parent"], now["owner"]) == (parent, staff.user_id)
    reasons = [item["reason"] for item in facts["refused"]]
    assert ["”Dobbelt”" in reasons[0], "”Findes ikke”" in reasons[1], "”Ingen Person”" in reasons[2]] == [True, True, True]


def test_what_a_cell_shows_can_be_pasted_into_another_of_the_same_column(staff: Desk, sqlite_klynge: Klynge):
    with sqlite_klynge.works.writing(SYSTEM, publishing=True) as uow:
        for kind, example in EXAMPLES.items():
            add_field(uow, "organisation", f"x_{kind}", kind, Label(da=kind), config=example.config)
    values = {f"x_{kind}": example.first[0] for kind, example in EXAMPLES.items() if kind not in {"relation", "auto_number"}}
    values.update(x_user=staff.user_id, x_users=[staff.user_id])
    send_files(sqlite_klynge.works, SEED)
    source = make(sqlite_klynge, "organisation", title="Kilde", **values)
    by_text, by_copy = (make(sqlite_klynge, "organisation", title=name) for name in ("Tekst", "Kopi"))
    with sqlite_klynge.works.reading(SEED) as uow:
        kept, fields = uow.records.values(source), uow.registry.get("organisation").by_name
        presenter = Presenter(uow, "da")
        presenter.prepare((fields[name], kept[name]) for name in values)
        texts = {name: presenter.show(fields[name], kept[name]).text for name in values}
    facts = paste(staff, "organisation", *([by_text, 1, name, text] for name, text in texts.items() if name != "x_file"))
    assert [one["reason"] for one in facts["refused"]] == ["”2 af 3” siger, hvor langt listen er, ikke hvad der står på den."]
    copied = paste(staff, "organisation", *([by_copy, 1, name, {"from": source}] for name in values))
    assert copied["refused"] == []
    lossy = {
        "x_rich_text",
        "x_emails",
        "x_phones",
        "x_address",
        "x_checklist",
        "x_picks",
    }  # bold, types, remarks and the municipality's code are not in the words
    (file,) = stored(sqlite_klynge, by_copy)["x_file"]  # a file is copied with the record's own rights from then on
    assert (file.name, file.id == kept["x_file"][0].id) == ("Plan v2.pdf", False)
    for name in set(values) - {"x_file"}:
        assert stored(sqlite_klynge, by_copy)[name] == kept[name], name
        assert name in lossy or stored(sqlite_klynge, by_text)[name] == kept[name], name


def test_empty_text_empties_and_nothing_new_is_no_act(staff: Desk, sqlite_klynge: Klynge):
    record = make(sqlite_klynge, "organisation", title="Havvind", city="Ribe", kind="company")
    facts = paste(staff, "organisation", [record, 1, "city", ""], [record, 1, "kind", ""])
    assert (facts["changed"], stored(sqlite_klynge, record)["kind"]) == (2, None)
    again = paste(staff, "organisation", [record, 2, "city", ""])
    assert (again["undo"], again["message"]) == (None, "Intet er ændret.")


def test_a_trial_keeps_nothing(staff: Desk, sqlite_klynge: Klynge):
    record = make(sqlite_klynge, "organisation", title="Havvind")
    trial: dict[str, Any] = {"try": "1"}
    facts = paste(staff, "organisation", [record, 1, "city", "Ribe"], [record, 1, "website", "x y"], **trial)
    assert (facts["changed"], facts["refusals"], facts["undo"]) == (1, 1, None)
    assert stored(sqlite_klynge, record)["version"] == 1


def test_what_someone_else_changed_meanwhile_is_not_overwritten(staff: Desk, sqlite_klynge: Klynge):
    record = make(sqlite_klynge, "organisation", title="Havvind", city="Ribe")
    with sqlite_klynge.works.writing(SEED) as uow:
        uow.records.update(record, {"city": "Odense"})
    facts = paste(staff, "organisation", [record, 1, "city", "Esbjerg"], [record, 1, "kind", "company"])
    assert [one["field"] for one in facts["refused"]] == ["city"]
    now = stored(sqlite_klynge, record)
    assert (now["city"], now["kind"]) == ("Odense", "company")


def test_rights_hold_cell_by_cell(app: Flask, sqlite_klynge: Klynge):
    board, _ = make_meeting(sqlite_klynge)
    record = make(sqlite_klynge, "organisation", title="Havvind", city="Ribe", note="Fortroligt")
    crm = Grant(type_key="@crm", act="use")
    read = Grant(type_key="organisation", act="read", read_fields=["title", "city", "kind"])
    write = Grant(type_key="organisation", act="update", write_fields=["city"])
    add_role(sqlite_klynge, "town", crm, read, write)
    clerk = desk(app, sqlite_klynge, "town")
    cells = ([record, 1, name, "Odense"] for name in ("city", "title", "note"))
    facts = paste(clerk, "organisation", *cells, [board, 1, "title", "x"])
    assert facts["changed"] == 1
    assert "Fortroligt" not in json.dumps(facts)
    assert {(one["id"], one["field"]) for one in facts["refused"]} == {(record, "title"), (record, "note"), (board, "title")}
    paste(clerk, "board", [board, 1, "title", "x"], status=403)
    paste(desk(app, sqlite_klynge, "reader"), "organisation", [record, 1, "city", "x"])
    assert stored(sqlite_klynge, record)["city"] == "Odense"
    secret = paste(clerk, "organisation", [record, 2, "note", {"from": record}])
    assert secret["changed"] == 0


@pytest.mark.parametrize(
    "cells", ["", "x", "{}", "[1]", '[["a",1,"city","x"]]', '[[1,1,"city",5]]', '[[1,1,"city",{}]]', "[" * 5000]
)
def test_nonsense_is_refused_in_words(staff: Desk, cells: str):
    data = {"csrf_token": token(staff.client), "cells": cells}
    assert staff.client.post("/t/organisation/cells", data=data, headers={"HX-Request": "true"}).status_code == 422


def test_too_many_cells_are_work_for_an_import(staff: Desk):
    paste(staff, "organisation", *([1, 1, "city", "x"] for _ in range(2001)), status=422)


def test_the_names_of_a_column_are_looked_up_at_once(staff: Desk, sqlite_klynge: Klynge):
    parents = [make(sqlite_klynge, "organisation", title=f"Moder {n}") for n in range(12)]
    rows = [make(sqlite_klynge, "organisation", title=f"Barn {n}") for n in range(12)]
    paste(staff, "organisation", [rows[0], 1, "parent", "Moder 0"])
    counts = []
    for start, size in ((1, 3), (5, 6)):
        with counting(sqlite_klynge.database) as asked:
            paste(staff, "organisation", *([rows[n], 1, "parent", f"Moder {n}"] for n in range(start, start + size)))
        names = [one for one in asked if "title_sort IN" in one]
        assert len(names) == 1
        counts.append((len(asked), size))
    (few, three), (many, six) = counts
    assert (many - few) / (six - three) <= 20
    assert stored(sqlite_klynge, rows[3])["parent"] == parents[3]
