"""What the command palette offers beside the acts of the open page: where one may go, what one may make, what one may find.

All of it is asked under the rights of the one who looks; the browser keeps ids of what was seen, and asks for names each time.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from typing import Any, Final

from sqlalchemy import or_, select

from crm.kernel.i18n import N_, Label, Message, worded
from crm.records.query import titles
from crm.records.saved_views import named
from crm.records.search import find
from crm.records.types import RecordType
from crm.records.view_models import SavedView
from crm.records.work import UnitOfWork
from crm.screens import navigation

Words = Label | Message | str
#: Hits that are shown, and how many of each type are looked at.
MOST: Final = 12
EACH: Final = 6
#: Records seen lately that are shown.
SEEN: Final = 8
#: The sign at the beginning → the type it looks in, when there is such a type.
PREFIXES: Final = {"@": "person", "#": "case"}


@dataclass(frozen=True, slots=True)
class Command:
    """A place to go to. `detail` stands beside it, smaller."""

    label: Words
    url: str
    icon: str
    detail: Words = ""


Source = Callable[[UnitOfWork], Iterable[Command]]


def _places(uow: UnitOfWork) -> Iterable[Command]:
    """Entries of the menu that are not lists, and one's own account."""
    for section in navigation.sections(uow):
        for item in section.items:
            if not item.type_key or item.url != f"/t/{item.type_key}":
                yield Command(item.label, item.url, item.icon)
    yield Command(N_("My profile"), "/me", "user-circle")


def _lists(uow: UnitOfWork) -> Iterable[Command]:
    for item in uow.registry.types.values():
        if uow.access.may("read", item.key):
            yield Command(item.names.title, f"/t/{item.key}", item.icon)


def _views(uow: UnitOfWork) -> Iterable[Command]:
    """Saved views, shared ones and one's own, of types that may be read."""
    mine = SavedView.owner_id == uow.actor.user_id
    statement = select(SavedView).where(SavedView.deleted_at.is_(None), or_(SavedView.shared, mine))
    for view in uow.session.scalars(statement.order_by(SavedView.position, SavedView.id).limit(500)):
        item = uow.registry.by_id.get(view.type_id)
        if item is not None and uow.access.may("read", item.key):
            yield Command(named(view), f"/t/{item.key}?view={view.id}", item.icon, item.names.title)


def _new(uow: UnitOfWork) -> Iterable[Command]:
    for item in navigation.makeable(uow):
        yield Command(item.names.new, navigation.new_url(item.key), "plus")


_sources: dict[str, tuple[Message, Source]] = {
    "go": (N_("Go to"), _places),
    "lists": (N_("Lists"), _lists),
    "views": (N_("Saved views"), _views),
    "new": (N_("Make"), _new),
}


def register_source(key: str, label: Message, source: Source) -> None:
    """Offer further places in the palette, under a heading; called once, at start."""
    _sources[key] = (label, source)


def commands(uow: UnitOfWork, locale: str) -> dict[str, Any]:
    """Give all places as JSON: groups of items, and which signs look in which type."""
    groups = []
    for key, (label, source) in _sources.items():
        items = [_command(one, locale) for one in source(uow)]
        if items:
            groups.append({"key": key, "label": label(locale), "items": items})
    known = {sign: key for sign, key in PREFIXES.items() if key in uow.registry.types and uow.access.may("read", key)}
    return {"groups": groups, "prefixes": known}


def _command(one: Command, locale: str) -> dict[str, str]:
    return {"label": worded(one.label, locale), "detail": worded(one.detail, locale), "url": one.url, "icon": one.icon}


def records(uow: UnitOfWork, text: str, locale: str, types: Sequence[str] = ()) -> list[dict[str, Any]]:
    """Find records as a person types: those whose title says so first, whatever their type; a few of each."""
    hits = [(group.type, place, hit) for group in find(uow, text, each=EACH, types=types) for place, hit in enumerate(group.hits)]
    hits.sort(key=lambda one: (not one[2].in_title, one[1]))
    return [_record(of_type, hit.id, hit.title, hit.url, locale) for of_type, _place, hit in hits[:MOST]]


def seen(uow: UnitOfWork, ids: Sequence[int], locale: str) -> list[dict[str, Any]]:
    """Give records that were seen lately, as they are called now; one that may no longer be seen is left out."""
    found = titles(uow, ids[:SEEN])
    known = [found[one] for one in ids[:SEEN] if one in found]
    return [_record(uow.registry.get(one.type_key), one.id, one.title, one.url, locale) for one in known]


def _record(of_type: RecordType, record_id: int, title: str, url: str, locale: str) -> dict[str, Any]:
    return {"id": record_id, "label": title, "detail": of_type.names.one(locale), "url": url, "icon": of_type.icon}
