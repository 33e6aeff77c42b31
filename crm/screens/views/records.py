"""`/r/<id>/<slug>`: the page of any record; its steps, and its history."""

from __future__ import annotations

from flask import Response, make_response, redirect, render_template, request
from werkzeug.wrappers import Response as AnyResponse

from crm.kernel.errors import Conflict, RuleViolation
from crm.kernel.i18n import N_
from crm.records.query import one
from crm.screens import past
from crm.screens.moves import undo_url
from crm.screens.record_page import load_page, load_paper, load_peek, load_tab_page
from crm.screens.record_screen import screen_of
from crm.screens.record_tabs import OVERVIEW, counts_of, tabs_of
from crm.screens.tell import tell
from crm.screens.timeline_page import PARAMETER
from crm.screens.views.blueprint import bp
from crm.web.context import current_actor, current_locale, is_htmx, next_path, works
from crm.web.guard import needs


@bp.get("/r/<int:record_id>", defaults={"slug": ""})
@bp.get("/r/<int:record_id>/<slug>")
@needs("@crm")
def show_record(record_id: int, slug: str) -> str:
    """Show a record with one of its tabs; the id decides, the words in the address are decoration."""
    with works().reading(current_actor()) as uow:
        asked, locale = request.args, current_locale()
        tab, on = asked.get("tab", OVERVIEW), asked.get(past.PARAMETER, "")
        page = load_page(uow, record_id, locale, tab, kinds=asked.get(PARAMETER, ""), on=on)
        return render_template("records/record.html", page=page)


@bp.get("/r/<int:record_id>/tab/<key>")
@needs("@crm")
def show_tab(record_id: int, key: str) -> str:
    """Give the tabs with one of them open, for a page that is there already."""
    with works().reading(current_actor()) as uow:
        page = load_tab_page(uow, record_id, current_locale(), key, on=request.args.get(past.PARAMETER, ""))
        return render_template("records/_tabs.html", page=page, row=page.row, type=page.type)


@bp.get("/r/<int:record_id>/counts")
@needs("@crm")
def count_tabs(record_id: int) -> str:
    """Give the numbers of the tabs, after the page has come."""
    with works().reading(current_actor()) as uow:
        row = one(uow, record_id)
        record_type = uow.registry.get(row.type_key)
        counts = counts_of(uow, record_type, row, tabs_of(uow, record_type, row))
        return render_template("records/_tab_counts.html", counts=counts)


@bp.get("/r/<int:record_id>/peek")
@needs("@crm")
def peek(record_id: int) -> AnyResponse:
    """Give the quick view of a record, for the panel beside a list; a browser without a script goes to the page."""
    with works().reading(current_actor()) as uow:
        if not is_htmx():
            return redirect(one(uow, record_id).url)
        page = load_peek(uow, record_id, current_locale())
        return make_response(render_template("records/_peek.html", page=page))


@bp.get("/r/<int:record_id>/print")
@needs("@crm")
def print_record(record_id: int) -> str:
    """Show all of a record for paper: every field, every related table; `timeline=1` adds what has happened."""
    with works().reading(current_actor()) as uow:
        with_timeline = request.args.get("timeline") == "1"
        page = load_paper(uow, record_id, current_locale(), with_timeline=with_timeline)
        return render_template("records/paper.html", page=page, with_timeline=with_timeline)


@bp.post("/r/<int:record_id>/transition/<step>")
@needs("@crm")
def take_step(record_id: int, step: str) -> AnyResponse:
    """Move a record on; a refusal comes back to the page with its reason."""
    seen = request.form.get("seen_version", type=int)
    try:
        with works().writing(current_actor()) as uow:
            state = uow.records.transition(record_id, step, seen_version=seen, comment=request.form.get("comment") or None)
            row = one(uow, record_id)
            lifecycle = uow.registry.get(row.type_key).lifecycle
            label = lifecycle.by_key[state].label if lifecycle is not None else state
            undo = undo_url(uow)
        tell(N_("The status is now “%(state)s”.", state=label), undo_url=undo)
    except (RuleViolation, Conflict) as error:
        tell(error.message, level="danger")
    return redirect(next_path(f"/r/{record_id}"), 303)


@bp.post("/r/<int:record_id>/act/<key>")
@needs("@crm")
def act_on(record_id: int, key: str) -> AnyResponse | Response:
    """Do a feature's own act on a record; a refusal comes back to the page with its reason."""
    with works().reading(current_actor()) as uow:
        type_key = one(uow, record_id).type_key
    try:
        return screen_of(type_key).do(key, record_id)
    except (RuleViolation, Conflict) as error:
        tell(error.message, level="danger")
        return redirect(next_path(f"/r/{record_id}"), 303)
