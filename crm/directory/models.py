"""Tables of the directory: organisations and persons beside the spine, and the reference tables of places."""

from __future__ import annotations

from datetime import date
from typing import Any

from sqlalchemy import Date, ForeignKey, Index, String, Text
from sqlalchemy.orm import Mapped, mapped_column

from crm.kernel.db import Base, Id, JsonOrNull, Key
from crm.records.models import Record


class Organisation(Record):
    """A company, cluster, authority or other body; its name is the spine's title."""

    __tablename__ = "organisation"
    __table_args__ = (
        Index("ix_organisation_parent_id", "parent_id"),
        Index("ix_organisation_cvr", "cvr"),
        Index("ix_organisation_kind_of", "kind_of"),
        Index("ix_organisation_municipality_code", "municipality_code"),
        Index("ix_organisation_city_key", "city_key"),
        Index("ix_organisation_certificate_level", "certificate_level"),
        Index("ix_organisation_certificate_until", "certificate_until"),
    )
    id: Mapped[int] = mapped_column(Id, ForeignKey("record.id", ondelete="CASCADE"), primary_key=True, autoincrement=False)
    __mapper_args__ = {"polymorphic_identity": "organisation", "inherit_condition": id == Record.id}  # noqa: A003 - the column above is meant
    #: An option of the field `kind` (the spine's own `kind` is the mapper's discriminator).
    kind_of: Mapped[str | None] = mapped_column(String(40))
    #: The body it is a part of: an innovation network of a cluster, an agency of a ministry.
    parent_id: Mapped[int | None] = mapped_column(ForeignKey("record.id", ondelete="RESTRICT"))
    #: Eight digits as text; what fails the check digit is kept and marked doubtful.
    cvr: Mapped[str | None] = mapped_column(String(40))
    cvr_doubtful: Mapped[bool | None] = mapped_column(default=False)
    #: Four digits with leading zero; the region follows from it and the day.
    municipality_code: Mapped[str | None] = mapped_column(String(4))
    street: Mapped[str | None] = mapped_column(String(200))
    #: Text: 0783 and 0800 are postcodes.
    postcode: Mapped[str | None] = mapped_column(String(10))
    city: Mapped[str | None] = mapped_column(String(100))
    city_key: Mapped[str | None] = mapped_column(Key)
    website: Mapped[str | None] = mapped_column(String(500))
    #: Typed lists, as the field kinds `emails` and `phones` write them; and free words.
    emails: Mapped[list[dict[str, Any]] | None] = mapped_column(JsonOrNull)
    phones: Mapped[list[dict[str, Any]] | None] = mapped_column(JsonOrNull)
    tags: Mapped[list[str] | None] = mapped_column(JsonOrNull)
    note: Mapped[str | None] = mapped_column(Text)
    #: Keys of `seeds/base/themes.csv`.
    themes: Mapped[list[str] | None] = mapped_column(JsonOrNull)
    #: A key of `seeds/base/size_classes.csv`; it follows from the number of employees where that is known.
    size_class: Mapped[str | None] = mapped_column(String(20))
    employees: Mapped[int | None]
    #: How many members a cluster says it has.
    members_count: Mapped[int | None]
    #: Reklamebeskyttelse of the company register, and the day on which it was looked up.
    advertising_protected: Mapped[bool | None] = mapped_column(default=False)
    protected_on: Mapped[date | None] = mapped_column(Date)
    founded: Mapped[date | None] = mapped_column(Date)
    #: The last day on which it existed.
    ended: Mapped[date | None] = mapped_column(Date)
    #: primary or fractional: how a cluster counts in tables by region (`regions`).
    region_rule: Mapped[str | None] = mapped_column(String(20))
    #: The one region that stands for it today: it follows from the three below, the municipality and the day.
    region: Mapped[str | None] = mapped_column(String(20))
    #: Keys of `seeds/base/regions.csv`.
    primary_region: Mapped[str | None] = mapped_column(String(20))
    regions: Mapped[list[str] | None] = mapped_column(JsonOrNull)
    #: The certificate that counts today, kept here by the feature that knows certificates.
    certificate_level: Mapped[str | None] = mapped_column(String(10))
    certificate_until: Mapped[date | None] = mapped_column(Date)
    #: own, or catalogue: brought in from the public catalogue, and left out of the office's own totals.
    origin: Mapped[str | None] = mapped_column(String(20), default="own")
    #: Where its facts are from, and what a source leaves unsure.
    source: Mapped[str | None] = mapped_column(Text)
    uncertain: Mapped[str | None] = mapped_column(Text)


