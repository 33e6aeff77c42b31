"""From a meeting's values to its `PackDocument`. Pure: what the records say is read beforehand (`crm.boards.queries`)."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime

from crm.boards import rules
from crm.boards.packs import text, words
from crm.boards.packs.document import Annex, Column, Front, Grid, ItemSheet, PackDocument, Paragraph, Part, Section
from crm.boards.rules import ItemType
from crm.kernel import format as fmt


@dataclass(frozen=True, slots=True)
class AnnexSource:
    """A file of an agenda item: the version in force, and the first one, by which it keeps its number."""

    file_id: int
    name: str
    size: int
    first_id: int = 0

    @property
    def key(self) -> int:
        """What its number goes by."""
        return self.first_id or self.file_id


@dataclass(frozen=True, slots=True)
class BlockSource:
    """What a block of an item drew from the records, under its heading; the secretariat's remark to it stays over rebuilds."""

    heading: str
    parts: tuple[Part, ...]
    remark: str | None = None


@dataclass(frozen=True, slots=True)
class ItemSource:
    """An agenda item's values, and what its blocks drew."""

    record_id: int
    title: str
    item_type: str
    minutes: int | None = None
    presenter: str | None = None
    standing: bool = False
    closed: bool = False
    recommendation: str | None = None
    background: str | None = None
    presentation: str | None = None
    finances: str | None = None
    note: str | None = None
    blocks: tuple[BlockSource, ...] = ()
    annexes: tuple[AnnexSource, ...] = ()


@dataclass(frozen=True, slots=True)
class PackSource:
    """All that a pack is made of."""

    meeting_id: int
    meeting_title: str
    board_title: str
    office: str
    starts_at: datetime
    ends_at: datetime | None
    place: str | None
    contact: str
    items: tuple[ItemSource, ...]
    version: int
    built_at: datetime
    zone: str
    locale: str = "da"
    numbering: str = "meeting"
    #: Items of the board's earlier meetings of the year, for numbers that run on.
    earlier_items: int = 0
    members: tuple[str, ...] = ()
    #: Numbers that earlier published versions gave, by file.
    kept_annexes: Mapping[int, int] = field(default_factory=dict)


def build_document(source: PackSource) -> PackDocument:
    """Build the pack: front page, agenda, one sheet per item with the headings of its type, numbered annexes."""
    numbers = rules.item_numbers(len(source.items), source.numbering, source.earlier_items)
    files = [annex.key for item in source.items for annex in item.annexes]
    annexes = rules.annex_numbers(files, source.kept_annexes)
    sheets = tuple(_sheet(item, number, annexes, source.locale) for number, item in zip(numbers, source.items, strict=True))
    return PackDocument(
        meeting_id=source.meeting_id,
        version=source.version,
        locale=source.locale,
        built_at=source.built_at.astimezone(UTC).isoformat(),
        front=_front(source),
        agenda=agenda_grid(sheets, source.locale),
        items=sheets,
    )


def agenda_grid(items: tuple[ItemSheet, ...], locale: str) -> Grid:
    """Draw the agenda: number, subject, type, minutes, who presents; the sum of minutes under it."""
    columns = (
        Column(words.ITEM(locale), share=9),
        Column(words.SUBJECT(locale), share=42),
        Column(words.TYPE(locale), share=16),
        Column(words.MINUTES(locale), numeric=True, share=13),
        Column(words.PRESENTER(locale), share=19),
    )
    rows = tuple(
        (str(item.number), _agenda_title(item, locale), item.type_label, str(item.minutes or "–"), item.presenter or "–")
        for item in items
    )
    total = rules.total_minutes(item.minutes for item in items)
    label = {"da": "I alt {total}", "en": "{total} in all"}[locale]
    return Grid("", columns, rows, note=label.format(total=rules.duration(total, locale)) if total else "")


def _agenda_title(item: ItemSheet, locale: str) -> str:
    return f"{item.title} ({words.CLOSED(locale).lower()})" if item.closed else item.title


