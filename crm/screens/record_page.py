"""Everything a record page shows, read in one unit of work with a constant number of queries."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, Final

from crm.kernel.i18n import Label
from crm.lifecycle.engine import Choice
from crm.records.query import Row, one
from crm.records.related import LinkLine, RelatedPanel, history, links, related
from crm.records.types import Field, Links, RecordType, Spine
from crm.records.work import UnitOfWork
from crm.screens import panels
from crm.screens.forms import LinkForm
from crm.screens.listing import PREFIX, ListColumn, columns_of
from crm.screens.panels import Act, Panel
from crm.screens.present import Presenter, Shown, plain_values, value_of
from crm.screens.queries import may_do
from crm.screens.timeline import TimelineLine, period, timeline

HISTORY: Final = 15
#: Beyond the title, so many columns fit into a panel.
PANEL_COLUMNS: Final = 3
#: Up to so many steps stand as buttons; more go into a menu.
BUTTONS: Final = 2


@dataclass(frozen=True, slots=True)
class Fact:
    """A field of the record and its value."""

    field: Field
    shown: Shown


@dataclass(frozen=True, slots=True)
class RelatedBox:
    """Records of another type that point here, as a small table."""

    panel: RelatedPanel
    columns: tuple[ListColumn, ...]
    cells: tuple[tuple[Shown, ...], ...]
    list_url: str
    new_url: str | None


@dataclass(frozen=True, slots=True)
class LinkedLine:
    """A link and its period in words."""

    link: LinkLine
    period: str
    current: bool


@dataclass(frozen=True, slots=True)
class LinkBox:
    """Links of one field, seen from one side."""

    field: Field
    holder: RecordType
    label: Label
    outgoing: bool
    lines: tuple[LinkedLine, ...]
    may_change: bool
    #: The types to choose the other end from.
    targets: tuple[str, ...]
    form: LinkForm

    @property
    def key(self) -> str:
        """A name for this box on the page."""
        return f"{self.holder.key}-{self.field.api_name}-{'out' if self.outgoing else 'in'}"


@dataclass(frozen=True, slots=True)
class ExtraPanel:
    """A feature's panel with what it loaded."""

    panel: Panel
    context: Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class RecordPage:
    """What the template of a record page gets."""

    row: Row
    type: RecordType
    facts: tuple[Fact, ...]
    choices: tuple[Choice, ...]
    acts: tuple[Act, ...]
    related: tuple[RelatedBox, ...]
    links: tuple[LinkBox, ...]
    main: tuple[ExtraPanel, ...]
    side: tuple[ExtraPanel, ...]
    changes: tuple[TimelineLine, ...]
    more_changes: bool
    may_edit: bool
    may_delete: bool
    owner: str = ""
    parent: tuple[str, str] | None = None
    extra: Mapping[str, Any] = field(default_factory=dict)


def load_page(uow: UnitOfWork, record_id: int, locale: str, link_form: LinkForm | None = None) -> RecordPage:
    """Read a record page.

    Raises:
        NotFound: there is no such record, or it may not be seen.
    """
    row = one(uow, record_id)
    record_type = uow.registry.get(row.type_key)
    presenter = Presenter(uow, locale)
    boxes = related(uow, record_id)
    readable = uow.access.readable(record_type.key)
    fields = [
        item
        for item in record_type.fields
        if not isinstance(item.place, Links) and item.api_name != "title" and (readable is None or item.api_name in readable)
    ]
    pairs = [(item, row.values.get(item.api_name)) for item in fields]
    owner = [(_OWNER, row.owner_id)] if row.owner_id is not None else []
    presenter.prepare([*pairs, *owner, *_panel_pairs(uow, boxes)])
    facts = tuple(
        Fact(item, shown) for item, value in pairs if not (shown := presenter.show(item, value)).blank and not _idle(item, value)
    )
    may_edit = may_do(uow, "update", record_type, record_id)
    extra = [
        ExtraPanel(panel, context) for panel in panels.panels_of(record_type.key) if (context := panel.load(uow, row)) is not None
    ]
    lines = history(uow, record_id, limit=HISTORY + 1)
    return RecordPage(
        row,
        record_type,
        facts,
        tuple(_choices(uow, record_type, row)),
        tuple(panels.acts_on(uow, row)),
        tuple(_related_boxes(uow, presenter, row, boxes)),
        tuple(_link_boxes(uow, row, record_type, locale, may_edit=may_edit, link_form=link_form)),
        tuple(item for item in extra if not item.panel.side),
        tuple(item for item in extra if item.panel.side),
        tuple(timeline(presenter, record_type, lines[:HISTORY])),
        len(lines) > HISTORY,
        may_edit,
        may_do(uow, "delete", record_type, record_id),
        presenter.show(_OWNER, row.owner_id).text,
        _parent(presenter, fields, row),
    )


