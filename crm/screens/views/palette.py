"""`/palette`: what the command palette asks for while a person types. The page's own acts it finds on the page."""

from __future__ import annotations

from flask import Response, jsonify, request

from crm.kernel.errors import NotFound
from crm.kernel.text import clean
from crm.records.search.tokens import LONGEST_SEARCH
from crm.screens import palette
from crm.screens.views.blueprint import bp
from crm.web.context import current_actor, current_locale, works
from crm.web.guard import needs


@bp.get("/palette")
@needs("@crm")
def palette_commands() -> Response:
    """Give the places that one may go to."""
    with works().reading(current_actor()) as uow:
        return jsonify(palette.commands(uow, current_locale()))


@bp.get("/palette/find")
@needs("@crm")
def palette_find() -> Response:
    """Find records; `in` is the type to look in."""
    text = clean(request.args.get("q", ""))[:LONGEST_SEARCH]
    only = request.args.get("in", "")[:60]
    with works().reading(current_actor()) as uow:
        if only and only not in uow.registry.types:
            raise NotFound
        return jsonify(items=palette.records(uow, text, current_locale(), [only] if only else ()))


@bp.get("/palette/seen")
@needs("@crm")
def palette_seen() -> Response:
    """Give the names of records that this browser has seen lately (`ids`, by commas)."""
    parts = request.args.get("ids", "")[:400].split(",")
    ids = [int(part) for part in parts if part.isascii() and part.isdecimal() and len(part) < 17]
    with works().reading(current_actor()) as uow:
        return jsonify(items=palette.seen(uow, list(dict.fromkeys(ids)), current_locale()))
