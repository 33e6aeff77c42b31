"""What certificates put into a pack: how many are in force by level, what ends in the next months, and of whom."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from typing import Final

from crm.boards.packs import blocks
from crm.boards.packs.blocks import BlockContext
from crm.boards.packs.counting import counted, own_only
from crm.boards.packs.document import Paragraph, Part
from crm.boards.packs.figures import NOTHING, Cell, Counted, grid, heading, sentence
from crm.certification.rules import IN_FORCE, LEVELS, STATUS_NAMES, Status
from crm.filters import All, Condition
from crm.kernel import format as fmt
from crm.kernel.i18n import Label
from crm.records import query
from crm.records.query import titles
from crm.records.work import UnitOfWork

LEVEL: Final = Label(da="Niveau", en="Level")
IN_FORCE_WORD: Final = Label(da="Gældende", en="In force")
CLUSTER: Final = Label(da="Klynge", en="Cluster")
UNTIL: Final = Label(da="Gyldigt til", en="Valid until")
STATUS: Final = Label(da="Status", en="Status")
TOTAL: Final = Label(da="I alt", en="In all")
COUNTS: Final = Label(
    da="{total} {total:certifikat|certifikater} gælder: {gold} guld, {silver} sølv og {bronze} bronze. {soon} udløber snart, "
    "{renewable} er udløbet, men kan fornyes.",
    en="{total} {total:certificate is|certificates are} in force: {gold} gold, {silver} silver and {bronze} bronze. {soon} "
    "{soon:expires|expire} soon, {renewable} {renewable:has|have} expired but can be renewed.",
)
AHEAD: Final = Label(da="Udløber snart, eller kan fornyes", en="Expiring soon, or renewable")
NONE: Final = Label(da="Der er ingen certifikater.", en="There are no certificates.")
#: So many of those that end are listed.
MOST_LISTED: Final = 60
#: The columns of the table by level: the status that each counts.
_COLUMNS: Final = (Status.EXPIRING, Status.RENEWABLE)


def certificates(uow: UnitOfWork, context: BlockContext) -> tuple[Part, ...]:
    """Draw certificates by level and status, and where clusters may be named, those that end soon or can still be renewed."""
    locale, own = context.locale, own_only("organisation")
    held = Condition("status", "in", tuple(status.value for status in sorted(IN_FORCE)))
    by_status = [Condition("status", "is", status.value) for status in _COLUMNS]
    rows: list[Sequence[Cell]] = []
    levels: dict[str, Counted] = {}
    for level in reversed(LEVELS):
        of_level = All((own, Condition("level", "is", level)))
        cells = [counted(uow, "certificate", of_level, where) for where in (held, *by_status)]
        levels[level] = cells[0]
        rows.append((LEVELS[level](locale), *cells))
    total = [counted(uow, "certificate", own, where) for where in (held, *by_status)]
    if not any(cell.ids for cell in total):
        return (Paragraph(NONE(locale)),)
    rows.append((TOTAL(locale), *total))
    parts: dict[str, Cell] = {"total": total[0], "soon": total[1], "renewable": total[2], **levels}
    names = (IN_FORCE_WORD, *(STATUS_NAMES[status] for status in _COLUMNS))
    columns = (heading(LEVEL, locale, 25), *(heading(name, locale, 25, numeric=True) for name in names))
    table = grid(columns, rows, locale, (context.drawn,))
    listed = _listed(uow, context) if context.audience.names_clusters else ()
    return (sentence(COUNTS(locale), parts, locale), table, *listed)


def _listed(uow: UnitOfWork, context: BlockContext) -> tuple[Part, ...]:
    """List what ends soon or can still be renewed, the first to end first."""
    locale = context.locale
    where = All((own_only("organisation"), Condition("status", "in", tuple(status.value for status in _COLUMNS))))
    page = query.list_page(uow, "certificate", where=where, sort="valid_until", size=MOST_LISTED)
    names = titles(uow, [row.values["organisation"] for row in page.rows])
    rows: list[Sequence[Cell]] = []
    for row in page.rows:
        cluster, level = names.get(row.values["organisation"]), LEVELS[str(row.values["level"])](locale)
        until = row.values.get("valid_until")
        day = fmt.day(until.start, locale) if until is not None and isinstance(until.start, date) else NOTHING
        shown = Counted("certificate", (row.id,), level)
        rows.append((cluster.title if cluster else NOTHING, shown, day, STATUS_NAMES[Status(row.values["status"])](locale)))
    columns = [heading(name, locale, share) for name, share in ((CLUSTER, 40), (LEVEL, 15), (UNTIL, 18), (STATUS, 27))]
    return (grid(columns, rows, locale, (context.drawn,), AHEAD(locale)),) if rows else ()


def install() -> None:
    """Register it."""
    blocks.register("certificates", certificates)
