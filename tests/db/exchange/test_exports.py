"""Exports on both databases: every kind comes back, the list's order and filter, rights, jobs that go on after a stop."""

from __future__ import annotations

import csv
import io
import re
import zipfile
from dataclasses import replace
from decimal import Decimal
from pathlib import Path

import pytest
from sqlalchemy import delete, update

from crm.exchange import jobs
from crm.exchange.columns import all_names
from crm.exchange.files import Sheet
from crm.exchange.jobs import order_export
from crm.exchange.safe import fused
from crm.exchange.services import CSV, XLSX, ExportOrder, count_rows, csv_parts, next_rows, prepare
from crm.filters import Condition
from crm.kernel.errors import AccessDenied
from crm.kernel.i18n import Label
from crm.kernel.paging import Place
from crm.records.definitions import add_field
from crm.records.fields import KINDS
from crm.records.jobs import Batch, JobRunner
from crm.records.jobs.queries import job_file, job_status
from crm.records.walk import Route, first_place, stretch
from crm.security.models import Grant
from tests.support.kinds import EXAMPLES, send_files
from tests.support.records import SYSTEM, add_actor, works_on

ZONE = "Europe/Copenhagen"
#: Kinds whose id stands in a column of its own.
BY_ID = {"relation", "user", "users"}


@pytest.fixture
def works(database):
    return works_on(database)


def make(works, *rows, actor=SYSTEM):
    with works.writing(actor) as uow:
        return [uow.records.create("organisation", {"kind": "cluster", **row}) for row in rows]


def export_csv(works, actor, **more):
    with works.reading(actor) as uow:
        record_type = uow.registry.get("organisation")
        names = tuple(all_names(record_type, uow.access.readable("organisation")))
        export = prepare(uow, ExportOrder("organisation", CSV, **{"names": names, **more}))
    text = "".join(csv_parts(works, actor, export))
    assert text.startswith("\ufeff")
    return list(csv.DictReader(io.StringIO(text[1:]), delimiter=";"))


def test_every_kind_of_field_leaves_and_comes_back_as_it_was(database, works):
    for name in ("anne", "bo"):
        add_actor(database, name)
    make(works, {"title": "Et"}, {"title": "To"})
    with works.writing(SYSTEM, publishing=True) as uow:
        for kind, example in EXAMPLES.items():
            add_field(uow, "organisation", f"x_{kind}", kind, Label(da=kind), config=example.config).slot_state = "ready"
    send_files(works, SYSTEM)
    given = {f"x_{kind}" for kind in EXAMPLES if kind != "auto_number"}
    for which in ("first", "second"):
        raw = {f"x_{kind}": getattr(example, which)[0] for kind, example in EXAMPLES.items() if f"x_{kind}" in given}
        make(works, {"title": which, **raw})
    rows = {row["Navn"]: row for row in export_csv(works, SYSTEM)}
    with works.reading(SYSTEM) as uow:
        fields = uow.registry.get("organisation").by_name
    for which in ("first", "second"):
        for kind, example in EXAMPLES.items():
            item = fields[f"x_{kind}"]
            cell = rows[which][f"{kind} (id)" if kind in BY_ID else kind]
            value = KINDS[kind].clean(item, KINDS[kind].from_text(item, fused(cell), ZONE), ZONE)
            assert value == getattr(example, which)[1], kind
            empty = rows["Et"][f"{kind} (id)" if kind in BY_ID else kind]
            assert empty == "" or kind == "auto_number"
    assert rows["first"]["relation"] == "Et"
    assert rows["first"]["user"] == "Anne Prøve"


def test_the_export_is_the_list_with_its_filter_and_order(works):
    make(
        works, {"title": "Ærø", "city": "B"}, {"title": "Aabenraa"}, {"title": "Zeta", "city": "A"}, {"title": "=1+1", "city": "B"}
    )
    make(works, {"title": "Anden", "kind": "company"})
    where = Condition("kind", "is", "cluster")
    rows = export_csv(works, SYSTEM, where=where, sort="city", descending=True, names=("title", "city"))
    assert [row["Navn"] for row in rows] == ["'=1+1", "Ærø", "Zeta", "Aabenraa"]
    assert list(rows[0]) == ["Id", "Navn", "By"]
    with works.reading(SYSTEM) as uow:
        assert count_rows(uow, ExportOrder("organisation", CSV, ("title",), where)) == 4
    some = export_csv(works, SYSTEM, ids=(2, 3))
    assert [row["Id"] for row in some] == ["3", "2"]


