"""The use case: a sparring is logged, with whom and what for, and people and organisations that nobody had met before."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import Any, Final

from crm.kernel.errors import InvalidInput
from crm.kernel.i18n import N_, Message
from crm.records.work import UnitOfWork
from crm.security.preferences import write_preference
from crm.sparring.queries.names import positions_now
from crm.sparring.types import SPARRING

#: The preference that keeps the form of the last sparring.
LAST_CHANNEL: Final = "sparring_channel"


@dataclass(frozen=True, slots=True)
class LogSparring:
    """A sparring as it was typed. `new_person` and `new_organisations` are names that are not known yet."""

    person_id: int | None = None
    new_person: str = ""
    organisation_ids: tuple[int, ...] = ()
    new_organisations: tuple[str, ...] = ()
    topics: tuple[str, ...] = ()
    channel: str | None = None
    minutes: str | int | None = None
    held: str | date | None = None
    note: str = ""
    next_step: str = ""
    next_owner: int | None = None
    next_due: str | date | None = None
    referred_to: int | None = None
    led_to: str | None = None
    our_role: str | None = None
    confidential: bool = False
    shared_with: tuple[int, ...] = ()


def log_sparring(uow: UnitOfWork, order: LogSparring) -> int:
    """Write a sparring down and give its id: one act, with its task, links and what had to be made for it.

    Raises:
        AccessDenied: no right to make sparrings (or, where they are new, people or organisations).
        InvalidInput: what is wrong, by the names of the order's fields.
    """
    if order.person_id is None and not (order.new_person or order.organisation_ids or order.new_organisations):
        raise InvalidInput({"person": N_("Choose who it was with, or an organisation.")})
    made = [_make(uow, "organisation", {"title": name}, "organisations") for name in order.new_organisations]
    organisations = [*order.organisation_ids, *made]
    person_id = order.person_id
    if person_id is None and order.new_person:
        person_id = _new_person(uow, order.new_person, organisations)
    elif person_id is not None and not organisations:
        organisations = positions_now(uow, [person_id]).get(person_id, [])[:1]
    sparring_id = uow.records.create(SPARRING.key, _values(uow, order, person_id), owner_id=uow.actor.user_id)
    for organisation_id in dict.fromkeys(organisations):
        uow.records.link(sparring_id, "organisations", organisation_id)
    if uow.actor.user_id is not None and order.channel:
        write_preference(uow.session, uow.actor.user_id, LAST_CHANNEL, order.channel)
    return sparring_id


def _values(uow: UnitOfWork, order: LogSparring, person_id: int | None) -> dict[str, Any]:
    return {
        "person": person_id,
        "topics": list(order.topics),
        "channel": order.channel,
        "minutes": order.minutes,
        "held": order.held,
        "owner": uow.actor.user_id,
        "note": order.note,
        "next_step": order.next_step,
        "next_owner": order.next_owner or uow.actor.user_id,
        "next_due": order.next_due,
        "referred_to": order.referred_to,
        "led_to": order.led_to,
        "our_role": order.our_role,
        "confidential": order.confidential,
        "shared_with": list(order.shared_with) if order.confidential else None,
    }


def _new_person(uow: UnitOfWork, name: str, organisations: list[int]) -> int:
    """Make a person from a name as it is said; the last word is the family name. They belong to the first organisation."""
    given, _, family = name.strip().rpartition(" ")
    values = {"given_name": given or family, "family_name": family if given else None}
    person_id = _make(uow, "person", values, "person")
    if organisations:
        uow.records.link(person_id, "positions", organisations[0])
    return person_id


def _make(uow: UnitOfWork, type_key: str, values: dict[str, Any], field: str) -> int:
    try:
        return uow.records.create(type_key, values, owner_id=uow.actor.user_id)
    except InvalidInput as refused:
        raise InvalidInput({field: _first(refused)}) from None


def _first(refused: InvalidInput) -> Message:
    return next(iter(refused.fields.values()))
