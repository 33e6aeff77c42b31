"""That a person takes part in an event; their organisation, position and region are written down as they were on its day."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date
from typing import Any, Final

from crm.events import lifecycle, rules
from crm.events.fields import relation_field, text_field
from crm.events.models import Participation
from crm.events.places import REGIONS, regions_on
from crm.kernel.i18n import N_, Label, Message
from crm.records.fields import DateValue
from crm.records.store.orders import Order, Update
from crm.records.types import (
    ChangeFacts,
    Column,
    Field,
    Functions,
    Names,
    Option,
    Problems,
    RecordType,
    RuleContext,
    Values,
)

STATUSES: Final = (
    Option(rules.REGISTERED, Label(da="Tilmeldt", en="Signed up"), "blue"),
    Option(rules.ATTENDED, Label(da="Deltog", en="Attended"), "green"),
    Option(rules.ABSENT, Label(da="Udeblev", en="Absent"), "orange"),
    Option(rules.SENT_REGRETS, Label(da="Afbud", en="Sent regrets"), "grey"),
)
ROLES: Final = (
    Option("participant", Label(da="Deltager", en="Participant"), "grey"),
    Option("speaker", Label(da="Oplægsholder", en="Speaker"), "blue"),
    Option("host", Label(da="Vært", en="Host"), "teal"),
)
AS_IT_WAS: Final = Label(da="På arrangementets dag", en="On the event's day")


def title_of(person: str, event: str) -> str:
    """Name a participation by who and what."""
    return ", ".join(part for part in (person, event) if part)


def _derive(old: Values | None, new: Values, context: RuleContext) -> Values:
    """Name it; and write down whom the person stood for on the event's day, once, when it is known that they were there."""
    ids = [int(one) for one in (new.get("person"), new.get("event")) if one]
    known = context.related(ids)
    person, event = known.get(new.get("person") or 0, {}), known.get(new.get("event") or 0, {})
    found: dict[str, Any] = {"_title": title_of(str(person.get("title", "")), str(event.get("title", "")))}
    when = event.get("when")
    if when is None or not person:
        return found
    day = when.first_day(context.zone)
    if new.get("frozen_on") is None:
        if new.get("status") == rules.ATTENDED or event.get("state") == lifecycle.HELD:
            found.update(_frozen(new, day, context))
    elif old is not None and old.get("organisation") != new.get("organisation"):
        found.update(_region_follows(old, new, day, context))
    elif old is not None and old.get("region") != new.get("region"):
        found["regions"] = ()  # put right by hand: it counts in that region alone
    return found


def _frozen(new: Values, day: date, context: RuleContext) -> dict[str, Any]:
    """Give what is written down of a day; what somebody typed before stays."""
    held = rules.position_on(context.links("positions", new["person"]), day, new.get("organisation"))
    organisation = new.get("organisation")
    if organisation is None and held is not None and held.to_id in context.related([held.to_id]):
        organisation = held.to_id
    found: dict[str, Any] = {"frozen_on": DateValue(day), "organisation": organisation}
    if not new.get("position") and held is not None and held.to_id == organisation:
        found["position"] = held.role
    if not new.get("region"):
        found.update(_region(organisation, day, context))
    return found


def _region(organisation: int | None, day: date, context: RuleContext) -> dict[str, Any]:
    values = context.related([organisation]).get(organisation, {}) if organisation else {}
    keys = regions_on(values, day)
    return {"region": next(iter(keys), None), "regions": keys if len(keys) > 1 else ()}


def _region_follows(old: Values, new: Values, day: date, context: RuleContext) -> dict[str, Any]:
    """An organisation put right by hand brings its region along, unless the region was put right by hand too."""
    if new.get("region") != old.get("region") or old.get("region") != _region(old.get("organisation"), day, context)["region"]:
        return {}
    found = _region(new.get("organisation"), day, context)
    return found if found["region"] is not None else {}  # what is not known of the new one takes nothing away


