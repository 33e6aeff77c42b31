"""Text: one line or several. Compared and sorted by the Danish sort key."""

from __future__ import annotations

import re
from typing import Any

from crm.kernel.i18n import N_
from crm.kernel.text import clean, sort_key
from crm.records.fields.base import FieldKind, ValueProblem
from crm.records.fields.checks import is_flag, is_whole
from crm.records.types import Field


class TextKind(FieldKind):
    """config: `multiline` (bool), `max_length` (200, or 20,000 for several lines), `pattern` (regex the whole must match).

    Its columns are the value, and optionally the sort key beside it (`Column(("email", "email_key"))`); without a key
    column it is compared as it stands (`exact` codes such as a company number).
    """

    key = "text"
    slot = "t"
    operators = frozenset({"is", "is_not", "in", "not_in", "contains", "starts", "lt", "le", "gt", "ge", "empty", "filled"})
    sortable = True
    settings = {"multiline": is_flag, "max_length": is_whole(1, 20_000), "unique": is_flag}
    compares = "key"
    keyed = True

    def clean(self, field: Field, raw: Any, zone: str) -> str | None:
        """Tidy and measure."""
        if raw is None:
            return None
        if not isinstance(raw, str):
            raise ValueProblem(N_("This must be text."))
        multiline = bool(field.config.get("multiline"))
        text = clean(raw, multiline=multiline)
        limit = int(field.config.get("max_length", 20_000 if multiline else 200))
        if len(text) > limit:
            raise ValueProblem(N_("At most %(limit)s characters; this is %(length)s.", limit=limit, length=len(text)))
        pattern = field.config.get("pattern")
        if text and pattern and not re.fullmatch(pattern, text):
            raise ValueProblem(N_("This does not have the expected form."))
        return text or None

    def to_columns(self, field: Field, value: Any, zone: str) -> tuple[Any, ...]:
        """Value, and its key for places with a second column."""
        columns = getattr(field.place, "columns", ("",))
        return (value,) if len(columns) == 1 else (value, sort_key(value) if value else None)

    def key_at(self, field: Field, columns: int) -> int:
        """The sort key's, if there is one."""
        return 1 if columns > 1 else 0

    def search_text(self, field: Field, value: Any) -> str:
        """The text."""
        return value or ""

    def keys(self, field: Field, value: Any) -> tuple[str, ...]:
        """Its sort key."""
        return (sort_key(value),) if value else ()

    def slot_value(self, field: Field, value: Any, zone: str) -> str | None:
        """The sort key."""
        return sort_key(value) if value else None
