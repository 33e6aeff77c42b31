"""What cases put into a pack: by kind, how many were opened and ended since the last meeting, and how many run."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final

from crm.boards.packs import blocks
from crm.boards.packs.blocks import BlockContext
from crm.boards.packs.counting import counted, own_only, within
from crm.boards.packs.document import Paragraph, Part
from crm.boards.packs.figures import Cell, Counted, grid, heading, sentence
from crm.cases.rules import CLOSED, DROPPED, RUNNING, case_kinds
from crm.filters import All, Condition, Filter
from crm.kernel.i18n import Label
from crm.records.work import UnitOfWork

KIND: Final = Label(da="Slags", en="Kind")
OPENED: Final = Label(da="Åbnet siden sidst", en="Opened since last time")
ENDED: Final = Label(da="Afsluttet siden sidst", en="Closed since last time")
LEFT: Final = Label(da="Afbrudt siden sidst", en="Dropped since last time")
RUN: Final = Label(da="I gang nu", en="Running now")
TOTAL: Final = Label(da="I alt", en="In all")
NO_KIND: Final = Label(da="Uden slags", en="Without a kind")
COUNTS: Final = Label(
    da="{running} {running:sag|sager} er i gang. I perioden {period} er {opened} åbnet og {closed} afsluttet.",
    en="{running} {running:case is|cases are} running. In the period {period}, {opened} {opened:was|were} opened "
    "and {closed} closed.",
)
NONE: Final = Label(
    da="Ingen sager er i gang eller har været det i perioden {period}.", en="No cases run or have run in the period {period}."
)


def cases(uow: UnitOfWork, context: BlockContext) -> tuple[Part, ...]:
    """Draw cases by kind; those of organisations of the public catalogue stay out."""
    locale = context.locale
    questions = (
        within("opened", context),
        All((within("closed", context), Condition("state", "is", CLOSED))),
        All((within("closed", context), Condition("state", "is", DROPPED))),
        Condition("state", "in", RUNNING),
    )
    own = own_only("organisation")
    total = [counted(uow, "case", own, one) for one in questions]
    if not any(cell.ids for cell in total):
        return (Paragraph(NONE(locale).format(period=context.period)),)
    kinds: list[tuple[Label, Filter]] = [(kind.label, Condition("kind", "is", kind.key)) for kind in case_kinds()]
    rows: list[Sequence[Cell]] = []
    for label, of_kind in (*kinds, (NO_KIND, Condition("kind", "empty"))):
        cells: list[Counted] = [counted(uow, "case", own, of_kind, one) for one in questions]
        if any(cell.ids for cell in cells):
            rows.append((label(locale), *cells))
    rows.append((TOTAL(locale), *total))
    parts: dict[str, Cell] = {"running": total[3], "opened": total[0], "closed": total[1], "period": context.period}
    numbers = (heading(name, locale, 17, numeric=True) for name in (OPENED, ENDED, LEFT, RUN))
    table = grid((heading(KIND, locale, 32), *numbers), rows, locale, (context.drawn,))
    return (sentence(COUNTS(locale), parts, locale), table)


def install() -> None:
    """Register it."""
    blocks.register("cases", cases)
