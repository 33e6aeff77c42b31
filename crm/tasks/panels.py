"""The tasks about a record, on every record's page; and the entry of the menu that says how much waits."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from crm.kernel.i18n import N_
from crm.records.query import Row
from crm.records.work import UnitOfWork
from crm.screens import navigation
from crm.screens.panels import EVERYWHERE, Act, Panel, register, register_acts, register_list_hint
from crm.screens.queries import may_do
from crm.tasks import timeline
from crm.tasks.queries import SHOWN, count_about, count_mine, may_be_about, tasks_about
from crm.tasks.rules import OPEN


def has_tasks(uow: UnitOfWork, row: Row) -> bool:
    """Whether tasks may be about a record, and the actor may know which ones are."""
    return may_be_about(uow, row.type_key)


def about_panel(uow: UnitOfWork, row: Row) -> Mapping[str, Any] | None:
    """Load the tasks about a record."""
    if not has_tasks(uow, row):
        return None
    is_open, is_done = tasks_about(uow, row.id)
    return {"open_tasks": is_open, "done_tasks": is_done, "may_write": uow.access.may("create", "task"), "target": row}


def about_count(uow: UnitOfWork, row: Row) -> int | None:
    """Count the open tasks about a record, for the tab."""
    return count_about(uow, row.id) or None


def tick_acts(uow: UnitOfWork, row: Row) -> Sequence[Act]:
    """Offer to tick an open task off with one click; the menu of its state opens a done one again."""
    if row.state != OPEN or not may_do(uow, "complete", uow.registry.get(row.type_key), row.id):
        return []
    return [Act("done", N_("Done"), f"/tasks/{row.id}/done", primary=True, icon="check")]


def install() -> None:
    """Register the panel and the entry; called once, when the app is made."""
    panel = Panel("tasks", N_("Tasks"), "tasks/_about_panel.html", about_panel, 20, tab=True, count=about_count, fits=has_tasks)
    register(EVERYWHERE, panel)
    timeline.install()
    for type_key in SHOWN:
        register_acts(type_key, tick_acts)
    register_list_hint("task", N_("Write the first one on “My tasks”, or on the page of what it is about."))
    navigation.add(navigation.NavItem("mine", N_("My tasks"), "/tasks/mine", "circle-check", position=-10, count=count_mine))
