"""`/api/v1/records/…`: list, read, create, change, delete and move records of any type. See docs/reference/api.md."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from typing import Any, Final

from flask import Blueprint, Response, current_app, request
from flask.blueprints import BlueprintSetupState

from crm.api import cursors, idempotency
from crm.api.conditions import Seen, seen_version
from crm.api.errors import BadRequest, PreconditionFailed, StaleFields
from crm.api.limits import RequestCounter
from crm.api.openapi import document
from crm.api.wire import HEAD, answer, body_of, choice, only, record_json, whole_number, writer
from crm.filters import EVERYTHING, Filter, parse
from crm.kernel.errors import InvalidInput, NotFound
from crm.kernel.i18n import N_
from crm.records import query
from crm.records.fields import KINDS
from crm.records.store import StaleRecord
from crm.records.store.context import hold_one
from crm.records.types import RecordType
from crm.records.work import UnitOfWork
from crm.web.context import current_actor, current_locale, current_visit, klynge, works
from crm.web.guard import needs

bp: Final = Blueprint("api", __name__, url_prefix="/api/v1")
_COUNTER: Final = "klynge.api.counter"
_LIST: Final = ("filter", "sort", "order", "limit", "cursor", "fields", "count")
DEFAULT_SIZE: Final = 50


@bp.record_once
def _share_counter(state: BlueprintSetupState) -> None:
    settings = state.app.extensions["klynge"].settings
    state.app.extensions[_COUNTER] = RequestCounter(settings.home / "api-requests", settings.api_requests_per_minute)


@bp.before_request
def _limit() -> None:
    """Count the request before anything is done; tokens and signed-in users are counted apart."""
    visit = current_visit()
    token = visit.token_facts
    number = (visit.actor.user_id or 0) * 2 if token is None else token.token_id * 2 + 1
    counter: RequestCounter = current_app.extensions[_COUNTER]
    counter.count(number, klynge().clock.now().timestamp())


@bp.get("/openapi.json")
@needs("@api")
def openapi() -> Response:
    """Describe the API as this caller may use it."""
    with works().reading(current_actor()) as uow:
        return answer(document(uow.registry, uow.access, current_locale()))


@bp.get("/records/<type_key>")
@needs("@api")
def list_records(type_key: str) -> Response:
    """Give a page of records, filtered and sorted."""
    only(_LIST)
    with works().reading(current_actor()) as uow:
        record_type = uow.registry.get(type_key)
        uow.access.require("read", type_key)
        where = _filter(request.args.get("filter"))
        try:
            page = query.list_page(
                uow,
                type_key,
                where=where,
                sort=request.args.get("sort", "title"),
                descending=choice("order", ("asc", "desc")) == "desc",
                size=whole_number("limit", DEFAULT_SIZE, 1, query.MAX_SIZE),
                cursor=cursors.checked(request.args.get("cursor")),
                fields=_fields(uow, record_type),
                as_json=True,
            )
            number = query.count(uow, type_key, where) if choice("count", ("false", "true")) == "true" else None
        except InvalidInput as error:
            raise BadRequest(next(iter(error.fields.values()))) from error
    body: dict[str, Any] = {
        "items": list(map(writer(record_type, ready=True), page.rows)),
        "next": page.next_cursor,
        "restarted": page.restarted,
    }
    if number is not None:
        body["count"] = {"number": number.number, "capped": number.capped}
    return answer(body)


def _filter(text: str | None) -> Filter:
    """Read the filter; its own mistakes are the address's, so 400."""
    if text is None or not text.strip():
        return EVERYTHING
    try:
        return parse(json.loads(text))
    except InvalidInput as error:
        raise BadRequest(next(iter(error.fields.values()))) from error
    except (ValueError, RecursionError):
        raise BadRequest(N_("“filter” is not valid JSON.")) from None


def _fields(uow: UnitOfWork, record_type: RecordType) -> Sequence[str] | None:
    """Read which fields are wanted; one that may not be read is as unknown as one that does not exist."""
    text = request.args.get("fields")
    if text is None:
        return None
    names = [name.strip() for name in text.split(",") if name.strip()]
    readable = {item.api_name for item in query.readable_fields(uow, record_type)}
    for name in names:
        if name not in readable and (name not in HEAD or name in record_type.by_name):
            raise BadRequest(N_("There is no field “%(field)s”.", field=name[:60]))
    return names


@bp.get("/records/<type_key>/<int:record_id>")
@needs("@api")
def read_record(type_key: str, record_id: int) -> Response:
    """Give one record; `If-None-Match` spares the body of one that has not changed."""
    only(())
    with works().reading(current_actor()) as uow:
        row = _present(uow, type_key, record_id)
        body = record_json(uow.registry.get(type_key), row)
    response = answer(body)
    response.set_etag(str(row.version))
    response.make_conditional(request.environ)
    return response


