"""What every kind of field can do. One file a kind; `crm.records.fields` gathers them."""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections.abc import Mapping
from typing import Any, ClassVar, Literal

from crm.kernel.errors import KlyngeError
from crm.kernel.i18n import N_, Message
from crm.kernel.text import clean
from crm.records.fields.checks import Settings
from crm.records.types import Field


class ValueProblem(KlyngeError):
    """A raw value that cannot become this field's value; the store turns it into `InvalidInput`."""

    def __init__(self, message: Message) -> None:
        self.message = message
        super().__init__(str(message))


def shown(raw: Any, limit: int = 40) -> str:
    """Give the beginning of a raw value, fit to be shown in a refusal: whatever it is, it can be written out."""
    if isinstance(raw, str):
        return clean(raw[: limit * 2])[:limit]
    if isinstance(raw, bool | float) or (isinstance(raw, int) and abs(raw) < 10**20):
        return str(raw)
    return "…"


#: number: exact, × 10⁴ · whole: a whole number · flag · key: a short text key · long: text of any length.
Compares = Literal["number", "whole", "flag", "key", "long"]


class FieldKind(ABC):
    """A kind of field.

    A *raw* value comes from a form, the API or an import; a *value* is plain Python; *columns* are what typed table columns
    hold; the *slot value* is what a slot holds for sorting and filtering.
    """

    key: ClassVar[str]
    #: First letter of the slots it takes (t, n, d), or None when it has none.
    slot: ClassVar[str | None] = None
    #: Operators it answers, see `filters.tree.OPERATORS`.
    operators: ClassVar[frozenset[str]] = frozenset({"empty", "filled"})
    sortable: ClassVar[bool] = False
    #: What may be set of an extra field, and what must be.
    settings: ClassVar[Settings] = {}
    needs: ClassVar[str | None] = None
    #: What its comparison key is when it is read out of JSON: see `storage`.
    compares: ClassVar[Compares] = "long"
    #: Its JSON form does not compare as it stands: the comparison key is kept beside it while no slot is read.
    keyed: ClassVar[bool] = False
    #: Conditions compare its key (`slot_value`), on the Python side too, rather than the value.
    by_key: ClassVar[bool] = False
    #: It holds several values: a tuple; their keys stand in `record_value`, which filters use.
    several: ClassVar[bool] = False

    @abstractmethod
    def clean(self, field: Field, raw: Any, zone: str) -> Any:
        """Turn a raw value into a value; None and "" mean empty.

        Raises:
            ValueProblem: it is not one of this kind; the message says why.
        """

    def from_form(self, field: Field, form: Mapping[str, str]) -> Any:
        """Pick the raw value out of a posted form."""
        return form.get(field.api_name)

    def to_form(self, field: Field, value: Any, zone: str) -> dict[str, str]:
        """Give the form's inputs for a value, by input name."""
        return {field.api_name: "" if value is None else str(value)}

    def to_json(self, field: Field, value: Any) -> Any:
        """Give the JSON form: API, change log, `record.data`."""
        return value

    def from_json(self, field: Field, stored: Any) -> Any:
        """Read what `to_json` gave."""
        return stored

    def to_columns(self, field: Field, value: Any, zone: str) -> tuple[Any, ...]:
        """Give what the field's typed columns hold, in the order of its place."""
        return (value,)

    def from_columns(self, field: Field, columns: tuple[Any, ...], zone: str) -> Any:
        """Read what `to_columns` gave."""
        return columns[0]

    def slot_value(self, field: Field, value: Any, zone: str) -> Any:
        """Give what the slot holds."""
        return value

    def key_at(self, field: Field, columns: int) -> int:
        """Say which of its typed columns comparisons and sorting use."""
        return 0

    def keys(self, field: Field, value: Any) -> tuple[str, ...]:
        """Give the keys of its values, at most 200 signs each: by these several values are found, and doubles are known."""
        return () if value is None else (str(value)[:200],)

    def points_at(self, value: Any) -> tuple[int, ...]:
        """Give the records or users that a value names, by id."""
        return ()

    def taken_back(self, before: Any, after: Any, current: Any) -> Any:
        """Give the current value without an earlier change from one value to another, when others have changed it since.

        None where what that change did cannot be told apart any more: then it is not taken back.
        """
        return None

    def search_text(self, field: Field, value: Any) -> str:
        """Give what the full-text search finds the record by; nothing for kinds that filters are for."""
        return ""

    def to_text(self, field: Field, value: Any, zone: str) -> str:
        """Give the text of a cell in an export; `from_text` reads it back."""
        return "" if value is None else self.to_form(field, value, zone)[field.api_name]

    def from_text(self, field: Field, text: str, zone: str) -> Any:
        """Give the raw value of a cell in an import, for `clean`."""
        return text

    def operand(self, field: Field, raw: Any, zone: str) -> Any:
        """Read a condition's value, as `clean` does.

        Raises:
            ValueProblem: it cannot be compared with this field.
        """
        value = self.clean(field, raw, zone)
        if value is None:
            raise ValueProblem(N_("“%(field)s” needs a value to compare with.", field=field.label))
        return value
