"""The front page's *I dag* and *Du har lovet*: what is due or overdue, and what else one has taken on, the oldest first."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Final

from crm.kernel.i18n import N_, Message
from crm.records.work import UnitOfWork
from crm.screens import home_boxes
from crm.screens.home_boxes import HomeBox, HomeContext
from crm.tasks.queries import TaskLine, my_open
from crm.tasks.rules import PRESSING

#: So many lines stand in a box; the number beside its heading leads to all.
MOST: Final = 8
TODAY_URL: Final = "/tasks/mine?due=today"
LATER_URL: Final = "/tasks/mine?due=later"


@dataclass(frozen=True, slots=True)
class Mine:
    """My open tasks and follow-ups: those due today or before, and those to come, each the oldest first."""

    pressing: list[TaskLine]
    promised: list[TaskLine]


def mine(uow: UnitOfWork) -> Mine:
    """Read what waits for the actor."""
    groups = my_open(uow)
    pressing = [line for heading, lines in groups if heading in PRESSING for line in lines]
    return Mine(pressing, [line for heading, lines in groups if heading not in PRESSING for line in lines])


def today_facts(uow: UnitOfWork) -> dict[str, Any]:
    """Give what the list of today shows, for the page and for the fragment after a tick."""
    return _shown(mine(uow).pressing, TODAY_URL)


def promised_facts(uow: UnitOfWork) -> dict[str, Any]:
    """Give what the list of promises shows."""
    return _shown(mine(uow).promised, LATER_URL)


def _shown(lines: list[TaskLine], url: str) -> dict[str, Any]:
    return {"tasks": lines[:MOST], "more": max(0, len(lines) - MOST), "url": url}


def _once(context: HomeContext) -> Mine:
    return context.once("tasks.mine", lambda: mine(context.uow))


def _today(context: HomeContext) -> Mapping[str, Any]:
    lines = _once(context).pressing
    day = [(home_boxes.worded_time(context, line), line) for line in home_boxes.today(context)]
    return {**_shown(lines, TODAY_URL), "day": day, "count": len(lines) or None}


def _promised(context: HomeContext) -> Mapping[str, Any]:
    lines = _once(context).promised
    return {**_shown(lines, LATER_URL), "count": len(lines) or None}


def _overdue(context: HomeContext) -> tuple[Message, str] | None:
    late = sum(line.is_late for line in _once(context).pressing)
    if not late:
        return None
    words = N_("1 task is overdue.") if late == 1 else N_("%(number)s tasks are overdue.", number=late)
    return words, TODAY_URL


def install() -> None:
    """Register the two boxes and the greeting's word."""
    home_boxes.add(HomeBox("today", N_("Today"), "tasks/_today_box.html", _today, 10))
    home_boxes.add(HomeBox("promised", N_("You have promised"), "tasks/_promised_box.html", _promised, 20))
    home_boxes.add_matter("tasks", _overdue, 60)
