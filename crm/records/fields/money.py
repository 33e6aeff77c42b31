"""An amount of money with its currency, in one field."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from decimal import Decimal
from typing import Any, Final

from crm.kernel.i18n import N_
from crm.records.fields.base import FieldKind, ValueProblem
from crm.records.fields.checks import is_number
from crm.records.fields.number import LIMIT, plain, read_number
from crm.records.types import Field

USUAL: Final = ("DKK",)
_CODE: Final = re.compile(r"[A-Z]{3}", re.ASCII)
_WORDED: Final = re.compile(
    r"(?P<before>[^\d\s.,+−-]{1,4}\.?)?\s*(?P<amount>[-+−]?[\d\s.,]+?)\s*(?P<after>[^\d\s.,+−-]{1,4}\.?)?(?:,-)?"
)
#: How currencies are written beside their code.
_SIGNS: Final = {"KR": "DKK", "KR.": "DKK", "€": "EUR", "$": "USD", "£": "GBP"}


@dataclass(frozen=True, slots=True)
class MoneyValue:
    """An amount, and the three letters of its currency (ISO 4217)."""

    amount: Decimal
    currency: str


def are_currencies(value: Any) -> bool:
    """Say whether they are codes of currencies, each once."""
    listed = isinstance(value, list | tuple) and 0 < len(value) <= 40
    return listed and all(isinstance(one, str) and _CODE.fullmatch(one) for one in value) and len(set(value)) == len(value)


class MoneyKind(FieldKind):
    """config: `currencies` (ISO codes; the first is meant where none is written; default DKK), `min`, `max`.

    Comparing and sorting go by the amount; the currency is kept beside it. Two decimals at most.
    Columns, in order: amount, currency.
    """

    key = "money"
    slot = "n"
    operators = frozenset({"is", "is_not", "in", "not_in", "lt", "le", "gt", "ge", "empty", "filled"})
    sortable = True
    settings = {"currencies": are_currencies, "min": is_number, "max": is_number}
    compares = "number"
    keyed = True
    by_key = True

    def clean(self, field: Field, raw: Any, zone: str) -> MoneyValue | None:
        """Read an amount with or without currency: 1.234,50, `1234.5 EUR`, `kr. 1.000`, `{"amount", "currency"}`."""
        number, currency = _parts(raw)
        amount = read_number(number)
        if amount is None:
            return None
        allowed = currencies_of(field)
        code = allowed[0] if currency in (None, "") else currency
        if not isinstance(code, str) or code not in allowed:
            raise ValueProblem(N_("Only amounts in %(currencies)s can be entered here.", currencies=", ".join(allowed)))
        if abs(amount) >= LIMIT:
            raise ValueProblem(N_("The number is too large."))
        if amount != round(amount, 2):
            raise ValueProblem(N_("At most %(places)s decimals.", places=2))
        low, high = field.config.get("min"), field.config.get("max")
        if low is not None and amount < Decimal(str(low)):
            raise ValueProblem(N_("At least %(low)s.", low=low))
        if high is not None and amount > Decimal(str(high)):
            raise ValueProblem(N_("At most %(high)s.", high=high))
        return MoneyValue(plain(amount), code)

    def operand(self, field: Field, raw: Any, zone: str) -> Decimal:
        """Read an amount to compare with: it need not lie within the field's own bounds."""
        amount = read_number(raw.amount if isinstance(raw, MoneyValue) else raw)
        if amount is None:
            raise ValueProblem(N_("“%(field)s” needs a value to compare with.", field=field.label))
        if abs(amount) >= LIMIT:
            raise ValueProblem(N_("The number is too large."))
        if amount != round(amount, 4):
            raise ValueProblem(N_("At most %(places)s decimals.", places=4))
        return plain(amount)

    def from_form(self, field: Field, form: Mapping[str, str]) -> Any:
        """Inputs: `x.amount`, `x.currency`."""
        name = field.api_name
        return {"amount": form.get(f"{name}.amount"), "currency": form.get(f"{name}.currency")}

    def to_form(self, field: Field, value: Any, zone: str) -> dict[str, str]:
        """The two inputs; the amount with a decimal comma."""
        amount = "" if value is None else format(value.amount, "f").replace(".", ",")
        currency = currencies_of(field)[0] if value is None else value.currency
        return {f"{field.api_name}.amount": amount, f"{field.api_name}.currency": currency}

    def to_json(self, field: Field, value: Any) -> dict[str, str] | None:
        """`{"amount", "currency"}`, the amount as an exact decimal string."""
        return None if value is None else {"amount": format(value.amount, "f"), "currency": value.currency}

    def from_json(self, field: Field, stored: Any) -> MoneyValue | None:
        """Read it."""
        return None if stored is None else MoneyValue(Decimal(stored["amount"]), stored["currency"])

    def to_columns(self, field: Field, value: Any, zone: str) -> tuple[Any, ...]:
        """Amount and currency."""
        return (None, None) if value is None else (value.amount, value.currency)

    def from_columns(self, field: Field, columns: tuple[Any, ...], zone: str) -> MoneyValue | None:
        """Read them."""
        return None if columns[0] is None else MoneyValue(plain(Decimal(columns[0])), columns[1] or currencies_of(field)[0])

    def slot_value(self, field: Field, value: Any, zone: str) -> Decimal | None:
        """The amount."""
        return None if value is None else value.amount

    def to_text(self, field: Field, value: Any, zone: str) -> str:
        """1234,5 DKK."""
        return "" if value is None else f"{format(value.amount, 'f').replace('.', ',')} {value.currency}"


def currencies_of(field: Field) -> tuple[str, ...]:
    """Give the currencies that may be entered."""
    return tuple(field.config.get("currencies") or USUAL)


def _parts(raw: Any) -> tuple[Any, Any]:
    if isinstance(raw, MoneyValue):
        return raw.amount, raw.currency
    if isinstance(raw, Mapping):
        if set(raw) - {"amount", "currency"}:
            raise ValueProblem(N_("An amount has “amount” and “currency” only."))
        return raw.get("amount"), raw.get("currency")
    found = _WORDED.fullmatch(raw.strip()) if isinstance(raw, str) and len(raw) < 60 else None
    if found is None or not (found["before"] or found["after"]):
        return raw, None
    word = (found["after"] or found["before"]).upper()
    return found["amount"], _SIGNS.get(word, word)
