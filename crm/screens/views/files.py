"""`/r/<id>/files`, `/files/<id>`: files of records sent, shown, fetched, renamed, replaced and deleted.

A file is always given as a download that can do nothing: attachment, nosniff, sandbox. Pictures are drawn by `<img>`, PDFs by a
script of ours on a canvas, texts by the page itself; so nothing that someone sent ever runs or is laid out as a page.
"""

from __future__ import annotations

from datetime import timedelta
from typing import Any, BinaryIO, Final

from flask import Response, jsonify, redirect, render_template, request, send_file
from sqlalchemy import select
from werkzeug.datastructures import FileStorage
from werkzeug.wrappers import Response as AnyResponse

from crm.kernel.errors import Conflict, DomainError, InvalidInput, NotFound, RuleViolation
from crm.kernel.i18n import N_, Label
from crm.records import files
from crm.records.files.pending import keep_pending
from crm.records.files.reading import FileLine, current_file, file_row, files_of, stream_file
from crm.records.models import Act
from crm.records.query import one
from crm.records.work import UnitOfWork
from crm.screens.files import KEY, files_box
from crm.screens.moves import undo_url
from crm.screens.panels import panels_of
from crm.screens.queries import may_do
from crm.screens.tell import tell
from crm.screens.views.blueprint import bp
from crm.web.context import current_actor, current_locale, is_htmx, klynge, next_path, works
from crm.web.guard import needs

#: Files that are dropped together are one act; so long one drop may go on.
_ONE_DROP: Final = timedelta(hours=2)
#: So much of a text is shown.
_TEXT_SHOWN: Final = 200_000


def tab_url(row_url: str) -> str:
    """Give the address of a record's files."""
    return f"{row_url}?tab={KEY}"


@bp.get("/r/<int:record_id>/files")
@needs("@crm")
def list_files(record_id: int) -> AnyResponse | str:
    """Give the list of files alone, to a script; a person gets the record's tab."""
    with works().reading(current_actor()) as uow:
        row = one(uow, record_id)
        if not is_htmx():
            return redirect(tab_url(row.url), 303)
        panel = next(panel for panel in panels_of(row.type_key) if panel.key == KEY)
        context = panel.load(uow, row) or {"box": files_box(uow, row)}
        return render_template("files/_list.html", row=row, **context)


@bp.post("/r/<int:record_id>/files")
@needs("@crm")
def send_files(record_id: int) -> AnyResponse:
    """Keep what was sent: each file by itself, so that one that is refused does not keep the others out."""
    sent = [item for item in request.files.getlist("file") if item.filename] or [FileStorage(filename="")]
    kept: list[dict[str, Any]] = []
    refused: list[dict[str, str]] = []
    act = _own_act(request.form.get("act"))
    undo = None
    for item in sent:
        try:
            with works().writing(current_actor(), act_id=act) as uow:
                stream, name = _stream(item), item.filename or ""
                row = files.add_file(uow, klynge().files, klynge().file_rules, record_id, name, stream)
                kept.append({"id": row.id, "name": row.name})
                act, undo = uow.act.id, undo_url(uow)
        except (InvalidInput, RuleViolation) as error:
            refused.append({"name": item.filename or "", "message": _words(error)})
    if _wants_json():
        return _told(kept, refused, undo, act)
    for line in refused:
        tell(Label(line["message"], line["message"]), level="danger")
    if kept:
        message = N_("The file is added.") if len(kept) == 1 else N_("%(number)s files are added.", number=len(kept))
        tell(message, undo_url=undo)
    with works().reading(current_actor()) as uow:
        return redirect(tab_url(one(uow, record_id).url), 303)


def _told(kept: list[dict[str, Any]], refused: list[dict[str, str]], undo: str | None, act: str | None) -> AnyResponse:
    answer = jsonify(files=kept, refused=refused, undo=undo, act=act)
    answer.status_code = 200 if kept else 422
    return answer


def _wants_json() -> bool:
    return request.accept_mimetypes.best_match(["text/html", "application/json"]) == "application/json"


def _stream(item: FileStorage) -> BinaryIO:
    """Give the sent bytes; Werkzeug keeps large ones on the disk, never in memory."""
    return item.stream  # type: ignore[return-value]  # it reads and seeks as a binary file


def _words(error: DomainError) -> str:
    message = next(iter(error.fields.values()), error.message) if isinstance(error, InvalidInput) else error.message
    return str(message(current_locale()))


def _own_act(act_id: str | None) -> str | None:
    """Give an act that the same person began just now: a drop of ten files is one act, and one *Undo*."""
    if not act_id or not act_id.isalnum() or len(act_id) > 32:
        return None
    actor = current_actor()
    with works().reading(actor) as uow:
        begun = Act.at > uow.now() - _ONE_DROP
        return uow.session.scalar(select(Act.id).where(Act.id == act_id, Act.actor_id == actor.user_id, begun))


