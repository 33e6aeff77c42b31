"""Links between records, added and taken away one by one, with role and period."""

from __future__ import annotations

from datetime import date

from flask import make_response, redirect, render_template, request
from werkzeug.wrappers import Response as AnyResponse

from crm.kernel.errors import InvalidInput
from crm.kernel.i18n import N_, Message
from crm.kernel.typed import UnreadableError, parse_day
from crm.records.query import one, titles
from crm.records.work import UnitOfWork
from crm.screens.forms import LinkForm
from crm.screens.moves import undo_url
from crm.screens.record_page import load_page
from crm.screens.tell import tell
from crm.screens.views.blueprint import bp
from crm.web.context import current_actor, current_locale, works
from crm.web.guard import needs


@bp.post("/r/<int:record_id>/link/<field>")
@needs("@crm")
def add_link(record_id: int, field: str) -> AnyResponse:
    """Add a link, from this record or (direction `in`) to it; a refusal shows the page with what was typed."""
    form = _typed(field)
    try:
        with works().writing(current_actor()) as uow:
            one(uow, record_id)
            days = _days(uow, form)
            other = _chosen(form)
            ends = (record_id, other) if form.outgoing else (other, record_id)
            uow.records.link(ends[0], field, ends[1], role=form.role, from_on=days[0], to_on=days[1], note=form.note or None)
            undo = undo_url(uow)
    except InvalidInput as error:
        return _refused(record_id, form, list(error.fields.values()))
    tell(N_("The link is added."), undo_url=undo)
    return redirect(f"/r/{record_id}", 303)


@bp.post("/r/<int:record_id>/unlink/<int:link_id>")
@needs("@crm")
def remove_link(record_id: int, link_id: int) -> AnyResponse:
    """Take a link away; the history keeps it."""
    with works().writing(current_actor()) as uow:
        uow.records.unlink(link_id)
        undo = undo_url(uow)
    tell(N_("The link is removed. The history still shows it."), undo_url=undo)
    return redirect(f"/r/{record_id}", 303)


def _typed(field: str) -> LinkForm:
    given = request.form
    return LinkForm(
        field,
        given.get("direction") != "in",
        given.get("other", "").strip(),
        given.get("role", ""),
        given.get("from_on", ""),
        given.get("to_on", ""),
        given.get("note", ""),
    )


def _chosen(form: LinkForm) -> int:
    if not form.other.isdecimal() or len(form.other) > 15:
        raise InvalidInput({form.field: N_("Choose from the list.")})
    return int(form.other)


def _days(uow: UnitOfWork, form: LinkForm) -> list[date | None]:
    try:
        return [parse_day(text, today=uow.today()) if text.strip() else None for text in (form.from_on, form.to_on)]
    except UnreadableError as error:
        raise InvalidInput({form.field: error.message}) from None


def _refused(record_id: int, form: LinkForm, problems: list[Message]) -> AnyResponse:
    with works().reading(current_actor()) as uow:
        known = titles(uow, [int(form.other)]) if form.other.isdecimal() and len(form.other) < 16 else {}
        whole = LinkForm(
            form.field,
            form.outgoing,
            form.other,
            form.role,
            form.from_on,
            form.to_on,
            form.note,
            next(iter(known.values()), None),
            tuple(problems),
        )
        page = load_page(uow, record_id, current_locale(), whole)
        return make_response(render_template("records/record.html", page=page), 422)
