"""`/r/<id>/field/<name>`: one field edited where it stands. A script gets fragments and JSON; without one it is a small page."""

from __future__ import annotations

from typing import Any

from flask import jsonify, make_response, redirect, render_template, request
from werkzeug.wrappers import Response as AnyResponse

from crm.kernel.errors import Conflict, InvalidInput, RuleViolation
from crm.kernel.i18n import N_
from crm.records.query import one
from crm.records.store.orders import StaleRecord
from crm.screens import inline
from crm.screens.inline import FieldEditor, FieldOrder, Saved, changed_between
from crm.screens.present import Presenter
from crm.screens.saved import saved_facts, steps_menu
from crm.screens.tell import tell
from crm.screens.views.blueprint import bp
from crm.screens.views.forms import posted_values
from crm.web.context import current_actor, current_locale, is_htmx, next_path, works
from crm.web.guard import needs


@bp.get("/r/<int:record_id>/field/<name>")
@needs("@crm")
def edit_field(record_id: int, name: str) -> AnyResponse:
    """Give the editor of a field; one that may not be changed is refused with the reason."""
    with works().reading(current_actor()) as uow:
        return _editor(inline.open_editor(uow, one(uow, record_id), name))


@bp.post("/r/<int:record_id>/field/<name>")
@needs("@crm")
def save_field(record_id: int, name: str) -> AnyResponse:
    """Save a field: JSON with how it looks now, or the editor again with what was typed and what is wrong (422, 409)."""
    order = _order(record_id, name)
    try:
        with works().writing(current_actor()) as uow:
            saved = inline.save_field(uow, order)
            fields = changed_between(saved.type, saved.before, saved.after, name)
            facts = saved_facts(Presenter(uow, current_locale()), saved.after, fields)
            facts["steps"] = steps_menu(uow, saved.type, saved.after) if is_htmx() else None
    except StaleRecord as stale:
        with works().reading(current_actor()) as uow:
            return _editor(inline.clashing_editor(uow, Presenter(uow, current_locale()), order, stale), 409)
    except (InvalidInput, RuleViolation, Conflict) as error:
        problems = error.fields if isinstance(error, InvalidInput) else {"": error.message}
        with works().reading(current_actor()) as uow:
            return _editor(inline.refused_editor(uow, order, problems), 409 if isinstance(error, Conflict) else 422)
    return _saved(saved, facts)


def _order(record_id: int, name: str) -> FieldOrder:
    form = request.form
    seen, began = form.get("seen_version", type=int), form.get("began", type=int)
    return FieldOrder(record_id, name, posted_values(form), seen, began, form.get("keep", inline.MINE))


def _editor(editor: FieldEditor, status: int = 200) -> AnyResponse:
    template = "records/_field_form.html" if is_htmx() else "records/field.html"
    back = next_path(editor.row.url)
    return make_response(render_template(template, editor=editor, row=editor.row, type=editor.type, back=back), status)


def _saved(saved: Saved, facts: dict[str, Any]) -> AnyResponse:
    """Say what was saved: to a script what it needs to show it, to a browser the record's page."""
    undo_url = None if saved.act_id is None else f"/acts/{saved.act_id}/undo"
    message = N_("“%(field)s” is saved.", field=saved.field.label) if undo_url else N_("Nothing was changed.")
    if is_htmx():
        return jsonify(**facts, field=saved.field.api_name, message=message(current_locale()), undo=undo_url)
    tell(message, undo_url=undo_url, saved=f"r{saved.after.id}.{saved.field.api_name}")
    return redirect(next_path(saved.after.url), 303)
