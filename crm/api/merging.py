"""`/api/v1/records/<type>/merge` and `/duplicates`: many merges at once, each an act of its own, and what is likely the same."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Final

from flask import Response

from crm.api.errors import BadRequest
from crm.api.views import bp
from crm.api.wire import answer, body_of, only
from crm.kernel.errors import DomainError, InvalidInput
from crm.kernel.i18n import N_
from crm.records.merge import ALL, MergeRecords, Pick, merge_records, pairs
from crm.records.query import one
from crm.web.context import current_actor, current_locale, works
from crm.web.guard import needs

#: So many merges an order.
MOST: Final = 100
_KEYS: Final = frozenset({"survivor", "others", "values", "versions"})


@bp.get("/records/<type_key>/duplicates")
@needs("@api")
def list_duplicates(type_key: str) -> Response:
    """Give the likely duplicates of a type, the surest first."""
    only(())
    locale = current_locale()
    with works().reading(current_actor()) as uow:
        found = pairs(uow, type_key)
    items = [
        {"ids": [pair.first.id, pair.second.id], "score": pair.score, "why": [label(locale) for label in pair.why]}
        for pair in found.pairs
    ]
    return answer({"items": items, "more": found.more})


@bp.post("/records/<type_key>/merge")
@needs("@api")
def merge(type_key: str) -> Response:
    """Carry out merges one by one: each wholly or not at all, each with its own act; the answer tells of each."""
    only(())
    orders = body_of().get("merges")
    if not isinstance(orders, list) or not 0 < len(orders) <= MOST:
        raise BadRequest(N_("“merges” is a list of 1 to %(most)s merges.", most=MOST))
    with works().reading(current_actor()) as uow:
        uow.registry.get(type_key)
        uow.access.require("update", type_key)
        uow.access.require("delete", type_key)
    results = [_merge(type_key, _order(raw)) for raw in [_mapping(raw) for raw in orders]]
    return answer({"results": results, "merged": sum("act" in result for result in results)})


def _mapping(raw: Any) -> Mapping[str, Any]:
    if not isinstance(raw, dict) or set(raw) - _KEYS:
        raise BadRequest(N_("A merge has “survivor”, “others”, and perhaps “values” and “versions”."))
    return raw


def _order(raw: Mapping[str, Any]) -> MergeRecords:
    """Read one merge.

    Raises:
        BadRequest: its shape is wrong.
    """
    survivor, others = raw.get("survivor"), raw.get("others")
    values, versions = raw.get("values", {}), raw.get("versions", {})
    good = _is_id(survivor) and isinstance(others, list) and others and all(_is_id(one) for one in others)
    if not good or not isinstance(values, dict) or not isinstance(versions, dict):
        raise BadRequest(N_("A merge has “survivor”, “others”, and perhaps “values” and “versions”."))
    picks: dict[str, Pick] = {}
    for name, pick in values.items():
        if pick != ALL and not _is_id(pick):
            raise BadRequest(N_("“values” names for a field the record whose value is taken, or “all”."))
        picks[name] = pick
    seen = {int(one): version for one, version in versions.items() if one.isdecimal() and _is_id(version)}
    return MergeRecords(int(survivor or 0), tuple(others or ()), picks, seen)


def _is_id(raw: Any) -> bool:
    return isinstance(raw, int) and not isinstance(raw, bool) and 0 < raw < 2**63


def _merge(type_key: str, order: MergeRecords) -> dict[str, Any]:
    """Carry out one merge in its own transaction; a refusal is a part of the answer."""
    told: dict[str, Any] = {"survivor": order.survivor_id, "others": list(order.other_ids)}
    try:
        with works().writing(current_actor()) as uow:
            one(uow, order.survivor_id, type_key=type_key)
            version = merge_records(uow, order)
            act = uow.act.id
    except DomainError as error:
        locale = current_locale()
        refused: dict[str, Any] = {"code": error.code, "message": error.message(locale)}
        if isinstance(error, InvalidInput):
            refused["fields"] = {name: message(locale) for name, message in error.fields.items()}
        return {**told, "error": refused}
    return {**told, "version": version, "act": act}
