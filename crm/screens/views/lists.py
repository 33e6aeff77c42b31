"""`/t/<key>`: a type's records as a table, its fragments, and the picker of relations."""

from __future__ import annotations

from typing import Any

from flask import Response, jsonify, make_response, render_template, request

from crm.filters import Filter
from crm.kernel.errors import AccessDenied, InvalidInput, NotFound
from crm.kernel.i18n import Message
from crm.kernel.text import clean
from crm.records import query
from crm.records.types import RecordType
from crm.records.work import UnitOfWork
from crm.screens import cells, panels
from crm.screens.listing import ListState, columns_of, exact_fields, filter_of, offered_fields, read_state
from crm.screens.present import Presenter, value_of
from crm.screens.views.blueprint import bp
from crm.web.context import current_actor, current_locale, works
from crm.web.guard import needs

PAGE = 50


def _read(uow: UnitOfWork, key: str) -> tuple[RecordType, ListState, Filter]:
    """Read type and address.

    Raises:
        NotFound: there is no such type, or it may not be read.
        InvalidInput: the address names something that does not exist.
    """
    record_type = uow.registry.get(key)
    if not uow.access.may("read", key):
        raise AccessDenied
    state = read_state(record_type, request.args.to_dict())
    return record_type, state, filter_of(record_type, state, current_actor().user_id)


def _table(uow: UnitOfWork, record_type: RecordType, state: ListState, where: Filter) -> dict[str, Any]:
    """Read one page of the table: the rows, and one query for each kind of name in them."""
    columns = columns_of(record_type, uow.access.readable(record_type.key))
    page = query.list_page(
        uow,
        record_type.key,
        where=where,
        sort=state.sort,
        descending=state.descending,
        size=PAGE,
        cursor=state.cursor or None,
        fields=[column.name for column in columns],
    )
    if page.restarted:
        state = state.start()
    presenter = Presenter(uow, current_locale())
    exact = {item.api_name: item for item in exact_fields(record_type)}
    chips = [(exact[name], _as_value(exact[name].kind, value)) for name, value in state.exact.items() if value != "me"]
    named = [column.field for column in columns if column.field.kind in {"relation", "user"}]
    presenter.prepare([*chips, *((item, value_of(row, item.api_name)) for row in page.rows for item in named)])
    return {
        "type": record_type,
        "state": state,
        "columns": columns,
        "body": cells.body(presenter, columns, page.rows),
        "restarted": page.restarted,
        "next_url": state.after(page.next_cursor).url() if page.next_cursor else None,
        "previous": state.before(),
        "hint": panels.hint_of(record_type.key),
        "may_create": uow.access.may("create", record_type.key),
        "chips": [(item, presenter.show(item, value)) for item, value in chips],
    }


def _as_value(kind: str, text: str) -> Any:
    if kind in {"relation", "user"}:
        return int(text) if text.isdecimal() and len(text) < 16 else None
    return text == "true" if kind == "yes_no" else text


@bp.get("/t/<key>")
@needs("@crm")
def list_records(key: str) -> Response | str:
    """Show a type's list; a bad address gives 400 and a way back."""
    with works().reading(current_actor()) as uow:
        try:
            record_type, state, where = _read(uow, key)
            table = _table(uow, record_type, state, where)
        except InvalidInput as error:
            return _bad_address(uow.registry.get(key), list(error.fields.values()))
    offered, exact = offered_fields(record_type), table["state"].exact
    choices = {item.api_name: cells.options(item, exact.get(item.api_name), current_locale()) for item in offered}
    return render_template("records/list.html", offered=offered, choices=choices, **table)


@bp.get("/t/<key>/rows")
@needs("@crm")
def list_rows(key: str) -> Response | str:
    """Give the table alone, for a filter that changed; the address of the page goes along."""
    with works().reading(current_actor()) as uow:
        try:
            table = _table(uow, *_read(uow, key))
        except InvalidInput as error:
            return _bad_address(uow.registry.get(key), list(error.fields.values()))
    response = make_response(render_template("records/_rows.html", **table))
    response.headers["HX-Push-Url"] = table["state"].url()
    return response


@bp.get("/t/<key>/count")
@needs("@crm")
def list_count(key: str) -> Response | str:
    """Count the list, after the page has come: exact to 10,000."""
    with works().reading(current_actor()) as uow:
        try:
            record_type, state, where = _read(uow, key)
            number = query.count(uow, key, where, cap=0 if request.args.get("exact") else 10_000)
        except InvalidInput as error:
            return _bad_address(uow.registry.get(key), list(error.fields.values()))
    return render_template("records/_count.html", type=record_type, state=state, count=number)


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


def _bad_address(record_type: RecordType, problems: list[Message]) -> Response:
    return make_response(render_template("records/bad_address.html", type=record_type, problems=problems), 400)
