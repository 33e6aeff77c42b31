"""How files stand in the OpenAPI document."""

from __future__ import annotations

from crm.api.openapi_merging import Operation, Schema
from crm.kernel.i18n import Label
from crm.records.types import RecordType
from crm.security.policies import Access

_LIST = Label(da="Filer", en="Files")
_SEND = Label(da="Læg en fil ind", en="Send a file")
_FETCH = Label(da="Hent en fil", en="Fetch a file")
_INTEGER: Schema = {"type": "integer"}
_TEXT: Schema = {"type": "string"}
_FILE: Schema = {
    "type": "object",
    "properties": {"id": _INTEGER, "name": _TEXT, "type": _TEXT, "size": _INTEGER, "version": _INTEGER, "url": _TEXT},
    "required": ["id", "name", "type", "size", "version", "url"],
}
_BYTES: Schema = {"required": True, "content": {"application/octet-stream": {"schema": {"type": "string", "format": "binary"}}}}


def file_paths(record_type: RecordType, access: Access, locale: str, operation: Operation) -> Schema:
    """Give the paths of a type's files, as far as the caller may use them."""
    key = record_type.key
    items = {"type": "object", "properties": {"items": {"type": "array", "items": _FILE}}, "required": ["items"]}
    many: Schema = {"parameters": [_path("id", _INTEGER)]}
    many["get"] = operation(f"files_{key}", key, _LIST, {"200": _json(items)}, locale)
    found: Schema = {f"/records/{key}/{{id}}/files": many}
    if access.may("update", key):
        many["post"] = operation(f"send_file_{key}", key, _SEND, {"201": _json(_FILE)}, locale)
        many["post"].update(requestBody=_BYTES, parameters=[_query("name", required=True), _query("replaces")])
    fields = [item.api_name for item in record_type.fields if item.kind == "file"]
    if fields and (access.may("update", key) or access.may("create", key)):
        post = operation(f"send_for_field_{key}", key, _SEND, {"201": _json(_FILE)}, locale)
        post.update(requestBody=_BYTES, parameters=[_query("name", required=True)])
        found[f"/records/{key}/files/{{field}}"] = {"parameters": [_path("field", {**_TEXT, "enum": fields})], "post": post}
    return found


def fetch_path(locale: str, operation: Operation) -> Schema:
    """Give the path of one file."""
    content = {"description": "–", "content": {"*/*": {"schema": {"type": "string", "format": "binary"}}}}
    return {"parameters": [_path("id", _INTEGER)], "get": operation("fetch_file", "files", _FETCH, {"200": content}, locale)}


def _json(schema: Schema) -> Schema:
    return {"description": "–", "content": {"application/json": {"schema": schema}}}


def _path(name: str, schema: Schema) -> Schema:
    return {"name": name, "in": "path", "required": True, "schema": schema}


def _query(name: str, *, required: bool = False) -> Schema:
    return {"name": name, "in": "query", "required": required, "schema": _TEXT}