@bp.post("/records/<type_key>")
@needs("@api")
def create_record(type_key: str) -> Response:
    """Make a record; the same `Idempotency-Key` again gives the same record again."""
    only(())
    values = body_of()
    key = idempotency.key_of(request.headers.get("Idempotency-Key"))
    with works().reading(current_actor()) as uow:
        uow.registry.get(type_key)
    record_id, replayed = idempotency.create_once(works(), current_actor(), type_key, values, key)
    with works().reading(current_actor()) as uow:
        body, version = _readable(uow, type_key, record_id)
    headers = {"Location": f"/api/v1/records/{type_key}/{record_id}"}
    if replayed:
        headers["Idempotency-Replayed"] = "true"
    response = answer(body, 201, headers)
    if version is not None:
        response.set_etag(str(version))
    return response


@bp.patch("/records/<type_key>/<int:record_id>")
@needs("@api")
def update_record(type_key: str, record_id: int) -> Response:
    """Change some fields. A stale `If-Match` is refused; a stale `version` in the body only if the same fields clash."""
    only(())
    values = body_of()
    seen = seen_version(request.headers.get("If-Match"), values)
    with works().writing(current_actor()) as uow:
        _require_version(uow, type_key, record_id, seen)
        try:
            version = uow.records.update(record_id, values, seen_version=seen.version)
        except StaleRecord as error:
            body, _version = _readable(uow, type_key, record_id)
            clashes = _clashes(uow.registry.get(type_key), values, error)
            raise (PreconditionFailed(body) if seen.strict else StaleFields(body, clashes)) from error
        body, _version = _readable(uow, type_key, record_id)
        if seen.strict and seen.version is not None and version > seen.version + 1:
            raise PreconditionFailed(body)  # someone came between our look and the store's lock
    response = answer(body)
    response.set_etag(str(version))
    return response


def _clashes(record_type: RecordType, values: Mapping[str, Any], stale: StaleRecord) -> dict[str, dict[str, Any]]:
    """Give the three values of each clashing field, as the API writes them; mine as it was sent."""
    found = {}
    for name, (original, stored) in stale.fields.items():
        item = record_type.changeable[name]
        kept = {"stored": KINDS[item.kind].to_json(item, stored), "original": KINDS[item.kind].to_json(item, original)}
        found[name] = {"yours": values.get(name), **kept}
    return found


@bp.delete("/records/<type_key>/<int:record_id>")
@needs("@api")
def delete_record(type_key: str, record_id: int) -> Response:
    """Put a record into the trash."""
    only(())
    seen = seen_version(request.headers.get("If-Match"), {})
    with works().writing(current_actor()) as uow:
        _require_version(uow, type_key, record_id, seen)
        uow.records.delete(record_id)
    return Response(status=204)


@bp.post("/records/<type_key>/<int:record_id>/transition/<step>")
@needs("@api")
def transition_record(type_key: str, record_id: int, step: str) -> Response:
    """Take a step of the lifecycle; the body may hold `version` and `comment`."""
    only(())
    body = body_of(may_be_empty=True)
    seen = seen_version(request.headers.get("If-Match"), body)
    comment = _comment(body)
    with works().writing(current_actor()) as uow:
        _require_version(uow, type_key, record_id, seen)
        uow.records.transition(record_id, step, seen_version=seen.version, comment=comment)
        answered, version = _readable(uow, type_key, record_id)
    response = answer(answered)
    if version is not None:
        response.set_etag(str(version))
    return response


def _comment(body: Mapping[str, Any]) -> str | None:
    unknown = set(body) - {"comment"}
    if unknown:
        raise InvalidInput({name: N_("There is no field “%(field)s”.", field=name[:60]) for name in sorted(unknown)})
    comment = body.get("comment")
    if comment is not None and not (isinstance(comment, str) and len(comment) <= 2000):
        raise InvalidInput({"comment": N_("This must be text.")})
    return comment


def _present(uow: UnitOfWork, type_key: str, record_id: int) -> query.Row:
    """Give a record of this very type.

    Raises:
        NotFound: no such type or record, another type, or not to be seen.
    """
    return query.one(uow, record_id, type_key=type_key)


def _require_version(uow: UnitOfWork, type_key: str, record_id: int, seen: Seen) -> None:
    """Refuse a write to a record of another type, or one that has moved on since `If-Match`. The store checks the rights."""
    record_type = uow.registry.get(type_key)
    head = hold_one(uow, record_id)
    if head is None or head.type_id != record_type.id:
        raise NotFound
    if seen.strict and seen.version is not None and head.version != seen.version:
        raise PreconditionFailed(record_json(record_type, _present(uow, type_key, record_id)))


def _readable(uow: UnitOfWork, type_key: str, record_id: int) -> tuple[dict[str, Any], int | None]:
    """Give what was written as the caller may read it: at least its id, even if they may not read it at all."""
    try:
        row = query.one(uow, record_id, type_key=type_key)
    except NotFound:
        return {"id": record_id, "type": type_key}, None
    return record_json(uow.registry.get(type_key), row), row.version
