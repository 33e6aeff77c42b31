"""`/api/v1/search`: one search over every type that the caller may read."""

from __future__ import annotations

from typing import Any, Final

from flask import Response, request

from crm.api.errors import BadRequest
from crm.api.views import bp
from crm.api.wire import answer, choice, moment, only, whole_number
from crm.kernel.i18n import N_
from crm.kernel.text import clean
from crm.records.search import Group, Hit, Snippet, find, snippets
from crm.records.search.tokens import LONGEST_SEARCH
from crm.web.context import current_actor, current_locale, works
from crm.web.guard import needs

EACH: Final = 20
MOST: Final = 100
#: Hits of a type that may be passed over; no search looks at more.
FURTHEST: Final = 10_000


@bp.get("/search")
@needs("@api")
def search_all() -> Response:
    """Find records by words, beginnings of words and "phrases", grouped by type with counts, best first."""
    only(("q", "types", "limit", "offset", "snippets"))
    text = clean(request.args.get("q", ""))[:LONGEST_SEARCH]
    if not text:
        raise BadRequest(N_("“q” must hold what is searched for."))
    types = [name.strip() for name in request.args.get("types", "").split(",") if name.strip()]
    limit, offset = whole_number("limit", EACH, 1, MOST), whole_number("offset", 0, 0, FURTHEST)
    wanted = choice("snippets", ("false", "true")) == "true"
    with works().reading(current_actor()) as uow:
        for name in types:
            uow.registry.get(name)
        groups = find(uow, text, each=limit, start=offset, types=types)
        pieces = snippets(uow, text, groups) if wanted else {}
    return answer({"groups": [_group(group, pieces) for group in groups]})


def _group(group: Group, pieces: dict[int, Snippet]) -> dict[str, Any]:
    return {
        "type": group.type.key,
        "count": {"number": group.count.number, "capped": group.count.capped},
        "items": [_item(hit, pieces.get(hit.id)) for hit in group.hits],
    }


def _item(hit: Hit, piece: Snippet | None) -> dict[str, Any]:
    found: dict[str, Any] = {
        "id": hit.id,
        "title": hit.title,
        "state": hit.state,
        "updated_at": moment(hit.updated_at),
        "url": f"/r/{hit.id}",
    }
    if piece is not None:
        found["snippet"] = {
            "field": piece.label(current_locale()),
            "text": "".join(text for text, _hit in piece.pieces),
            "hits": [text for text, is_hit in piece.pieces if is_hit],
        }
    return found
