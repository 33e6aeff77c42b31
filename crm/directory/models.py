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
