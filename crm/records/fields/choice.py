"""A single choice among options; a retired option stays on old records but cannot be chosen anew."""

from __future__ import annotations

from typing import Any

from crm.kernel.i18n import N_
from crm.kernel.text import sort_key
from crm.records.fields.base import FieldKind, ValueProblem, shown
from crm.records.fields.checks import are_options
from crm.records.types import Field


class ChoiceKind(FieldKind):
    """The value is an option's key."""

    key = "choice"
    slot = "t"
    operators = frozenset({"is", "is_not", "in", "not_in", "empty", "filled"})
    sortable = True
    settings = {"options": are_options}
    needs = "options"
    compares = "key"

    def clean(self, field: Field, raw: Any, zone: str) -> str | None:
        """Accept an option's key; the store refuses a retired one where it was not before."""
        if raw is None or raw == "":
            return None
        if not isinstance(raw, str) or field.option(raw) is None:
            raise ValueProblem(N_("“%(raw)s” is not among the options.", raw=shown(raw, 60)))
        return raw

    def to_text(self, field: Field, value: Any, zone: str) -> str:
        """The option's Danish name where it names only that option, else its key."""
        return "" if value is None else option_text(field, value)

    def from_text(self, field: Field, text: str, zone: str) -> Any:
        """Read a key, or a name in either language."""
        return option_key(field, text)


def option_text(field: Field, key: str) -> str:
    """Give an option's Danish name, or its key where the name would be read as another option."""
    option = field.option(key)
    name = "" if option is None else option.label.da.strip()
    return name if name and ";" not in name and option_key(field, name) == key else key


def option_key(field: Field, text: str) -> str:
    """Give the key that a text names, by key or by name; the text itself if there is none."""
    text = text.strip()
    if field.option(text) is not None:
        return text
    wanted = sort_key(text)
    found = (one.key for one in field.options if wanted in {sort_key(one.label.da), sort_key(one.label.en)})
    return next(found, text)
