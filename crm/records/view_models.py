"""The table of saved views."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from sqlalchemy import ForeignKey, Index, SmallInteger, String
from sqlalchemy.orm import Mapped, mapped_column

from crm.kernel.db import Base, Json, JsonOrNull, Moment, long_id


class SavedView(Base):
    """A list's state under a name: private to its owner, or shared with all who may read the type."""

    __tablename__ = "saved_view"
    __table_args__ = (
        Index("ix_saved_view_type", "type_id", "position"),
        Index("ix_saved_view_base", "base", unique=True),
    )

    id: Mapped[long_id]
    type_id: Mapped[int] = mapped_column(SmallInteger, ForeignKey("record_type.id", ondelete="RESTRICT"))
    #: None: it came with the product, and administrators answer for it.
    owner_id: Mapped[int | None] = mapped_column(ForeignKey("ab_user.id", ondelete="CASCADE"))
    name: Mapped[str] = mapped_column(String(80))
    #: The name in both languages, until somebody renames it: only of what came with the product.
    names: Mapped[dict[str, str] | None] = mapped_column(JsonOrNull)
    #: The key of a view that came with the product: what was there once, deleted or not, is not made again.
    base: Mapped[str | None] = mapped_column(String(40))
    shared: Mapped[bool]
    #: The parameters of the list's address by name; fields by api_name, `where` as a tree.
    state: Mapped[dict[str, Any]] = mapped_column(Json)
    position: Mapped[int]
    created_at: Mapped[datetime] = mapped_column(Moment)
    updated_at: Mapped[datetime] = mapped_column(Moment)
    #: Taken away, but can be brought back by whoever took it away.
    deleted_at: Mapped[datetime | None] = mapped_column(Moment)