def _check(old: Values | None, new: Values, context: RuleContext) -> Problems:
    person_id, event_id = new.get("person"), new.get("event")
    if not person_id or not event_id:
        return {}
    if old is None or (old.get("person"), old.get("event")) != (person_id, event_id):
        for other in context.having("participation", "event", event_id):
            if other.get("person") == person_id and other["id"] != new.get("id") and other.get("deleted_at") is None:
                return {"person": _already(other, context)}
    if new.get("status") == rules.ATTENDED and (old is None or old.get("status") != rules.ATTENDED):
        problem = _cannot_have_attended(context.related([event_id]).get(event_id, {}), context)
        return {} if problem is None else {"status": problem}
    return {}


def _already(other: Mapping[str, Any], context: RuleContext) -> Message:
    person = context.related([other["person"]]).get(other["person"], {})
    status = next((one.label for one in STATUSES if one.key == other.get("status")), "")
    return N_("%(person)s is on the event's list already, as “%(status)s”.", person=person.get("title", ""), status=status)


def _cannot_have_attended(event: Mapping[str, Any], context: RuleContext) -> Message | None:
    """Nobody was at what has not begun, or never was."""
    when = event.get("when")
    if event.get("state") == lifecycle.CANCELLED:
        return N_("The event is cancelled.")
    if when is None:
        return N_("The event has no date yet.")
    return None if when.first_day(context.zone) <= context.today else N_("The event's day has not come yet.")


def freeze_all(change: ChangeFacts, _today: date, _zone: str) -> Sequence[Order]:
    """Touch, when an event is held, every participation that is not written down yet: its own rule does the rest."""
    if change.new.get("state") != lifecycle.HELD:
        return ()
    return [Update(record_id, {}) for record_id in change.facts.get("unfrozen", ())]


PARTICIPATION: Final = RecordType(
    key="participation",
    names=Names(
        one=Label(da="deltagelse", en="participation"),
        many=Label(da="deltagelser", en="participations"),
        new=Label(da="Ny deltager", en="New participant"),
        title=Label(da="Deltagelser", en="Participations"),
    ),
    icon="user-check",
    model=Participation,
    functions=Functions(derive=_derive, check=_check, title=lambda values: str(values.get("_title") or "")),
    follows="event",
    list_fields=("title", "event", "status", "role_at_event", "organisation", "position", "region"),
    fields=(
        relation_field(
            "event", Label(da="Arrangement", en="Event"), "event", Label(da="Deltagere", en="Participants"), required=True
        ),
        relation_field("person", Label(da="Person", en="Person"), "person", Label(da="Arrangementer", en="Events"), required=True),
        Field(
            "status",
            "choice",
            Label(da="Status", en="Status"),
            Column(("status",)),
            required=True,
            default=rules.REGISTERED,
            options=STATUSES,
        ),
        Field(
            "role_at_event",
            "choice",
            Label(da="Rolle", en="Role"),
            Column(("role_at_event",)),
            required=True,
            default="participant",
            options=ROLES,
        ),
        relation_field(
            "organisation",
            Label(da="Organisation", en="Organisation"),
            "organisation",
            Label(da="Arrangementer", en="Events"),
            section=AS_IT_WAS,
            help=Label(
                da="Tom = hentes fra personens stilling på dagen, når personen har deltaget.",
                en="Empty = taken from the person's position on the day, once they have attended.",
            ),
        ),
        text_field("position", Label(da="Stilling", en="Position"), longest=200, section=AS_IT_WAS, personal=True),
        Field("region", "choice", Label(da="Region", en="Region"), Column(("region",)), options=REGIONS, section=AS_IT_WAS),
        Field(
            "regions",
            "choices",
            Label(da="Tælles ligeligt i", en="Counts equally in"),
            Column(("regions",)),
            options=REGIONS,
            section=AS_IT_WAS,
            read_only=True,
            help=Label(
                da="Når organisationen dækker flere regioner og tælles brøkvis.",
                en="When the organisation covers several regions and is counted by fractions.",
            ),
        ),
        Field(
            "frozen_on",
            "date",
            Label(da="Opgjort pr.", en="As of"),
            Column(("frozen_on",)),
            config={"store": "day"},
            read_only=True,
            section=AS_IT_WAS,
            help=Label(
                da="Organisation, stilling og region er dem, der gjaldt denne dag. Senere jobskifte ændrer dem ikke.",
                en="Organisation, position and region are those of this day. A later change of job does not alter them.",
            ),
        ),
        text_field("note", Label(da="Bemærkning", en="Note"), lines=True, personal=True),
    ),
)
