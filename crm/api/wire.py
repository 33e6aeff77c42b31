"""Records as JSON: the same names and forms in answers, in orders and in the OpenAPI document."""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping, Sequence
from datetime import datetime
from typing import Any, Final

from flask import Response, request

from crm.api.errors import BadRequest, NotJson
from crm.kernel.i18n import N_
from crm.records.fields import KINDS, FieldKind
from crm.records.query import Row
from crm.records.types import RecordType

#: What every record carries beside its fields; no field may be called so, but `title` and `owner`, which are the same thing.
HEAD: Final = ("id", "type", "title", "state", "version", "owner", "created_at", "updated_at", "url")
_LARGEST_BODY: Final = 1_000_000


def writer(record_type: RecordType, *, ready: bool = False) -> Callable[[Row], dict[str, Any]]:
    """Give the function that turns rows of a type into JSON: made once a list, so that most values are only copied.

    Args:
        record_type: their type.
        ready: the values are in their JSON form already (`list_page(as_json=True)`).
    """
    special = (
        []
        if ready
        else [
            (item.api_name, KINDS[item.kind].to_json, item)
            for item in record_type.fields
            if type(KINDS[item.kind]).to_json is not FieldKind.to_json
        ]
    )

    def write(row: Row) -> dict[str, Any]:
        found = {
            "id": row.id,
            "type": row.type_key,
            "title": row.title,
            "state": row.state,
            "version": row.version,
            "owner": row.owner_id,
            "created_at": moment(row.created_at),
            "updated_at": moment(row.updated_at),
            "url": f"/r/{row.id}",
            **row.values,
        }
        for name, to_json, item in special:
            value = found.get(name)
            if value is not None:
                found[name] = to_json(item, value)
        return found

    return write


def record_json(record_type: RecordType, row: Row) -> dict[str, Any]:
    """Give a record as JSON: its head, and the fields that the actor may read."""
    return writer(record_type)(row)


def moment(value: datetime) -> str:
    """Give a moment, in UTC, as the API writes it: ISO 8601."""
    return f"{value.isoformat(timespec='milliseconds')[:-6]}Z"


def answer(body: Any, status: int = 200, headers: Mapping[str, str] | None = None) -> Response:
    """Give a JSON response."""
    text = json.dumps(body, ensure_ascii=False, separators=(",", ":"))
    return Response(text, status, headers, mimetype="application/json")


def body_of(*, may_be_empty: bool = False) -> dict[str, Any]:
    """Read the request's JSON object.

    Raises:
        NotJson: the content type is another.
        BadRequest: it is not valid JSON, or not an object.
    """
    if request.mimetype != "application/json":
        raise NotJson
    raw = request.get_data(cache=False)
    if not raw and may_be_empty:
        return {}
    if len(raw) > _LARGEST_BODY:
        raise BadRequest(N_("The body is too large."))
    try:
        body = json.loads(raw, parse_constant=_no_constant)
    except (ValueError, RecursionError):
        raise BadRequest(N_("The body is not valid JSON.")) from None
    if not isinstance(body, dict):
        raise BadRequest(N_("The body must be a JSON object of field names and values."))
    return body


def _no_constant(name: str) -> Any:
    raise ValueError(name)  # NaN and Infinity are no JSON


def choice(name: str, options: Sequence[str]) -> str:
    """Read a query parameter that takes one of a few words; the first is the default.

    Raises:
        BadRequest: it is another word.
    """
    value = request.args.get(name, options[0])
    if value not in options:
        raise BadRequest(N_("“%(name)s” is one of: %(options)s.", name=name, options=", ".join(options)))
    return value


def whole_number(name: str, default: int, least: int, most: int) -> int:
    """Read a query parameter that takes a whole number.

    Raises:
        BadRequest: it is none, or out of bounds.
    """
    raw = request.args.get(name)
    if raw is None:
        return default
    if not (raw.isascii() and raw.isdigit() and len(raw) < 7 and least <= int(raw) <= most):
        raise BadRequest(N_("“%(name)s” is a whole number from %(least)s to %(most)s.", name=name, least=least, most=most))
    return int(raw)


def only(allowed: Sequence[str]) -> None:
    """Refuse query parameters that mean nothing here, so that a slip is not taken for "everything".

    Raises:
        BadRequest: an unknown one, or one given twice.
    """
    for name, values in request.args.lists():
        if name not in allowed:
            raise BadRequest(N_("There is no query parameter “%(name)s” here.", name=name[:60]))
        if len(values) > 1:
            raise BadRequest(N_("“%(name)s” was given twice.", name=name))
