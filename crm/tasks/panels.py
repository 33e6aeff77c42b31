"""The tasks about a record, on every record's page; and the entry of the menu that says how much waits."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from crm.kernel.i18n import N_
from crm.records.query import Row
from crm.records.work import UnitOfWork
from crm.screens import navigation
from crm.screens.panels import EVERYWHERE, Panel, register, register_list_hint
from crm.tasks.queries import count_about, count_mine, tasks_about


def about_panel(uow: UnitOfWork, row: Row) -> Mapping[str, Any] | None:
    """Load the tasks about a record; a task itself has none, and who may not read tasks sees no box."""
    if uow.registry.get(row.type_key).follows is not None or not uow.access.may("read", "task"):
        return None
    is_open, is_done = tasks_about(uow, row.id)
    return {"open_tasks": is_open, "done_tasks": is_done, "may_write": uow.access.may("create", "task"), "target": row}


def about_count(uow: UnitOfWork, row: Row) -> int | None:
    """Count the open tasks about a record, for the tab."""
    return count_about(uow, row.id) or None


def install() -> None:
    """Register the panel and the entry; called once, when the app is made."""
    panel = Panel("tasks", N_("Tasks"), "tasks/_about_panel.html", about_panel, position=20, tab=True, count=about_count)
    register(EVERYWHERE, panel)
    register_list_hint("task", N_("Write the first one on “My tasks”, or on the page of what it is about."))
    navigation.add(
        navigation.NavItem("mine", N_("My tasks"), "/tasks/mine", "square-rounded-check", position=-10, count=count_mine)
    )
