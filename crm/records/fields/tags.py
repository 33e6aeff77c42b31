"""Free words on a record."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Final

from crm.kernel.i18n import N_
from crm.kernel.text import clean, sort_key
from crm.records.fields.base import ValueProblem
from crm.records.fields.several import SIGNS, SeveralKind
from crm.records.types import Field

LONGEST: Final = 60


class TagsKind(SeveralKind):
    """The value is a tuple of words as they were typed; Ærø and ærø are the same tag."""

    key = "tags"
    operators = SeveralKind.operators | {"contains"}

    def one(self, field: Field, raw: Any) -> str | None:
        """Tidy and measure a word; a comma or semicolon would part it."""
        if raw is None:
            return None
        if not isinstance(raw, str):
            raise ValueProblem(N_("This must be text."))
        if len(raw) > 4 * LONGEST:
            raise ValueProblem(N_("At most %(limit)s characters; this is %(length)s.", limit=LONGEST, length=len(raw)))
        word = " ".join(clean(raw).translate(SIGNS).replace(";", " ").split())
        if len(word) > LONGEST:
            raise ValueProblem(N_("At most %(limit)s characters; this is %(length)s.", limit=LONGEST, length=len(word)))
        return word if sort_key(word) else None

    def key_of(self, value: Any) -> str:
        """Its sort key."""
        return sort_key(value)

    def search_text(self, field: Field, value: Any) -> str:
        """The words."""
        return ", ".join(value or ())

    def to_form(self, field: Field, value: Any, zone: str) -> dict[str, str]:
        """One input, parted by comma."""
        return {field.api_name: ", ".join(value or ())}

    def from_form(self, field: Field, form: Mapping[str, str]) -> Any:
        """One text."""
        return form.get(field.api_name)