@pytest.mark.parametrize("descending", [False, True])
def test_a_walk_meets_every_row_once_in_the_lists_order(works, descending):
    make(works, *({"title": f"Org {number % 3}", **({"city": f"By {number % 2}"} if number % 4 else {})} for number in range(11)))
    with works.reading(SYSTEM) as uow:
        fields = (uow.registry.get("organisation").by_name["city"],)
        for size in (1, 2, 3, 11, 50):
            place: Place | None = first_place()
            ids, cities = [], []
            while place is not None:
                page = stretch(uow, Route("organisation", fields, sort="city", descending=descending), place, size)
                ids += page.ids
                cities += page.columns[0]
                place = page.place
            assert sorted(ids) == list(range(1, 12))
            filled = [city for city in cities if city is not None]
            assert cities == [*sorted(filled, reverse=descending), *[None] * 3]


def test_rights_of_fields_and_rows_hold_in_an_export(database, works):
    anna = add_actor(database, "anna", [("organisation", "read", "own", ["title", "parent"], None)])
    hidden, mine = make(works, {"title": "Hemmelig"}, {"title": "Min", "note": "privat"})
    with works.writing(SYSTEM) as uow:
        uow.records.update(mine, {"owner": anna.user_id, "parent": hidden})
    (row,) = export_csv(works, anna, names=("title", "note", "parent", "owner"))
    assert row == {"Id": str(mine), "Navn": "Min", "Hører under": "", "Hører under (id)": row["Hører under (id)"], **owner(anna)}
    assert "Hemmelig" not in str(row)
    nobody = add_actor(database, "nobody")
    with pytest.raises(AccessDenied):
        export_csv(works, nobody)


def owner(actor):
    return {"Ansvarlig": "Anna Prøve", "Ansvarlig (id)": str(actor.user_id)}


# -- Excel --------------------------------------------------------------------------------------------------------------


def read_sheet(path: Path) -> list[list[tuple[str, str]]]:
    """Give the cells of a sheet: type (n, b, str) and text."""
    with zipfile.ZipFile(path) as book:
        sheet = book.read("xl/worksheets/sheet1.xml").decode()
    found = []
    for row in re.findall(r"<row [^>]*>(.*?)</row>", sheet, re.DOTALL):
        cells = re.findall(r'<c r="[A-Z]+\d+"(?: s="\d+")?(?: t="(\w+)")?>(?:<v>|<is><t[^>]*>)(.*?)(?:</v>|</t></is>)</c>', row)
        found.append([(kind or "n", text) for kind, text in cells])
    return found


def test_excel_gets_real_numbers_days_and_flags_and_no_formula(database, works, tmp_path):
    with works.writing(SYSTEM, publishing=True) as uow:
        for name, kind, config in (
            ("sum", "money", {"currencies": ["DKK", "EUR"]}),
            ("day", "date", {}),
            ("span", "date", {"time": "required", "end": "optional"}),
            ("flag", "yes_no", {}),
        ):
            add_field(uow, "organisation", name, kind, Label(da=name), config=config).slot_state = "ready"
    span = {"start": "2026-12-02T10:00", "end": "2026-12-02T11:30"}
    make(works, {"title": "=SUM(A1)", "sum": "1.234,50 EUR", "day": "2026-12-01", "span": span, "flag": True})
    make(works, {"title": "Tom", "day": "1850-01-01"})
    with works.reading(SYSTEM) as uow:
        export = prepare(uow, ExportOrder("organisation", XLSX, ("title", "sum", "day", "span", "flag"), sort="id"))
    sheet = Sheet(tmp_path / "x.xlsx", "Møder/år", export.columns, tmp_path)
    ids, values, place = next_rows(works, SYSTEM, export, first_place())
    assert place is None
    sheet.write(ids, values)
    sheet.close()
    heading, first, second = read_sheet(tmp_path / "x.xlsx")
    assert [text for _kind, text in heading] == ["Id", "Navn", "sum", "sum (valuta)", "day", "span", "span (slut)", "flag"]
    assert first[:2] == [("n", "1"), ("inlineStr", "'=SUM(A1)")]
    assert first[2:4] == [("n", "1234.5"), ("inlineStr", "EUR")]
    assert first[4] == ("n", "46357")
    assert [round(Decimal(text), 4) for _kind, text in first[5:7]] == [Decimal("46358.4167"), Decimal("46358.4792")]
    assert first[7] == ("b", "1")
    assert ("inlineStr", "1850-01-01") in second


