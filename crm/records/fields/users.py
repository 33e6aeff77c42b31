"""Several users of the system, by id."""

from __future__ import annotations

from typing import Any

from crm.kernel.i18n import N_
from crm.records.fields.several import SeveralKind
from crm.records.fields.user import whole_id
from crm.records.types import Field


class UsersKind(SeveralKind):
    """The value is a tuple of `ab_user.id`; the store checks that the users exist. `@me` is the one who asks."""

    key = "users"

    def one(self, field: Field, raw: Any) -> int | None:
        """Read an id."""
        return whole_id(raw.strip() if isinstance(raw, str) else raw, N_("Choose a user from the list."), below=2**31)

    def points_at(self, value: Any) -> tuple[int, ...]:
        """The users."""
        return value or ()
