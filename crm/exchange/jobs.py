"""Exports too long for a request: written by the worker, fetched from the job's page by the one who ordered it."""

from __future__ import annotations

import os
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path
from typing import Any, BinaryIO, Final

from crm.exchange.files import CSV_TYPE, XLSX_TYPE, Sheet, csv_heading, csv_rows
from crm.exchange.services import CSV, Export, ExportOrder, next_rows, prepare
from crm.kernel.i18n import N_, Label
from crm.kernel.paging import Place
from crm.records.jobs import Batch, enqueue, register_job
from crm.records.walk import first_place
from crm.records.work import UnitOfWork, Works
from crm.security.actors import Actor

EXPORT: Final = "export"
_STORED: Final = "export"


#: Excel files in the making, by job, with the export that their columns were made for. Another process cannot go on with one:
#: it then begins anew.
_open: Final[dict[int, tuple[Sheet, Export]]] = {}


def order_export(uow: UnitOfWork, order: ExportOrder, rows: int, *, back: str | None = None) -> int:
    """Order an export as a job; gives the job's id."""
    record_type = uow.registry.get(order.type_key)
    title = N_("Export of %(number)s %(many)s", number=rows, many=record_type.names.many)
    return enqueue(uow, EXPORT, order.to_json(), total=rows, title=title, back=back)


def run(works: Works, actor: Actor, batch: Batch) -> Any:
    """Write the next rows to the job's file; a kind of job that holds no transaction."""
    with works.reading(actor) as uow:
        export = prepare(uow, ExportOrder.from_json(batch.order))
        scopes = sorted(uow.access.scopes("read", export.order.type_key))
    path = batch.folder / f"{_STORED}.{export.order.format}"
    place = _csv(works, actor, batch, export, path) if export.order.format == CSV else _xlsx(works, actor, batch, export, path)
    if place is None:
        batch.result["file"] = {
            "name": export.file_name,
            "stored": path.name,
            "media_type": CSV_TYPE if export.order.format == CSV else XLSX_TYPE,
            "size": path.stat().st_size,
            "type": export.order.type_key,
            "fields": [item.api_name for item in export.fields],
            "scopes": scopes,
        }
    return place


def _csv(works: Works, actor: Actor, batch: Batch, export: Export, path: Path) -> Any:
    """Go on where the last batch ended: what a dead one had written after it is cut off."""
    held = _held(batch, export)
    with path.open("ab") as file:
        file.truncate(held["size"] if held else 0)
        if held is None:
            file.write(csv_heading(export.columns).encode())
        rows, place = _write(works, actor, batch, export, held, lambda ids, values: _lines(file, export, ids, values))
        file.flush()
        os.fsync(file.fileno())
        return None if place is None else {**_kept(export, place, rows), "size": file.tell()}


def _lines(file: BinaryIO, export: Export, ids: Sequence[int], values: Sequence[Sequence[Any]]) -> None:
    file.write(csv_rows(export.columns, ids, values).encode())


def _xlsx(works: Works, actor: Actor, batch: Batch, export: Export, path: Path) -> Any:
    """Write on in the sheet that this process has open; without one, begin anew."""
    held = _held(batch, export, open_here=batch.job_id in _open)
    if held is None:
        drop_sheets(lambda job_id: job_id == batch.job_id or not (batch.folder.parent / str(job_id)).is_dir())
        _open[batch.job_id] = (Sheet(path, export.sheet_name, export.columns, batch.folder), export)
    sheet, export = _open.pop(batch.job_id)
    rows, place = _write(works, actor, batch, export, held, sheet.write)
    if place is None:
        batch.beat()
        sheet.close()
        return None
    _open[batch.job_id] = (sheet, export)
    return _kept(export, place, rows)


def drop_sheets(which: Callable[[int], bool]) -> None:
    """Let go of unfinished Excel files, by job: those of jobs that were stopped, whose folder is gone."""
    for job_id in [one for one in _open if which(one)]:
        _open.pop(job_id)[0].drop()


def _write(
    works: Works, actor: Actor, batch: Batch, export: Export, held: Mapping[str, Any] | None, write: Callable[[Any, Any], None]
) -> tuple[int, Place | None]:
    """Write pages until the batch's time is up; gives the rows written in all, and where to go on."""
    rows = held["rows"] if held else 0
    place: Place | None = Place(held["run"], held["value"], held["last_id"]) if held else first_place()
    while place is not None:
        ids, values, place = next_rows(works, actor, export, place)
        write(ids, values)
        batch.done += len(ids)
        rows += len(ids)
        if batch.time_is_up():
            break
    return rows, place


def _held(batch: Batch, export: Export, *, open_here: bool = True) -> Mapping[str, Any] | None:
    """Give where the last batch ended; None to begin anew, at first or because other fields may be read now."""
    held: Mapping[str, Any] | None = batch.place
    if held is not None and (not open_here or held["fields"] != [item.api_name for item in export.fields]):
        batch.done -= held["rows"]
        return None
    return held


def _kept(export: Export, place: Place, rows: int) -> dict[str, Any]:
    fields = [item.api_name for item in export.fields]
    return {"run": place.run, "value": place.value, "last_id": place.last_id, "rows": rows, "fields": fields}


def install() -> None:
    """Make exports known as a kind of job."""
    register_job(EXPORT, Label("Eksport", "Export"), outside=run)
