"""Acts in words: what one did, what undoing it gave, and what was left alone."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Sequence
from typing import Final

from crm.kernel import format as forms
from crm.kernel.i18n import N_, Message
from crm.records.registry import Registry
from crm.records.undo import Skipped, UndoReport
from crm.records.undo.stack import ActLine, ActPart
from crm.records.work import UnitOfWork
from crm.screens.present import head_field

#: More fields than this are counted, not named.
_FIELDS: Final = 3
_PARTS: Final = 3
#: So much of what was left alone stands in the message; the page of the act has the rest.
_REASONS: Final = 2

_WORDS: Final = {
    "create": N_("Created %(what)s"),
    "transition": N_("Changed the status of %(what)s"),
    "link": N_("Linked %(what)s"),
    "unlink": N_("Removed a link of %(what)s"),
    "delete": N_("Put %(what)s into the trash"),
    "restore": N_("Took %(what)s out of the trash"),
    "comment": N_("Commented on %(what)s"),
    "file": N_("Changed the files of %(what)s"),
    "merge": N_("Merged %(what)s"),
}


def act_words(registry: Registry, line: ActLine, locale: str) -> str:
    """Say what an act did: Ændrede status på 12 organisationer."""
    parts = [_part(registry, part, locale) for part in line.parts[:_PARTS]]
    more = len(line.parts) - len(parts)
    if more:
        parts.append(N_("and %(number)s other changes", number=more)(locale) if more > 1 else N_("and 1 other change")(locale))
    return "; ".join(parts)


def _part(registry: Registry, part: ActPart, locale: str) -> str:
    names = registry.get(part.type_key).names
    if part.count > 1:
        what = f"{forms.number(part.count, locale)} {names.many(locale)}"
    else:
        what = f"”{part.title}”" if part.title is not None and locale == "da" else part.title or f"1 {names.one(locale)}"
    if part.kind == "update":
        return N_("Changed %(fields)s of %(what)s", fields=_fields(registry, part, locale), what=what)(locale)
    words = _WORDS.get(part.kind, N_("Changed %(what)s"))
    return Message(words.msgid, {"what": what})(locale)


def _fields(registry: Registry, part: ActPart, locale: str) -> str:
    record_type = registry.get(part.type_key)
    found = [item for name in part.fields if (item := head_field(record_type, name)) is not None]
    if not found:
        return N_("fields")(locale)
    if len(found) > _FIELDS:
        return N_("%(number)s fields", number=len(found))(locale)
    return forms.listing([_small(item.label(locale)) for item in found], locale)


def _small(text: str) -> str:
    """Write a label as it stands in a sentence; what is written in capitals stays so."""
    return text if text[1:2].isupper() else text[:1].lower() + text[1:]


def told(uow: UnitOfWork, report: UndoReport, locale: str, *, again: bool) -> Message:
    """Say what undoing gave (or, with `again`, doing it again), in a message of one or a few sentences."""
    sentences = []
    if report.undone:
        words = N_("Done again: %(what)s.") if again else N_("Undone: %(what)s.")
        sentences.append(Message(words.msgid, {"what": _records(uow, report, locale)})(locale))
    elif not report.skipped:
        sentences.append(N_("There was nothing left to undo.")(locale))
    else:
        sentences.append(N_("Nothing was undone.")(locale))
    sentences += left_alone(report.skipped, report.titles, locale)
    sentences += [message(locale) for message in report.remains]
    return N_("%(text)s", text=" ".join(sentences))


def _records(uow: UnitOfWork, report: UndoReport, locale: str) -> str:
    ids = report.records()
    if len(ids) == 1:
        found = report.titles.get(next(iter(ids)))
        if found is not None:
            return found
    return counted(uow.registry, [type_key for _, type_key in {(item.record_id, item.type_key) for item in report.undone}], locale)


def counted(registry: Registry, type_keys: Iterable[str], locale: str) -> str:
    """Count records by their types' own names: 12 organisationer og 3 personer."""
    parts = []
    for type_key, number in Counter(type_keys).most_common():
        names = registry.get(type_key).names
        parts.append(f"{forms.number(number, locale)} {(names.one if number == 1 else names.many)(locale)}")
    return forms.listing(parts, locale)


def left_alone(skipped: Sequence[Skipped], titles: dict[int, str], locale: str, most: int = _REASONS) -> list[str]:
    """Say what was left alone and why, the first few by name."""
    sentences = [_skipped(item, titles, locale) for item in skipped[:most]]
    more = len(skipped) - len(sentences)
    if more:
        sentences.append(
            N_("1 more was left alone.")(locale) if more == 1 else N_("%(number)s more were left alone.", number=more)(locale)
        )
    return list(_distinct(sentences))


def _skipped(item: Skipped, titles: dict[int, str], locale: str) -> str:
    title = titles.get(item.record_id)
    reason = item.words()(locale)
    return f"{title}: {reason}" if title else reason


def _distinct(sentences: Iterable[str]) -> Iterable[str]:
    return dict.fromkeys(sentences)
