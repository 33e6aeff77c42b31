"""Tables of sign-in and rights. Users and roles themselves are Flask-AppBuilder's (`ab_user`, `ab_role`), read here plainly."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from sqlalchemy import Boolean, Column, DateTime, ForeignKey, Index, Integer, String, Table, Text, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from crm.kernel.db import Base, Json, Moment, long_id

#: Flask-AppBuilder's own tables, described as far as we read them; `info["foreign"]` keeps them out of our migrations' diff.
user_table = Table(
    "ab_user",
    Base.metadata,
    Column("id", Integer, primary_key=True),
    Column("first_name", String(64), nullable=False),
    Column("last_name", String(64), nullable=False),
    Column("username", String(64), nullable=False, unique=True),
    Column("password", String(256)),
    Column("active", Boolean),
    Column("email", String(320), nullable=False, unique=True),
    Column("last_login", DateTime, comment="naive, in UTC"),
    info={"foreign": True},
)
role_table = Table(
    "ab_role",
    Base.metadata,
    Column("id", Integer, primary_key=True),
    Column("name", String(64), nullable=False, unique=True),
    info={"foreign": True},
)
user_role_table = Table(
    "ab_user_role",
    Base.metadata,
    Column("id", Integer, primary_key=True),
    Column("user_id", ForeignKey("ab_user.id")),
    Column("role_id", ForeignKey("ab_role.id")),
    info={"foreign": True},
)


class PlatformState(Base):
    """One row (id 1): the epochs that processes compare their caches with."""

    __tablename__ = "platform_state"

    id: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    #: Raised when a type or field changes; see `records.registry`.
    registry_epoch: Mapped[int] = mapped_column(default=1)
    #: Raised when a grant, a role or a user's roles change; see `security.grants`.
    security_epoch: Mapped[int] = mapped_column(default=1)


class Grant(Base):
    """One right: a role may do an act on a type, within a scope. What no row allows is denied.

    `type_key` is a record type's key, `*` for all of them, or an area of the product with a leading `@`
    (`@crm`, `@portal`, `@admin`, `@api`, `@flows`), whose only act is `use`.
    """

    __tablename__ = "grant"
    __table_args__ = (UniqueConstraint("role_id", "type_key", "act"),)

    id: Mapped[long_id]
    role_id: Mapped[int] = mapped_column(ForeignKey("ab_role.id", ondelete="CASCADE"))
    type_key: Mapped[str] = mapped_column(String(60))
    #: read, create, update, delete, or the name of a transition or act of the type; `*` for all.
    act: Mapped[str] = mapped_column(String(60))
    #: all, own or board: which records, as the type declares it.
    scope: Mapped[str] = mapped_column(String(20), default="all")
    #: Field names that may be read or written; null means all.
    read_fields: Mapped[list[str] | None] = mapped_column(Json)
    write_fields: Mapped[list[str] | None] = mapped_column(Json)


class Account(Base):
    """What we keep of a user beside Flask-AppBuilder's row: the person they are, their language, their session epoch."""

    __tablename__ = "account"

    user_id: Mapped[int] = mapped_column(ForeignKey("ab_user.id", ondelete="CASCADE"), primary_key=True, autoincrement=False)
    person_id: Mapped[int | None] = mapped_column(ForeignKey("record.id", ondelete="SET NULL"))
    locale: Mapped[str | None] = mapped_column(String(5))
    #: Raised on a new password, new roles and deactivation: sessions and tokens of an older epoch are over.
    session_epoch: Mapped[int] = mapped_column(default=1)
    #: What the user chose for themselves, by name; see `security.preferences`.
    preferences: Mapped[dict[str, Any]] = mapped_column(Json, default=dict, server_default="{}")


class WebSession(Base):
    """A browser session, kept on the server; the cookie holds only a random key, and this table only its hash."""

    __tablename__ = "web_session"

    key_hash: Mapped[str] = mapped_column(String(64), primary_key=True)
    user_id: Mapped[int | None] = mapped_column(ForeignKey("ab_user.id", ondelete="CASCADE"), index=True)
    session_epoch: Mapped[int] = mapped_column(default=0)
    data: Mapped[dict[str, Any]] = mapped_column(Json)
    created_at: Mapped[datetime] = mapped_column(Moment)
    seen_at: Mapped[datetime] = mapped_column(Moment)
    expires_at: Mapped[datetime] = mapped_column(Moment, index=True)
    address: Mapped[str | None] = mapped_column(String(60))
    browser: Mapped[str | None] = mapped_column(String(200))


class LoginAttempt(Base):
    """A failed sign-in, for the limits per account and per address; swept after a day."""

    __tablename__ = "login_attempt"
    __table_args__ = (Index("ix_login_attempt_account_at", "account", "at"), Index("ix_login_attempt_address_at", "address", "at"))

    id: Mapped[long_id]
    at: Mapped[datetime] = mapped_column(Moment)
    #: A keyed hash of the name that was typed: the table tells nobody's address.
    account: Mapped[str] = mapped_column(String(64))
    address: Mapped[str] = mapped_column(String(60))


class SignInLink(Base):
    """A one-time link by mail: to sign in, to choose a new password, or to accept an invitation. Spent only by a POST."""

    __tablename__ = "sign_in_link"

    token_hash: Mapped[str] = mapped_column(String(64), primary_key=True)
    user_id: Mapped[int] = mapped_column(ForeignKey("ab_user.id", ondelete="CASCADE"), index=True)
    purpose: Mapped[str] = mapped_column(String(20))
    created_at: Mapped[datetime] = mapped_column(Moment)
    expires_at: Mapped[datetime] = mapped_column(Moment)
    used_at: Mapped[datetime | None] = mapped_column(Moment)


class ApiToken(Base):
    """A bearer token: hashed, scoped, expiring, revocable."""

    __tablename__ = "api_token"

    id: Mapped[long_id]
    token_hash: Mapped[str] = mapped_column(String(64), unique=True)
    user_id: Mapped[int] = mapped_column(ForeignKey("ab_user.id", ondelete="CASCADE"), index=True)
    name: Mapped[str] = mapped_column(String(100))
    #: `read` or `write`.
    scope: Mapped[str] = mapped_column(String(20), default="write")
    session_epoch: Mapped[int] = mapped_column(default=1)
    created_at: Mapped[datetime] = mapped_column(Moment)
    expires_at: Mapped[datetime] = mapped_column(Moment)
    revoked_at: Mapped[datetime | None] = mapped_column(Moment)
    last_used_at: Mapped[datetime | None] = mapped_column(Moment)


class SecurityEvent(Base):
    """The security log: sign-ins, refusals, changes of users, roles and grants. Append-only."""

    __tablename__ = "security_event"

    id: Mapped[long_id]
    at: Mapped[datetime] = mapped_column(Moment, index=True)
    kind: Mapped[str] = mapped_column(String(40))
    actor_id: Mapped[int | None]
    address: Mapped[str | None] = mapped_column(String(60))
    detail: Mapped[dict[str, Any]] = mapped_column(Json)
    note: Mapped[str | None] = mapped_column(Text)
