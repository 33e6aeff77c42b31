"""`POST /t/<key>/cells`: many cells of a table changed at once, as one act."""

from __future__ import annotations

import json
from typing import Any, Final

from flask import Response, jsonify, request

from crm.kernel.errors import InvalidInput
from crm.kernel.i18n import N_, Message
from crm.records.work import UnitOfWork
from crm.screens import pasting
from crm.screens.inline import changed_between
from crm.screens.pasting import Cell, Pasted
from crm.screens.present import Presenter
from crm.screens.saved import saved_facts
from crm.screens.views.blueprint import bp
from crm.web.context import current_actor, current_locale, works
from crm.web.guard import needs

#: So many refusals are worded; the number of the others is told.
_TOLD: Final = 50


@bp.post("/t/<key>/cells")
@needs("@crm")
def change_cells(key: str) -> Response:
    """Change cells; `cells` is JSON: `[[id, version, field, text or {"from": id}], …]`. With `try=1` nothing is kept."""
    cells = _cells(request.form.get("cells", ""))
    with works().writing(current_actor()) as uow:
        record_type = uow.registry.get(key)
        uow.access.require("read", key)
        pasted = pasting.paste(uow, record_type, cells, try_only=request.form.get("try") == "1")
        presenter = Presenter(uow, current_locale())
        rows = [
            saved_facts(presenter, after, changed_between(record_type, before, after), page=False) for before, after in pasted.rows
        ]
        facts = _facts(uow, pasted)
    return jsonify(rows=rows, **facts)


def _cells(text: str) -> list[Cell]:
    """Read the order.

    Raises:
        InvalidInput: it is not what the table's script sends.
    """
    bad = InvalidInput({"cells": N_("The cells could not be read. Reload the page and try again.")})
    try:
        listed = json.loads(text)
        if not isinstance(listed, list):
            raise bad
        return [_cell(*parts) for parts in listed]
    except (ValueError, TypeError, KeyError, RecursionError):
        raise bad from None


def _cell(record_id: Any, version: Any, field: Any, content: Any) -> Cell:
    if not (isinstance(record_id, int) and isinstance(field, str) and (version is None or isinstance(version, int))):
        raise ValueError(record_id)
    if isinstance(content, dict):
        return Cell(record_id, field, "", version, (int(content["from"]), field))
    if not isinstance(content, str):
        raise TypeError(content)
    return Cell(record_id, field, content, version)


def _facts(uow: UnitOfWork, pasted: Pasted) -> dict[str, Any]:
    locale = current_locale()
    refused = [
        {
            "id": one.record_id,
            "field": one.field,
            "where": f"{one.title or '#' + str(one.record_id)}, {one.label if isinstance(one.label, str) else one.label(locale)}",
            "reason": one.reason(locale),
        }
        for one in pasted.refused[:_TOLD]
    ]
    undo = f"/acts/{pasted.act_id}/undo" if pasted.act_id is not None and pasted.changed else None
    return {
        "changed": pasted.changed,
        "refused": refused,
        "refusals": len(pasted.refused),
        "undo": undo,
        "message": _message(pasted)(locale),
    }


def _message(pasted: Pasted) -> Message:
    if not pasted.changed and not pasted.refused:
        return N_("Nothing was changed.")
    if not pasted.refused:
        return N_("1 cell is changed.") if pasted.changed == 1 else N_("%(number)s cells are changed.", number=pasted.changed)
    if pasted.changed == 1:
        return N_("1 cell is changed, %(refused)s refused.", refused=len(pasted.refused))
    return N_("%(number)s cells are changed, %(refused)s refused.", number=pasted.changed, refused=len(pasted.refused))
