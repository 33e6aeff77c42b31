"""Files on records, on both databases: versions, names, the trash, the log and its undo, rights, and what is swept."""

from __future__ import annotations

import os
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import select

from crm.kernel.clock import SystemClock
from crm.kernel.db import Database
from crm.kernel.errors import AccessDenied, Conflict, InvalidInput, NotFound, RuleViolation
from crm.records import files
from crm.records.files import DiskFileStore, FileRules, FileSweeper, register_hold
from crm.records.files.services import _holds
from crm.records.files.sweep import naming_columns
from crm.records.models import Change, ChangeValue, StoredFile
from crm.records.search.models import SearchPart
from crm.records.undo import undo_act
from crm.records.work import UnitOfWork, Works
from tests.support.records import SYSTEM, add_actor

RULES = FileRules(1024 * 1024)
PDF = b"%PDF-1.7 "
ADMIN = SYSTEM
files.install()


@pytest.fixture
def store(tmp_path: Path) -> DiskFileStore:
    return DiskFileStore(tmp_path / "files")


@pytest.fixture
def made(works: Works) -> int:
    with works.writing(SYSTEM) as uow:
        return uow.records.create("organisation", {"title": "Østfyn"})


def add(works: Works, store: DiskFileStore, record_id: int, name: str = "Plan.pdf", content: bytes = PDF) -> tuple[int, str]:
    with works.writing(SYSTEM) as uow:
        return files.add_file(uow, store, RULES, record_id, name, content).id, uow.act.id


def names(works: Works, record_id: int, actor: Any = SYSTEM) -> list[tuple[str, int]]:
    with works.reading(actor) as uow:
        return [(line.name, line.version) for line in files.files_of(uow, record_id)]


def logged(works: Works) -> list[Any]:
    with works.reading(SYSTEM) as uow:
        patches = select(ChangeValue.patch).join(Change, Change.id == ChangeValue.change_id).where(Change.kind == "file")
        return [patch["file"] for patch in uow.session.scalars(patches.order_by(Change.id))]


def found_by(uow: UnitOfWork) -> list[tuple[int, str]]:
    rows = uow.session.execute(select(SearchPart.ref_id, SearchPart.text).where(SearchPart.source == "file"))
    return sorted((row.ref_id, row.text) for row in rows)


def test_a_new_version_keeps_the_old_one_and_both_can_be_fetched(works: Works, store: DiskFileStore, made: int) -> None:
    first, _act = add(works, store, made)
    with works.writing(SYSTEM) as uow:
        second = files.add_version(uow, store, RULES, first, "Plan v2.pdf", PDF + b"ny").id
        assert (files.open_file(uow, store, first)[1], files.open_file(uow, store, second)[1]) == (PDF, PDF + b"ny")
        assert files.current_file(uow, first).id == second
        (line,) = files.files_of(uow, made)
        assert (line.name, line.version, [old.name for old in line.earlier]) == ("Plan v2.pdf", 2, ["Plan.pdf"])
        assert found_by(uow) == [(second, "Plan v2.pdf")]
        with pytest.raises(Conflict):
            files.add_version(uow, store, RULES, first, "Plan v3.pdf", PDF)
    assert logged(works) == [
        [None, {"id": first, "name": "Plan.pdf"}],
        [{"id": first, "name": "Plan.pdf"}, {"id": second, "name": "Plan v2.pdf", "version": 2}],
    ]


def test_a_file_is_renamed_with_its_suffix_and_described(works: Works, store: DiskFileStore, made: int) -> None:
    first, _act = add(works, store, made)
    with works.writing(SYSTEM) as uow:
        row = files.describe_file(uow, first, "  Årsplan 2027 ", "Den endelige")
        assert (row.name, row.description) == ("Årsplan 2027.pdf", "Den endelige")
        assert found_by(uow) == [(first, "Årsplan 2027.pdf Den endelige")]
        for name, words in (("", ""), (" / ", ""), ("x", "y" * 501)):
            with pytest.raises(InvalidInput):
                files.describe_file(uow, first, name, words)


