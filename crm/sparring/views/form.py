"""The form of a sparring: what it shows, and what it says when it comes back. What is typed is never lost."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, Final

from werkzeug.datastructures import MultiDict

from crm.kernel.i18n import Message
from crm.kernel.text import sort_key
from crm.records.query import Row, titles
from crm.records.work import UnitOfWork
from crm.security.preferences import read_preferences
from crm.sparring.line import QuickSparring, Unsure
from crm.sparring.queries.names import Reading, known_in, positions_now, read, refuse_unclear
from crm.sparring.rules import USUAL_MINUTES, default_due
from crm.sparring.services import LAST_CHANNEL, LogSparring
from crm.sparring.types import CHANNELS
from crm.tasks.queries import known_users

#: A chosen name that is not known yet stands as this and the name.
NEW: Final = "new:"
_SEVERAL: Final = ("organisations", "topics", "shared_with", "settled", "own")
_TEXTS: Final = (
    *("line", "person", "person_name", "organisation_name", "channel", "minutes", "held", "note", "next_step", "next_owner"),
    *("next_due", "referred_to", "led_to", "our_role", "confidential"),
)
#: Every name that the form has: it is drawn whole, whatever is known of it.
NAMES: Final = (*_TEXTS, *_SEVERAL)


@dataclass(frozen=True, slots=True)
class LogForm:
    """What the form shows. `values` are texts by name, lists where several may be chosen; `names` are those of chosen records."""

    values: Mapping[str, Any]
    users: Mapping[int, tuple[str, str]]
    names: Mapping[str, str] = field(default_factory=dict)
    problems: Mapping[str, Message] = field(default_factory=dict)
    next_path: str = ""


def empty_form(uow: UnitOfWork, about: Row | None = None) -> LogForm:
    """Give the form as it is first shown: the last used form, today, and what the page is about."""
    channel = read_preferences(uow.session, uow.actor.user_id).get(LAST_CHANNEL)
    known = {option.key for option in CHANNELS}
    values: dict[str, Any] = {
        "channel": channel if channel in known else CHANNELS[0].key,
        "minutes": str(USUAL_MINUTES),
        "held": uow.today().isoformat(),
        "next_due": default_due(uow.today()).isoformat(),
        "next_owner": str(uow.actor.user_id),
        **_about(uow, about),
    }
    return shown(uow, values)


def _about(uow: UnitOfWork, row: Row | None) -> dict[str, Any]:
    if row is None:
        return {}
    if row.type_key == "person":
        places = positions_now(uow, [row.id]).get(row.id, [])
        return {"person": str(row.id), "organisations": [str(one) for one in places[:1]]}
    organisation = row.id if row.type_key == "organisation" else row.values.get("organisation")
    person = row.values.get("person")
    found: dict[str, Any] = {"organisations": [str(organisation)]} if isinstance(organisation, int) else {}
    return {**found, "person": str(person)} if isinstance(person, int) else found


def shown(uow: UnitOfWork, values: Mapping[str, Any], problems: Mapping[str, Message] | None = None) -> LogForm:
    """Give the form with some values: the chosen records by name (one query), and who may do a next step (one)."""
    chosen = [values.get("person"), values.get("referred_to"), *values.get("organisations", [])]
    known = titles(uow, [int(one) for one in chosen if one and str(one).isdecimal()])
    names = {str(one.id): one.title for one in known.values()}
    names |= {one: one.removeprefix(NEW) for one in chosen if one and str(one).startswith(NEW)}
    kept = {**dict.fromkeys(_TEXTS, ""), **{name: [] for name in _SEVERAL}, **values}
    for name in ("person", "referred_to"):  # what may not be seen, or is gone, is not chosen
        kept[name] = values.get(name) if values.get(name) in names else ""
    kept["organisations"] = [one for one in values.get("organisations", []) if one in names]
    return LogForm(kept, known_users(uow), names, problems or {})


def posted(form: MultiDict[str, str]) -> dict[str, Any]:
    """Give what was posted by name, as it was typed."""
    values: dict[str, Any] = {name: form.get(name, "").strip() for name in form if name not in _SEVERAL}
    values |= {name: [one for one in form.getlist(name) if one] for name in _SEVERAL}
    values["own"] = [part for one in values["own"] for part in one.split(",") if part]
    other = values.pop("minutes_other", "")
    if other:
        values["minutes"] = other
    return values


def order_of(uow: UnitOfWork, values: Mapping[str, Any]) -> tuple[LogSparring, dict[str, Any]]:
    """Turn what was posted into an order: what the line says counts, but for the fields that were changed by hand after it.

    Returns:
        The order, and the values as the form shows them if the order is refused.

    Raises:
        InvalidInput: the line is not clear, or a typed name means several.
    """
    merged = dict(values)
    if values.get("line"):
        reading = read(uow, values["line"], [found for one in values.get("organisations", []) if (found := _id(one)) is not None])
        refuse_unclear(reading, values.get("settled", ()))
        merged |= {name: one for name, one in said(uow, reading).items() if name not in values.get("own", ())}
    merged |= _typed_names(uow, merged)
    return _order(merged), merged


def said(uow: UnitOfWork, reading: Reading) -> dict[str, Any]:
    """Give what a line says, as values of the form; what it does not speak of is left out."""
    quick = reading.quick
    found: dict[str, Any] = {
        "person": None if quick.person is None else str(quick.person.id),
        "organisations": [str(one) for one in _organisations(quick.organisations, quick.person)],
        "minutes": None if quick.minutes is None else str(quick.minutes),
        "channel": quick.channel,
        "topics": list(quick.topics),
        "held": None if quick.held is None else quick.held.isoformat(),
        "note": quick.note,
    }
    if quick.step is not None:
        found["next_step"] = quick.step.title
        found["next_owner"] = str(reading.step_owner or uow.actor.user_id)
        held = quick.held or uow.today()
        found["next_due"] = (default_due(held) if quick.step.due is None else quick.step.due.first_day(uow.zone)).isoformat()
    return {name: one for name, one in found.items() if one}


def _organisations(named: Sequence[Any], person: Any) -> list[int]:
    return [one.id for one in named] or (list(person.organisations[:1]) if person is not None else [])


def _typed_names(uow: UnitOfWork, values: Mapping[str, Any]) -> dict[str, Any]:
    """Find the records of names that were typed into a page without scripts; an unknown one is to be made."""
    found: dict[str, Any] = {}
    for name, is_person in (("person_name", True), ("organisation_name", False)):
        typed = values.get(name, "")
        if not typed:
            continue
        same = [
            one for one in known_in(uow, [sort_key(typed)]) if one.is_person is is_person and sort_key(one.name) == sort_key(typed)
        ]
        if len(same) > 1:
            refuse_unclear(Reading(QuickSparring(unsure=(Unsure(typed, tuple(same)),)), None, {}))
        chosen = str(same[0].id) if same else f"{NEW}{typed}"
        if is_person:
            found["person"] = chosen
        else:
            found["organisations"] = [*values.get("organisations", []), chosen]
    return found


def _order(values: Mapping[str, Any]) -> LogSparring:
    person, organisations = values.get("person") or "", values.get("organisations", [])
    return LogSparring(
        person_id=_id(person),
        new_person=person.removeprefix(NEW) if person.startswith(NEW) else "",
        organisation_ids=tuple(found for one in organisations if (found := _id(one)) is not None),
        new_organisations=tuple(one.removeprefix(NEW) for one in organisations if one.startswith(NEW)),
        topics=tuple(values.get("topics", [])),
        channel=values.get("channel") or None,
        minutes=values.get("minutes") or None,
        held=values.get("held") or None,
        note=values.get("note", ""),
        next_step=values.get("next_step", ""),
        next_owner=_id(values.get("next_owner", "")),
        next_due=values.get("next_due") or None,
        referred_to=_id(values.get("referred_to", "")),
        led_to=values.get("led_to") or None,
        our_role=values.get("our_role") or None,
        confidential=bool(values.get("confidential")),
        shared_with=tuple(found for one in values.get("shared_with", []) if (found := _id(one)) is not None),
    )


def _id(text: str) -> int | None:
    return int(text) if text.isdecimal() and len(text) < 19 else None
