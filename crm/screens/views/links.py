"""Links between records, added, changed and taken away one by one, with role, period and note."""

from __future__ import annotations

from datetime import date

from flask import make_response, redirect, render_template, request
from werkzeug.wrappers import Response as AnyResponse

from crm.kernel.errors import InvalidInput, NotFound
from crm.kernel.i18n import N_, Message
from crm.kernel.typed import UnreadableError, parse_day
from crm.records.query import one, titles
from crm.records.related import LinkLine, links
from crm.records.relations import LinkSide
from crm.records.work import UnitOfWork
from crm.screens.forms import LinkForm
from crm.screens.moves import undo_url
from crm.screens.record_page import load_page
from crm.screens.record_tabs import OVERVIEW
from crm.screens.tell import tell
from crm.screens.views.blueprint import bp
from crm.web.context import current_actor, current_locale, next_path, works
from crm.web.guard import needs


@bp.post("/r/<int:record_id>/link/<field>")
@needs("@crm")
def add_link(record_id: int, field: str) -> AnyResponse:
    """Add a link, from this record or (direction `in`) to it; a refusal shows the page with what was typed."""
    form = _typed(field)
    try:
        with works().writing(current_actor()) as uow:
            one(uow, record_id)
            _add(uow, record_id, form, _chosen(form))
            undo = undo_url(uow)
    except InvalidInput as error:
        return _refused(record_id, form, list(error.fields.values()))
    tell(N_("The link is added."), undo_url=undo)
    return redirect(next_path(f"/r/{record_id}"), 303)


@bp.post("/r/<int:record_id>/link/<field>/<int:link_id>")
@needs("@crm")
def change_link(record_id: int, field: str, link_id: int) -> AnyResponse:
    """Change role, period and note of a link: the old one goes and the new one comes, in one act, so that both are remembered."""
    form = _typed(field, link_id)
    try:
        with works().writing(current_actor()) as uow:
            line = _line(uow, record_id, form)
            days = _days(uow, form)
            if (line.role, line.from_on, line.to_on, line.note or "") != (form.role.strip(), *days, form.note.strip()):
                uow.records.unlink(link_id)
                _add(uow, record_id, form, line.other.id)
            undo = undo_url(uow)
    except InvalidInput as error:
        return _refused(record_id, form, list(error.fields.values()))
    tell(N_("The link is changed.") if undo else N_("Nothing was changed."), undo_url=undo)
    return redirect(next_path(f"/r/{record_id}"), 303)


@bp.post("/r/<int:record_id>/unlink/<int:link_id>")
@needs("@crm")
def remove_link(record_id: int, link_id: int) -> AnyResponse:
    """Take a link away; the history keeps it."""
    with works().writing(current_actor()) as uow:
        uow.records.unlink(link_id)
        undo = undo_url(uow)
    tell(N_("The link is removed. The history still shows it."), undo_url=undo)
    return redirect(next_path(f"/r/{record_id}"), 303)


def _add(uow: UnitOfWork, record_id: int, form: LinkForm, other: int) -> None:
    first, last = _days(uow, form)
    ends = (record_id, other) if form.outgoing else (other, record_id)
    uow.records.link(ends[0], form.field, ends[1], role=form.role, from_on=first, to_on=last, note=form.note or None)


def _line(uow: UnitOfWork, record_id: int, form: LinkForm) -> LinkLine:
    """Give the link of this record that is changed.

    Raises:
        NotFound: it is gone, or belongs to another record or field.
    """
    found = (line for line in links(uow, record_id) if line.id == form.link_id and line.field.api_name == form.field)
    line = next((line for line in found if line.outgoing is form.outgoing), None)
    if line is None:
        raise NotFound
    return line


def _typed(field: str, link_id: int | None = None) -> LinkForm:
    given = request.form
    return LinkForm(
        field,
        given.get("direction") != "in",
        given.get("other", "").strip(),
        given.get("role", ""),
        given.get("from_on", ""),
        given.get("to_on", ""),
        given.get("note", ""),
        link_id=link_id,
    )


def _chosen(form: LinkForm) -> int:
    if not form.other.isdecimal() or len(form.other) > 15:
        raise InvalidInput({form.field: N_("Choose from the list.")})
    return int(form.other)


def _days(uow: UnitOfWork, form: LinkForm) -> tuple[date | None, date | None]:
    try:
        first, last = (parse_day(text, today=uow.today()) if text.strip() else None for text in (form.from_on, form.to_on))
    except UnreadableError as error:
        raise InvalidInput({form.field: error.message}) from None
    return first, last


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
            form.link_id,
        )
        page = load_page(uow, record_id, current_locale(), _tab(uow, record_id, form), whole)
        return make_response(render_template("records/record.html", page=page), 422)


def _tab(uow: UnitOfWork, record_id: int, form: LinkForm) -> str:
    """Give the tab that the form stands on: links of the record's own are on the overview."""
    key = one(uow, record_id).type_key
    pointing = uow.registry.pointing_at(key)
    sides = (LinkSide(other, item, outgoing=False) for other, item in pointing if item.api_name == form.field)
    return OVERVIEW if form.outgoing else next((side.key for side in sides), OVERVIEW)
