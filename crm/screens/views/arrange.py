"""`/t/<key>/arrange`: columns, sorting and grouping of a list are chosen; what comes of it is an address."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from flask import Response, make_response, redirect, render_template, request
from werkzeug.wrappers import Response as AnyResponse

from crm.kernel.errors import AccessDenied, InvalidInput
from crm.kernel.text import clean
from crm.records.saved_views import views_of
from crm.records.work import UnitOfWork
from crm.screens.listing import filter_of
from crm.screens.listing.arrange import Arrangement, Choice, arrangement, moved, read_arrangement
from crm.screens.listing.saved import posted
from crm.screens.listing.table import Asked
from crm.screens.views.blueprint import bp
from crm.screens.views.lists import ask, bad_address, fragment, page
from crm.web.context import current_actor, is_htmx, works
from crm.web.guard import needs


@bp.get("/t/<key>/arrange")
@needs("@crm")
def open_arrange(key: str) -> Response | str:
    """Open the form with the list as it is."""
    with works().reading(current_actor()) as uow:
        try:
            asked = ask(uow, key)
            return _drawn(uow, asked, arrangement(asked.type, uow.access.readable(key), asked.state))
        except InvalidInput as error:
            return bad_address(uow.registry.get(key), error)


@bp.post("/t/<key>/arrange")
@needs("@crm")
def arrange(key: str) -> AnyResponse | str:
    """Apply it, or draw the form anew with a column moved. Nothing is written."""
    with works().reading(current_actor()) as uow:
        record_type = uow.registry.get(key)
        if not uow.access.may("read", key):
            raise AccessDenied
        form = {name: request.form.getlist(name) for name in request.form}
        act = request.form.get("act", "")
        readable = uow.access.readable(key)
        try:
            state = posted(uow, record_type, request.form.get("state", ""))
            if "q" in request.form:
                state = replace(state, text=clean(request.form["q"])[:200])
            wanted = read_arrangement(record_type, readable, state, form)
            if act == "usual":
                wanted = replace(wanted, columns=())
            elif act != "apply":
                drawn = arrangement(record_type, readable, wanted)
                drawn = replace(drawn, choices=_ordered(drawn, form, moved(form, act)))
                return _drawn(uow, Asked(record_type, state, filter_of(record_type, state)), drawn)
            asked = Asked(record_type, wanted, filter_of(record_type, wanted))
            return _applied(uow, asked)
        except InvalidInput as error:
            return bad_address(record_type, error)


def _ordered(drawn: Arrangement, form: dict[str, list[str]], order: Sequence[str]) -> list[Choice]:
    """Give the columns as the form had them, those that are not ticked in their place too."""
    fields = {choice.field.api_name: choice.field for choice in drawn.choices}
    on = set(form.get("on", ()))
    known = [name for name in order if name in fields]
    return [Choice(fields[name], name in on or name == "title", form.get(f"width.{name}", [""])[0]) for name in known]


def _applied(uow: UnitOfWork, asked: Asked) -> AnyResponse | str:
    if not is_htmx():
        return redirect(asked.state.url(), 303)
    response = make_response(fragment(uow, asked, close_panel=True))
    response.headers["HX-Retarget"], response.headers["HX-Reswap"] = "#list", "outerHTML"
    response.headers["HX-Push-Url"] = asked.state.url()
    return response


def _drawn(uow: UnitOfWork, asked: Asked, drawn: Arrangement) -> str:
    facts = {"type": asked.type, "state": asked.state, "arrangement": drawn}
    if is_htmx():
        return render_template("records/_arrange.html", **facts)
    return page(uow, asked, views_of(uow, asked.type), **facts)
