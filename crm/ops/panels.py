"""What the worker did about a record, as lines of its timeline: flows, and mails."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Final

from sqlalchemy import bindparam, case, exists, func, select

from crm.kernel.i18n import N_, Label, Message
from crm.ops.models import SENT, FlowRequest, MailOutbox
from crm.ops.queries import flows_about
from crm.records.models import MAX_ID, Change
from crm.records.query import Row
from crm.records.work import UnitOfWork
from crm.screens.present import user_names
from crm.screens.timeline_sources import Entry, register_source

_names: dict[str, Label] = {}
_flow: Final[Any] = FlowRequest.__table__
_mail: Final[Any] = MailOutbox.__table__
_change: Final[Any] = Change.__table__
_SOME_FLOWS: Final = exists().where(_flow.c.record_id == bindparam("record_id"))
_SOME_MAILS: Final = exists().where(
    _mail.c.act_id.in_(select(_change.c.act_id).where(_change.c.record_id == bindparam("record_id")))
)


@dataclass(frozen=True, slots=True)
class FlowLine:
    """A flow about the record: its name, how it stands, who asked for it, and its last word."""

    name: Label | Message
    words: Message
    tone: str
    who: str
    at: datetime
    message: Message | None


@dataclass(frozen=True, slots=True)
class MailLine:
    """Mails of one subject that one act on the record ordered: how many there are, and how many have gone out."""

    subject: str
    number: int
    sent: int
    at: datetime


def name_flow(flow: str, name: Label) -> None:
    """Say how people call a flow."""
    _names[flow] = name


def flow_name(flow: str) -> Label | Message:
    """Give how people call a flow."""
    return _names.get(flow, N_("Flow"))


def _flows(uow: UnitOfWork, row: Row, before: int | None, limit: int) -> Sequence[Entry]:
    return [Entry(found.id, found.created_at, found) for found in flows_about(uow, row.id, before=before, limit=limit)]


def _worded_flows(uow: UnitOfWork, _row: Row, entries: Sequence[Entry], _locale: str) -> Sequence[Any]:
    asked = {entry.line.requested_by for entry in entries if entry.line.requested_by is not None}
    people = user_names(uow, asked) if asked else {}
    tones = {"done": "green", "failed": "red"}
    return [
        FlowLine(
            flow_name(entry.line.flow),
            entry.line.words,
            tones.get(entry.line.state, "amber"),
            people.get(entry.line.requested_by, ""),
            entry.at,
            entry.line.message,
        )
        for entry in entries
    ]


def _mails(uow: UnitOfWork, row: Row, before: int | None, limit: int) -> Sequence[Entry]:
    """Mails ordered by acts that changed the record; those of one act and subject are one line."""
    acts = select(Change.act_id).where(Change.record_id == row.id)
    last = func.max(MailOutbox.id)
    gone = func.sum(case((MailOutbox.state == SENT, 1), else_=0))
    statement = (
        select(
            last.label("last"),
            MailOutbox.subject,
            func.count().label("number"),
            gone.label("gone"),
            func.min(MailOutbox.created_at).label("at"),
        )
        .where(MailOutbox.act_id.in_(acts))
        .group_by(MailOutbox.act_id, MailOutbox.subject)
        .having(last < (before or MAX_ID))
        .order_by(last.desc())
        .limit(limit)
    )
    return [
        Entry(found.last, found.at, MailLine(found.subject, found.number, int(found.gone), found.at))
        for found in uow.session.execute(statement)
    ]


def install() -> None:
    """Register both."""
    flows, mails = N_("Flows"), N_("Mails")
    register_source("flows", flows, _flows, template="ops/_flow_line.html", present=_worded_flows, position=60, some=_SOME_FLOWS)
    register_source("mails", mails, _mails, template="ops/_mail_line.html", position=70, some=_SOME_MAILS)
