"""The spine and what points at it: types, records, extra fields, links, the change log.

Measured choice (ADR 1): one `record` table with typed slot columns, no table or column made at run time. Slots are written
and read only by `records.storage`; the mapper leaves them out, so ORM reads stay narrow.
"""

from __future__ import annotations

from datetime import date, datetime
from typing import Any, Final

from sqlalchemy import (
    Boolean,
    Column,
    Date,
    ForeignKey,
    Index,
    Integer,
    SmallInteger,
    String,
    Table,
    Text,
    UniqueConstraint,
    and_,
)
from sqlalchemy.orm import Mapped, mapped_column

from crm.kernel.db import Base, Fixed4, Id, Json, Key, Moment, long_id
from crm.security import models as security_models  # noqa: F401 - `ab_user` must be known before `owner_id` refers to it

#: The largest id a database can hold; a larger one in an address names nothing, and must not reach a driver.
MAX_ID: Final = 2**63 - 1
TEXT_SLOTS: Final = tuple(f"t{n}" for n in range(1, 17))
NUMBER_SLOTS: Final = tuple(f"n{n}" for n in range(1, 9))
TIME_SLOTS: Final = tuple(f"d{n}" for n in range(1, 9))
SLOTS: Final = (*TEXT_SLOTS, *NUMBER_SLOTS, *TIME_SLOTS)


class RecordTypeRow(Base):
    """A kind of record, as a small number that leads every index. Built-in types are written at `db upgrade`."""

    __tablename__ = "record_type"

    id: Mapped[int] = mapped_column(SmallInteger, primary_key=True, autoincrement=False)
    key: Mapped[str] = mapped_column(String(60), unique=True)
    #: `builtin` or `custom`.
    source: Mapped[str] = mapped_column(String(10), default="builtin")


record_table = Table(
    "record",
    Base.metadata,
    Column("id", Id, primary_key=True),
    Column("type_id", SmallInteger, ForeignKey("record_type.id", ondelete="RESTRICT"), nullable=False),
    Column("kind", String(60), nullable=False, comment="mapper discriminator: the built-in key, or 'custom'"),
    Column("title", String(500), nullable=False),
    Column("title_sort", Key, nullable=False),
    Column("state", String(40)),
    Column("owner_id", ForeignKey("ab_user.id", ondelete="SET NULL")),
    Column("starts_at", Moment),
    Column("ends_at", Moment),
    Column("due_at", Moment),
    Column("all_day", Boolean, nullable=False, default=False),
    Column("version", Integer, nullable=False, default=1),
    Column("created_at", Moment, nullable=False),
    Column("created_by", ForeignKey("ab_user.id", ondelete="SET NULL")),
    Column("updated_at", Moment, nullable=False),
    Column("updated_by", ForeignKey("ab_user.id", ondelete="SET NULL")),
    Column("deleted_at", Moment),
    Column("data", Json, nullable=False, default=dict, comment="extra fields under their immutable keys"),
    *(Column(name, Key) for name in TEXT_SLOTS),
    *(Column(name, Fixed4) for name in NUMBER_SLOTS),
    *(Column(name, Moment) for name in TIME_SLOTS),
    sqlite_autoincrement=True,
)

_live = record_table.c.deleted_at.is_(None)
for _name in ("title_sort", "state", "owner_id", "starts_at", "due_at", "updated_at"):
    _column = record_table.c[_name]
    _where = _live if _name in ("title_sort", "updated_at") else and_(_column.is_not(None), _live)
    Index(f"ix_record_{_name}", record_table.c.type_id, _column, record_table.c.id, sqlite_where=_where, postgresql_where=_where)
for _name in SLOTS:
    _column = record_table.c[_name]
    _where = and_(_column.is_not(None), _live)
    Index(f"ix_record_{_name}", record_table.c.type_id, _column, record_table.c.id, sqlite_where=_where, postgresql_where=_where)
Index(
    "ix_record_deleted_at",
    record_table.c.type_id,
    record_table.c.deleted_at,
    record_table.c.id,
    sqlite_where=record_table.c.deleted_at.is_not(None),
    postgresql_where=record_table.c.deleted_at.is_not(None),
)


