"""`/r/<id>/timeline`: the timeline of a record as a fragment, chosen kinds alone, and its older parts."""

from __future__ import annotations

from urllib.parse import parse_qsl, urlencode, urlsplit

from flask import Response, make_response, render_template, request

from crm.records.query import one
from crm.screens.timeline_page import PARAMETER, load_lines, load_timeline
from crm.screens.views.blueprint import bp
from crm.web.context import current_actor, current_locale, page_path, works
from crm.web.guard import needs


@bp.get("/r/<int:record_id>/timeline")
@needs("@crm")
def show_timeline(record_id: int) -> Response:
    """Give the whole section with chosen kinds of lines; the choice goes into the page's address."""
    kinds = request.args.get(PARAMETER, "")
    with works().reading(current_actor()) as uow:
        page = load_timeline(uow, one(uow, record_id), current_locale(), kinds)
        answer = make_response(render_template("timeline/_section.html", tl=page))
    answer.headers["HX-Replace-Url"] = _with_kinds(page_path(), page.kinds)
    return answer


@bp.get("/r/<int:record_id>/timeline/more")
@needs("@crm")
def show_earlier(record_id: int) -> str:
    """Give older lines, below those on the page."""
    args = request.args
    with works().reading(current_actor()) as uow:
        page = load_lines(uow, one(uow, record_id), current_locale(), args.get(PARAMETER, ""), args.get("after"))
        return render_template("timeline/_lines.html", tl=page)


def _with_kinds(path: str, kinds: str) -> str:
    """Give the page's own address with another choice of kinds."""
    parts = urlsplit(path)
    pairs = [(name, value) for name, value in parse_qsl(parts.query, keep_blank_values=True) if name != PARAMETER]
    query = urlencode([*pairs, *([(PARAMETER, kinds)] if kinds else [])], safe=",")
    return f"{parts.path}?{query}" if query else parts.path
