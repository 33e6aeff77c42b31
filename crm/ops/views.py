"""`/ops`: what fails or waits behind the screen, row by row; for administrators."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Final

from flask import Blueprint, render_template

from crm.kernel.i18n import N_, Label, Message
from crm.kernel.wording import read
from crm.ops.panels import flow_name
from crm.ops.trouble import troubled
from crm.records.jobs.kinds import job_kind, known_kinds
from crm.records.jobs.models import Job
from crm.records.query import Title, titles
from crm.web.context import current_actor, works
from crm.web.guard import needs

bp = Blueprint("ops", __name__, template_folder="templates")

HEADINGS: Final[Mapping[str, Message]] = {
    "flows_failed": N_("Flows that failed"),
    "jobs_failed": N_("Jobs that failed"),
    "mails_failed": N_("Mails that could not be delivered"),
    "mails_held": N_("Mails that are held back"),
    "mails_waiting": N_("Mails that wait"),
    "flows_waiting": N_("Flows that wait"),
    "jobs_waiting": N_("Jobs that wait"),
}


@dataclass(frozen=True, slots=True)
class Shown:
    """A row: what it is, where it opens, what it is about, when it was ordered, and what went wrong."""

    name: str | Label | Message
    at: datetime
    url: str | None = None
    about: Title | None = None
    problem: Message | str | None = None
    reference: str | None = None


@bp.get("/ops")
@needs("@admin")
def show_trouble() -> str:
    """List what fails or waits."""
    with works().reading(current_actor()) as uow:
        rows = troubled(uow)
        about = titles(uow, [row.record_id for name in rows if name.startswith("flows") for row in rows[name] if row.record_id])
    sections = [(name, HEADINGS[name], _shown(name, rows[name], about)) for name in HEADINGS if name in rows]
    return render_template("ops/trouble.html", sections=sections)


def _shown(name: str, rows: Sequence[Any], about: Mapping[int, Title]) -> list[Shown]:
    if name.startswith("flows"):
        return [
            Shown(flow_name(row.flow), row.created_at, None, about.get(row.record_id or 0), read(row.message), row.error_reference)
            for row in rows
        ]
    if name.startswith("jobs"):
        return [
            Shown(_job_name(row), row.created_at, f"/jobs/{row.id}", None, read(row.message), row.error_reference) for row in rows
        ]
    return [Shown(f"{row.subject} → {row.to_name or row.to_address}", row.created_at, problem=row.problem) for row in rows]


def _job_name(row: Job) -> str | Label | Message:
    """Give what a job is called: its own title, else its kind's name, else the kind that the product no longer has."""
    return read(row.title) or (job_kind(row.kind).label if row.kind in known_kinds() else row.kind)