def _front(source: PackSource) -> Front:
    locale = source.locale
    moment = fmt.moment(source.built_at, locale, zone=source.zone)
    lines = [
        (words.BOARD(locale), source.board_title),
        (words.WHEN(locale), fmt.span(source.starts_at, source.ends_at, locale, zone=source.zone)),
        (words.WHERE(locale), source.place or ""),
        (words.CONTACT(locale), source.contact),
        (words.VERSION(locale), words.BUILT(locale).format(version=source.version, moment=moment)),
    ]
    return Front(
        office=source.office,
        board=source.board_title,
        title=source.meeting_title,
        kind=words.KIND(locale),
        lines=tuple((name, value) for name, value in lines if value),
        members=source.members,
    )


def _sheet(item: ItemSource, number: int, annexes: Mapping[int, int], locale: str) -> ItemSheet:
    item_type = ItemType(item.item_type)
    return ItemSheet(
        item_id=item.record_id,
        number=number,
        title=item.title,
        item_type=item_type.value,
        type_label=rules.ITEM_TYPES[item_type](locale),
        sections=_sections(item, item_type, locale),
        minutes=item.minutes,
        presenter=item.presenter or "",
        closed=item.closed,
        annexes=tuple(
            Annex(annexes[file.key], _annex_title(file.name), number, file.file_id, file.name, file.size) for file in item.annexes
        ),
    )


def _annex_title(file_name: str) -> str:
    stem, _, suffix = file_name.rpartition(".")
    return stem if stem and len(suffix) <= 5 else file_name


def _sections(item: ItemSource, item_type: ItemType, locale: str) -> tuple[Section, ...]:
    """The headings of the item's type that have text; then each block under its own, its remark last."""
    filled: dict[str, tuple[Part, ...]] = {}
    for name, _ in rules.HEADINGS[item_type]:
        raw = getattr(item, name)
        if name == "recommendation":
            opening = words.RECOMMENDS if item_type is ItemType.DECISION else words.SUGGESTS
            filled[name] = text.read_recommendation(raw, locale, opening)
        else:
            filled[name] = text.read_text(raw)
    sections = [Section(label(locale), filled[name]) for name, label in rules.HEADINGS[item_type] if filled[name]]
    sections += [_block(block, locale) for block in item.blocks]
    if item.note:
        sections.append(Section(words.NOTE(locale), text.read_text(item.note)))
    if not sections and not item.standing:
        heading = next(label for name, label in rules.HEADINGS[item_type] if name == "presentation")
        sections.append(Section(heading(locale), (Paragraph(words.NO_TEXT(locale), quiet=True),)))
    return tuple(sections)


def _block(block: BlockSource, locale: str) -> Section:
    """A block's section; the remark begins with whose it is, for it stands among figures."""
    if not block.remark:
        return Section(block.heading, block.parts)
    remark = text.read_text(f"{words.NOTE(locale)}: {block.remark}")
    return Section(block.heading, (*block.parts, *remark))


@dataclass(frozen=True, slots=True)
class FollowUpSource:
    """A follow-up as the block shows it."""

    title: str
    meeting_title: str
    responsible: str
    due: str
    done: bool
    overdue: bool
    done_on: str = ""
    record_id: int = 0


def follow_up_parts(rows: tuple[FollowUpSource, ...], moment: str, locale: str) -> tuple[Part, ...]:
    """Draw the block *Opfølgningspunkter siden sidst*: a sentence, and a table that says when its figures were drawn."""
    if not rows:
        return (Paragraph(words.NO_FOLLOW_UPS(locale)),)
    columns = (
        Column(words.FOLLOW_UP(locale), share=27),
        Column(words.FROM_MEETING(locale), share=22),
        Column(words.RESPONSIBLE(locale), share=16),
        Column(words.DUE(locale), share=15),
        Column(words.STATUS(locale), share=20),
    )
    table = tuple((row.title, row.meeting_title, row.responsible or "–", row.due or "–", _status(row, locale)) for row in rows)
    counted = {"done": tuple(row.record_id for row in rows if row.done), "total": tuple(row.record_id for row in rows)}
    return (
        text.counted(words.FOLLOW_UPS_DONE(locale), "follow_up", counted),
        Grid("", columns, table, note=words.FIGURES(locale).format(moment=moment)),
    )


def _status(row: FollowUpSource, locale: str) -> str:
    if row.done:
        return words.DONE_ON(locale).format(day=row.done_on) if row.done_on else words.DONE(locale)
    return words.OVERDUE(locale) if row.overdue else words.OPEN(locale)
