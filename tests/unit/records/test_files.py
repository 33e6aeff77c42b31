"""Bytes on a disk: whole or not at all, under names of ours, each content once."""

from __future__ import annotations

import hashlib
import threading
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from crm.kernel.errors import NotFound
from crm.records.files import DiskFileStore


@settings(suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(content=st.binary(max_size=2000))
def test_bytes_come_back_by_their_hash(tmp_path: Path, content: bytes) -> None:
    store = DiskFileStore(tmp_path)
    sha256 = store.put(content)
    assert sha256 == hashlib.sha256(content).hexdigest()
    assert store.get(sha256) == content
    assert store.put(content) == sha256


def test_many_who_keep_the_same_bytes_leave_one_file_and_nothing_half_written(tmp_path: Path) -> None:
    store = DiskFileStore(tmp_path / "files")
    keepers = [threading.Thread(target=store.put, args=(b"x" * 100_000,)) for _number in range(8)]
    for keeper in keepers:
        keeper.start()
    for keeper in keepers:
        keeper.join()
    files = [path for path in tmp_path.rglob("*") if path.is_file()]
    assert len(files) == 1
    assert files[0].read_bytes() == b"x" * 100_000
    assert files[0].stat().st_mode & 0o077 == 0


def test_bytes_that_are_gone_are_not_found(tmp_path: Path) -> None:
    with pytest.raises(NotFound):
        DiskFileStore(tmp_path).get("0" * 64)
