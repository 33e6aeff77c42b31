"""Logging a sparring: a page, and the same form over any other; a line read while it is typed; people by three letters."""

from __future__ import annotations

from typing import Any, Final

from flask import jsonify, make_response, render_template, request
from flask import redirect as go
from werkzeug.wrappers import Response

from crm.kernel.errors import InvalidInput, NotFound
from crm.kernel.i18n import N_, Label, Message
from crm.records.query import one
from crm.records.work import UnitOfWork
from crm.screens.moves import undo_url
from crm.screens.tell import tell
from crm.sparring.queries.names import offered, read
from crm.sparring.rules import MINUTES
from crm.sparring.services import log_sparring
from crm.sparring.types import CHANNELS, OUR_ROLES, OUTCOMES, SPARRING, TOPICS
from crm.sparring.views.blueprint import bp
from crm.sparring.views.form import NAMES, LogForm, empty_form, order_of, posted, said, shown
from crm.sparring.views.reading import reading_lines
from crm.web.context import current_actor, current_locale, is_htmx, next_path, works
from crm.web.guard import needs

#: What the form is drawn with, the same for everyone.
_CHOICES: Final = {"topics": TOPICS, "channels": CHANNELS, "outcomes": OUTCOMES, "our_roles": OUR_ROLES, "minutes": MINUTES}


@bp.get("/sparring/new")
@needs("@crm")
def new() -> Response:
    """Show the form; `about` names the record that the page below is about, `line` fills the line in."""
    with works().reading(current_actor()) as uow:
        uow.access.require("create", SPARRING.key)
        form = empty_form(uow, _about(uow))
        if request.args.get("line"):
            form = shown(uow, {**form.values, "line": request.args["line"]})
    return _page(form)


def _about(uow: UnitOfWork) -> Any:
    record_id = request.args.get("about", type=int)
    if record_id is None:
        return None
    try:
        return one(uow, record_id)
    except NotFound:
        return None  # it was deleted meanwhile: the form is there all the same


@bp.post("/sparring/new")
@needs("@crm")
def save() -> Response:
    """Save it, or give the form back as it was typed."""
    values: dict[str, Any] = posted(request.form)
    try:
        with works().writing(current_actor()) as uow:
            order, values = order_of(uow, values)
            sparring_id = log_sparring(uow, order)
            row, undo = one(uow, sparring_id), undo_url(uow)
    except InvalidInput as refused:
        with works().reading(current_actor()) as uow:
            form = shown(uow, values, refused.fields)
        return _page(form, 422)
    words: Message = N_("The sparring is logged.")
    if row.values.get("next_step"):
        words = N_("The sparring is logged, and its next step is a task.")
    if is_htmx():
        return jsonify(id=row.id, title=row.title, url=row.url, message=words(current_locale()), undo=undo)
    tell(words, undo_url=undo)
    return go(next_path(row.url), 303)


@bp.get("/sparring/read")
@needs("@crm")
def read_line() -> Response:
    """Read a line while it is typed: how it was read, in words, and what it says as values of the form."""
    line = request.args.get("line", "")
    with works().reading(current_actor()) as uow:
        uow.access.require("create", SPARRING.key)
        reading = read(uow, line, request.args.getlist("organisations", type=int))
        values = said(uow, reading)
        form = shown(uow, values)
        html = render_template("sparring/_reading.html", lines=reading_lines(uow, reading, form, current_locale()))
    return jsonify(html=html, values=values, names=form.names, clear=reading.quick.is_clear and not reading.problems)


@bp.get("/sparring/who")
@needs("@crm")
def who() -> Response:
    """Find people as one types, with the organisations where they are now."""
    with works().reading(current_actor()) as uow:
        found = offered(uow, request.args.get("q", "")[:200])
    results = [
        {
            "id": str(one.title.id),
            "title": one.title.title,
            "detail": ", ".join(place.title for place in one.organisations),
            "organisation": {"id": str(one.organisations[0].id), "title": one.organisations[0].title}
            if one.organisations
            else None,
        }
        for one in found
    ]
    return jsonify(results=results)


def _page(form: LogForm, status: int = 200) -> Response:
    template = "sparring/_log.html" if is_htmx() else "sparring/new.html"
    told = [(f"sparring-{name}" if name else "", _label(name), problem) for name, problem in form.problems.items()]
    facts = {"form": form, "values": form.values, "problems": {**dict.fromkeys(NAMES), **form.problems}, "told": told}
    facts |= {"back": next_path("/"), "choices": _CHOICES, "fields": SPARRING.by_name, "is_overlay": is_htmx()}
    return make_response(render_template(template, **facts, next=request.values.get("next", "")), status)


def _label(name: str) -> Label | Message | None:
    return N_("In one line") if name == "line" else SPARRING.by_name[name].label if name in SPARRING.by_name else None
