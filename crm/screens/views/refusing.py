"""How a move is refused: as JSON with the reason, so that the browser puts the card or the event back."""

from __future__ import annotations

from collections.abc import Callable
from functools import wraps
from typing import ParamSpec

from flask import Response, jsonify

from crm.records.store import StaleRecord
from crm.screens import moves
from crm.web.context import current_actor, current_locale, works

P = ParamSpec("P")
Answer = Response | tuple[Response, int]


def answers_refusals(view: Callable[P, Answer]) -> Callable[P, Answer]:
    """Make a view answer what it is refused with (`moves.Refusals`) in words; one that came too late is told who was first."""

    @wraps(view)
    def answering(*args: P.args, **named: P.kwargs) -> Answer:
        try:
            return view(*args, **named)
        except StaleRecord as stale:
            with works().reading(current_actor()) as uow:
                body, status = moves.overtaken(uow, stale, current_locale())
        except moves.Refusals as error:
            body, status = moves.refusal(error, current_locale())
        return jsonify(body), status

    return answering
