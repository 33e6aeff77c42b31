"""`/t/<key>/board/…`: further cards, what the columns count, where a card may go, and moving it there."""

from __future__ import annotations

from typing import Any
from urllib.parse import parse_qsl

from flask import Response, jsonify, render_template, request

from crm.filters import Filter
from crm.kernel import format as forms
from crm.kernel.errors import InvalidInput, NotFound
from crm.kernel.i18n import N_, worded
from crm.records import query
from crm.records.types import RecordType
from crm.records.work import UnitOfWork
from crm.screens import moves
from crm.screens.board import board_field, columns_of, fits, held_values, key_of, load, more_cards, numbers, one_card
from crm.screens.board.moving import SeveralSteps, move_card, ways
from crm.screens.layouts import Layout, register_layout
from crm.screens.listing import ListState, filter_of, read_state, usual_sort
from crm.screens.present import value_of
from crm.screens.views.blueprint import bp
from crm.screens.views.refusing import Answer, answers_refusals
from crm.web.context import current_actor, current_locale, works
from crm.web.guard import needs

register_layout(Layout("board", N_("Board"), "layout-kanban", load, "records/board.html", fits, ("sum",)))


def _asked(uow: UnitOfWork, key: str, args: dict[str, str]) -> tuple[RecordType, ListState, Filter]:
    record_type = uow.registry.get(key)
    uow.access.require("read", key)
    state = read_state(record_type, args, usual_sort(uow, record_type))
    return record_type, state, filter_of(record_type, state)


@bp.get("/t/<key>/board/cards")
@needs("@crm")
def board_cards(key: str) -> str:
    """Give further cards of a column."""
    args = request.args.to_dict()
    column, cursor = args.pop("col", ""), args.pop("from", None)
    with works().reading(current_actor()) as uow:
        record_type, state, where = _asked(uow, key, args)
        found = more_cards(uow, record_type, state, where, column, cursor)
        return render_template("records/_board_cards.html", type=record_type, state=state, column=found)


@bp.get("/t/<key>/board/numbers")
@needs("@crm")
def board_numbers(key: str) -> Response:
    """Count the columns, and add up the chosen number over each, after the cards have come; a column not named has none."""
    locale = current_locale()
    with works().reading(current_actor()) as uow:
        record_type, state, where = _asked(uow, key, request.args.to_dict())
        lines = numbers(uow, record_type, state, where)
    return jsonify({line.key: {"number": forms.number(line.number, locale), "total": line.total.text} for line in lines})


@bp.get("/t/<key>/board/ways")
@needs("@crm")
@answers_refusals
def board_ways(key: str) -> Answer:
    """Give where one card may go: what is blocked too, with the reasons."""
    locale = current_locale()
    with works().reading(current_actor()) as uow:
        record_type = uow.registry.get(key)
        row = query.one(uow, request.args.get("id", 0, type=int), type_key=key)
        field = board_field(record_type, uow.access.readable(key), request.args.get("by", ""))
        if field is None:
            raise NotFound
        columns = [] if field.api_name == "state" else columns_of(uow, field, held_values(uow, record_type, field))[0]
        found = ways(uow, record_type, field, row, columns)
        here = key_of(value_of(row, field.api_name))
    return jsonify(
        here=here,
        ways=[
            {
                "to": way.column.key,
                "label": worded(way.column.label, locale),
                "colour": way.column.colour,
                "step": None if way.step is None else way.step.key,
                "step_label": None if way.step is None else way.step.label(locale),
                "reasons": [reason(locale) for reason in way.reasons],
            }
            for way in found
        ],
    )


@bp.post("/t/<key>/board/move")
@needs("@crm")
@answers_refusals
def board_move(key: str) -> Answer:
    """Move a card; the answer tells where it is now and how it looks. A refusal says why, and the card goes back."""
    form = request.form
    try:
        with works().writing(current_actor()) as uow:
            record_type = uow.registry.get(key)
            row = query.one(uow, form.get("id", 0, type=int), type_key=key)
            field = board_field(record_type, uow.access.readable(key), form.get("by", ""))
            if field is None or field.api_name != form.get("by"):
                raise InvalidInput({"by": N_("There is no such board.")})
            seen, step = form.get("seen_version", type=int), form.get("step") or None
            move_card(uow, record_type, field, row, source=form.get("from", ""), to=form.get("to", ""), step=step, seen=seen)
            undo = moves.undo_url(uow)
    except SeveralSteps as error:
        locale = current_locale()
        steps = [{"step": step.key, "step_label": step.label(locale)} for step in error.steps]
        return jsonify(choose=steps, question=error.message(locale))
    with works().reading(current_actor()) as uow:
        args = {**dict(parse_qsl(form.get("query", ""))), "layout": "board", "by": field.api_name}
        body = _moved(uow, key, row.id, args)
    if undo is None:
        body["text"] = None
    return jsonify(**body, undo_url=undo)


def _moved(uow: UnitOfWork, key: str, record_id: int, args: dict[str, str]) -> dict[str, Any]:
    """Give a moved card: its column, its look, and whether the list's filter still holds for it."""
    locale = current_locale()
    record_type, state, where = _asked(uow, key, args)
    try:
        field, card, still_fits = one_card(uow, record_type, state, where, record_id)
    except NotFound:  # moved to where the one who moved it may not look
        return {"to": None, "card": "", "text": N_("It is moved, and you no longer have access to it.")(locale)}
    value = value_of(card.row, field.api_name)
    label = next((option.label for option in field.options if option.key == value), None)
    text = (
        N_("“%(title)s” is moved.", title=card.row.title)
        if label is None
        else N_("“%(title)s” is now “%(label)s”.", title=card.row.title, label=label)
    )
    gone = N_("It no longer fits the filter.")
    words = text(locale) if still_fits else f"{text(locale)} {gone(locale)}"
    html = render_template("records/_board_card.html", type=record_type, state=state, card=card)
    return {"to": key_of(value) if still_fits else None, "card": html, "text": words, "version": card.row.version}
