"""The numbers of the side menu, asked for after the page has come."""

from __future__ import annotations

import json

from flask import Response

from crm.screens import navigation
from crm.screens.views.blueprint import bp
from crm.web.context import current_actor, works
from crm.web.guard import needs


@bp.get("/nav/counts")
@needs("@crm")
def show_counts() -> Response:
    """Give the counts as an event for the menu."""
    with works().reading(current_actor()) as uow:
        found = navigation.counts(uow)
    return Response(status=204, headers={"HX-Trigger": json.dumps({"klynge:counts": found})})