class Record(Base):
    """A row of the spine. Built-in types inherit from it (joined table) and add their own columns.

    Read freely; never assign: a flush that changes a record behind the store's back is refused.
    """

    __table__ = record_table
    __mapper_args__ = {
        "polymorphic_on": record_table.c.kind,
        "polymorphic_identity": "record",
        "exclude_properties": list(SLOTS),
    }

    id: Mapped[int]
    type_id: Mapped[int]
    kind: Mapped[str]
    title: Mapped[str]
    title_sort: Mapped[str]
    state: Mapped[str | None]
    owner_id: Mapped[int | None]
    starts_at: Mapped[datetime | None]
    ends_at: Mapped[datetime | None]
    due_at: Mapped[datetime | None]
    all_day: Mapped[bool]
    version: Mapped[int]
    created_at: Mapped[datetime]
    created_by: Mapped[int | None]
    updated_at: Mapped[datetime]
    updated_by: Mapped[int | None]
    deleted_at: Mapped[datetime | None]
    data: Mapped[dict[str, Any]]


class CustomRecord(Record):
    """A record of a type made in the browser: nothing but the spine."""

    __mapper_args__ = {"polymorphic_identity": "custom"}


class FieldRow(Base):
    """An extra field of a type, made at run time; its values lie in `record.data` under `key`, and in a slot."""

    __tablename__ = "field_def"
    __table_args__ = (
        UniqueConstraint("type_id", "key"),
        UniqueConstraint("type_id", "api_name"),
        UniqueConstraint("type_id", "slot"),
    )

    id: Mapped[long_id]
    type_id: Mapped[int] = mapped_column(ForeignKey("record_type.id", ondelete="RESTRICT"))
    #: Immutable storage key (`f12`); never leaves storage.
    key: Mapped[str] = mapped_column(String(20))
    #: Immutable name in API, filters, import and export.
    api_name: Mapped[str] = mapped_column(String(60))
    kind: Mapped[str] = mapped_column(String(30))
    label: Mapped[dict[str, str]] = mapped_column(Json)
    config: Mapped[dict[str, Any]] = mapped_column(Json, default=dict)
    required: Mapped[bool] = mapped_column(default=False)
    position: Mapped[int] = mapped_column(default=0)
    slot: Mapped[str | None] = mapped_column(String(4))
    #: `filling` (written, not read) until the backfill ends, then `ready`.
    slot_state: Mapped[str] = mapped_column(String(10), default="ready")
    deleted_at: Mapped[datetime | None] = mapped_column(Moment)


class RecordLink(Base):
    """A relation between two records, with its own role, dates and note: "was chair 2014–2016" is a fact, not a note."""

    __tablename__ = "record_link"
    __table_args__ = (
        UniqueConstraint("from_id", "field", "to_id", "role", "from_on"),
        Index("ix_record_link_to", "to_id", "field"),
        Index("ix_record_link_from", "from_id", "field", "position"),
    )

    id: Mapped[long_id]
    from_id: Mapped[int] = mapped_column(ForeignKey("record.id", ondelete="CASCADE"))
    #: The relation field's api_name on the type of `from_id`.
    field: Mapped[str] = mapped_column(String(60))
    to_id: Mapped[int] = mapped_column(ForeignKey("record.id", ondelete="CASCADE"))
    role: Mapped[str] = mapped_column(String(100), default="")
    from_on: Mapped[date | None] = mapped_column(Date)
    to_on: Mapped[date | None] = mapped_column(Date)
    note: Mapped[str | None] = mapped_column(Text)
    position: Mapped[int] = mapped_column(default=0)


class Act(Base):
    """What one person (or one run) did at once, over any number of transactions: the unit of undo."""

    __tablename__ = "act"
    __table_args__ = (Index("ix_act_actor", "actor_id", "at"), Index("ix_act_cause", "cause_id", "cause"))

    id: Mapped[str] = mapped_column(String(32), primary_key=True)
    at: Mapped[datetime] = mapped_column(Moment)
    actor_id: Mapped[int | None] = mapped_column(ForeignKey("ab_user.id", ondelete="SET NULL"))
    #: The name of a system actor when there is no user.
    system: Mapped[str | None] = mapped_column(String(60))
    #: person, import, automation, flow, sync, seed; or undo, and then `cause_id` names the act that it undoes.
    cause: Mapped[str] = mapped_column(String(20))
    cause_id: Mapped[str | None] = mapped_column(String(80))


