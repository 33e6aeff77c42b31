"""`POST /r/<id>/field/<name>/tick`: a row of a checklist, ticked off or opened again with one click; without a script too."""

from __future__ import annotations

import re
from typing import Final

from flask import jsonify, redirect, request
from werkzeug.wrappers import Response as AnyResponse

from crm.kernel.errors import NotFound
from crm.kernel.i18n import N_
from crm.screens.checklists import Tick, tick
from crm.screens.inline import changed_between
from crm.screens.moves import Refusals
from crm.screens.present import Presenter
from crm.screens.saved import saved_facts, steps_menu
from crm.screens.tell import tell
from crm.screens.views.blueprint import bp
from crm.web.context import current_actor, current_locale, is_htmx, next_path, works
from crm.web.guard import needs

#: What a button says: the place of its row, what becomes of it, and its text.
_ORDER: Final = re.compile(r"(\d{1,3})\.([01])\.(.+)", re.DOTALL)


@bp.post("/r/<int:record_id>/field/<name>/tick")
@needs("@crm")
def tick_row(record_id: int, name: str) -> AnyResponse | tuple[AnyResponse, int]:
    """Tick a row: JSON with how the record looks now, and the steps that are open to it; a refusal says why."""
    found = _ORDER.fullmatch(request.form.get("tick", ""))
    if found is None:
        raise NotFound
    order = Tick(record_id, name, int(found[1]), found[3], found[2] == "1")
    words = N_("“%(row)s” is ticked off.", row=order.text) if order.done else N_("“%(row)s” is open again.", row=order.text)
    try:
        with works().writing(current_actor()) as uow:
            saved = tick(uow, order)
            fields = changed_between(saved.type, saved.before, saved.after, name)
            facts = saved_facts(Presenter(uow, current_locale()), saved.after, fields)
            steps = steps_menu(uow, saved.type, saved.after) if is_htmx() else None
    except Refusals as error:
        if is_htmx():
            raise
        tell(error.message, level="danger")
        return redirect(next_path(f"/r/{record_id}"), 303)
    undo_url = None if saved.act_id is None else f"/acts/{saved.act_id}/undo"
    if is_htmx():
        return jsonify(**facts, field=name, message=words(current_locale()), undo=undo_url, steps=steps)
    tell(words, undo_url=undo_url)
    return redirect(next_path(saved.after.url), 303)
