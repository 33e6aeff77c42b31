"""`/t/<key>/filter`: the filter builder. It is drawn anew by the server when a line changes; what comes of it is an address."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

from flask import Response, make_response, redirect, render_template, request
from werkzeug.wrappers import Response as AnyResponse

from crm.filters import EVERYTHING
from crm.kernel.errors import AccessDenied, InvalidInput
from crm.kernel.i18n import Message
from crm.kernel.text import clean
from crm.records.saved_views import views_of
from crm.records.types import RecordType
from crm.records.work import UnitOfWork
from crm.screens.listing import ListState, filter_of
from crm.screens.listing.builder import UNITS, Builder, checked
from crm.screens.listing.draft import ROOT, Group, Line, changed, draft_of, lines, read_draft
from crm.screens.listing.read import LONGEST_ADDRESS, TOO_LONG
from crm.screens.listing.saved import posted
from crm.screens.listing.table import Asked
from crm.screens.present import Presenter
from crm.screens.views.blueprint import bp
from crm.screens.views.lists import ask, bad_address, fragment, page
from crm.web.context import current_actor, current_locale, is_htmx, works
from crm.web.guard import needs


@bp.get("/t/<key>/filter")
@needs("@crm")
def open_filter(key: str) -> Response | str:
    """Open the builder with the list's filter in it."""
    with works().reading(current_actor()) as uow:
        try:
            asked = ask(uow, key)
            group = draft_of(asked.state.where)
            if not group.parts or request.args.get("add"):
                group = changed(group, f"add:{ROOT}")
            return _drawn(uow, asked, group)
        except InvalidInput as error:
            return bad_address(uow.registry.get(key), error)


@bp.post("/t/<key>/filter")
@needs("@crm")
def build_filter(key: str) -> AnyResponse | str:
    """Draw the builder anew, or apply it: then the list comes, under its new address. Nothing is written."""
    with works().reading(current_actor()) as uow:
        record_type = uow.registry.get(key)
        if not uow.access.may("read", key):
            raise AccessDenied
        try:
            state = _posted_state(uow, record_type)
            asked = Asked(record_type, state, filter_of(record_type, state))
            form = {name: request.form.getlist(name) for name in request.form}
            act = request.form.get("act", "")
            if act not in {"apply", "off"}:
                return _drawn(uow, asked, changed(read_draft(form), act))
            group = read_draft(form) if act == "apply" else Group(ROOT)
            return _applied(uow, asked, group)
        except InvalidInput as error:
            return bad_address(record_type, error)


def _posted_state(uow: UnitOfWork, record_type: RecordType) -> ListState:
    """Read the list as it was when the builder was opened, and the text box as it is now."""
    state = posted(uow, record_type, request.form.get("state", ""))
    return replace(state, text=clean(request.form["q"])[:200]) if "q" in request.form else state


def _applied(uow: UnitOfWork, asked: Asked, group: Group) -> AnyResponse | str:
    builder = Builder(uow, asked.type, Presenter(uow, current_locale()))
    tree = builder.tree(group)
    if any(line.problem for line in lines(group)):
        return _drawn(uow, asked, group)
    try:
        state = asked.state.filtered_by(EVERYTHING if tree == EVERYTHING else checked(tree))
        rows = fragment(uow, Asked(asked.type, state, filter_of(asked.type, state)), close_panel=True) if is_htmx() else ""
    except InvalidInput as error:
        return _drawn(uow, asked, group, next(iter(error.fields.values())))
    if len(state.url()) > LONGEST_ADDRESS:
        return _drawn(uow, asked, group, TOO_LONG)
    if not is_htmx():
        return redirect(state.url(), 303)
    response = make_response(rows)
    response.headers["HX-Retarget"], response.headers["HX-Reswap"] = "#list", "outerHTML"
    response.headers["HX-Push-Url"] = state.url()
    return response


def _drawn(uow: UnitOfWork, asked: Asked, group: Group, problem: Message | None = None) -> Response | str:
    builder = Builder(uow, asked.type, Presenter(uow, current_locale()))
    facts: dict[str, Any] = {
        "type": asked.type,
        "state": asked.state,
        "group": _drawing(builder, group),
        "group_problem": problem,
        "units": UNITS,
    }
    if is_htmx():
        return render_template("records/_filter_builder.html", **facts)
    return page(uow, asked, views_of(uow, asked.type), **facts)


def _drawing(builder: Builder, group: Group) -> dict[str, Any]:
    """Give a group as its template draws it."""
    parts = [_drawing(builder, part) if isinstance(part, Group) else _line(builder, part) for part in group.parts]
    return {"group": group, "parts": parts}


def _line(builder: Builder, line: Line) -> dict[str, Any]:
    drawn = builder.draw(line)
    return {"drawn": drawn, "day": builder.day_text(line) if drawn.control == "day" else ""}