def _idle(item: Field, value: Any) -> bool:
    """Whether it is a warning of the system's that does not apply."""
    return item.kind == "yes_no" and item.read_only and value is False


_OWNER: Final = Field("owner", "user", Label(da="Ansvarlig", en="Owner"), Spine(("owner_id",)))


def _parent(presenter: Presenter, fields: Sequence[Field], row: Row) -> tuple[str, str] | None:
    """Give what the record belongs to (its first required relation), for the breadcrumb."""
    for item in fields:
        if item.kind == "relation" and item.required:
            title = presenter.titles.get(row.values.get(item.api_name) or 0)
            if title is not None:
                return title.title, title.url
    return None


def _choices(uow: UnitOfWork, record_type: RecordType, row: Row) -> list[Choice]:
    """Give the steps out of the record's state that the actor has the right to; a blocked one with its reasons."""
    if record_type.lifecycle is None:
        return []
    possible = [step for step in record_type.lifecycle.transitions if row.state in step.sources and step.by_hand]
    allowed = {step.key for step in possible if may_do(uow, step.act or step.key, record_type, row.id)}
    if not allowed:
        return []
    whole = uow.access.readable(record_type.key) is None
    values = plain_values(row) if whole else uow.records.values(row.id)
    choices = record_type.lifecycle.choices(row.state, values, record_type.facts(uow, row.id))
    return [choice for choice in choices if choice.transition.key in allowed]


def _panel_columns(uow: UnitOfWork, panel: RelatedPanel) -> tuple[ListColumn, ...]:
    columns = columns_of(panel.type, uow.access.readable(panel.type.key))
    return tuple(column for column in columns if column.name != panel.field.api_name)[: PANEL_COLUMNS + 1]


def _panel_pairs(uow: UnitOfWork, boxes: Sequence[RelatedPanel]) -> list[tuple[Field, Any]]:
    return [(column.field, value_of(row, column.name)) for box in boxes for column in _panel_columns(uow, box) for row in box.rows]


def _related_boxes(uow: UnitOfWork, presenter: Presenter, row: Row, boxes: Sequence[RelatedPanel]) -> list[RelatedBox]:
    found = []
    for box in boxes:
        if panels.is_hidden(row.type_key, box.type.key, box.field.api_name):
            continue
        columns = _panel_columns(uow, box)
        cells = tuple(
            tuple(
                Shown(other.title, url=other.url)
                if column.name == "title"
                else presenter.show(column.field, value_of(other, column.name))
                for column in columns
            )
            for other in box.rows
        )
        name = box.field.api_name
        may_make = uow.access.may("create", box.type.key)
        new_url = f"/t/{box.type.key}/new?{name}={row.id}&next={row.url}" if may_make else None
        found.append(RelatedBox(box, columns, cells, f"/t/{box.type.key}?{PREFIX}{name}={row.id}", new_url))
    return found


def _link_boxes(
    uow: UnitOfWork, row: Row, record_type: RecordType, locale: str, *, may_edit: bool, link_form: LinkForm | None
) -> list[LinkBox]:
    """Give a box for each link field of the type, and for each side that others link here by."""
    sides = [(record_type, item, True) for item in record_type.fields if isinstance(item.place, Links)]
    pointing = uow.registry.pointing_at(record_type.key)
    sides += [(other, item, False) for other, item in pointing if isinstance(item.place, Links) and item.back_label is not None]
    lines = links(uow, row.id) if sides else []
    today = uow.today()
    boxes = []
    for holder, item, outgoing in sides:
        readable = uow.access.readable(holder.key)
        if not uow.access.may("read", holder.key) or (readable is not None and item.api_name not in readable):
            continue
        own = [
            line
            for line in lines
            if line.field.api_name == item.api_name
            and line.outgoing is outgoing
            and (outgoing or line.other.type_key == holder.key)
        ]
        may_change = may_edit if outgoing else uow.access.may("update", holder.key)
        given = link_form if link_form is not None and (link_form.field, link_form.outgoing) == (item.api_name, outgoing) else None
        boxes.append(
            LinkBox(
                item,
                holder,
                item.label if outgoing else (item.back_label or item.label),
                outgoing,
                tuple(LinkedLine(line, period(line.from_on, line.to_on, locale), line.current(today)) for line in own),
                may_change,
                item.targets if outgoing else (holder.key,),
                given or LinkForm(item.api_name, outgoing),
            )
        )
    return boxes