@bp.post("/t/<key>/files/<name>")
@needs("@crm")
def send_pending(key: str, name: str) -> AnyResponse:
    """Keep a file for a field of a form that is still being filled in; only who sent it sees it until the record is saved."""
    item = request.files.get("file") or FileStorage(filename="")
    try:
        with works().writing(current_actor()) as uow:
            field = uow.registry.get(key).by_name.get(name)
            if field is None or field.kind != "file":
                raise NotFound
            row = keep_pending(uow, klynge().files, klynge().file_rules, key, field, item.filename or "", _stream(item))
            return _told([{"id": row.id, "name": row.name, "size": row.size}], [], None, None)
    except (InvalidInput, RuleViolation) as error:
        return _told([], [{"name": item.filename or "", "message": _words(error)}], None, None)


@bp.get("/files/<int:file_id>")
@needs("@crm")
def fetch_file(file_id: int) -> Response:
    """Give a version of a file to those who may see its record."""
    with works().reading(current_actor()) as uow:
        row, content = stream_file(uow, klynge().files, file_id)
        return as_download(content, row.media_type, row.name)


def as_download(content: BinaryIO, media_type: str, name: str) -> Response:
    """Give a file as a download: never shown in place, and without any right should a browser show it all the same."""
    response = send_file(content, mimetype=media_type, as_attachment=True, download_name=name, max_age=0)
    response.headers["Content-Security-Policy"] = "sandbox; default-src 'none'"
    return response


@bp.get("/files/<int:file_id>/latest")
@needs("@crm")
def latest_file(file_id: int) -> AnyResponse:
    """Go to the version in force of a file: what links and fields name."""
    with works().reading(current_actor()) as uow:
        return redirect(f"/files/{current_file(uow, file_id).id}/view")


@bp.get("/files/<int:file_id>/view")
@needs("@crm")
def view_file(file_id: int) -> str:
    """Show a file: pictures, PDFs and texts in place, the others by what they are called; with all its versions."""
    with works().reading(current_actor()) as uow:
        found = file_row(uow, file_id)
        if found.record_id is None:
            raise NotFound
        row = one(uow, found.record_id)
        newest = next((line for line in files_of(uow, row.id) if line.first_id == (found.first_id or found.id)), None)
        shown = None if newest is None else next((one for one in (newest, *newest.earlier) if one.id == file_id), None)
        if newest is None or shown is None:
            raise NotFound
        may_change = may_do(uow, "update", uow.registry.get(row.type_key), row.id)
        shows = {"file": shown, "newest": newest, "text": _text(uow, shown), "may_change": may_change}
        return render_template("files/view.html", row=row, back=tab_url(row.url), **shows)


def _text(uow: UnitOfWork, line: FileLine) -> str | None:
    """Give a text file's text; what is no UTF-8 is read as Windows writes it."""
    if line.shows_as != "text":
        return None
    _row, content = files.open_file(uow, klynge().files, line.id)
    try:
        return content[:_TEXT_SHOWN].decode("utf-8-sig")
    except UnicodeDecodeError:
        return content[:_TEXT_SHOWN].decode("cp1252", "replace")


@bp.post("/files/<int:file_id>/version")
@needs("@crm")
def send_version(file_id: int) -> AnyResponse:
    """Put a new version in force; the one before is kept."""
    item = request.files.get("file") or FileStorage(filename="")
    try:
        with works().writing(current_actor()) as uow:
            row = files.add_version(uow, klynge().files, klynge().file_rules, file_id, item.filename or "", _stream(item))
            undo, target, kept = undo_url(uow), f"/files/{row.id}/view", {"id": row.id, "name": row.name}
    except (InvalidInput, RuleViolation, Conflict) as error:
        if _wants_json():
            return _told([], [{"name": item.filename or "", "message": _words(error)}], None, None)
        tell(Label(_words(error), _words(error)), level="danger")
        return redirect(next_path(f"/files/{file_id}/view"), 303)
    if not _wants_json() or request.form.get("after") == "page":
        tell(N_("The new version is in force; the earlier one is kept."), undo_url=undo)
    if _wants_json():
        return _told([kept], [], undo, None)
    return redirect(next_path(target), 303)


@bp.post("/files/<int:file_id>/describe")
@needs("@crm")
def describe_file(file_id: int) -> AnyResponse:
    """Rename a file, or say what it is."""
    try:
        with works().writing(current_actor()) as uow:
            name, description = request.form.get("name", ""), request.form.get("description", "")
            files.describe_file(uow, file_id, name, description)
            undo = undo_url(uow)
        tell(N_("The file is renamed.") if undo else N_("Nothing was changed."), undo_url=undo)
    except (InvalidInput, RuleViolation, Conflict) as error:
        tell(Label(_words(error), _words(error)), level="danger")
    return redirect(next_path(f"/files/{file_id}/view"), 303)


@bp.post("/files/<int:file_id>/delete")
@needs("@crm")
def delete_file(file_id: int) -> AnyResponse:
    """Put a file into the trash and offer the way back."""
    with works().reading(current_actor()) as uow:
        found = file_row(uow, file_id)
        back = tab_url(one(uow, found.record_id or 0).url)
    try:
        with works().writing(current_actor()) as uow:
            files.delete_file(uow, file_id)
            undo = undo_url(uow)
        tell(N_("The file is deleted."), undo_url=undo)
    except (RuleViolation, Conflict) as error:
        tell(error.message, level="danger")
    return redirect(next_path(back), 303)
