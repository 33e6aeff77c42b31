"""`/t/<key>/new` and `/r/<id>/edit`: forms made from the type's fields. What is typed is never lost."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from typing import Any
from urllib.parse import urlencode

from flask import jsonify, make_response, redirect, render_template, request
from werkzeug.datastructures import MultiDict
from werkzeug.wrappers import Response as AnyResponse

from crm.kernel.errors import AccessDenied, InvalidInput, RuleViolation
from crm.kernel.i18n import N_, Message
from crm.records.query import Row, one
from crm.records.store.drafts import values_at
from crm.records.store.orders import StaleRecord
from crm.records.types import RecordType
from crm.records.work import UnitOfWork
from crm.screens import forms
from crm.screens.forms import RecordForm
from crm.screens.inline import changed_between, who_changed
from crm.screens.moves import undo_url
from crm.screens.present import Presenter, plain_values
from crm.screens.queries import may_do
from crm.screens.saved import saved_facts
from crm.screens.tell import tell
from crm.screens.views.blueprint import bp
from crm.screens.views.field_files import SENT, take_uploads
from crm.web.context import current_actor, current_locale, is_htmx, next_path, works
from crm.web.guard import needs


@bp.get("/t/<key>/new")
@needs("@crm")
def new_record(key: str) -> AnyResponse:
    """Show an empty form; `?field=value` fills in, `next` is where to go afterwards."""
    with works().reading(current_actor()) as uow:
        record_type = uow.registry.get(key)
        uow.access.require("create", key)
        form = forms.new_form(uow, record_type, request.args.to_dict())
        return _page(uow, form, None)


@bp.post("/t/<key>/new")
@needs("@crm")
def create_record(key: str) -> AnyResponse:
    """Save a new record, or give the form back as it was typed."""
    try:
        take_uploads(lambda uow: uow.registry.get(key))
        posted = posted_values(request.form)
        with works().writing(current_actor()) as uow:
            record_type = uow.registry.get(key)
            raw = forms.raw_values(uow, record_type, "create", posted)
            record_id = uow.records.create(key, raw, owner_id=current_actor().user_id)
            row, undo = one(uow, record_id), undo_url(uow)
    except (InvalidInput, RuleViolation) as error:
        return _refused(key, None, error)
    message = N_("“%(title)s” is saved.", title=row.title)
    if is_htmx():
        return _told(row, message, undo)
    tell(message, undo_url=undo, saved=f"t-{key}")
    if posted.get("again"):
        return redirect(_again(key), 303)
    return redirect(_afterwards(posted, record_id, row), 303)


def posted_values(form: MultiDict[str, str]) -> dict[str, str]:
    """Give what was posted by name; ticked boxes of the same name are joined by comma, and files that came along are named."""
    sent: dict[str, str] = request.environ.get(SENT, {})
    return {name: ",".join(values) for name, values in form.lists()} | sent


def _again(key: str) -> str:
    query = request.query_string.decode("latin-1")
    return f"/t/{key}/new{'?' + query if query else ''}"


@bp.get("/r/<int:record_id>/edit")
@needs("@crm")
def edit_record(record_id: int) -> AnyResponse:
    """Show the form of a record."""
    with works().reading(current_actor()) as uow:
        row = one(uow, record_id)
        record_type = uow.registry.get(row.type_key)
        if not may_do(uow, "update", record_type, record_id):
            raise AccessDenied
        form = forms.edit_form(uow, record_type, record_id, row.version, row.values)
        return _page(uow, form, row)


@bp.post("/r/<int:record_id>/edit")
@needs("@crm")
def update_record(record_id: int) -> AnyResponse:
    """Save changes; a stale save shows who wrote what, and keeps both."""
    seen = request.form.get("seen_version", type=int)
    try:
        take_uploads(lambda uow: uow.registry.get(one(uow, record_id).type_key))
        posted = posted_values(request.form)
        with works().writing(current_actor()) as uow:
            row = one(uow, record_id)
            raw = _raw(uow, row, posted)
            version = uow.records.update(record_id, raw, seen_version=seen)
            saved, undo = one(uow, record_id), undo_url(uow)
            fields = changed_between(uow.registry.get(row.type_key), row, saved)
            looks = saved_facts(Presenter(uow, current_locale()), saved, fields) if is_htmx() else {}
    except StaleRecord as stale:
        return _clashing(record_id, stale, request.form.get("began", default=seen or 0, type=int), seen or 0)
    except (InvalidInput, RuleViolation) as error:
        return _refused(None, record_id, error, seen or 0)
    message = N_("Saved.") if version != row.version else N_("Nothing was changed.")
    if is_htmx():
        return _told(saved, message, undo, looks)
    tell(message, undo_url=undo, saved=f"r{record_id}")
    return redirect(_afterwards(posted, record_id, saved), 303)


def _afterwards(posted: Mapping[str, str], record_id: int, row: Row) -> str:
    """Give where to go: to the record, where `next` says, or (`after=stay`) back into its form, which then goes there."""
    if posted.get("after") != "stay":
        return next_path(row.url)
    wish = next_path("")
    return f"/r/{record_id}/edit{'?' + urlencode({'next': wish}) if wish else ''}"


def _raw(uow: UnitOfWork, row: Row, posted: dict[str, str]) -> dict[str, Any]:
    """Give the raw values of an edit; where the original was chosen in a conflict, what it was is read anew."""
    record_type, began = uow.registry.get(row.type_key), request.form.get("began", type=int)

    def originals() -> dict[str, Any]:
        return {} if began is None else values_at(uow, row.id, began, record_type)

    return forms.raw_values(uow, record_type, "update", posted, originals)


def _told(row: Row, message: Message, undo: str | None, looks: dict[str, Any] | None = None) -> AnyResponse:
    """Say what was saved to a script, which shows it on the page that is there."""
    facts = {"id": row.id, "title": row.title, "url": row.url, "version": row.version, "fields": {}, **(looks or {})}
    return jsonify(**facts, type=row.type_key, message=message(current_locale()), undo=undo)


def _refused(key: str | None, record_id: int | None, error: InvalidInput | RuleViolation, seen: int = 0) -> AnyResponse:
    problems = error.fields if isinstance(error, InvalidInput) else {"": error.message}
    posted = posted_values(request.form)
    with works().reading(current_actor()) as uow:
        row = one(uow, record_id) if record_id is not None else None
        record_type = uow.registry.get(row.type_key if row is not None else key or "")
        form = forms.refused_form(uow, record_type, posted, problems, record_id=record_id, seen_version=seen)
        return _page(uow, form, row, 422)


def _clashing(record_id: int, stale: StaleRecord, began: int, seen: int) -> AnyResponse:
    """Lay a conflict open: mine, theirs, and what both had seen, field by field; and who stored the other values."""
    with works().reading(current_actor()) as uow:
        row = one(uow, record_id)
        record_type = uow.registry.get(row.type_key)
        originals = values_at(uow, record_id, seen, record_type)
        form = forms.clashing_form(
            uow, Presenter(uow, current_locale()), posted_values(request.form), stale, plain_values(row), originals
        )
        by, at = who_changed(uow, record_id, next(iter(stale.fields)), seen)
        return _page(uow, replace(form, began=began, clashed_by=by, clashed_at=at), row, 409)


def _page(uow: UnitOfWork, form: RecordForm, row: Row | None, status: int = 200) -> AnyResponse:
    names: RecordType = form.type
    back = next_path(row.url if row is not None else f"/t/{names.key}")
    template = "records/_form_dialog.html" if is_htmx() else "records/form.html"
    facts = {"form": form, "row": row, "type": names, "back": back, "action": request.full_path.rstrip("?"), "fragment": is_htmx()}
    return make_response(render_template(template, **facts, next=request.values.get("next", "")), status)
