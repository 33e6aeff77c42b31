"""`/api/v1/records/<type>/<id>/files` and `/api/v1/files/<id>`: files of records listed, sent and fetched by programs.

A file is sent as the body itself (`Content-Type: application/octet-stream`), its name in the query: no program needs to put a
form together, and no page of another site can send one.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from shutil import copyfileobj
from tempfile import SpooledTemporaryFile
from typing import Any, BinaryIO, Final, cast

from flask import Response, request

from crm.api.errors import BadRequest
from crm.api.views import bp
from crm.api.wire import answer, moment, only
from crm.kernel.errors import NotFound
from crm.kernel.i18n import N_
from crm.records import files
from crm.records.files import FileLine
from crm.records.models import StoredFile
from crm.records.query import one
from crm.screens.views.files import as_download
from crm.web.context import current_actor, klynge, works
from crm.web.guard import needs

BYTES: Final = "application/octet-stream"
_IN_MEMORY: Final = 1024 * 1024


@bp.get("/records/<type_key>/<int:record_id>/files")
@needs("@api")
def list_files(type_key: str, record_id: int) -> Response:
    """Give the files of a record, each with its earlier versions."""
    only(())
    with works().reading(current_actor()) as uow:
        one(uow, record_id, type_key=type_key)
        return answer({"items": [_json(line) for line in files.files_of(uow, record_id)]})


def _json(line: FileLine) -> dict[str, Any]:
    found = _facts(line.id, line.name, line.media_type, line.size, line.version)
    found.update(first_id=line.first_id, description=line.description or None, field=line.field, created_at=moment(line.at))
    if line.earlier:
        found["earlier"] = [_json(old) for old in line.earlier]
    return found


def _facts(file_id: int, name: str, media_type: str, size: int, version: int) -> dict[str, Any]:
    url = f"/api/v1/files/{file_id}"
    return {"id": file_id, "name": name, "type": media_type, "size": size, "version": version, "url": url}


def _row(row: StoredFile) -> dict[str, Any]:
    return _facts(row.id, row.name, row.media_type, row.size, row.version)


@bp.post("/records/<type_key>/<int:record_id>/files")
@needs("@api")
def send_file(type_key: str, record_id: int) -> Response:
    """Keep the body as a file of a record; with `replaces` as the new version of one."""
    only(("name", "replaces"))
    replaces = request.args.get("replaces")
    with _body() as content, works().writing(current_actor()) as uow:
        one(uow, record_id, type_key=type_key)
        store, rules, name = klynge().files, klynge().file_rules, request.args.get("name", "")
        if replaces is None:
            return answer(_row(files.add_file(uow, store, rules, record_id, name, content)), 201)
        old = files.file_row(uow, int(replaces) if replaces.isascii() and replaces.isdigit() and len(replaces) < 19 else 0)
        if old.record_id != record_id:
            raise NotFound
        return answer(_row(files.add_version(uow, store, rules, old.id, name, content)), 201)


@bp.post("/records/<type_key>/files/<field>")
@needs("@api")
def send_for_field(type_key: str, field: str) -> Response:
    """Keep the body for a field of a record that is saved next; its id is the field's value then."""
    only(("name",))
    with _body() as content, works().writing(current_actor()) as uow:
        item = uow.registry.get(type_key).by_name.get(field)
        if item is None or item.kind != "file":
            raise NotFound
        name = request.args.get("name", "")
        return answer(_row(files.keep_pending(uow, klynge().files, klynge().file_rules, type_key, item, name, content)), 201)


@contextmanager
def _body() -> Iterator[BinaryIO]:
    """Give the body as a file; a large one lies on the disk.

    Raises:
        BadRequest: it is not sent as bytes.
    """
    if request.mimetype != BYTES:
        raise BadRequest(N_("Send the file itself, with the header “Content-Type: application/octet-stream”."))
    with SpooledTemporaryFile(max_size=_IN_MEMORY) as kept:
        copyfileobj(request.stream, kept)
        yield cast(BinaryIO, kept)


@bp.get("/files/<int:file_id>")
@needs("@api")
def fetch_file(file_id: int) -> Response:
    """Give a version of a file to those who may see its record."""
    only(())
    with works().reading(current_actor()) as uow:
        row, content = files.stream_file(uow, klynge().files, file_id)
        return as_download(content, row.media_type, row.name)
