"""The OpenAPI 3.1 document, made from the registry: the types and fields that the caller may use, and nothing else."""

from __future__ import annotations

from typing import Any, Final

from crm import __version__
from crm.api.openapi_files import fetch_path, file_paths
from crm.api.openapi_merging import merge_paths
from crm.filters.tree import OPERATORS
from crm.kernel.i18n import N_, Label
from crm.records.fields.address import NAMES as ADDRESS_PARTS
from crm.records.fields.emails import TYPES as EMAIL_TYPES
from crm.records.fields.money import currencies_of
from crm.records.fields.phones import TYPES as PHONE_TYPES
from crm.records.query import MAX_SIZE
from crm.records.registry import Registry
from crm.records.types import Field, Links, RecordType
from crm.security.policies import Access

Schema = dict[str, Any]

_ERROR_CODES: Final = {
    "400": N_("A parameter, header or body that cannot be read."),
    "401": N_("No valid token."),
    "403": N_("Not allowed."),
    "404": N_("It does not exist, or you do not have access to it."),
    "409": N_("Someone else has changed the same fields in the meantime."),
    "412": N_("The record has changed since you read it."),
    "415": N_("The body is not JSON."),
    "422": N_("Some fields need attention."),
    "429": N_("Too many requests; see Retry-After."),
}
_DATE_PART: Final[Schema] = {
    "anyOf": [{"type": "string", "format": "date"}, {"type": "string", "format": "date-time"}, {"type": "null"}]
}
_HEAD: Final[dict[str, Schema]] = {
    "id": {"type": "integer"},
    "type": {"type": "string"},
    "title": {"type": "string"},
    "state": {"type": ["string", "null"]},
    "version": {"type": "integer"},
    "owner": {"type": ["integer", "null"]},
    "created_at": {"type": "string", "format": "date-time"},
    "updated_at": {"type": "string", "format": "date-time"},
    "url": {"type": "string"},
}


def document(registry: Registry, access: Access, locale: str) -> Schema:
    """Give the document for a caller.

    Args:
        registry: the types.
        access: what the caller may do; what they may not read is not described.
        locale: the language of titles and descriptions.
    """
    types = [item for item in registry.types.values() if access.may("read", item.key)]
    paths: Schema = {"/search": {"get": _search_operation(types, locale)}, "/files/{id}": fetch_path(locale, _operation)}
    schemas: Schema = {"Error": _error_schema(), "Filter": _filter_schema()}
    for record_type in types:
        paths.update(_paths(record_type, access, locale))
        schemas.update(_schemas(record_type, access, locale))
    return {
        "openapi": "3.1.0",
        "info": {"title": "Klynge", "version": __version__},
        "servers": [{"url": "/api/v1"}],
        "security": [{"bearer": []}],
        "tags": [
            {"name": "search"},
            {"name": "files"},
            *({"name": item.key, "description": item.names.title(locale)} for item in types),
        ],
        "paths": paths,
        "components": {
            "securitySchemes": {"bearer": {"type": "http", "scheme": "bearer"}},
            "schemas": schemas,
            "responses": {code: _error(message(locale)) for code, message in _ERROR_CODES.items()},
        },
    }


def _schema_name(key: str) -> str:
    return "".join(part.capitalize() for part in key.replace("-", "_").split("_"))


# -- fields ------------------------------------------------------------------------------------------------------------


def _schemas(record_type: RecordType, access: Access, locale: str) -> Schema:
    readable = access.readable(record_type.key)
    name = _schema_name(record_type.key)
    own = {
        item.api_name: field_schema(item, locale)
        for item in record_type.fields
        if not isinstance(item.place, Links) and (readable is None or item.api_name in readable)
    }
    found = {name: {"type": "object", "properties": {**_HEAD, **own}, "required": list(_HEAD)}}
    for act, suffix in (("create", "Create"), ("update", "Update")):
        if not access.may(act, record_type.key):
            continue
        writable = access.writable(act, record_type.key)
        fields = [item for item in record_type.changeable.values() if _is_writable(item, writable)]
        schema: Schema = {
            "type": "object",
            "properties": {item.api_name: field_schema(item, locale) for item in fields},
            "additionalProperties": False,
        }
        if act == "create":
            schema["required"] = [item.api_name for item in fields if item.required and item.default is None]
        else:
            schema["properties"]["version"] = {"type": "integer", "description": N_("The version you had read.")(locale)}
        found[f"{name}{suffix}"] = schema
    return found


def _is_writable(item: Field, writable: frozenset[str] | None) -> bool:
    return not item.read_only and not isinstance(item.place, Links) and (writable is None or item.api_name in writable)


def field_schema(item: Field, locale: str) -> Schema:
    """Give the JSON schema of a field's values."""
    schema = _kind_schema(item)
    schema["title"] = item.label(locale)
    if item.help is not None:
        schema["description"] = item.help(locale)
    if item.read_only:
        schema["readOnly"] = True
    return schema