def test_what_was_done_to_a_file_is_undone_and_done_again(works: Works, store: DiskFileStore, made: int) -> None:
    acts: dict[str, str] = {}
    first, acts["add"] = add(works, store, made)
    with works.writing(SYSTEM) as uow:
        second, acts["version"] = files.add_version(uow, store, RULES, first, "Ny.pdf", PDF + b"ny").id, uow.act.id
    with works.writing(SYSTEM) as uow:
        files.describe_file(uow, second, "Bedre")
        acts["name"] = uow.act.id
    with works.writing(SYSTEM) as uow:
        files.delete_file(uow, second)
        acts["delete"] = uow.act.id
    assert names(works, made) == []
    steps = [("delete", "Bedre.pdf", 2), ("name", "Ny.pdf", 2), ("version", "Plan.pdf", 1)]
    for key, name, version in steps:
        undo(works, acts[key])
        assert names(works, made) == [(name, version)], key
    again = undo(works, undo(works, acts["add"]))
    assert names(works, made) == [("Plan.pdf", 1)]
    assert again


def undo(works: Works, act_id: str) -> str:
    with works.writing(ADMIN) as uow:
        report = undo_act(uow, act_id)
        assert not report.skipped, [item.reason("en") for item in report.skipped]
        return uow.act.id


def test_a_version_taken_back_comes_again(works: Works, store: DiskFileStore, made: int) -> None:
    first, _act = add(works, store, made)
    with works.writing(SYSTEM) as uow:
        files.add_version(uow, store, RULES, first, "Ny.pdf", PDF + b"ny")
        act = uow.act.id
    undone = undo(works, act)
    assert names(works, made) == [("Plan.pdf", 1)]
    undo(works, undone)
    assert names(works, made) == [("Ny.pdf", 2)]
    with works.reading(SYSTEM) as uow:
        assert [old.version for old in files.files_of(uow, made)[0].earlier] == [1]


def test_undo_leaves_a_file_alone_that_was_changed_since(works: Works, store: DiskFileStore, made: int) -> None:
    first, act = add(works, store, made)
    with works.writing(SYSTEM) as uow:
        files.add_version(uow, store, RULES, first, "Ny.pdf", PDF + b"ny")
    with works.writing(SYSTEM) as uow:
        assert len(undo_act(uow, act).skipped) == 1
    assert names(works, made) == [("Ny.pdf", 2)]


def test_files_follow_the_rights_of_their_record(database: Database, works: Works, store: DiskFileStore, made: int) -> None:
    viewer = add_actor(database, "viewer", [("*", "read")])
    other = add_actor(database, "other", [("person", "*")])
    first, _act = add(works, store, made)
    with works.writing(viewer) as uow:
        assert files.open_file(uow, store, first)[1] == PDF
        for write in (
            lambda: files.add_file(uow, store, RULES, made, "x.pdf", PDF),
            lambda: files.add_version(uow, store, RULES, first, "x.pdf", PDF),
            lambda: files.describe_file(uow, first, "y"),
            lambda: files.delete_file(uow, first),
            lambda: files.restore_file(uow, first),
        ):
            with pytest.raises(AccessDenied):
                write()
    with works.writing(other) as uow:
        for ask in (
            lambda: files.files_of(uow, made),
            lambda: files.open_file(uow, store, first),
            lambda: files.current_file(uow, first),
            lambda: files.add_file(uow, store, RULES, made, "x.pdf", PDF),
            lambda: files.delete_file(uow, first),
        ):
            with pytest.raises(NotFound):
                ask()
    with works.writing(SYSTEM) as uow:
        uow.records.delete(made)
    with works.reading(viewer) as uow, pytest.raises(NotFound):
        files.open_file(uow, store, first)


