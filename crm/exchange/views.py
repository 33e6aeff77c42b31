"""`/t/<key>/export`: a list as a file. Small ones stream at once, large ones are a job."""

from __future__ import annotations

import tempfile
from collections.abc import Iterator
from itertools import chain
from pathlib import Path
from typing import Any
from urllib.parse import quote

from flask import Blueprint, Response, make_response, redirect, render_template, request
from werkzeug.wrappers import Response as AnyResponse

from crm.exchange.columns import all_names
from crm.exchange.files import CSV_TYPE, XLSX_TYPE, Sheet
from crm.exchange.jobs import order_export
from crm.exchange.services import (
    CSV,
    MOST_AT_ONCE,
    XLSX,
    Export,
    ExportOrder,
    count_rows,
    csv_parts,
    log_export,
    next_rows,
    prepare,
)
from crm.kernel.errors import InvalidInput
from crm.kernel.paging import Place
from crm.records.walk import first_place
from crm.records.work import UnitOfWork
from crm.screens import bulk
from crm.screens.listing import columns_of
from crm.screens.listing.table import Asked
from crm.screens.views.bulk import asked_list
from crm.screens.views.lists import bad_address
from crm.web.context import caller_address, current_actor, current_locale, is_htmx, klynge, works
from crm.web.guard import needs

bp = Blueprint("exchange", __name__)

_SHOWN = "shown"
_ALL = "all"


def _order(uow: UnitOfWork, asked: Asked, posted: dict[str, str]) -> ExportOrder:
    """Read what to export: the list as it was on show, or the boxes that were ticked in it."""
    record_type, state = asked.type, asked.state
    readable = uow.access.readable(record_type.key)
    shown = [column.name for column in columns_of(record_type, readable, state.columns)]
    names = all_names(record_type, readable) if posted.get("columns") == _ALL else shown
    chosen = bulk.chosen_of(asked, posted)
    ids = None if chosen.whole or not chosen.ids else chosen.ids
    form = posted.get("format", XLSX)
    where = asked.where
    return ExportOrder(record_type.key, form, tuple(names), where, ids, state.sort, state.descending, current_locale())


@bp.get("/t/<key>/export")
@needs("@crm")
def ask_export(key: str) -> Response | str:
    """Ask how to export a list, or the records chosen in it: as a dialog's content, or as a page."""
    posted = request.args.to_dict()
    with works().reading(current_actor()) as uow:
        try:
            asked = asked_list(uow, key, posted.get(bulk.LIST, ""))
            rows = count_rows(uow, _order(uow, asked, posted))
        except InvalidInput as error:
            return bad_address(uow.registry.get(key), error)
    template = "exchange/_dialog.html" if is_htmx() else "exchange/export.html"
    facts = {"type": asked.type, "rows": rows, "most": MOST_AT_ONCE, "back": asked.state.url(), "posted": posted}
    return render_template(template, **facts)


@bp.post("/t/<key>/export")
@needs("@crm")
def export_list(key: str) -> AnyResponse:
    """Give the file, or order it as a job when it is long; either way the security log has a line of it."""
    posted = request.form.to_dict()
    actor = current_actor()
    with works().writing(actor) as uow:
        try:
            asked = asked_list(uow, key, posted.get(bulk.LIST, ""))
            order = _order(uow, asked, posted)
            export = prepare(uow, order)
            rows = count_rows(uow, order)
        except InvalidInput as error:
            return bad_address(uow.registry.get(key), error)
        log_export(uow, order, rows, caller_address() or None)
        if rows > MOST_AT_ONCE:
            job_id = order_export(uow, order, rows, back=asked.state.url())
            return redirect(f"/jobs/{job_id}", 303)
    if order.format == CSV:
        parts = csv_parts(works(), actor, export)
        begun = chain([next(parts)], parts)  # what is wrong with the list is said before the answer has begun
        return _file((part.encode() for part in begun), CSV_TYPE, export.file_name)
    return _file(_xlsx_parts(export), XLSX_TYPE, export.file_name)


def _xlsx_parts(export: Export) -> Iterator[bytes]:
    """Write the Excel file beside, and give it piece by piece: its parts can be put together only at the end."""
    home = klynge().job_files
    home.mkdir(parents=True, exist_ok=True, mode=0o700)
    with tempfile.TemporaryDirectory(dir=home, prefix="sheet-") as folder:
        path = Path(folder) / "export.xlsx"
        sheet = Sheet(path, export.sheet_name, export.columns, Path(folder))
        place: Place | None = first_place()
        while place is not None:
            ids, values, place = next_rows(works(), current_actor(), export, place)
            sheet.write(ids, values)
        sheet.close()
        content = path.read_bytes()
    return iter([content])


def _file(parts: Any, media_type: str, name: str) -> Response:
    """Answer with a download that no browser shows in place."""
    response = make_response(Response(parts, content_type=media_type))
    plain = name.encode("ascii", "ignore").decode().replace('"', "") or "export"
    response.headers["Content-Disposition"] = f"attachment; filename=\"{plain}\"; filename*=UTF-8''{quote(name)}"
    response.headers["Content-Security-Policy"] = "sandbox; default-src 'none'"
    response.headers["Cache-Control"] = "no-store"
    return response
