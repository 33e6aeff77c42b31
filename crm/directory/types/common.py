"""Options, sections and places that the types of this feature share."""

from __future__ import annotations

from datetime import date
from typing import Final

from crm.directory.places import municipality_names, region_rows, size_classes, theme_rows
from crm.filters import NOTHING, Condition, Filter
from crm.kernel.i18n import Label
from crm.records.types import Column, Field, Option, Spine
from crm.security.actors import Actor

SECTION: Final = "directory"
TITLE: Final = Spine(("title",))
PERIOD: Final = Spine(("starts_at", "ends_at", "all_day"))

#: Headings on page and form: what belongs together stands together.
CONTACT: Final = Label(da="Kontakt", en="Contact")
SIZE: Final = Label(da="Størrelse", en="Size")
REGIONS: Final = Label(da="Regioner", en="Regions")
MARKETING: Final = Label(da="Reklame", en="Advertising")
SOURCES: Final = Label(da="Kilder", en="Sources")

MUNICIPALITY_OPTIONS: Final = tuple(Option(code, Label(da=name, en=name)) for code, name in municipality_names())
REGION_OPTIONS: Final = tuple(
    Option(row["key"], Label(da=row["name"], en=row["name"]), short=row["name"].removeprefix("Region ")) for row in region_rows()
)
THEME_OPTIONS: Final = tuple(Option(row["key"], Label(da=row["da"], en=row["en"])) for row in theme_rows())
#: Levels of the label, from the lowest to the highest, as an organisation keeps them and a certificate has them.
LEVEL_OPTIONS: Final = (
    Option("bronze", Label(da="Bronze", en="Bronze"), "orange", mark="▲"),
    Option("silver", Label(da="Sølv", en="Silver"), "slate", mark="●"),
    Option("gold", Label(da="Guld", en="Gold"), "amber", mark="★"),
)
SIZE_OPTIONS: Final = tuple(Option(one.key, one.label) for one in size_classes())


def own(actor: Actor, _today: date) -> Filter:
    """An organisation or person that the actor owns."""
    return NOTHING if actor.user_id is None else Condition("owner", "is", actor.user_id)


def whose(name: str, label: Label, target: str, back: Label | None) -> Field:
    """Give the relation to the record that a name, a site or a consent belongs to; `back` heads the panel on the other side."""
    return Field(name, "relation", label, Column((f"{name}_id",)), required=True, targets=(target,), back_label=back)


def address_fields() -> tuple[Field, ...]:
    """Give street, postcode, town and municipality."""
    return (
        Field("street", "text", Label(da="Adresse", en="Address"), Column(("street",)), section=CONTACT),
        Field(
            "postcode",
            "text",
            Label(da="Postnr.", en="Postcode"),
            Column(("postcode",)),
            config={"max_length": 10},
            section=CONTACT,
        ),
        Field("city", "text", Label(da="By", en="Town"), Column(("city", "city_key")), config={"max_length": 100}, section=CONTACT),
        Field(
            "municipality",
            "choice",
            Label(da="Kommune", en="Municipality"),
            Column(("municipality_code",)),
            options=MUNICIPALITY_OPTIONS,
            section=CONTACT,
        ),
    )