def _kind_schema(item: Field) -> Schema:
    config = item.config
    match item.kind:
        case "text":
            limit = int(config.get("max_length", 20_000 if config.get("multiline") else 200))
            return {"type": ["string", "null"], "maxLength": limit}
        case "link":
            return {"type": ["string", "null"], "format": "uri"}
        case "number":
            return {"type": ["string", "number", "null"], "description": N_("A decimal number; answers give it as text.")("en")}
        case "date":
            parts = {"start": _DATE_PART, "end": _DATE_PART, "all_day": {"type": "boolean"}}
            return {"anyOf": [{"type": "object", "properties": parts}, *_DATE_PART["anyOf"]]}
        case "choice":
            return {"type": ["string", "null"], "enum": [*(option.key for option in item.options), None]}
        case "yes_no":
            return {"type": ["boolean", "null"]}
        case _:
            return _larger_schema(item)


def _larger_schema(item: Field) -> Schema:
    match item.kind:
        case "money":
            parts = {"amount": {"type": ["string", "number"]}, "currency": {"type": "string", "enum": list(currencies_of(item))}}
            return {"anyOf": [{"type": "object", "properties": parts}, {"type": ["string", "number", "null"]}]}
        case "rich_text" | "auto_number":
            return {"type": ["string", "null"]}
        case "address":
            names = {name: {"type": ["string", "null"]} for name in ADDRESS_PARTS}
            return {"type": ["object", "null"], "properties": names, "additionalProperties": False}
        case "choices" | "picks" | "tags" | "users" | "emails" | "phones" | "checklist" | "file":
            return _list_of(_entry_schema(item))
        case _:
            return {"type": ["integer", "null"]}


def _entry_schema(item: Field) -> Schema:
    """Give one entry of a kind whose values are lists."""
    match item.kind:
        case "choices":
            return {"type": "string", "enum": [option.key for option in item.options]}
        case "tags" | "users":
            return {"type": "string" if item.kind == "tags" else "integer"}
        case "emails" | "phones":
            name, types = ("address", EMAIL_TYPES) if item.kind == "emails" else ("number", PHONE_TYPES)
            fields = {name: {"type": "string"}, "type": {"type": "string", "enum": list(types)}, "primary": {"type": "boolean"}}
            return {"type": "object", "properties": fields, "required": [name]}
        case "picks":
            keys = {"type": "string", "enum": [option.key for option in item.options]}
            row = {"key": keys, "remark": {"type": "string"}}
            return {"type": "object", "properties": row, "required": ["key"]}
        case "checklist":
            row = {"text": {"type": "string"}, "done": {"type": "boolean"}}
            return {"type": "object", "properties": row, "required": ["text"]}
        case _:
            file = {"id": {"type": "integer"}, "name": {"type": "string"}}
            return {"type": "object", "properties": file, "required": ["id"]}


def _list_of(items: Schema) -> Schema:
    return {"type": ["array", "null"], "items": items}


# -- paths -------------------------------------------------------------------------------------------------------------


def _paths(record_type: RecordType, access: Access, locale: str) -> Schema:
    key, name = record_type.key, _schema_name(record_type.key)
    one: Schema = {"parameters": [_path_parameter("id", {"type": "integer"})]}
    many: Schema = {"get": _list_operation(record_type, locale)}
    one["get"] = _operation(f"read_{key}", key, record_type.names.one, {"200": _body(f"#/components/schemas/{name}")}, locale)
    if access.may("create", key):
        many["post"] = _operation(
            f"create_{key}", key, record_type.names.new, {"201": _body(f"#/components/schemas/{name}")}, locale
        )
        many["post"]["requestBody"] = _request(f"#/components/schemas/{name}Create")
        many["post"]["parameters"] = [_header("Idempotency-Key")]
    if access.may("update", key):
        one["patch"] = _operation(
            f"update_{key}", key, record_type.names.one, {"200": _body(f"#/components/schemas/{name}")}, locale
        )
        one["patch"]["requestBody"] = _request(f"#/components/schemas/{name}Update")
        one["patch"]["parameters"] = [_header("If-Match")]
    if access.may("delete", key):
        one["delete"] = _operation(f"delete_{key}", key, record_type.names.one, {"204": {"description": "–"}}, locale)
        one["delete"]["parameters"] = [_header("If-Match")]
    found = {f"/records/{key}": many, f"/records/{key}/{{id}}": one}
    steps = [] if record_type.lifecycle is None else record_type.lifecycle.transitions
    allowed = [step.key for step in steps if access.may(step.act or step.key, key)]
    if allowed:
        path = f"/records/{key}/{{id}}/transition/{{step}}"
        post = _operation(f"transition_{key}", key, record_type.names.one, {"200": _body(f"#/components/schemas/{name}")}, locale)
        parameters = [_path_parameter("id", {"type": "integer"}), _path_parameter("step", {"type": "string", "enum": allowed})]
        found[path] = {"parameters": parameters, "post": post}
    more = (merge_paths(record_type, access, locale, _operation), file_paths(record_type, access, locale, _operation))
    return {**found, **more[0], **more[1]}


