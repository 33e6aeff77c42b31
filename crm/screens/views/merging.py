"""`/duplicates/<key>` and `/r/<id>/merge`: what is likely the same, side by side, and made one; and “looks like” on a new form."""

from __future__ import annotations

from typing import Final

from flask import make_response, redirect, render_template, request
from werkzeug.wrappers import Response as AnyResponse

from crm.kernel.errors import AccessDenied, Conflict, InvalidInput, RuleViolation
from crm.kernel.i18n import N_, Message
from crm.records.merge import MergeRecords, alike_values, merge_records, merged_into, pairs, set_apart
from crm.records.query import one
from crm.records.related import history
from crm.records.store.drafts import clean_values
from crm.screens import forms, panels
from crm.screens.merging import load_wizard, may_merge, merge_acts, old_row, read_ids, read_picks, suggestions
from crm.screens.moves import undo_url
from crm.screens.present import Presenter
from crm.screens.tell import tell
from crm.screens.timeline import timeline
from crm.screens.views.blueprint import bp
from crm.screens.views.forms import posted_values
from crm.web.context import current_actor, current_locale, works
from crm.web.guard import needs

#: Lines of the history of each record that was merged into another.
HISTORY: Final = 200

panels.register_acts(panels.EVERYWHERE, merge_acts)


@bp.get("/duplicates/<key>")
@needs("@crm")
def show_duplicates(key: str) -> str:
    """Show the pairs of a type that are likely the same."""
    with works().reading(current_actor()) as uow:
        record_type = uow.registry.get(key)
        found = pairs(uow, key)
        may = may_merge(uow, record_type)
    return render_template("records/duplicates.html", type=record_type, found=found, may_merge=may)


@bp.post("/duplicates/<key>/apart")
@needs("@crm")
def keep_apart(key: str) -> AnyResponse:
    """Note that a pair are two."""
    first, second = (request.form.get(name, 0, type=int) for name in ("first", "second"))
    with works().writing(current_actor()) as uow:
        uow.registry.get(key)
        set_apart(uow, first, second)
    tell(N_("They are two, and no longer shown as alike."))
    return redirect(f"/duplicates/{key}", 303)


@bp.post("/t/<key>/similar")
@needs("@crm")
def similar(key: str) -> str:
    """Say, while a new record is being typed, what it looks like; nothing is written."""
    with works().reading(current_actor()) as uow:
        record_type = uow.registry.get(key)
        uow.access.require("create", key)
        raw = forms.raw_values(uow, record_type, "create", posted_values(request.form))
        values, _problems = clean_values(uow, record_type, raw, "create")
        may = record_type.matching is not None and uow.access.may("read", key)
        found = alike_values(uow, record_type, values) if may else []
    return render_template("records/_similar.html", type=record_type, found=found)


@bp.get("/r/<int:record_id>/merge")
@needs("@crm")
def show_merge(record_id: int) -> AnyResponse | str:
    """Show records side by side; without `with`, what this one may be merged with."""
    locale = current_locale()
    with works().reading(current_actor()) as uow:
        row = one(uow, record_id)
        record_type = uow.registry.get(row.type_key)
        if not may_merge(uow, record_type):
            raise AccessDenied
        ids = read_ids(record_id, request.args.get("with", ""))
        if len(ids) < 2:
            return render_template("records/merge_with.html", type=record_type, row=row, found=suggestions(uow, row))
        wizard = load_wizard(uow, ids, record_id, locale)
        return render_template("records/merge.html", wizard=wizard, type=record_type, problem=None)


@bp.post("/r/<int:record_id>/merge")
@needs("@crm")
def merge(record_id: int) -> AnyResponse:
    """Merge into the survivor; a refusal shows the page again with its reason, and what was chosen."""
    ids = read_ids(record_id, request.form.get("with", ""))
    survivor = request.form.get("survivor", record_id, type=int)
    if survivor not in ids:
        raise InvalidInput({"survivor": N_("Choose the record that stays.")})
    picks = read_picks(request.form)
    seen = {one_id: version for one_id in ids if (version := request.form.get(f"v.{one_id}", type=int)) is not None}
    try:
        with works().writing(current_actor()) as uow:
            merge_records(uow, MergeRecords(survivor, tuple(other for other in ids if other != survivor), picks, seen))
            row, undo = one(uow, survivor), undo_url(uow)
    except InvalidInput as error:
        return _again(ids, survivor, next(iter(error.fields.values())))
    except (RuleViolation, Conflict) as error:
        return _again(ids, survivor, error.message)
    tell(N_("%(number)s records are one now: “%(title)s”.", number=len(ids), title=row.title), undo_url=undo)
    return redirect(row.url, 303)


@bp.get("/r/<int:record_id>/merged")
@needs("@crm")
def show_merged(record_id: int) -> str:
    """Show the history of what was merged into a record."""
    locale = current_locale()
    with works().reading(current_actor()) as uow:
        row = one(uow, record_id)
        record_type = uow.registry.get(row.type_key)
        old = [found for old_id in merged_into(uow, record_id) if (found := old_row(uow, old_id)) is not None]
        parts = [(found, timeline(Presenter(uow, locale), record_type, history(uow, found.id, limit=HISTORY))) for found in old]
        return render_template("records/merged.html", type=record_type, row=row, parts=parts)


def _again(ids: list[int], survivor: int, problem: Message) -> AnyResponse:
    with works().reading(current_actor()) as uow:
        wizard = load_wizard(uow, ids, survivor, current_locale(), read_picks(request.form))
        return make_response(render_template("records/merge.html", wizard=wizard, type=wizard.type, problem=problem), 422)
