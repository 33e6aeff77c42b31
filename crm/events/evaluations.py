"""How an event was rated: the answers by question and step, without telling what so few said; and an answer written down."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Final

from crm.events.evaluation_type import QUESTIONS
from crm.events.models import Event
from crm.filters import All, Condition, Filter
from crm.kernel.i18n import N_, Label, Message
from crm.kernel.small_cells import telling
from crm.records import query
from crm.records.query import Row
from crm.records.tally import tally
from crm.records.work import UnitOfWork

#: So many comments stand on the page; the list has the rest.
COMMENTS: Final = 20


@dataclass(frozen=True, slots=True)
class Step:
    """A step of a scale: how many chose it, or None where that is not told."""

    key: str
    label: Label
    colour: str
    number: int | None


@dataclass(frozen=True, slots=True)
class Question:
    """A question with how many answered it; no steps where so few did that nothing is told."""

    key: str
    label: Label
    answered: int
    steps: tuple[Step, ...]


@dataclass(frozen=True, slots=True)
class Summary:
    """What an event's answers say together."""

    answers: int
    questions: tuple[Question, ...]
    #: Numbers smaller than this are not told.
    least: int
    comments: tuple[Row, ...] = ()

    @property
    def rule(self) -> Message | None:
        """Say what is left out, and why."""
        if self.least <= 1:
            return None
        return N_("Numbers below %(least)s are not shown, so that nobody can be recognised.", least=self.least)


def of_event(event_id: int) -> Filter:
    """Give the filter of an event's answers."""
    return Condition("event", "is", event_id)


def summary_of(uow: UnitOfWork, event_id: int, least: int) -> Summary:
    """Sum up an event's answers: one query a question, one to count, one for the comments.

    Raises:
        AccessDenied: answers may not be read.
    """
    where = of_event(event_id)
    kind = uow.registry.get("evaluation")
    readable = {item.api_name for item in query.readable_fields(uow, kind)}
    answers = query.count(uow, "evaluation", where, cap=0).number
    questions = []
    for name in QUESTIONS:
        if name not in readable:
            continue
        item = kind.by_name[name]
        counted = {one.value: one.number for one in tally(uow, "evaluation", name, where=where) if one.value is not None}
        numbers = [counted.get(option.key, 0) for option in item.options]
        told: Sequence[int | None] = telling(numbers, least) if sum(numbers) >= least else ()
        steps = tuple(
            Step(option.key, option.label, option.colour, number) for option, number in zip(item.options, told, strict=bool(told))
        )
        questions.append(Question(name, item.label, sum(numbers), steps))
    comments: tuple[Row, ...] = ()
    if "comment" in readable:
        said = All((where, Condition("comment", "filled")))
        comments = query.list_page(uow, "evaluation", where=said, sort="created_at", descending=True, size=COMMENTS).rows
    return Summary(answers, tuple(questions), least, comments)


def table_of(summary: Summary, locale: str) -> list[list[str]]:
    """Give the summary as rows of a sheet: question, answer, number; what is not told says so."""
    hidden = N_("fewer than %(least)s", least=summary.least)(locale)
    rows = []
    for question in summary.questions:
        rows += [
            [question.label(locale), step.label(locale), hidden if step.number is None else str(step.number)]
            for step in question.steps
        ]
        if not question.steps:
            rows.append([question.label(locale), N_("Answers")(locale), hidden if question.answered else "0"])
    return rows


def write_answer(uow: UnitOfWork, event_id: int, values: Mapping[str, str]) -> int:
    """Write down one answer to an event's evaluation, as from a sheet of paper; gives its id.

    Raises:
        NotFound, AccessDenied.
        InvalidInput: it says nothing, or something that is no step.
    """
    uow.get(Event, event_id)
    given = {name: values.get(name) or None for name in (*QUESTIONS, "comment")}
    return uow.records.create("evaluation", {"event": event_id, "answered": uow.today(), **given})
