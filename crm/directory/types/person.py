"""A person, whose positions in organisations are links with role and dates."""

from __future__ import annotations

from datetime import date
from typing import Final

from crm.directory import matching, rules
from crm.directory.models import Person
from crm.directory.types.common import SECTION, own
from crm.filters import NOTHING, Condition, Filter
from crm.kernel.i18n import Label
from crm.records.types import Column, Field, Functions, Links, Names, RecordType
from crm.security.actors import Actor

#: Suggested roles of a position; any other may be typed.
POSITION_ROLES: Final = ("Direktør", "Klyngechef", "Kontorchef", "Chefkonsulent", "Konsulent", "Projektleder", "Kontaktperson")


def _self(actor: Actor, _today: date) -> Filter:
    """The person whom the actor is."""
    return NOTHING if actor.person_id is None else Condition("id", "is", actor.person_id)


PERSON: Final = RecordType(
    key="person",
    names=Names(
        one=Label(da="person", en="person"),
        many=Label(da="personer", en="people"),
        new=Label(da="Ny person", en="New person"),
        title=Label(da="Personer", en="People"),
    ),
    icon="user",
    model=Person,
    section=SECTION,
    functions=Functions(title=rules.person_title),
    scopes={"own": own, "self": _self},
    matching=matching.PERSON,
    list_fields=("title", "email", "phone"),
    fields=(
        Field(
            "given_name",
            "text",
            Label(da="Fornavn", en="Given name"),
            Column(("given_name",)),
            config={"max_length": 100},
            required=True,
            personal=True,
        ),
        Field(
            "family_name",
            "text",
            Label(da="Efternavn", en="Family name"),
            Column(("family_name", "family_name_key")),
            config={"max_length": 100},
            personal=True,
        ),
        Field(
            "positions",
            "relation",
            Label(da="Stillinger", en="Positions"),
            Links(),
            config={"roles": POSITION_ROLES},
            targets=("organisation",),
            back_label=Label(da="Personer", en="People"),
            personal=True,
        ),
        Field("email", "emails", Label(da="E-mail", en="E-mail"), Column(("emails",)), personal=True),
        Field("phone", "phones", Label(da="Telefon", en="Phone"), Column(("phones",)), personal=True),
        Field("tags", "tags", Label(da="Emneord", en="Tags"), Column(("tags",)), personal=True),
        Field("note", "text", Label(da="Bemærkning", en="Note"), Column(("note",)), config={"multiline": True}, personal=True),
    ),
)
