"""*My tasks*, and what is done with tasks in place: written from a line, ticked off, taken back."""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping
from typing import Any, Final

from flask import Blueprint, jsonify, make_response, redirect, render_template, request
from werkzeug.wrappers import Response

from crm.kernel.errors import InvalidInput, NotFound
from crm.kernel.i18n import N_, Message
from crm.records.query import one
from crm.records.work import UnitOfWork
from crm.screens.moves import undo_url
from crm.screens.tell import tell
from crm.tasks import home, panels, services
from crm.tasks.queries import known_users, my_done, my_open
from crm.tasks.rules import HEADINGS, PRESSING
from crm.tasks.services import WriteTask
from crm.web.context import current_actor, current_locale, is_htmx, next_path, works
from crm.web.guard import needs

bp = Blueprint("tasks", __name__, template_folder="templates")
panels.install()
MINE = "/tasks/mine"


@bp.get("/tasks/mine")
@needs("@crm")
def show_mine() -> str:
    """Show what waits for the one who looks (`due`: only until today, or only later), or what they did last."""
    with works().reading(current_actor()) as uow:
        facts = _done(uow) if request.args.get("done") else _open(uow, request.args.get("due", ""))
    return render_template("tasks/mine.html", **facts)


@bp.post("/tasks")
@needs("@crm")
def write() -> Response:
    """Write a task from one line, on *My tasks* or about a record; a refused line comes back as it was typed."""
    line, about_id = request.form.get("line", ""), request.form.get("about", type=int)
    try:
        with works().writing(current_actor()) as uow:
            task_id = services.write_task(uow, WriteTask(line, about_id))
            row, taken_back = one(uow, task_id), undo_url(uow)
        words = N_("“%(title)s” is written down.", title=row.title)
        if row.owner_id != current_actor().user_id:
            words = N_("“%(title)s” is given to a colleague.", title=row.title)
    except InvalidInput as error:
        return _answer(about_id, None, None, line=line, problem=next(iter(error.fields.values())))
    return _answer(about_id, words, taken_back)


@bp.get("/tasks/people")
@needs("@crm")
def offer_people() -> Response:
    """Give whom a task may be given to, as they are written after an @: by name, or by user name where two share one."""
    with works().reading(current_actor()) as uow:
        users = known_users(uow)
    names = [name for name, _ in users.values()]
    people = [{"id": one, "called": name if names.count(name) == 1 else username} for one, (name, username) in users.items()]
    return jsonify(people=people)


@bp.post("/tasks/<int:task_id>/<step>")
@needs("@crm")
def tick(task_id: int, step: str) -> Response:
    """Tick a task or follow-up off (`done`), or open it again (`open`)."""
    if step not in {"done", "open"}:
        raise NotFound
    with works().writing(current_actor()) as uow:
        title = services.tick(uow, task_id, done=step == "done")
        taken_back = undo_url(uow)
    words = N_("“%(title)s” is done.", title=title) if step == "done" else N_("“%(title)s” is open again.", title=title)
    return _answer(request.form.get("about", type=int), words, taken_back)


def _answer(about_id: int | None, words: Message | None, taken_back: str | None, **form: Any) -> Response:
    """Give the list anew with what was done and how to undo it; without htmx, go back to the page."""
    problem: Message | None = form.get("problem")
    if not is_htmx():
        if problem is not None and about_id is None:
            with works().reading(current_actor()) as uow:
                facts = _open(uow)
            return make_response(render_template("tasks/mine.html", **facts, **form), 422)
        if problem is not None:
            tell(problem, level="danger")
        elif words is not None:
            tell(words, undo_url=taken_back)
        return redirect(next_path(MINE if about_id is None else f"/r/{about_id}?tab=tasks"), 303)
    with works().reading(current_actor()) as uow:
        if about_id is not None:
            row = one(uow, about_id)
            page = render_template("tasks/_about_panel.html", row=row, **(panels.about_panel(uow, row) or {}), **form)
        elif (box := request.form.get("showing")) in _BOXES:
            page = render_template("tasks/_home.html", showing=box, **_BOXES[box](uow))
        else:
            facts = _done(uow) if request.form.get("showing") == "done" else _open(uow)
            page = render_template("tasks/_mine.html", **facts, **form)
    response = make_response(page)
    if words is not None:
        said = {"text": words(current_locale()), "level": "success", "undo_url": taken_back}
        response.headers["HX-Trigger"] = json.dumps({"klynge:message": said, "klynge:waiting": {}})
    return response


#: The lists of the front page, by what a tick in them says it was shown on.
_BOXES: Final[Mapping[str | None, Callable[[UnitOfWork], dict[str, Any]]]] = {
    "today": home.today_facts,
    "promised": home.promised_facts,
}


def _open(uow: UnitOfWork, due: str = "") -> dict[str, Any]:
    groups = my_open(uow)
    if due in {"today", "later"}:
        groups = [(heading, lines) for heading, lines in groups if (heading in PRESSING) == (due == "today")]
    return {"groups": groups, "headings": HEADINGS, "number": sum(len(lines) for _, lines in groups), "may_write": _may(uow)}


def _done(uow: UnitOfWork) -> dict[str, Any]:
    return {"done": my_done(uow), "may_write": _may(uow)}


def _may(uow: UnitOfWork) -> bool:
    return uow.access.may("create", "task")
