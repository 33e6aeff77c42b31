"""What pages of events, persons and organisations show beyond any record: who comes, how it was rated, what one was at."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from fractions import Fraction
from typing import Any, Final

from flask import request
from sqlalchemy import func, select

from crm.directory.regions import region_name, rule_words
from crm.events import evaluations, lifecycle, rules
from crm.events.evaluation_type import QUESTIONS
from crm.events.history import count_taken_part, taken_part
from crm.events.models import Evaluation, Event
from crm.events.participants import by_region, count_list, read_participants, standing_of
from crm.events.participation_type import ROLES, STATUSES
from crm.events.places import home_regions
from crm.kernel.clock import local_day
from crm.kernel.i18n import N_, Label, Message
from crm.records.query import Row, matching_ids
from crm.records.work import UnitOfWork
from crm.screens import navigation
from crm.screens.panels import Act, Panel, hide_related, register, register_acts, register_list_hint, tuck_away
from crm.web.context import klynge

PARTICIPANTS: Final = "participants"
EVALUATION: Final = "evaluation"
TAKEN_PART: Final = "events"
#: So many stand on the page; the list has the rest.
MOST_SHOWN: Final = 500


@dataclass(frozen=True, slots=True)
class RegionLine:
    """A line of the table by region: those who signed up, and those who attended."""

    name: Label | Message | str
    signed_up: Decimal
    attended: Decimal


def shown(share: Fraction) -> Decimal:
    """Give a share as it is printed: at most two decimals."""
    return round(Decimal(share.numerator) / Decimal(share.denominator), 2).normalize() + 0


def _reads(uow: UnitOfWork, type_key: str, *names: str) -> bool:
    """Whether the actor may read a type, and the fields by which its records are found."""
    readable = uow.access.readable(type_key)
    return uow.access.may("read", type_key) and (readable is None or readable.issuperset(names))


def reads_list(uow: UnitOfWork, _row: Row) -> bool:
    """Whether the actor may see who takes part in an event."""
    return _reads(uow, "participation", "event", "status")


def reads_history(uow: UnitOfWork, row: Row) -> bool:
    """Whether the actor may see what a person took part in, or people of an organisation."""
    return _reads(uow, "participation", "event", row.type_key)


def seats_panel(uow: UnitOfWork, row: Row) -> Mapping[str, Any] | None:
    """Load how full an event is, for the strip under its heading."""
    if not reads_list(uow, row):
        return None
    capacity = row.values.get("capacity")
    standing = standing_of(uow, row.id, None if capacity is None else int(capacity))
    if not standing.total and capacity is None:
        return None
    return {"standing": standing, "statuses": STATUSES, "tab": f"{row.url}?tab={PARTICIPANTS}"}


def participants_panel(uow: UnitOfWork, row: Row) -> Mapping[str, Any]:
    """Load an event's list, its numbers by status and by region, and what may be done with it."""
    event = uow.get(Event, row.id)
    everybody = read_participants(uow, event)
    status = request.values.get("status", "")
    chosen = [one for one in everybody if not status or one.status == status]
    day = uow.today() if event.starts_at is None else local_day(event.starts_at, uow.zone)
    standing = standing_of(uow, row.id, event.capacity)
    return {
        "event": event,
        "standing": standing,
        "statuses": STATUSES,
        "status_of": {one.key: one for one in STATUSES},
        "role_of": {one.key: one.label for one in ROLES},
        "status": status,
        "participants": chosen[:MOST_SHOWN],
        "left_out": max(0, len(chosen) - MOST_SHOWN),
        "regions": _region_lines(everybody, home_regions(day)) if everybody else [],
        "region_name": region_name,
        "rules": [PARTICIPANTS_RULE, rule_words(one.region_rule for one in everybody)],
        "some_open": any(not one.is_frozen for one in everybody),
        "may_mark": uow.access.may("update", "participation") and event.state != lifecycle.CANCELLED,
        "may_add": uow.access.may("create", "participation"),
        "has_begun": event.starts_at is not None and day <= uow.today(),
    }


def _region_lines(everybody: Sequence[Any], keys: Sequence[str]) -> list[RegionLine]:
    signed_up = by_region(everybody, keys)
    attended = {line.key: line for line in by_region([one for one in everybody if one.status == rules.ATTENDED], keys)}
    return [
        RegionLine(
            region_name(line.key) or N_("No region"),
            shown(line.participants),
            shown(attended[line.key].participants if line.key in attended else Fraction()),
        )
        for line in signed_up
    ]


