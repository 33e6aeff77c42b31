"""The screens of events that the record platform does not give: marking who came, a pasted list, papers, answers, totals."""

from __future__ import annotations

import csv
import io
import json
from collections.abc import Mapping
from typing import Any, Final

from flask import Blueprint, make_response, redirect, render_template, request, send_file
from werkzeug.wrappers import Response

from crm.events import evaluations, panels, services, totals
from crm.events.guest_match import Verdict
from crm.events.models import Event
from crm.events.paper_making import paper_of
from crm.events.papers import BADGES_TITLE, LIST_TITLE
from crm.events.participation_type import STATUSES
from crm.events.ports import EventPapers
from crm.exchange.files import BOM, CSV_TYPE
from crm.exchange.safe import defused
from crm.kernel.errors import AccessDenied, InvalidInput, NotFound, RuleViolation
from crm.kernel.i18n import Message
from crm.kernel.text import slug
from crm.records.query import one
from crm.records.work import UnitOfWork
from crm.screens.moves import undo_url
from crm.screens.tell import tell
from crm.web.context import current_actor, current_locale, is_htmx, klynge, works
from crm.web.guard import needs

bp = Blueprint("events", __name__, template_folder="templates")
panels.install()
#: Where the own choices of a preview stand in its form: `who-3` for line 3.
CHOICE: Final = "who-"


def page_of(event: Event, tab: str = "") -> str:
    """Give an event's address."""
    return f"/r/{event.id}/{slug(event.title)}" + (f"?tab={tab}" if tab else "")


@bp.post("/events/<int:event_id>/mark")
@needs("@crm")
def mark(event_id: int) -> Response:
    """Mark who came: one by the button of a line (`mark=attended:12`), or the chosen lines (`mark=attended`, `ids`)."""
    status, _colon, single = request.form.get("mark", "").partition(":")
    ids = [int(text) for text in ([single] if single else request.form.getlist("ids")) if text.isdecimal() and len(text) < 19]
    try:
        with works().writing(current_actor()) as uow:
            found = services.mark_attendance(uow, event_id, ids, status)
            target, taken_back = page_of(uow.get(Event, event_id), panels.PARTICIPANTS), undo_url(uow)
    except (InvalidInput, RuleViolation) as error:
        problem = next(iter(error.fields.values()), error.message) if isinstance(error, InvalidInput) else error.message
        return _list_again(event_id, problem, "danger", None)
    if not is_htmx():
        tell(found.message, undo_url=taken_back)
        return redirect(target, 303)
    return _list_again(event_id, found.message, "success", taken_back)


def _list_again(event_id: int, words: Message, level: str, taken_back: str | None) -> Response:
    """Give the list anew with what was done or refused; the marks on the page come with it."""
    with works().reading(current_actor()) as uow:
        row = one(uow, event_id, type_key="event")
        facts = panels.participants_panel(uow, row)
        if not is_htmx():
            tell(words, level="danger")
            return redirect(page_of(uow.get(Event, event_id), panels.PARTICIPANTS), 303)
        response = make_response(render_template("events/_participants.html", row=row, **facts))
    said = {"text": words(current_locale()), "level": level, "undo_url": taken_back}
    response.headers["HX-Trigger"] = json.dumps({"klynge:message": said})
    return response


@bp.get("/events/<int:event_id>/paste")
@needs("@crm")
def ask_list(event_id: int) -> str:
    """*Indsæt deltagerliste*: the box to paste into."""
    with works().reading(current_actor()) as uow:
        uow.access.require("create", "participation")
        return _paste_page(uow, event_id)


@bp.post("/events/<int:event_id>/paste")
@needs("@crm")
def paste_list(event_id: int) -> Response | tuple[str, int]:
    """Show who the pasted lines are; or, when that was seen, put them on the list. A refusal keeps what was pasted."""
    text, status = request.form.get("text", ""), request.form.get("status", STATUSES[0].key)
    if request.form.get("do") != "place":
        try:
            with works().reading(current_actor()) as uow:
                found = services.preview_guests(uow, event_id, text)
                return make_response(_paste_page(uow, event_id, text, status, found=found, choices=_choices()))
        except InvalidInput as error:
            return _refused(event_id, text, status, error.fields)
    try:
        with works().writing(current_actor()) as uow:
            return _place(uow, event_id, text, status)
    except InvalidInput as error:
        return _refused(event_id, text, status, error.fields)
    except (RuleViolation, AccessDenied) as error:
        return _refused(event_id, text, status, {"": error.message})


def _choices() -> dict[int, str]:
    found = {}
    for name, value in request.form.items():
        number = name.removeprefix(CHOICE)
        if name.startswith(CHOICE) and number.isdecimal() and len(number) < 7:
            found[int(number)] = value
    return found


