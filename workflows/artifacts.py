"""What a run leaves to be read in Prefect: a summary, the agenda as a table, the way to the CRM. No names of people."""

from __future__ import annotations

from typing import Final

from prefect.artifacts import create_link_artifact, create_markdown_artifact, create_table_artifact
from prefect.context import FlowRunContext

from crm.boards.services import AssembledPack, MeetingRef, PublishedPack
from crm.kernel.format import number
from workflows.meetings import meeting_url
from workflows.runtime import LOCALE

_COLUMNS: Final = ("Punkt", "Emne", "Type", "Minutter")


def show_pack(pack: AssembledPack, meeting: MeetingRef) -> None:
    """Show what was built."""
    lines = [
        f"| {step.label(LOCALE)} | {step.detail(LOCALE)} | {number(step.seconds, LOCALE, decimals=1)} s |" for step in pack.steps
    ]
    table = "\n".join(["| Trin | Indhold | Tid |", "|---|---|---|", *lines])
    unit = "sekund" if round(pack.seconds) == 1 else "sekunder"
    text = (
        f"# {pack.title}\n\nVersion {pack.number}, samlet på {pack.seconds:.0f} {unit}. "
        f"Intet er sendt ud: materialet skal først godkendes.\n\n{table}\n\n[Åbn mødet i CRM]({meeting_url(meeting)})"
    )
    # The rows' last column names people, so it is left out: what Prefect keeps is outside our erasure.
    rows = [dict(zip(_COLUMNS, row, strict=False)) for row in pack.agenda_rows]
    _leave(f"moede-{meeting.id}", text, rows, meeting)


def show_published(pack: PublishedPack, meeting: MeetingRef) -> None:
    """Show what was published."""
    what = "var allerede udsendt; intet er gjort igen" if pack.already else "er udsendt"
    mails = {0: "Ingen mails.", 1: "1 mail er lagt i udbakken."}.get(pack.mails, f"{pack.mails} mails er lagt i udbakken.")
    text = f"# {pack.title}\n\nVersion {pack.number} {what}. {mails}\n\n[Åbn mødet i CRM]({meeting_url(meeting)})"
    _leave(f"moede-{meeting.id}", text, [], meeting)


def _leave(key: str, text: str, rows: list[dict[str, str]], meeting: MeetingRef) -> None:
    """Write the artifacts; a flow's function called outside Prefect leaves none."""
    if FlowRunContext.get() is None:
        return
    create_markdown_artifact(markdown=text, key=f"{key}-resume", description="Resumé")
    if rows:
        create_table_artifact(table=rows, key=f"{key}-dagsorden", description="Dagsordenen, punkt for punkt")
    create_link_artifact(link=meeting_url(meeting), link_text=f"{meeting.title} i CRM", key=f"{key}-crm", description="Mødet i CRM")