class Change(Base):
    """One line of the change log: append-only. It is the history, the feed and the trigger; every reader has a cursor.

    `(txid, id)` is the order that readers follow: on PostgreSQL txid is the writing transaction's id, on SQLite 0.
    """

    __tablename__ = "change"
    __table_args__ = (
        Index("ix_change_cursor", "txid", "id"),
        Index("ix_change_record", "record_id", "id"),
        Index("ix_change_act", "act_id", "id"),
        {"sqlite_autoincrement": True},
    )

    id: Mapped[long_id]
    txid: Mapped[int] = mapped_column(Id, server_default="0")
    act_id: Mapped[str] = mapped_column(ForeignKey("act.id"))
    record_id: Mapped[int] = mapped_column(ForeignKey("record.id", ondelete="CASCADE"))
    type_id: Mapped[int] = mapped_column(SmallInteger)
    version: Mapped[int]
    at: Mapped[datetime] = mapped_column(Moment)
    actor_id: Mapped[int | None] = mapped_column(ForeignKey("ab_user.id", ondelete="SET NULL"))
    #: create, update, transition, link, unlink, delete, restore, comment, file, merge.
    kind: Mapped[str] = mapped_column(String(20))
    #: SHA-256 over salt and values: erasure may drop both, and the chain still verifies.
    digest: Mapped[str] = mapped_column(String(64))


class ChangeValue(Base):
    """The values of a change, apart from it: `{api_name: [old, new]}` in JSON form."""

    __tablename__ = "change_value"

    change_id: Mapped[int] = mapped_column(ForeignKey("change.id", ondelete="CASCADE"), primary_key=True, autoincrement=False)
    salt: Mapped[str] = mapped_column(String(32))
    patch: Mapped[dict[str, Any]] = mapped_column(Json)


class ChangeCursor(Base):
    """How far a reader of the change log has come."""

    __tablename__ = "change_cursor"

    reader: Mapped[str] = mapped_column(String(60), primary_key=True)
    txid: Mapped[int] = mapped_column(Id, default=0)
    change_id: Mapped[int] = mapped_column(Id, default=0)


class StoredFile(Base):
    """One version of a file: its bytes lie by hash under the home folder, its rights are its record's.

    Versions of one file share `first_id`; the one in force is replaced by none and not deleted. Without a record it waits for
    one that is still being typed, seen by its sender alone, and is swept after a day.
    """

    __tablename__ = "file"
    __table_args__ = (Index("ix_file_record", "record_id", "id"), Index("ix_file_first_id", "first_id"))

    id: Mapped[long_id]
    record_id: Mapped[int | None] = mapped_column(ForeignKey("record.id", ondelete="CASCADE"))
    #: The id of the first version: what links and fields name.
    first_id: Mapped[int | None] = mapped_column(Id)
    version: Mapped[int] = mapped_column(default=1, server_default="1")
    replaced_by: Mapped[int | None] = mapped_column(Id, ForeignKey("file.id", ondelete="SET NULL"))
    #: The field of kind `file` that holds it; None for one that lies on the record as such.
    field: Mapped[str | None] = mapped_column(String(60))
    sha256: Mapped[str] = mapped_column(String(64), index=True)
    size: Mapped[int]
    media_type: Mapped[str] = mapped_column(String(120))
    name: Mapped[str] = mapped_column(String(255))
    description: Mapped[str | None] = mapped_column(String(500))
    created_at: Mapped[datetime] = mapped_column(Moment)
    created_by: Mapped[int | None] = mapped_column(ForeignKey("ab_user.id", ondelete="SET NULL"))
    deleted_at: Mapped[datetime | None] = mapped_column(Moment)
    deleted_by: Mapped[int | None] = mapped_column(ForeignKey("ab_user.id", ondelete="SET NULL"))
