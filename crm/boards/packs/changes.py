"""What a later version of a pack brings that an earlier one did not: for the mail, the page, and whoever reads it again. Pure."""

from __future__ import annotations

from dataclasses import replace
from typing import Final

from crm.boards.packs import words
from crm.boards.packs.document import Grid, ItemSheet, PackDocument, Paragraph, Part
from crm.kernel.i18n import Label

NEW_ITEM: Final = Label(da="nyt punkt {number}: {title}", en="new item {number}: {title}")
CHANGED_ITEM: Final = Label(da="punkt {number} er ændret", en="item {number} has changed")
GONE_ITEM: Final = Label(da="punktet ”{title}” er taget af dagsordenen", en="the item “{title}” was taken off the agenda")
NEW_ANNEX: Final = Label(da="{annex}: {title}", en="{annex}: {title}")
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


def _text_of(item: ItemSheet) -> ItemSheet:
    """An item without what changes by itself: its number, its annexes, and the moment that figures were drawn."""
    sections = tuple(replace(section, parts=tuple(_undated(part) for part in section.parts)) for section in item.sections)
    return replace(item, number=0, annexes=(), sections=sections)


def _undated(part: Part) -> Part:
    if isinstance(part, Paragraph):
        return replace(part, figures=())
    return replace(part, note="", figures=()) if isinstance(part, Grid) else part