def _place(uow: UnitOfWork, event_id: int, text: str, status: str) -> Response:
    found, choices = services.preview_guests(uow, event_id, text), _choices()
    make = request.form.get("make_organisations") == "true"
    order, still_open = services.decide(found, choices, status, make_organisations=make)
    if still_open:
        page = _paste_page(uow, event_id, text, status, found=found, choices=choices, still_open=still_open)
        return make_response(page, 422)
    back = page_of(found.event, panels.PARTICIPANTS)
    placed = services.place_guests(uow, order, back=back)
    if placed.job_id is not None:
        tell(placed.message, saved=f"paste-{event_id}")
        return redirect(f"/jobs/{placed.job_id}", 303)
    taken_back = undo_url(uow) if placed.changed else None
    if placed.refused:
        tell(placed.message, level="warning", undo_url=taken_back)
        return make_response(_paste_page(uow, event_id, text, status, refused=placed.refused), 422)
    tell(placed.message, undo_url=taken_back, saved=f"paste-{event_id}")
    return redirect(back, 303)


def _refused(event_id: int, text: str, status: str, problems: Mapping[str, Message]) -> tuple[str, int]:
    with works().reading(current_actor()) as uow:
        return _paste_page(uow, event_id, text, status, problems=problems), 422


def _paste_page(uow: UnitOfWork, event_id: int, text: str = "", status: str = STATUSES[0].key, **more: Any) -> str:
    event = uow.get(Event, event_id)
    facts = {"found": None, "choices": {}, "still_open": {}, "problems": {}, "refused": (), **more}
    return render_template(
        "events/paste.html",
        event=event,
        back=page_of(event, panels.PARTICIPANTS),
        text=text,
        status=status,
        statuses=STATUSES,
        verdicts=Verdict,
        **facts,
    )


@bp.get("/events/<int:event_id>/papers/<kind>")
@needs("@crm")
def papers(event_id: int, kind: str) -> Response:
    """*Deltagerliste* (`list`) or *Navneskilte* (`badges`) as a file."""
    title = {"list": LIST_TITLE, "badges": BADGES_TITLE}.get(kind)
    if title is None:
        raise NotFound
    drawer, locale = klynge().get(EventPapers), current_locale()
    with works().reading(current_actor()) as uow:
        paper = paper_of(uow, uow.get(Event, event_id), locale, klynge().settings.office_name)
    content = drawer.participant_list(paper) if kind == "list" else drawer.name_badges(paper)
    return _download(content, drawer.media_type, paper.file_name(title, drawer.suffix))


def _download(content: bytes, media_type: str, name: str) -> Response:
    response = send_file(io.BytesIO(content), mimetype=media_type, as_attachment=True, download_name=name)
    response.headers["Cache-Control"] = "no-store"
    return response


@bp.post("/events/<int:event_id>/answers")
@needs("@crm")
def answer(event_id: int) -> Response:
    """Write down one answer of paper, and give the form again for the next; a refused one comes back as it was typed."""
    problems: Mapping[str, Message] = {}
    try:
        with works().writing(current_actor()) as uow:
            evaluations.write_answer(uow, event_id, request.form)
            target, taken_back = page_of(uow.get(Event, event_id), panels.EVALUATION), undo_url(uow)
    except InvalidInput as error:
        problems = error.fields
    if not problems and not is_htmx():
        tell(panels.WRITTEN_DOWN, undo_url=taken_back)
        return redirect(target, 303)
    with works().reading(current_actor()) as uow:
        row = one(uow, event_id, type_key="event")
        facts = {**panels.evaluation_panel(uow, row), "problems": problems, "typed": request.form if problems else {}}
    response = make_response(render_template("events/_evaluation.html", row=row, again=not problems, **facts))
    if problems and not is_htmx():
        response = make_response(render_template("events/answer.html", row=row, again=False, **facts), 422)
    elif not problems:
        said = {"text": panels.WRITTEN_DOWN(current_locale()), "level": "success", "undo_url": taken_back}
        response.headers["HX-Trigger"] = json.dumps({"klynge:message": said})
    return response


@bp.get("/events/<int:event_id>/evaluation.csv")
@needs("@crm")
def evaluation_sheet(event_id: int) -> Response:
    """Give the answers in sum as a sheet: just what the page tells."""
    locale = current_locale()
    with works().reading(current_actor()) as uow:
        event = uow.get(Event, event_id)
        summary = evaluations.summary_of(uow, event_id, klynge().settings.small_cell_limit)
    buffer = io.StringIO()
    writer = csv.writer(buffer, delimiter=";", lineterminator="\r\n")
    writer.writerow([panels.QUESTION(locale), panels.ANSWER(locale), panels.NUMBER(locale)])
    writer.writerows([defused(cell) for cell in row] for row in evaluations.table_of(summary, locale))
    return _download((BOM + buffer.getvalue()).encode(), CSV_TYPE, f"{slug(event.title)}-evaluering.csv")


@bp.get("/events/totals")
@needs("@crm")
def show_totals() -> str:
    """Events and participants by kind, region and period."""
    with works().reading(current_actor()) as uow:
        asked = totals.read_asked(request.args, uow.today())
        found = totals.totals_of(uow, asked, current_locale())
    words = {"parts": list(totals.PARTS.items()), "origins": list(totals.ORIGINS.items()), "presets": totals.presets(asked)}
    return render_template("events/totals.html", asked=asked, found=found, **words)
