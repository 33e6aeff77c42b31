"""The history of a record in words: who, when, and old → new with the labels that people know."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any, Final

from crm.kernel import format as forms
from crm.kernel.i18n import N_, Message
from crm.records.query import Title, titles
from crm.records.related import ChangeLine
from crm.records.types import Field, Links, RecordType
from crm.records.undo import OWN_ACTS
from crm.records.work import UnitOfWork
from crm.screens.checklists import row_words
from crm.screens.present import Presenter, Shown, head_field

HEADS: Final = {
    "create": N_("Created"),
    "update": N_("Changed"),
    "transition": N_("Status"),
    "link": N_("Linked"),
    "unlink": N_("Link removed"),
    "delete": N_("Put into the trash"),
    "restore": N_("Restored"),
    "comment": N_("Comment"),
    "file": N_("Files changed"),
    "merge": N_("Merged"),
}
#: Changes that were not made by hand name what made them.
CAUSES: Final = {
    "import": N_("by an import"),
    "flow": N_("by a flow"),
    "automation": N_("automatically"),
    "sync": N_("by synchronisation"),
    "undo": N_("by undo"),
    "day": N_("by the calendar"),
}
#: Of a new record the fields are on the page already: nothing of them is read or worded.
_QUIET: Final = frozenset({"create"})
_TONES: Final = {"create": "teal", "transition": "teal", "delete": "red", "link": "amber"}
#: Longer texts are cut in the timeline; the record page has the whole.
CUT: Final = 160


@dataclass(frozen=True, slots=True)
class Step:
    """One field of a change."""

    name: str
    label: str
    old: Shown
    new: Shown
    #: What became of it, where a sentence says more than old and new.
    words: str = ""


@dataclass(frozen=True, slots=True)
class TimelineLine:
    """One change, ready for the page."""

    id: int
    head: Message
    tone: str
    who: str
    at: datetime
    steps: tuple[Step, ...]
    comment: str = ""
    #: Only its head is said.
    quiet: bool = False
    #: What did it, when nobody did it by hand just so.
    cause: Message | None = None
    #: The act it was part of, if the one who looks may undo it.
    act_id: str | None = None


def timeline(presenter: Presenter, record_type: RecordType, lines: Sequence[ChangeLine]) -> list[TimelineLine]:
    """Word changes; all names are read at once."""
    pairs = [
        (item, value)
        for line in lines
        if line.kind not in _QUIET
        for item, old, new in _values(record_type, line)
        for value in (old, new)
    ]
    presenter.prepare(pairs)
    linked = titles(presenter.uow, _linked_ids(pairs))
    return [_line(presenter, record_type, line, linked) for line in lines]


def _values(record_type: RecordType, line: ChangeLine) -> Iterable[tuple[Field, Any, Any]]:
    for name, (old, new) in line.patch.items():
        item = head_field(record_type, name)
        said = name == "comment" and line.kind == "transition"  # what was said with a step, whatever fields are called
        if item is not None and not said:
            yield item, old, new


def _linked_ids(pairs: Iterable[tuple[Field, Any]]) -> set[int]:
    return {int(value["to"]) for item, value in pairs if isinstance(item.place, Links) and isinstance(value, Mapping)}


def _line(presenter: Presenter, record_type: RecordType, line: ChangeLine, linked: Mapping[int, Title]) -> TimelineLine:
    quiet = line.kind in _QUIET
    values = () if quiet else _values(record_type, line)
    steps = [
        Step(
            item.api_name,
            item.label(presenter.locale),
            _shown(presenter, item, old, linked),
            _shown(presenter, item, new, linked),
            row_words(old, new, presenter.locale) if item.kind == "checklist" else "",
        )
        for item, old, new in values
    ]
    comment = str(line.patch["comment"][1]) if "comment" in line.patch and line.kind == "transition" else ""
    return TimelineLine(
        line.id,
        HEADS.get(line.kind, N_("Changed")),
        _TONES.get(line.kind, "grey"),
        line.actor_name,
        line.at,
        tuple(steps),
        comment,
        quiet=quiet,
        cause=CAUSES.get(line.cause),
        act_id=line.act_id if may_undo(presenter.uow, line.actor_id, line.at) else None,
    )


def may_undo(uow: UnitOfWork, actor_id: int | None, at: datetime) -> bool:
    """Whether the one who looks may undo an act of somebody's: their own for a while, administrators any."""
    if uow.access.may_use("@admin"):
        return True
    return actor_id is not None and actor_id == uow.actor.user_id and at >= uow.now() - OWN_ACTS


def _shown(presenter: Presenter, item: Field, value: Any, linked: Mapping[int, Title]) -> Shown:
    if isinstance(item.place, Links):
        return _link(presenter.locale, value, linked) if isinstance(value, Mapping) else Shown()
    shown = presenter.show(item, value)
    if len(shown.text) > CUT:
        return Shown(shown.text[:CUT].rstrip() + " …")
    return shown


def _link(locale: str, value: Mapping[str, Any], linked: Mapping[int, Title]) -> Shown:
    """Word a link: Grøn Energi, Direktør, 01.02.2014–."""
    title = linked.get(int(value["to"]))
    parts = [title.title if title else N_("(no access)")(locale)]
    if value.get("role"):
        parts.append(str(value["role"]))
    if value.get("from_on") or value.get("to_on"):
        parts.append(period(value.get("from_on"), value.get("to_on"), locale))
    return Shown(", ".join(parts), url=title.url if title else None)


def period(from_on: date | str | None, to_on: date | str | None, locale: str) -> str:
    """Word a period whose ends may be open: 01.02.2014–31.12.2016, 01.02.2014–."""
    first, last = (_read(day) for day in (from_on, to_on))
    if first is None and last is None:
        return ""
    return f"{forms.day(first, locale) if first else ''}–{forms.day(last, locale) if last else ''}"


def _read(day: date | str | None) -> date | None:
    return date.fromisoformat(day) if isinstance(day, str) else day