def list_count(uow: UnitOfWork, row: Row) -> int | None:
    """Count who is on the list, for the tab."""
    return count_list(uow, row.id) or None


def taken_part_panel(uow: UnitOfWork, row: Row) -> Mapping[str, Any]:
    """Load the events that a person, or people of an organisation, took part in."""
    return {"lines": taken_part(uow, row.type_key, row.id), "status_of": {one.key: one for one in STATUSES}, "role_of": _roles()}


def _roles() -> dict[str, Label]:
    return {one.key: one.label for one in ROLES if one.key != "participant"}


def taken_part_count(uow: UnitOfWork, row: Row) -> int | None:
    """Count them, for the tab."""
    return count_taken_part(uow, row.type_key, row.id) or None


def reads_answers(uow: UnitOfWork, _row: Row) -> bool:
    """Whether the actor may see how events were rated."""
    return _reads(uow, "evaluation", "event")


def evaluation_panel(uow: UnitOfWork, row: Row) -> Mapping[str, Any]:
    """Load an event's answers in sum, and the form for one more."""
    kind = uow.registry.get("evaluation")
    return {
        "summary": evaluations.summary_of(uow, row.id, klynge().settings.small_cell_limit),
        "questions": [kind.by_name[name] for name in QUESTIONS],
        "may_answer": uow.access.may("create", "evaluation"),
        "event": uow.get(Event, row.id),
    }


def answer_count(uow: UnitOfWork, row: Row) -> int | None:
    """Count the answers, for the tab."""
    ids = matching_ids(uow, "evaluation", evaluations.of_event(row.id))
    return uow.session.scalar(select(func.count()).select_from(Evaluation).where(Evaluation.id.in_(ids))) or None


def event_acts(uow: UnitOfWork, row: Row) -> list[Act]:
    """Offer to paste a list, and the papers."""
    if not reads_list(uow, row):
        return []
    acts = []
    if uow.access.may("create", "participation") and row.state != lifecycle.CANCELLED:
        acts.append(Act("paste", N_("Paste a list of participants"), f"/events/{row.id}/paste", icon="users", method="get"))
    acts.append(
        Act("list", N_("List of participants"), f"/events/{row.id}/papers/list", icon="file-type-docx", method="get", more=True)
    )
    acts.append(Act("badges", N_("Name badges"), f"/events/{row.id}/papers/badges", icon="badge", method="get", more=True))
    return acts


#: How participants are counted by region on an event's own page.
PARTICIPANTS_RULE: Final = N_("Participants count in the region where their organisation belonged on the event's day.")
#: Words of the answers' sheet and of the message after one was written down.
QUESTION: Final = N_("Question")
ANSWER: Final = N_("Answer")
NUMBER: Final = N_("Number")
WRITTEN_DOWN: Final = N_("The answer is written down.")


def install() -> None:
    """Register panels, acts and hints; called once, when the app is made."""
    tuck_away("organisation", "event.host")
    register("event", Panel("seats", N_("Sign-up"), "events/_seats_panel.html", seats_panel, position=1))
    listed = Panel(
        PARTICIPANTS,
        N_("Participants"),
        "events/_participants.html",
        participants_panel,
        5,
        tab=True,
        count=list_count,
        fits=reads_list,
    )
    rated = Panel(
        EVALUATION,
        N_("Evaluation"),
        "events/_evaluation.html",
        evaluation_panel,
        8,
        tab=True,
        count=answer_count,
        fits=reads_answers,
    )
    register("event", listed)
    register("event", rated)
    took_part = Panel(
        TAKEN_PART,
        N_("Events"),
        "events/_taken_part.html",
        taken_part_panel,
        15,
        tab=True,
        count=taken_part_count,
        fits=reads_history,
    )
    register("person", took_part)
    register("organisation", took_part)
    register_acts("event", event_acts)
    hide_related("event", "participation", "event")
    hide_related("event", "evaluation", "event")
    hide_related("person", "participation", "person")
    hide_related("organisation", "participation", "organisation")
    totals = navigation.NavItem("event-totals", N_("Events in figures"), "/events/totals", "sum", "work", 46, type_key="event")
    navigation.add(totals)
    register_list_hint("event", N_("Choose “New event” to plan the first one; then paste its list of participants."))
    register_list_hint("participation", N_("Participants are put on the list on their event's page."))
