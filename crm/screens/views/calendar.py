"""`/t/<key>/calendar/…`: what a list's calendar draws, and moving a record to another day."""

from __future__ import annotations

from flask import jsonify, request

from crm.kernel.errors import InvalidInput
from crm.kernel.i18n import N_
from crm.records import query
from crm.screens import moves
from crm.screens.calendar import calendar_field, events, fits, load, moved_value, read_days
from crm.screens.layouts import Layout, register_layout
from crm.screens.listing import filter_of, read_state
from crm.screens.present import Presenter
from crm.screens.views.blueprint import bp
from crm.screens.views.refusing import Answer, answers_refusals
from crm.web.context import current_actor, current_locale, works
from crm.web.guard import needs

register_layout(Layout("calendar", N_("Calendar"), "calendar", load, "records/calendar.html", fits, ("mode",)))


@bp.get("/t/<key>/calendar/events")
@needs("@crm")
def calendar_events(key: str) -> Answer:
    """Give the records of some days, by the list's filters, as the calendar draws them."""
    args = request.args.to_dict()
    days = {name: args.pop(name, "") for name in ("from", "to")}
    args.pop("timeZone", None)
    try:
        with works().reading(current_actor()) as uow:
            record_type = uow.registry.get(key)
            uow.access.require("read", key)
            state = read_state(record_type, args)
            field = calendar_field(uow, record_type, state.by.partition(":")[0])
            if field is None:
                return jsonify(events=[], capped=False)
            where = filter_of(record_type, state)
            found = events(uow, record_type, field, where, read_days(days), current_locale())
    except InvalidInput as error:
        return jsonify(refused=next(iter(error.fields.values()))(current_locale())), 400
    return jsonify(found)


@bp.post("/t/<key>/calendar/move")
@needs("@crm")
@answers_refusals
def calendar_move(key: str) -> Answer:
    """Change a record's date to where it was dropped; a refusal says why, and the browser takes it back."""
    locale, form = current_locale(), request.form
    record_id = form.get("id", 0, type=int)
    with works().writing(current_actor()) as uow:
        row = query.one(uow, record_id, type_key=key)
        record_type = uow.registry.get(key)
        field = calendar_field(uow, record_type, form.get("by", ""))
        if field is None or field.api_name != form.get("by"):
            raise InvalidInput({"by": N_("There is no date to move.")})
        raw = moved_value(field, row.values.get(field.api_name), form.get("start", ""), form.get("end") or None)
        version = uow.records.update(record_id, {field.api_name: raw}, seen_version=form.get("seen_version", type=int))
        value = query.one(uow, record_id, type_key=key).values[field.api_name]
        when = Presenter(uow, locale).day(value)
        text = N_("“%(title)s” is now %(when)s.", title=row.title, when=when)(locale)
        undo = moves.undo_url(uow)
    return jsonify(version=version, when=when, text=text if undo else None, undo_url=undo)
