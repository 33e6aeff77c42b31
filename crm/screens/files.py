"""The files of a record as its page shows them: a tab on every record, with a count, and what may be done."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any, Final

from crm.kernel import format as forms
from crm.kernel.i18n import N_, Label, Message
from crm.records.files import FORMATS, GROUPS, FileLine, FileRules, count_files, field_rules, files_of
from crm.records.query import Row
from crm.records.types import Field, RecordType
from crm.records.work import UnitOfWork
from crm.screens.panels import EVERYWHERE, Panel, register
from crm.screens.queries import may_do

KEY: Final = "files"
FILES: Final = N_("Files")
_ICONS: Final = {
    "pdf": "file-type-pdf",
    "image": "photo",
    "text": "file-text",
    "mail": "mail",
    "media": "video",
    "archive": "file-zip",
}
_OFFICE: Final = {"docx": "file-type-docx", "odt": "file-type-docx", "xlsx": "file-spreadsheet", "ods": "file-spreadsheet"}


@dataclass(frozen=True, slots=True)
class FilesBox:
    """What the tab of files shows.

    Attributes:
        label: what the files are called here.
        marks: what a feature calls some of the files ("Annex 3"), by id.
        kept: those that a feature keeps from being deleted, each with why, by id.
    """

    row: Row
    files: tuple[FileLine, ...]
    may_change: bool
    fields: Mapping[str, Label]
    label: Message
    marks: Mapping[int, Message] = field(default_factory=dict)
    kept: Mapping[int, Message] = field(default_factory=dict)

    @property
    def count(self) -> int:
        """How many there are."""
        return len(self.files)


def files_box(uow: UnitOfWork, row: Row, label: Message = FILES) -> FilesBox:
    """Read the files of a record."""
    record_type = uow.registry.get(row.type_key)
    may_change = may_do(uow, "update", record_type, row.id)
    return FilesBox(row, tuple(files_of(uow, row.id)), may_change, _field_labels(record_type), label)


def _field_labels(record_type: RecordType) -> Mapping[str, Label]:
    return {item.api_name: item.label for item in record_type.fields if item.kind == "file"}


def load_files(uow: UnitOfWork, row: Row) -> Mapping[str, Any]:
    """Load the tab."""
    return {"box": files_box(uow, row)}


def icon_of(name: str) -> str:
    """Give the drawing for a file, by its suffix."""
    suffix = name.rpartition(".")[2].lower()
    kind = FORMATS.get(suffix)
    if kind is None:
        return "file"
    return _OFFICE.get(suffix, "presentation") if kind.group == "office" else _ICONS[kind.group]


def size_words(size: int, locale: str) -> str:
    """Word a size as people read it: 320 kB, 1,4 MB."""
    if size < 1024 * 1024:
        return f"{max(1, round(size / 1024))}{forms.NBSP}kB"
    return f"{forms.number(round(size / 1024 / 1024, 1), locale)}{forms.NBSP}MB"


def rules_for(rules: FileRules, item: Field | None) -> FileRules:
    """Give what a field takes, or what the office takes."""
    return rules if item is None else field_rules(rules, item)


def group_words(rules: FileRules, locale: str) -> str:
    """Word which types are taken: PDF, Billeder …."""
    held = {FORMATS[suffix].group for suffix in rules.suffixes}
    return ", ".join(words(locale) for key, words in GROUPS.items() if key in held)


def install() -> None:
    """Show the tab on every record."""
    register(EVERYWHERE, Panel(KEY, FILES, "files/_panel.html", load_files, position=60, tab=True, count=count_files))