class OrganisationName(Record):
    """What an organisation was called from one day to another (the spine's start and end, both included)."""

    __tablename__ = "organisation_name"

    id: Mapped[int] = mapped_column(Id, ForeignKey("record.id", ondelete="CASCADE"), primary_key=True, autoincrement=False)
    organisation_id: Mapped[int] = mapped_column(ForeignKey("record.id", ondelete="RESTRICT"), index=True)

    __mapper_args__ = {"polymorphic_identity": "organisation_name", "inherit_condition": id == Record.id}  # noqa: A003 - the column above


class Site(Record):
    """A place where an organisation is: one organisation has many offices, and a production unit is one of them."""

    __tablename__ = "site"

    id: Mapped[int] = mapped_column(Id, ForeignKey("record.id", ondelete="CASCADE"), primary_key=True, autoincrement=False)
    organisation_id: Mapped[int] = mapped_column(ForeignKey("record.id", ondelete="RESTRICT"), index=True)
    #: Ten digits as text; no check digit can refuse one (a series was given out with wrong weights).
    p_number: Mapped[str | None] = mapped_column(String(40))
    street: Mapped[str | None] = mapped_column(String(200))
    postcode: Mapped[str | None] = mapped_column(String(10))
    city: Mapped[str | None] = mapped_column(String(100))
    city_key: Mapped[str | None] = mapped_column(Key)
    municipality_code: Mapped[str | None] = mapped_column(String(4))
    main: Mapped[bool | None] = mapped_column(default=False)

    __mapper_args__ = {"polymorphic_identity": "site", "inherit_condition": id == Record.id}  # noqa: A003 - the column above


class Consent(Record):
    """That a person agreed to be written to, for one purpose by one channel. Only its end and its note are ever changed."""

    __tablename__ = "consent"

    id: Mapped[int] = mapped_column(Id, ForeignKey("record.id", ondelete="CASCADE"), primary_key=True, autoincrement=False)
    person_id: Mapped[int] = mapped_column(ForeignKey("record.id", ondelete="RESTRICT"), index=True)
    #: Keys of `consents.PURPOSES`, `CHANNELS` and `WAYS`.
    purpose: Mapped[str] = mapped_column(String(20))
    channel: Mapped[str] = mapped_column(String(20))
    given_on: Mapped[date] = mapped_column(Date)
    withdrawn_on: Mapped[date | None] = mapped_column(Date)
    how: Mapped[str | None] = mapped_column(String(20))
    #: The version of the words that were agreed to.
    wording: Mapped[str | None] = mapped_column(Text)
    note: Mapped[str | None] = mapped_column(Text)

    __mapper_args__ = {"polymorphic_identity": "consent", "inherit_condition": id == Record.id}  # noqa: A003 - the column above


class Person(Record):
    """A person; positions are links to organisations with role and dates. The full name is the spine's title."""

    __tablename__ = "person"
    __table_args__ = (Index("ix_person_family_name_key", "family_name_key"),)
    __mapper_args__ = {"polymorphic_identity": "person"}

    id: Mapped[int] = mapped_column(Id, ForeignKey("record.id", ondelete="CASCADE"), primary_key=True, autoincrement=False)
    given_name: Mapped[str | None] = mapped_column(String(100))
    family_name: Mapped[str | None] = mapped_column(String(100))
    family_name_key: Mapped[str | None] = mapped_column(Key)
    emails: Mapped[list[dict[str, Any]] | None] = mapped_column(JsonOrNull)
    phones: Mapped[list[dict[str, Any]] | None] = mapped_column(JsonOrNull)
    tags: Mapped[list[str] | None] = mapped_column(JsonOrNull)
    note: Mapped[str | None] = mapped_column(Text)


class Region(Base):
    """A region while it exists; both days are included."""

    __tablename__ = "region"

    key: Mapped[str] = mapped_column(String(20), primary_key=True)
    #: The authority's code; null while it is not known.
    code: Mapped[str | None] = mapped_column(String(10))
    name: Mapped[str] = mapped_column(String(60))
    seat: Mapped[str] = mapped_column(String(60))
    valid_from: Mapped[date] = mapped_column(Date)
    valid_to: Mapped[date | None] = mapped_column(Date)
    country: Mapped[str] = mapped_column(String(2), default="DK", server_default="DK")


class Municipality(Base):
    """One of the 98."""

    __tablename__ = "municipality"

    code: Mapped[str] = mapped_column(String(4), primary_key=True)
    name: Mapped[str] = mapped_column(String(60))


class MunicipalityRegion(Base):
    """That a municipality lies in a region, from one day to another; both days are included."""

    __tablename__ = "municipality_region"

    municipality_code: Mapped[str] = mapped_column(ForeignKey("municipality.code", ondelete="CASCADE"), primary_key=True)
    valid_from: Mapped[date] = mapped_column(Date, primary_key=True)
    region_key: Mapped[str] = mapped_column(ForeignKey("region.key", ondelete="RESTRICT"), index=True)
    valid_to: Mapped[date | None] = mapped_column(Date)
