"""`/t/<key>`: a type's records as a table or in another layout, its fragments, and the picker of relations."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from flask import Response, jsonify, make_response, render_template, request

from crm.kernel.errors import AccessDenied, InvalidInput, NotFound
from crm.kernel.i18n import Message
from crm.kernel.text import clean
from crm.records import query
from crm.records.types import RecordType
from crm.records.work import UnitOfWork
from crm.screens import layouts, panels
from crm.screens.listing import filter_of, read_state
from crm.screens.listing.bar import load_bar
from crm.screens.listing.table import Asked, load_table
from crm.screens.present import Presenter
from crm.screens.views.blueprint import bp
from crm.web.context import current_actor, current_locale, works
from crm.web.guard import needs


def ask(uow: UnitOfWork, key: str, args: Mapping[str, str] | None = None) -> Asked:
    """Read type and address, or a list's address that came along with something else.

    Raises:
        NotFound: there is no such type.
        AccessDenied: it may not be read.
        InvalidInput: the address names something that does not exist.
    """
    record_type = uow.registry.get(key)
    if not uow.access.may("read", key):
        raise AccessDenied
    state = read_state(record_type, request.args.to_dict() if args is None else args)
    return Asked(record_type, state, filter_of(record_type, state))


def load(uow: UnitOfWork, asked: Asked) -> dict[str, Any]:
    """Read what the layout shows, and what stands above it."""
    presenter = Presenter(uow, current_locale())
    layout = layouts.layout_of(asked.state.layout, asked.type) or layouts.TABLE
    if layout.load is None:
        shown = load_table(uow, asked, presenter)
    else:
        shown = layout.load(uow, asked.type, asked.state, asked.where) or {"nothing": True}
    facts = {
        "type": asked.type,
        "state": asked.state,
        "layout": layout,
        "hint": panels.hint_of(asked.type.key),
        "may_create": uow.access.may("create", asked.type.key),
    }
    return {**facts, **load_bar(uow, asked, presenter), **shown}


@bp.get("/t/<key>")
@needs("@crm")
def list_records(key: str) -> Response | str:
    """Show a type's list; a bad address gives 400 and a way back."""
    with works().reading(current_actor()) as uow:
        try:
            asked = ask(uow, key)
            shown = load(uow, asked)
        except InvalidInput as error:
            return bad_address(uow.registry.get(key), list(error.fields.values()))
    return render_template("records/list.html", layouts=layouts.layouts_of(asked.type), **shown)


@bp.get("/t/<key>/rows")
@needs("@crm")
def list_rows(key: str) -> Response | str:
    """Give the list alone, for a filter that changed; the address of the page goes along."""
    with works().reading(current_actor()) as uow:
        try:
            shown = load(uow, ask(uow, key))
        except InvalidInput as error:
            return bad_address(uow.registry.get(key), list(error.fields.values()))
    response = make_response(render_template("records/_rows.html", **shown))
    response.headers["HX-Push-Url"] = shown["state"].url()
    return response


@bp.get("/t/<key>/count")
@needs("@crm")
def list_count(key: str) -> Response | str:
    """Count the list, after the page has come: exact to 10,000."""
    with works().reading(current_actor()) as uow:
        try:
            asked = ask(uow, key)
            number = query.count(uow, key, asked.where, cap=0 if request.args.get("exact") else 10_000)
        except InvalidInput as error:
            return bad_address(uow.registry.get(key), list(error.fields.values()))
    return render_template("records/_count.html", type=asked.type, state=asked.state, count=number)


@bp.get("/t/<key>/pick")
@needs("@crm")
def pick(key: str) -> Response:
    """Find records to relate to, by the beginning of words; `types` names further types to look in."""
    keys = [key, *(part for part in request.args.get("types", "").split(",") if part and part != key)][:10]
    with works().reading(current_actor()) as uow:
        if key not in uow.registry.types:
            raise NotFound
        found = query.pick(uow, keys, clean(request.args.get("q", ""))[:200])
        several = len(keys) > 1
        results = [
            {"id": item.id, "title": f"{item.title} ({_one(uow, item.type_key)})" if several else item.title} for item in found
        ]
    return jsonify(results=results)


def _one(uow: UnitOfWork, key: str) -> str:
    return uow.registry.get(key).names.one(current_locale())


def bad_address(record_type: RecordType, problems: list[Message]) -> Response:
    """Say what is wrong with an address, and give a way back."""
    return make_response(render_template("records/bad_address.html", type=record_type, problems=problems), 400)
