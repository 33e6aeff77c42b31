"""Yes or no."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Final

from crm.kernel.i18n import N_
from crm.records.fields.base import FieldKind, ValueProblem
from crm.records.types import Field

_WORDS: Final = {
    "true": True,
    "1": True,
    "yes": True,
    "ja": True,
    "on": True,
    "false": False,
    "0": False,
    "no": False,
    "nej": False,
}


class YesNoKind(FieldKind):
    """The value is a bool; an unticked box is no, not empty."""

    key = "yes_no"
    slot = "n"
    operators = frozenset({"is", "is_not", "empty", "filled"})
    sortable = True
    compares = "flag"

    def clean(self, field: Field, raw: Any, zone: str) -> bool | None:
        """Read a bool or one of its words."""
        if raw is None or raw == "":
            return None
        if isinstance(raw, bool):
            return raw
        word = _WORDS.get(str(raw).strip().casefold()) if isinstance(raw, str) or (isinstance(raw, int) and raw in {0, 1}) else None
        if word is None:
            raise ValueProblem(N_("Answer yes or no."))
        return word

    def from_form(self, field: Field, form: Mapping[str, str]) -> Any:
        """A box that is not posted is not ticked."""
        return form.get(field.api_name, "false")

    def to_form(self, field: Field, value: Any, zone: str) -> dict[str, str]:
        """The box's value."""
        return {field.api_name: "true" if value else "false"}

    def slot_value(self, field: Field, value: Any, zone: str) -> int | None:
        """One or nought."""
        return None if value is None else int(value)

    def to_text(self, field: Field, value: Any, zone: str) -> str:
        """In Danish."""
        return "" if value is None else ("ja" if value else "nej")
