"""Several choices among options; a retired option stays on old records but cannot be chosen anew."""

from __future__ import annotations

from typing import Any

from crm.kernel.i18n import N_
from crm.records.fields.base import ValueProblem, shown
from crm.records.fields.checks import MAX_OPTIONS, are_options
from crm.records.fields.choice import option_key, option_text
from crm.records.fields.several import SeveralKind
from crm.records.types import Field


class ChoicesKind(SeveralKind):
    """The value is a tuple of options' keys, in the order of the options."""

    key = "choices"
    settings = {"options": are_options}
    needs = "options"
    most = MAX_OPTIONS

    def one(self, field: Field, raw: Any) -> str | None:
        """Accept an option's key; the store refuses a retired one where it was not before."""
        if raw is None or (isinstance(raw, str) and not raw.strip()):
            return None
        if not isinstance(raw, str) or field.option(raw.strip()) is None:
            raise ValueProblem(N_("“%(raw)s” is not among the options.", raw=shown(raw, 60)))
        return raw.strip()

    def ordered(self, field: Field, values: tuple[Any, ...]) -> tuple[Any, ...]:
        """As the options stand."""
        return tuple(option.key for option in field.options if option.key in values)

    def one_to_text(self, field: Field, one: Any) -> str:
        """Its Danish name."""
        return option_text(field, one)

    def from_text(self, field: Field, text: str, zone: str) -> list[str]:
        """Read keys and names."""
        return [option_key(field, part) for part in text.split(";") if part.strip()]