# -- jobs ---------------------------------------------------------------------------------------------------------------


@pytest.fixture
def short(monkeypatch):
    """Pages of two rows, a batch a page."""
    monkeypatch.setattr("crm.exchange.services.PAGE", 2)
    monkeypatch.setattr(Batch, "time_is_up", lambda _self: True)
    jobs.install()


@pytest.fixture
def anna(database):
    return add_actor(database, "anna", [("organisation", "read"), ("organisation", "create")])


def order(works, actor, form):
    with works.writing(actor) as uow:
        export = ExportOrder("organisation", form, ("title", "city", "note"))
        return order_export(uow, export, count_rows(uow, export))


@pytest.mark.parametrize("form", [CSV, XLSX])
def test_an_export_whose_worker_died_has_every_row_once(works, anna, short, tmp_path, form):
    make(works, *({"title": f"Org {number}"} for number in range(7)))
    job_id = order(works, anna, form)
    first = JobRunner(works, tmp_path, name="elsewhere:1:a")
    for _ in range(2):
        first.step()
    path = tmp_path / str(job_id) / f"export.{form}"
    if form == CSV:
        with path.open("ab") as file:
            file.write(b"half a li")  # what a dying worker had written of the next batch
    jobs.drop_sheets(lambda _job_id: True)
    first.release()
    JobRunner(works, tmp_path).drain()
    with works.reading(anna) as uow:
        status = job_status(uow, job_id)
        facts = job_file(uow, job_id)
    assert (status.state, status.done, status.total) == ("done", 7, 7)
    assert facts.name == f"Organisationer 2026-12-01.{form}"
    if form == CSV:
        rows = list(csv.DictReader(io.StringIO(path.read_text("utf-8-sig")), delimiter=";"))
        assert [row["Navn"] for row in rows] == [f"Org {number}" for number in range(7)]
    else:
        assert [row[1][1] for row in read_sheet(path)] == ["Navn", *(f"Org {number}" for number in range(7))]


@pytest.mark.parametrize("form", [CSV, XLSX])
def test_a_right_that_goes_away_in_the_middle_takes_its_column_along(database, works, anna, short, tmp_path, form):
    make(works, *({"title": f"Org {number}", "note": "privat"} for number in range(5)))
    job_id = order(works, anna, form)
    runner = JobRunner(works, tmp_path)
    runner.step()
    narrow(database, ["title", "city"])
    runner.drain()
    content = (tmp_path / str(job_id) / f"export.{form}").read_bytes()
    assert b"privat" not in content
    if form == XLSX:
        assert len(read_sheet(tmp_path / str(job_id) / "export.xlsx")) == 6
    with works.reading(anna) as uow:
        assert job_status(uow, job_id).done == 5
        assert job_file(uow, job_id).stored == f"export.{form}"


def narrow(database, fields):
    from crm.security.epochs import raise_security_epoch

    with database.writing() as session:
        session.execute(update(Grant).where(Grant.act == "read").values(read_fields=fields))
        raise_security_epoch(session)


def test_a_file_is_not_given_to_one_who_may_no_longer_read_it(database, works, anna, short, tmp_path):
    make(works, {"title": "A"})
    job_id = order(works, anna, CSV)
    JobRunner(works, tmp_path).drain()
    with works.reading(anna) as uow:
        assert job_file(uow, job_id) is not None
    narrow(database, ["title"])
    with works.reading(replace(anna, security_epoch=0)) as uow, pytest.raises(AccessDenied):
        job_file(uow, job_id)
    with database.writing() as session:
        session.execute(delete(Grant).where(Grant.act == "read"))
    with works_on(database).reading(anna) as uow, pytest.raises(AccessDenied):
        job_file(uow, job_id)
