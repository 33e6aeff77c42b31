"""A consent: that a person agreed to be reached for one purpose, by one channel, from one day on."""

from __future__ import annotations

from typing import Final

from crm.directory import consents
from crm.directory.models import Consent
from crm.directory.types.common import whose
from crm.kernel.i18n import Label
from crm.records.types import Column, Field, Functions, Names, Option, Problems, RecordType, RuleContext, Values


def _options(words: dict[str, Label]) -> tuple[Option, ...]:
    return tuple(Option(key, label) for key, label in words.items())


def _derive(_old: Values | None, new: Values, context: RuleContext) -> Values:
    person = int(new.get("person") or 0)
    known = context.related([person]) if person else {}
    name = str(known[person]["title"]) if person in known else ""
    words = (name, consents.PURPOSES.get(new.get("purpose") or ""), consents.CHANNELS.get(new.get("channel") or ""))
    return {"_title": " · ".join(word("da") if isinstance(word, Label) else word for word in words if word)}


def _title(values: Values) -> str:
    return str(values.get("_title") or "")


def _check(old: Values | None, new: Values, _context: RuleContext) -> Problems:
    return consents.problems(old, new)


CONSENT: Final = RecordType(
    key="consent",
    names=Names(
        one=Label(da="samtykke", en="consent"),
        many=Label(da="samtykker", en="consents"),
        new=Label(da="Nyt samtykke", en="New consent"),
        title=Label(da="Samtykker", en="Consents"),
    ),
    icon="checkbox",
    model=Consent,
    follows="person",
    part_of="person",
    functions=Functions(derive=_derive, check=_check, title=_title),
    list_fields=("title", "person", "purpose", "channel", "given", "withdrawn"),
    list_sort=("given", True),
    fields=(
        whose("person", Label(da="Person", en="Person"), "person", Label(da="Samtykker", en="Consents")),
        Field(
            "purpose",
            "choice",
            Label(da="Formål", en="Purpose"),
            Column(("purpose",)),
            required=True,
            options=_options(consents.PURPOSES),
            personal=True,
        ),
        Field(
            "channel",
            "choice",
            Label(da="Kanal", en="Channel"),
            Column(("channel",)),
            required=True,
            options=_options(consents.CHANNELS),
            personal=True,
        ),
        Field(
            "given",
            "date",
            Label(da="Givet den", en="Given on"),
            Column(("given_on",)),
            required=True,
            config={"store": "day"},
            personal=True,
        ),
        Field(
            "withdrawn",
            "date",
            Label(da="Trukket tilbage den", en="Withdrawn on"),
            Column(("withdrawn_on",)),
            config={"store": "day"},
            help=Label(da="Fra og med denne dag gælder det ikke.", en="From this day on it does not hold."),
            personal=True,
        ),
        Field(
            "how", "choice", Label(da="Givet ved", en="Given by"), Column(("how",)), options=_options(consents.WAYS), personal=True
        ),
        Field(
            "wording",
            "text",
            Label(da="Ordlyd", en="Wording"),
            Column(("wording",)),
            config={"multiline": True},
            help=Label(da="Den tekst, der blev sagt ja til, eller dens version.", en="The text agreed to, or its version."),
            personal=True,
        ),
        Field("note", "text", Label(da="Bemærkning", en="Note"), Column(("note",)), config={"multiline": True}, personal=True),
    ),
)
