"""What the API itself must remember: which creates were already carried out."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import ForeignKey, String
from sqlalchemy.orm import Mapped, mapped_column

from crm.kernel.db import Base, Moment


class ApiIdempotency(Base):
    """A create that was sent with an `Idempotency-Key`: sent again, it gives the same record. Swept after a day."""

    __tablename__ = "api_idempotency"

    user_id: Mapped[int] = mapped_column(ForeignKey("ab_user.id", ondelete="CASCADE"), primary_key=True, autoincrement=False)
    key: Mapped[str] = mapped_column(String(200), primary_key=True)
    #: A digest of the request: the same key with another body is a mistake, not a repetition.
    digest: Mapped[str] = mapped_column(String(64))
    record_id: Mapped[int] = mapped_column(ForeignKey("record.id", ondelete="CASCADE"), index=True)
    at: Mapped[datetime] = mapped_column(Moment, index=True)
