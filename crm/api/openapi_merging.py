"""How duplicates and merging stand in the OpenAPI document."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from crm.kernel.i18n import Label
from crm.records.types import RecordType
from crm.security.policies import Access

Schema = dict[str, Any]
#: operation id, tag, words, responses, locale → the operation.
Operation = Callable[[str, str, Label, Schema, str], Schema]
_ID: Schema = {"type": "integer", "minimum": 1}
_SURE: Schema = {"type": "integer", "minimum": 0, "maximum": 100}
_FIND = Label(da="Sandsynlige dubletter", en="Likely duplicates")
_MERGE = Label(da="Flet dubletter", en="Merge duplicates")


def merge_paths(record_type: RecordType, access: Access, locale: str, operation: Operation) -> Schema:
    """Give the paths of a type that has duplicates, as far as the caller may use them."""
    key = record_type.key
    if record_type.matching is None:
        return {}
    found: Schema = {f"/records/{key}/duplicates": {"get": operation(f"duplicates_{key}", key, _FIND, {"200": _pairs()}, locale)}}
    if access.may("update", key) and access.may("delete", key):
        post = operation(f"merge_{key}", key, _MERGE, {"200": _results()}, locale)
        post["requestBody"] = {"required": True, **_json(_object({"merges": _list(_order(), most=100)}, "merges"))}
        found[f"/records/{key}/merge"] = {"post": post}
    return found


def _pairs() -> Schema:
    pair = _object({"ids": _list(_ID, most=2), "score": _SURE, "why": _list({"type": "string"})}, "ids", "score", "why")
    return {"description": "–", **_json(_object({"items": _list(pair), "more": {"type": "boolean"}}, "items", "more"))}


def _order() -> Schema:
    pick: Schema = {"anyOf": [_ID, {"const": "all"}]}
    parts: Schema = {
        "survivor": _ID,
        "others": _list(_ID, most=9),
        "values": {"type": "object", "additionalProperties": pick},
        "versions": {"type": "object", "additionalProperties": _ID},
    }
    return {**_object(parts, "survivor", "others"), "additionalProperties": False}


def _results() -> Schema:
    refused = _object({"code": {"type": "string"}, "message": {"type": "string"}}, "code", "message")
    parts: Schema = {"survivor": _ID, "others": _list(_ID), "version": _ID, "act": {"type": "string"}, "error": refused}
    result = _object(parts, "survivor", "others")
    return {"description": "–", **_json(_object({"results": _list(result), "merged": {"type": "integer"}}, "results", "merged"))}


def _object(properties: Schema, *required: str) -> Schema:
    return {"type": "object", "properties": properties, "required": list(required)}


def _list(items: Schema, most: int | None = None) -> Schema:
    return {"type": "array", "items": items, **({} if most is None else {"maxItems": most})}


def _json(schema: Schema) -> Schema:
    return {"content": {"application/json": {"schema": schema}}}
