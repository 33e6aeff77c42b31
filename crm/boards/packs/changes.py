"""What a later version of a pack brings that an earlier one did not: for the mail, the page, and whoever reads it again. Pure."""

from __future__ import annotations

from dataclasses import replace
from typing import Final

from crm.boards.packs import words
from crm.boards.packs.document import Grid, ItemSheet, PackDocument, Paragraph, Part, Section
from crm.kernel.i18n import Label

NEW_ITEM: Final = Label(da="nyt punkt {number}: {title}", en="new item {number}: {title}")
CHANGED_ITEM: Final = Label(da="punkt {number} er ændret", en="item {number} has changed")
GONE_ITEM: Final = Label(da="punktet ”{title}” er taget af dagsordenen", en="the item “{title}” was taken off the agenda")
NEW_ANNEX: Final = Label(da="{annex}: {title}", en="{annex}: {title}")
AND_MORE: Final = Label(da="og {number} tal til", en="and {number} figures more")
#: So many changed figures of an item are told one by one.
MOST_FIGURES: Final = 6
NEW_VERSION: Final = Label(da="{annex}: {title} (ny version)", en="{annex}: {title} (new version)")


def news(old: PackDocument | None, new: PackDocument) -> tuple[str, ...]:
    """List what is new, item by item in order of the agenda; nothing for a first version."""
    if old is None:
        return ()
    lines: list[str] = []
    for item in new.items:
        before = old.item(item.item_id)
        if before is None:
            lines.append(NEW_ITEM(new.locale).format(number=item.number, title=item.title))
            continue
        if _text_of(item) != _text_of(before):
            lines.append(CHANGED_ITEM(new.locale).format(number=item.number))
        known = {annex.file_id for annex in before.annexes}
        numbers = {annex.number for annex in before.annexes}
        for annex in item.annexes:
            if annex.file_id not in known:
                name = words.ANNEX_OF(new.locale).format(annex=annex.number, item=annex.item_number)
                words_of = NEW_VERSION if annex.number in numbers else NEW_ANNEX
                lines.append(words_of(new.locale).format(annex=name, title=annex.title))
    kept = {item.item_id for item in new.items}
    lines += [GONE_ITEM(new.locale).format(title=item.title) for item in old.items if item.item_id not in kept]
    return tuple(lines)


def rebuilt(old: PackDocument | None, new: PackDocument) -> tuple[str, ...]:
    """List what a new build changed in the version that it replaces, for the secretariat: items, annexes, and each figure."""
    if old is None:
        return ()
    lines = []
    for line in news(old, new):
        item = next((one for one in new.items if CHANGED_ITEM(new.locale).format(number=one.number) == line), None)
        before = old.item(item.item_id) if item is not None else None
        figures = _changed_figures(before, item) if item is not None and before is not None else []
        more = len(figures) - MOST_FIGURES
        told = [*figures[:MOST_FIGURES], *([AND_MORE(new.locale).format(number=more)] if more > 0 else [])]
        lines.append(f"{line}: {'; '.join(told)}" if told else line)
    return tuple(lines)


def _changed_figures(old: ItemSheet, new: ItemSheet) -> list[str]:
    """Give the cells of an item's tables that hold something else: Certifikater, Guld, Gældende: 7 → 8."""
    before = {(section.heading, place): grid for section in old.sections for place, grid in enumerate(_grids(section))}
    found = []
    for section in new.sections:
        for place, grid in enumerate(_grids(section)):
            known = before.get((section.heading, place))
            rows = {row[0]: row for row in known.rows} if known is not None and known.columns == grid.columns else {}
            for row in grid.rows:
                for column, was, now in zip(grid.columns, rows.get(row[0], row), row, strict=True):
                    if was != now:
                        found.append(f"{section.heading}, {row[0]}, {column.heading}: {was} → {now}")
    return found


def _grids(section: Section) -> list[Grid]:
    return [part for part in section.parts if isinstance(part, Grid)]


def _text_of(item: ItemSheet) -> ItemSheet:
    """An item without what changes by itself: its number, its annexes, and the moment that figures were drawn."""
    sections = tuple(replace(section, parts=tuple(_undated(part) for part in section.parts)) for section in item.sections)
    return replace(item, number=0, annexes=(), sections=sections)


def _undated(part: Part) -> Part:
    if isinstance(part, Paragraph):
        return replace(part, figures=())
    return replace(part, note="", figures=()) if isinstance(part, Grid) else part