def _list_operation(record_type: RecordType, locale: str) -> Schema:
    item = {"$ref": f"#/components/schemas/{_schema_name(record_type.key)}"}
    count = {"type": "object", "properties": {"number": {"type": "integer"}, "capped": {"type": "boolean"}}}
    page = {
        "type": "object",
        "properties": {
            "items": {"type": "array", "items": item},
            "next": {"type": ["string", "null"]},
            "restarted": {"type": "boolean"},
            "count": count,
        },
        "required": ["items", "next", "restarted"],
    }
    content = {"description": "–", "content": {"application/json": {"schema": page}}}
    operation = _operation(f"list_{record_type.key}", record_type.key, record_type.names.many, {"200": content}, locale)
    operation["parameters"] = [
        {"name": "filter", "in": "query", "content": {"application/json": {"schema": {"$ref": "#/components/schemas/Filter"}}}},
        _query("sort", {"type": "string", "default": "title"}),
        _query("order", {"type": "string", "enum": ["asc", "desc"], "default": "asc"}),
        _query("limit", {"type": "integer", "minimum": 1, "maximum": MAX_SIZE, "default": 50}),
        _query("cursor", {"type": "string"}),
        _query("fields", {"type": "string"}),
        _query("count", {"type": "string", "enum": ["true", "false"], "default": "false"}),
    ]
    return operation


def _search_operation(types: list[RecordType], locale: str) -> Schema:
    text: Schema = {"type": "string"}
    snippet = {"field": text, "text": text, "hits": {"type": "array", "items": text}}
    head = {name: _HEAD[name] for name in ("id", "title", "state", "updated_at", "url")}
    item = {"type": "object", "properties": {**head, "snippet": {"type": "object", "properties": snippet}}, "required": list(head)}
    count = {"type": "object", "properties": {"number": {"type": "integer"}, "capped": {"type": "boolean"}}}
    keys: Schema = {"type": "string", "enum": [item.key for item in types]}
    group = {"type": keys, "count": count, "items": {"type": "array", "items": item}}
    groups = {"type": "array", "items": {"type": "object", "properties": group, "required": list(group)}}
    found = {"type": "object", "properties": {"groups": groups}, "required": ["groups"]}
    content = {"description": "–", "content": {"application/json": {"schema": found}}}
    operation = _operation("search", "search", Label(da="Søg i alt", en="Search in everything"), {"200": content}, locale)
    operation["parameters"] = [
        {**_query("q", {"type": "string", "maxLength": 200}), "required": True},
        _query("types", {"type": "string"}),
        _query("limit", {"type": "integer", "minimum": 1, "maximum": 100, "default": 20}),
        _query("offset", {"type": "integer", "minimum": 0, "maximum": 10_000, "default": 0}),
        _query("snippets", {"type": "string", "enum": ["false", "true"], "default": "false"}),
    ]
    return operation


def _operation(operation_id: str, tag: str, words: Label, responses: Schema, locale: str) -> Schema:
    refused = {code: {"$ref": f"#/components/responses/{code}"} for code in _ERROR_CODES}
    return {"operationId": operation_id, "tags": [tag], "summary": words(locale), "responses": {**responses, **refused}}


def _query(name: str, schema: Schema) -> Schema:
    return {"name": name, "in": "query", "schema": schema}


def _header(name: str) -> Schema:
    return {"name": name, "in": "header", "schema": {"type": "string"}}


def _path_parameter(name: str, schema: Schema) -> Schema:
    return {"name": name, "in": "path", "required": True, "schema": schema}


def _body(reference: str) -> Schema:
    return {"description": "–", "content": {"application/json": {"schema": {"$ref": reference}}}}


def _request(reference: str) -> Schema:
    return {"required": True, "content": {"application/json": {"schema": {"$ref": reference}}}}


def _error(words: str) -> Schema:
    return {"description": words, "content": {"application/json": {"schema": {"$ref": "#/components/schemas/Error"}}}}


def _error_schema() -> Schema:
    error = {
        "type": "object",
        "properties": {
            "code": {"type": "string"},
            "message": {"type": "string"},
            "fields": {"type": "object", "additionalProperties": {"type": "string"}},
            "clashes": {
                "type": "object",
                "additionalProperties": {"type": "object", "properties": {"yours": {}, "stored": {}, "original": {}}},
            },
            "reference": {"type": "string"},
        },
        "required": ["code", "message"],
    }
    return {"type": "object", "properties": {"error": error, "record": {"type": "object"}}, "required": ["error"]}


def _filter_schema() -> Schema:
    this = {"$ref": "#/components/schemas/Filter"}
    condition = {
        "type": "object",
        "properties": {
            "field": {"type": "string"},
            "op": {"type": "string", "enum": list(OPERATORS), "default": "is"},
            "value": {},
        },
        "required": ["field"],
        "additionalProperties": False,
    }
    groups = [
        {"type": "object", "properties": {name: {"type": "array", "items": this}}, "required": [name]} for name in ("all", "any")
    ]
    return {"anyOf": [condition, *groups, {"type": "object", "properties": {"not": this}, "required": ["not"]}]}
