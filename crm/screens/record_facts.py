"""The fields of a record as its page shows them: filled ones under their headings, empty ones on demand, each with its editor."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Any, Final

from markupsafe import Markup, escape

from crm.kernel.i18n import N_, Label
from crm.records.query import Row
from crm.records.types import OWNER, Field, Links, RecordType
from crm.records.work import UnitOfWork
from crm.screens.icons import icon
from crm.screens.present import BLANK, Presenter, Shown, value_of

#: Values of these kinds take the whole width.
_WIDE: Final = frozenset({"rich_text"})
#: Where a field's name stands in a sentence that is translated once for all fields.
_HERE: Final = "\0"

_END: Final = Markup("</div></dd></div>")


@dataclass(frozen=True, slots=True)
class Fact:
    """A field of a record and its value; `url` is where it is edited, None where it may not be, and `edit` says so."""

    field: Field
    label: str
    shown: Shown
    edit: str = ""
    url: str | None = None

    @property
    def name(self) -> str:
        """The field's name."""
        return self.field.api_name

    @property
    def wide(self) -> bool:
        """Whether it takes the whole width."""
        return self.field.kind in _WIDE or bool(self.field.config.get("multiline"))

    @property
    def begin(self) -> Markup:
        """What stands before the value; written here, since a page has thirty of them and a template asks name by name."""
        looks = f"{' wide' if self.wide else ''}{' blank' if self.shown.blank else ''}"
        edited = f' data-fact="{self.name}"' if self.url else ""
        return Markup(  # noqa: S704 - names of fields are ours, the label is escaped
            f'<div class="fact{looks}"{edited}><dt>{escape(self.label)}</dt><dd><div class="fact-value" data-shows="{self.name}">'
        )

    @property
    def end(self) -> Markup:
        """What stands after the value: the way to its editor, where there is one."""
        if not self.url:
            return _END
        edit = f'<a class="fact-edit print-hide" href="{escape(self.url)}" data-inline aria-label="{escape(self.edit)}">'
        return Markup(f"</div>{edit}{icon('pencil')}</a></dd></div>")  # noqa: S704 - escaped


@dataclass(frozen=True, slots=True)
class FactSection:
    """Facts under one heading; the first has none."""

    label: Label | None
    facts: tuple[Fact, ...]


@dataclass(frozen=True, slots=True)
class Facts:
    """All facts of a record: filled ones, and the empty ones that may be filled in."""

    sections: tuple[FactSection, ...]
    empty: tuple[Fact, ...]

    def __bool__(self) -> bool:
        return bool(self.sections or self.empty)


def shown_fields(uow: UnitOfWork, record_type: RecordType) -> list[Field]:
    """Give the fields that the page shows as facts: readable, no links, not the title, and the owner last."""
    readable = uow.access.readable(record_type.key)
    own = [
        item
        for item in record_type.fields
        if not isinstance(item.place, Links) and item.api_name != "title" and (readable is None or item.api_name in readable)
    ]
    return [*own, OWNER] if "owner" in record_type.changeable and "owner" not in record_type.by_name else own


def values_of(row: Row, fields: Iterable[Field]) -> list[tuple[Field, Any]]:
    """Give the fields with the row's values."""
    return [(item, value_of(row, item.api_name)) for item in fields]


def may_write(uow: UnitOfWork, record_type: RecordType, item: Field, *, may_edit: bool) -> bool:
    """Whether the actor may change a field of a record that they may edit."""
    writable = uow.access.writable("update", record_type.key)
    known = item.api_name in record_type.changeable and not item.read_only and not isinstance(item.place, Links)
    return may_edit and known and (writable is None or item.api_name in writable)


def facts_of(
    presenter: Presenter, record_type: RecordType, row: Row, pairs: Sequence[tuple[Field, Any]], *, may_edit: bool
) -> Facts:
    """Word the values; `presenter` has read the names they need."""
    filled: dict[tuple[Label | None, bool], list[Fact]] = {}
    empty: list[Fact] = []
    edit = N_("Edit %(field)s", field=_HERE)(presenter.locale)
    for item, value in pairs:
        shown = presenter.show(item, value)
        label = item.label(presenter.locale)
        url = f"/r/{row.id}/field/{item.api_name}" if may_write(presenter.uow, record_type, item, may_edit=may_edit) else None
        words = edit.replace(_HERE, label) if url is not None else ""
        if shown.blank or _is_idle(item, value):
            if url is not None:
                empty.append(Fact(item, label, BLANK, words, url))
        else:
            fact = Fact(item, label, shown, words, url)
            filled.setdefault((item.section, item.section is None and fact.wide), []).append(fact)
    # Without a heading come first, then those under one in the order of the fields, long texts without one last.
    order = sorted(filled, key=lambda key: (key[1], key[0] is not None))
    return Facts(tuple(FactSection(key[0], tuple(filled[key])) for key in order), tuple(empty))


def _is_idle(item: Field, value: Any) -> bool:
    """Whether it is a warning of the system's that does not apply."""
    return item.kind == "yes_no" and item.read_only and value is False