def test_a_feature_may_keep_a_file_from_being_deleted(
    works: Works, store: DiskFileStore, made: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setitem(_holds, "organisation", lambda _uow, _row: "sendt")
    register_hold("person", lambda _uow, _row: None)
    first, act = add(works, store, made)
    with works.writing(SYSTEM) as uow, pytest.raises(RuleViolation):
        files.delete_file(uow, first)
    monkeypatch.delitem(_holds, "organisation")
    undo(works, act)
    assert names(works, made) == []


def test_bytes_that_a_disk_has_spoiled_are_not_handed_out(works: Works, store: DiskFileStore, made: int) -> None:
    first, _act = add(works, store, made)
    (path,) = (path for path in store._folder.rglob("*") if path.is_file())
    path.write_bytes(PDF + b"?")
    with works.reading(SYSTEM) as uow, pytest.raises(NotFound, match="damaged"):
        files.stream_file(uow, store, first)


def test_the_sweep_takes_what_no_row_names_and_never_what_is_in_use(works: Works, store: DiskFileStore, made: int) -> None:
    works.clock = SystemClock()  # files are as old as the disk says
    kept, _act = add(works, store, made)
    with works.writing(SYSTEM) as uow:
        files.add_version(uow, store, RULES, kept, "Ny.pdf", PDF + b"2")
    young, orphan, again = store.put(b"young"), store.put(b"orphan"), store.put(b"again")
    broken = store._folder / "new-broken"
    broken.write_bytes(b"half")
    for path in store._folder.rglob("*"):
        if path.is_file() and path.name != young:
            age(path, timedelta(days=2))
    store.put(b"again")  # somebody sends the same bytes now, and their row is not committed yet
    assert FileSweeper(store).sweep(works, SYSTEM) == 1
    held = {path.name for path in store._folder.rglob("*") if path.is_file()}
    with works.reading(SYSTEM) as uow:
        assert held == {young, again, *uow.session.scalars(select(StoredFile.sha256))}
    assert orphan not in held
    assert not broken.exists()


def test_a_sweep_brings_back_what_a_row_names_after_all(works: Works, store: DiskFileStore, made: int) -> None:
    """Between its question and the deletion, a row may appear: the bytes are asked for once more when they lie aside."""
    works.clock = SystemClock()
    sha256 = store.put(PDF)
    age(store._path(sha256), timedelta(days=2))

    class Late(DiskFileStore):
        def set_aside(self, sha256: str, moment: float) -> bool:
            done = super().set_aside(sha256, moment)
            with works.writing(SYSTEM) as uow:
                uow.session.add(StoredFile(record_id=made, sha256=sha256, size=9, media_type="x", name="x", created_at=uow.now()))
            return done

    assert FileSweeper(Late(store._folder)).sweep(works, SYSTEM) == 0
    assert store.get(sha256) == PDF


def age(path: Path, by: timedelta) -> None:
    old = (datetime.now(UTC) - by).timestamp()
    os.utime(path, (old, old))


def test_files_in_the_trash_go_after_thirty_days_and_their_bytes_with_them(works: Works, store: DiskFileStore, made: int) -> None:
    first, _act = add(works, store, made)
    with works.writing(SYSTEM) as uow:
        second = files.add_version(uow, store, RULES, first, "Ny.pdf", PDF + b"2").id
    with works.writing(SYSTEM) as uow:
        files.delete_file(uow, second)
    with works.writing(SYSTEM) as uow:
        for row in uow.session.scalars(select(StoredFile)):
            row.deleted_at = uow.now() - timedelta(days=31)
    for path in store._folder.rglob("*"):
        age(path, timedelta(days=40))
    assert FileSweeper(store).sweep(works, SYSTEM) == 2
    with works.reading(SYSTEM) as uow:
        assert uow.session.scalars(select(StoredFile.id)).all() == []


def test_every_column_that_names_bytes_is_known_to_the_sweep() -> None:
    assert {f"{column.table.name}.{column.name}" for column in naming_columns()} >= {
        "file.sha256",
        "pack_version.word_sha256",
        "pack_build.word_sha256",
    }
