"""`/r/<id>/columns/<relation>`: which columns of a related table one wants to see, kept for oneself."""

from __future__ import annotations

from flask import redirect, request
from werkzeug.wrappers import Response as AnyResponse

from crm.kernel.errors import NotFound
from crm.records.query import one
from crm.records.relations import relations_to
from crm.screens.related_tables import CHOSEN, MOST_COLUMNS, offered_columns
from crm.screens.views.blueprint import bp
from crm.security.preferences import write_preference
from crm.web.context import current_actor, current_preferences, klynge, works
from crm.web.guard import needs


@bp.post("/r/<int:record_id>/columns/<key>")
@needs("@crm")
def choose_columns(record_id: int, key: str) -> AnyResponse:
    """Keep the columns that were ticked, in the order in which they are offered; none gives the usual ones again."""
    with works().reading(current_actor()) as uow:
        row = one(uow, record_id)
        relation = next((item for item in relations_to(uow, uow.registry.get(row.type_key)) if item.key == key), None)
        if relation is None:
            raise NotFound
        offered = [item.api_name for item in offered_columns(uow, relation)]
    ticked = set(request.form.getlist("column"))
    wished = [name for name in offered if name in ticked][:MOST_COLUMNS]
    kept = {name: names for name, names in current_preferences().get(CHOSEN, {}).items() if name != key}
    user_id = current_actor().user_id
    if user_id is not None:
        with klynge().database.writing() as session:
            write_preference(session, user_id, CHOSEN, {**kept, key: wished} if wished else kept or None)
    return redirect(f"{row.url}?tab={key}", 303)
