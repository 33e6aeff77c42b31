"""What a task is on screen, in the API and in the log; whose it is, and what follows when it is done."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import UTC, date, datetime, timedelta
from typing import Final
from zoneinfo import ZoneInfo

from crm.filters import NOTHING, Any_, Condition, Filter
from crm.kernel.i18n import N_, Label
from crm.lifecycle.engine import Lifecycle, State, Transition
from crm.records.fields import DateValue
from crm.records.store.orders import Create, Order
from crm.records.types import (
    ANY_TYPE,
    ChangeFacts,
    Column,
    Field,
    Functions,
    Names,
    Option,
    Problems,
    RecordType,
    RuleContext,
    Spine,
    Values,
)
from crm.security.actors import Actor
from crm.tasks.models import Task
from crm.tasks.rules import DONE, OPEN, REPEAT_NAMES, next_day

SECTION: Final = "work"
LIFECYCLE: Final = Lifecycle(
    states=(
        State(OPEN, Label(da="Åben", en="Open"), "amber"),
        State(DONE, Label(da="Udført", en="Done"), "green", final=True),
    ),
    transitions=(
        Transition("complete", Label(da="Udført", en="Done"), (OPEN,), DONE),
        Transition("reopen", Label(da="Åbn igen", en="Open again"), (DONE,), OPEN, act="complete"),
    ),
)


def own_tasks(actor: Actor, _today: date) -> Filter:
    """Give the filter of the tasks that the actor is to do."""
    return NOTHING if actor.user_id is None else Condition("owner", "is", actor.user_id)


def for_the_actor(actor: Actor, today: date) -> Filter:
    """Give the filter that bounds every right to tasks: a private one is for its assignee and for the one who wrote it."""
    public = Condition("private", "is", False)
    if actor.user_id is None:
        return public
    return Any_((public, own_tasks(actor, today), Condition("created_by", "is", actor.user_id)))


def _check(_old: Values | None, new: Values, _context: RuleContext) -> Problems:
    due, until = new.get("due"), new.get("repeat_until")
    if new.get("repeats") and due is None:
        return {"due": N_("A task that comes again needs a date to count from.")}
    if until is not None and not new.get("repeats"):
        return {"repeats": N_("Choose how often it comes again, or remove the last day.")}
    return {}


def _come_again(change: ChangeFacts, today: date, zone: str) -> Sequence[Order]:
    """A task that comes again is written anew when it is done: a new record, so that what was done stays as it was."""
    new, due = change.new, change.new.get("due")
    if new.get("state") != DONE or not new.get("repeats") or not isinstance(due, DateValue):
        return ()
    first, until = due.first_day(zone), new.get("repeat_until")
    day = next_day(str(new["repeats"]), first, today, until.first_day(zone) if isinstance(until, DateValue) else None)
    if day is None:
        return ()
    values = {item.api_name: new.get(item.api_name) for item in TASK.fields}
    values["due"] = _moved(due, day - first, zone)
    remind = new.get("remind_on")
    values["remind_on"] = _moved(remind, day - first, zone) if isinstance(remind, DateValue) else None
    return [Create(TASK.key, values, owner_id=new.get("owner"))]


def _moved(due: DateValue, by: timedelta, zone: str) -> DateValue:
    """Move a day, or a moment by whole days of the office: ten o'clock stays ten o'clock when the clocks change."""
    if not isinstance(due.start, datetime):
        return DateValue(due.start + by)
    return DateValue((due.start.astimezone(ZoneInfo(zone)) + by).astimezone(UTC), all_day=False)


TASK: Final = RecordType(
    key="task",
    names=Names(
        one=Label(da="opgave", en="task"),
        many=Label(da="opgaver", en="tasks"),
        new=Label(da="Ny opgave", en="New task"),
        title=Label(da="Opgaver", en="Tasks"),
    ),
    icon="square-rounded-check",
    model=Task,
    lifecycle=LIFECYCLE,
    section=SECTION,
    functions=Functions(check=_check, after_step=_come_again),
    scopes={"own": own_tasks},
    guarded=for_the_actor,
    follows="about",
    list_fields=("title", "about", "owner", "due", "priority", "state"),
    list_sort=("due", False),
    fields=(
        Field("title", "text", Label(da="Opgave", en="Task"), Spine(("title",)), required=True),
        Field("about", "relation", Label(da="Vedrører", en="About"), Column(("about_id",)), targets=ANY_TYPE),
        Field(
            "owner",
            "user",
            Label(da="Ansvarlig", en="Assignee"),
            Spine(("owner_id",)),
            help=Label(da="Tomt på en ny opgave = dig selv.", en="Empty on a new task = yourself."),
        ),
        Field("due", "date", Label(da="Frist", en="Due"), Spine(("due_at", "all_day")), config={"time": "optional"}),
        Field("remind_on", "date", Label(da="Påmind den", en="Remind on"), Column(("remind_on",)), config={"store": "day"}),
        Field(
            "priority",
            "choice",
            Label(da="Prioritet", en="Priority"),
            Column(("priority",)),
            required=True,
            default="normal",
            options=(
                Option("high", Label(da="Høj", en="High"), "red"),
                Option("normal", Label(da="Normal", en="Normal")),
                Option("low", Label(da="Lav", en="Low"), "grey"),
            ),
        ),
        Field(
            "repeats",
            "choice",
            Label(da="Gentages", en="Comes again"),
            Column(("repeats",)),
            options=tuple(Option(key, name) for key, name in REPEAT_NAMES.items()),
            help=Label(da="Når den er udført, oprettes den næste.", en="When it is done, the next one is made."),
        ),
        Field(
            "repeat_until",
            "date",
            Label(da="Gentages til og med", en="Comes again until"),
            Column(("repeat_until",)),
            config={"store": "day"},
        ),
        Field(
            "private",
            "yes_no",
            Label(da="Privat", en="Private"),
            Column(("private",)),
            default=False,
            help=Label(
                da="Kun den ansvarlige og den, der har oprettet opgaven, kan se den.",
                en="Only the assignee and the one who wrote the task can see it.",
            ),
        ),
        Field(
            "description",
            "text",
            Label(da="Beskrivelse", en="Description"),
            Column(("description",)),
            config={"multiline": True},
        ),
    ),
)

TYPES: Final = (TASK,)
