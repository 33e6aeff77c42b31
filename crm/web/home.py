"""The front page: for staff what today asks of them; a board member's home is the portal."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta
from typing import Any, Final

from flask import Blueprint, redirect, render_template
from werkzeug.wrappers import Response

from crm.boards.lifecycle import ASSEMBLED, DRAFT, FOR_APPROVAL
from crm.boards.rules import ItemFacts, lacks_text
from crm.filters import All, Condition
from crm.kernel import format as forms
from crm.kernel.errors import AccessDenied
from crm.kernel.i18n import N_, Message
from crm.records import query
from crm.records.work import UnitOfWork
from crm.screens import queries
from crm.screens.present import Presenter, Shown
from crm.screens.timeline_lines import mentions_for
from crm.tasks.queries import my_pressing
from crm.web.context import current_access, current_actor, current_locale, works
from crm.web.guard import signed_in

bp = Blueprint("home", __name__)
MEETINGS: Final = 5
FOLLOW_UPS: Final = 8
#: So far ahead a meeting is worth a line in the greeting.
NEAR: Final = timedelta(days=60)
#: While a meeting is being prepared, an item without text is something to do.
UNSENT: Final = frozenset({DRAFT, ASSEMBLED, FOR_APPROVAL})


@dataclass(frozen=True, slots=True)
class Line:
    """A record on the front page, with the facts that stand beside it."""

    row: query.Row
    when: Shown
    note: Shown
    late: bool = False


@bp.get("/")
@signed_in
def show_home() -> Response | str:
    """Show the front page of the one who looks."""
    access = current_access()
    if not access.may_use("@crm"):
        if access.may_use("@portal"):
            return redirect("/b/")
        raise AccessDenied
    actor = current_actor()
    with works().reading(actor) as uow:
        presenter = Presenter(uow, current_locale())
        meetings = next_meetings(uow, presenter)
        late, open_ones = follow_ups(uow, presenter)
        context: dict[str, Any] = {
            "greeting": forms.greeting(uow.now(), current_locale(), zone=uow.zone),
            "first_name": actor.name.split(" ")[0],
            "matters": pressing(uow, meetings, late),
            "meetings": meetings,
            "tasks": my_pressing(uow),
            "follow_ups": open_ones,
            "late": late,
            "mentions": mentions_for(uow, current_locale()),
            "latest": queries.latest(uow),
        }
    return render_template("home.html", **context)


def next_meetings(uow: UnitOfWork, presenter: Presenter) -> list[Line]:
    """Give the meetings from today on, the nearest first."""
    if not uow.access.may("read", "meeting"):
        return []
    where = Condition("when", "ge", uow.today().isoformat())
    page = query.list_page(uow, "meeting", where=where, sort="when", size=MEETINGS)
    return _lines(uow, presenter, "meeting", page.rows, "when", "place")


def follow_ups(uow: UnitOfWork, presenter: Presenter) -> tuple[int, list[Line]]:
    """Give how many open follow-ups are overdue, and the open ones, the oldest promise first."""
    if not uow.access.may("read", "follow_up"):
        return 0, []
    is_open = Condition("state", "is", "open")
    page = query.list_page(uow, "follow_up", where=is_open, sort="due", size=FOLLOW_UPS)
    late = query.count(uow, "follow_up", overdue(uow))
    return late.number, _lines(uow, presenter, "follow_up", page.rows, "due", "responsible")


def overdue(uow: UnitOfWork) -> All:
    """Give the filter of follow-ups that are open after their day."""
    return All((Condition("state", "is", "open"), Condition("due", "lt", uow.today().isoformat())))


def _lines(uow: UnitOfWork, presenter: Presenter, type_key: str, rows: tuple[query.Row, ...], when: str, note: str) -> list[Line]:
    record_type = uow.registry.get(type_key)
    fields = [item for name in (when, note) if (item := record_type.by_name.get(name)) is not None]
    presenter.prepare_rows(fields, rows)
    today = uow.today()
    found = []
    for row in rows:
        shown = {item.api_name: presenter.show(item, row.values.get(item.api_name)) for item in fields}
        value = row.values.get(when)
        is_late = value is not None and value.first_day(uow.zone) < today
        found.append(Line(row, shown.get(when, Shown()), shown.get(note, Shown()), is_late))
    return found


def pressing(uow: UnitOfWork, meetings: list[Line], late: int) -> list[tuple[Message, str]]:
    """Give what the greeting says, as links: the next meeting and what it lacks, and what is overdue."""
    found = []
    if meetings:
        near = next_meeting(uow, meetings[0])
        found += [near] if near is not None else []
    if late:
        words = N_("1 follow-up is overdue.") if late == 1 else N_("%(number)s follow-ups are overdue.", number=late)
        found.append((words, "/t/follow_up?state=open&sort=due"))
    return found


def next_meeting(uow: UnitOfWork, line: Line) -> tuple[Message, str] | None:
    """Word how near the next meeting is, and how many of its items lack text; nothing when it is far off."""
    day = line.row.values["when"].first_day(uow.zone)
    if day - uow.today() > NEAR:
        return None
    facts: dict[str, Any] = {"meeting": line.row.title, "when": forms.relative_day(day, uow.today(), current_locale())}
    lacking = 0 if line.row.state not in UNSENT else sum(lacks_text(item) for item in items_of(uow, line.row.id))
    if not lacking:
        return N_("%(meeting)s is %(when)s.", **facts), line.row.url
    if lacking == 1:
        return N_("%(meeting)s is %(when)s – 1 item lacks text.", **facts), line.row.url
    return N_("%(meeting)s is %(when)s – %(number)s items lack text.", **facts, number=lacking), line.row.url


def items_of(uow: UnitOfWork, meeting_id: int) -> list[ItemFacts]:
    """Give a meeting's agenda as its rules look at it."""
    items: list[ItemFacts] = list(uow.registry.get("meeting").facts(uow, meeting_id).get("items", ()))
    return items


@bp.get("/mine")
@signed_in
def show_mine() -> Response:
    """Lead an address of earlier days to *My tasks*."""
    return redirect("/tasks/mine")
