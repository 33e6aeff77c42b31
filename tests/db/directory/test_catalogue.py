"""The public catalogue: real organisations, brought in once, with what their sources leave open."""

from __future__ import annotations

from dataclasses import replace
from datetime import date

import pytest

from crm.cli.seed import seed_catalogue
from crm.directory.catalogue import CatalogueFiles, entries, passings
from crm.directory.catalogue_seed import load_catalogue
from crm.directory.queries import catalogue_ids
from crm.filters import All, Condition
from crm.kernel.db import Database
from crm.kernel.errors import ConfigError
from crm.records.fields import DateValue
from crm.records.query import Row, list_page
from crm.records.related import links
from crm.records.work import UnitOfWork, Works
from crm.wiring import Klynge
from tests.support.records import SYSTEM, everything_in


def found(uow: UnitOfWork, title: str) -> Row:
    rows = list_page(uow, "organisation", where=Condition("title", "contains", title)).rows
    return next(row for row in rows if row.title == title)


def test_the_files_are_whole_and_every_row_is_told():
    files = CatalogueFiles.read()
    found = entries(files)
    assert len(files.clusters) == 65
    assert len(found) == 59, "65 rows: five of two eras, one office"
    assert all(entry.values["source"] and entry.values["uncertain"] for entry in found)
    assert len(passings(files)) == len(files.lineage)
    assert {(row["row"], row["era"]) for row in files.remarks} == {
        (row["name"], row["era"]) for row in files.clusters if row["note"]
    }
    assert {(entry.name[:4], entry.parent) for entry in found if entry.parent} == {("Tran", "Maritime Development Center (MDC)")}
    broken = replace(files, theme_words=())
    with pytest.raises(ConfigError):
        entries(broken)


def test_loading_twice_equals_loading_once_and_what_people_changed_stays(database: Database, works: Works):
    assert load_catalogue(works) == 59
    with works.reading(SYSTEM) as uow:
        clean = found(uow, "CLEAN")
        assert clean.values["origin"] == "catalogue"
        assert clean.values["founded"] == DateValue(date(2014, 5, 9))
        assert clean.values["municipality"] == "0540"
        assert clean.values["themes"] == ("environment",)
        assert "projectzero.dk" in clean.values["source"]
        assert "sikkerheden er høj" in clean.values["uncertain"]
        assert "certifikat i 2017 ifølge kilden: guld" in clean.values["note"]
        lineage = {(line.other.title, line.role, line.from_on, line.outgoing) for line in links(uow, clean.id)}
        assert ("Lean Energy Cluster", "Fusion", date(2014, 5, 9), False) in lineage
        assert ("Energy Cluster Denmark", "Spaltning", None, True) in lineage
        sites = list_page(uow, "site", where=Condition("organisation", "is", clean.id)).rows
        assert {row.title for row in sites} == {"CLEAN København", "CLEAN Sønderborg", "CLEAN Aarhus"}
        lean = found(uow, "Lean Energy Cluster")
        assert (lean.state, lean.values["ended"]) == ("merged", DateValue(date(2014, 5, 8)))
        valley = found(uow, "Medicon Valley Alliance")
        assert valley.values["regions"] == ("hovedstaden", "skaane")
    with works.writing(SYSTEM) as uow:
        uow.records.update(clean.id, {"title": "CLEAN (rettet)"})
        uow.records.delete(found(uow, "Packbridge").id)
    before = everything_in(database)
    assert load_catalogue(works) == 0
    assert everything_in(database) == before


def test_what_is_of_the_catalogue_can_be_left_out_of_every_total(works: Works):
    load_catalogue(works)
    with works.writing(SYSTEM) as uow:
        uow.records.create("organisation", {"title": "Egen klynge", "kind": "cluster"})
    with works.reading(SYSTEM) as uow:
        labels = list_page(uow, "certificate").rows
        assert len(labels) == 10
        assert {row.values["level"] for row in labels} == {"bronze"}
        own = list_page(uow, "organisation", where=Condition("origin", "is_not", "catalogue"))
        assert [row.title for row in own.rows] == ["Egen klynge"]
        assert len(catalogue_ids(uow.session)) == 59
        named = All((Condition("organisation.origin", "is_not", "catalogue"),))
        assert list_page(uow, "certificate", where=named).rows == ()


def test_the_command_brings_them_in_and_says_how_many(sqlite_klynge: Klynge):
    assert seed_catalogue(sqlite_klynge) == 59
    assert seed_catalogue(sqlite_klynge) == 0
    with sqlite_klynge.works.reading(SYSTEM) as uow:
        carried = found(uow, "Transportens Innovationsnetværk (TINV)")
        assert carried.values["parent"] == found(uow, "Maritime Development Center (MDC)").id
        assert "Drives af MDC" in carried.values["note"]
        assert found(uow, "Biopeople").values["region"] == "hovedstaden"
