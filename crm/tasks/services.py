"""Use cases of tasks: writing one from a line, and ticking off."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, Final

from crm.kernel.errors import InvalidInput, NotFound
from crm.kernel.i18n import N_
from crm.records.query import one
from crm.records.work import UnitOfWork
from crm.tasks.line import dotted, person_of, read_line
from crm.tasks.queries import SHOWN, known_users
from crm.tasks.rules import DONE

#: The step that each state of a task is left by.
STEPS: Final = {True: "complete", False: "reopen"}


@dataclass(frozen=True, slots=True)
class WriteTask:
    """A task as one line (`tasks.line`), perhaps about a record."""

    line: str
    about_id: int | None = None


def write_task(uow: UnitOfWork, order: WriteTask) -> int:
    """Make a task from a line and give its id; whoever is not named does it themselves.

    Raises:
        AccessDenied: no right to make tasks.
        InvalidInput: the line says nothing to do, or names nobody we know.
    """
    users = known_users(uow) if "@" in order.line else {}
    quick = read_line(dotted(order.line, (name for name, _ in users.values())), uow.today(), uow.zone)
    if not quick.title:
        raise InvalidInput({"line": N_("Write what is to be done.")})
    owner = uow.actor.user_id
    if quick.person is not None:
        owner = person_of(quick.person, users)
        if owner is None:
            raise InvalidInput({"line": N_("There is nobody, or more than one, called “@%(name)s”.", name=quick.person)})
    values: dict[str, Any] = {"title": quick.title, "owner": owner, "due": quick.due, "repeats": quick.repeats}
    if order.about_id is not None:
        values["about"] = order.about_id
    if quick.high:
        values["priority"] = "high"
    return uow.records.create("task", values, owner_id=owner)


def tick(uow: UnitOfWork, record_id: int, *, done: bool) -> str:
    """Mark a task or follow-up as done, or as open again, and give its title; twice does it once.

    Raises:
        NotFound: there is none that the actor may see.
        AccessDenied, RuleViolation: from the step.
    """
    row = one(uow, record_id)
    if row.type_key not in SHOWN:
        raise NotFound
    if (row.state == DONE) is not done:
        uow.records.transition(record_id, STEPS[done])
    return row.title
