"""`/search?q=`: what begins like this, in all types."""

from __future__ import annotations

from flask import render_template, request

from crm.kernel.text import clean
from crm.screens import queries
from crm.screens.views.blueprint import bp
from crm.web.context import current_actor, works
from crm.web.guard import needs


@bp.get("/search")
@needs("@crm")
def show_search() -> str:
    """Show what was found, by type."""
    text = clean(request.args.get("q", ""))[:200]
    with works().reading(current_actor()) as uow:
        hits = queries.search(uow, text)
    return render_template("records/search.html", hits=hits, search_text=text)
