"""`/search?q=`: what holds these words, in all types or (`type`) in one."""

from __future__ import annotations

from flask import render_template, request

from crm.kernel.text import clean
from crm.records.search.tokens import LONGEST_SEARCH
from crm.screens import search_page
from crm.screens.views.blueprint import bp
from crm.web.context import current_actor, works
from crm.web.guard import needs


@bp.get("/search")
@needs("@crm")
def show_search() -> str:
    """Show what was found, by type; with `type` all of that type, page by page."""
    text = clean(request.args.get("q", ""))[:LONGEST_SEARCH]
    number = request.args.get("page", default=1, type=int)
    with works().reading(current_actor()) as uow:
        page = search_page.load(uow, text, request.args.get("type", "")[:60], number)
    return render_template("records/search.html", page=page, search_text=text)
