"""What belongs to an organisation and is kept apart from it: its names in time, and its sites."""

from __future__ import annotations

from typing import Final

from crm.directory.models import OrganisationName, Site
from crm.directory.types.common import PERIOD, TITLE, address_fields, whose
from crm.kernel.i18n import Label
from crm.records.types import Column, Field, Names, RecordType

_ORGANISATION: Final = Label(da="Organisation", en="Organisation")

ORGANISATION_NAME: Final = RecordType(
    key="organisation_name",
    names=Names(
        one=Label(da="navn", en="name"),
        many=Label(da="navne", en="names"),
        new=Label(da="Nyt navn", en="New name"),
        title=Label(da="Navne i tid", en="Names in time"),
    ),
    icon="history",
    model=OrganisationName,
    follows="organisation",
    part_of="organisation",
    list_fields=("title", "organisation", "period"),
    fields=(
        Field("title", "text", Label(da="Navn", en="Name"), TITLE, required=True),
        whose("organisation", _ORGANISATION, "organisation", Label(da="Navne", en="Names")),
        Field(
            "period",
            "date",
            Label(da="Gældende", en="Valid"),
            PERIOD,
            config={"end": "optional"},
            help=Label(da="Første og sidste dag med navnet; tomt = altid.", en="First and last day of the name; empty = always."),
        ),
    ),
)

SITE: Final = RecordType(
    key="site",
    names=Names(
        one=Label(da="adresse", en="site"),
        many=Label(da="adresser", en="sites"),
        new=Label(da="Ny adresse", en="New site"),
        title=Label(da="Adresser", en="Sites"),
    ),
    icon="map-pin",
    model=Site,
    follows="organisation",
    part_of="organisation",
    list_fields=("title", "organisation", "city", "municipality", "main"),
    fields=(
        Field("title", "text", Label(da="Betegnelse", en="Name"), TITLE, required=True),
        whose("organisation", _ORGANISATION, "organisation", Label(da="Adresser", en="Sites")),
        Field("main", "yes_no", Label(da="Hovedkontor", en="Head office"), Column(("main",)), default=False),
        Field("p_number", "text", Label(da="P-nr.", en="P no."), Column(("p_number",)), config={"max_length": 40}),
        *address_fields(),
    ),
)
