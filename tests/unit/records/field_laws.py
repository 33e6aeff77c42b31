"""What every kind of field must hold, over random values; each kind's own test file calls these."""

from __future__ import annotations

import json
from collections.abc import Iterable
from typing import Any

from crm.kernel.i18n import Label
from crm.records.fields import KINDS, ValueProblem
from crm.records.types import Column, Data, Field, Place

ZONE = "Europe/Copenhagen"


def field(kind: str, place: Place | None = None, **more: Any) -> Field:
    """Make a field called x."""
    return Field("x", kind, Label("X", "X"), place or Data("f1"), **more)


def check_round_trips(item: Field, value: Any) -> None:
    """A value comes back from the form, from JSON (through text) and from columns as it was; cleaning it changes nothing."""
    kind = KINDS[item.kind]
    assert kind.clean(item, value, ZONE) == value
    assert kind.from_json(item, json.loads(json.dumps(kind.to_json(item, value)))) == value
    if isinstance(item.place, Column):
        assert kind.from_columns(item, kind.to_columns(item, value, ZONE), ZONE) == value
        assert len(kind.to_columns(item, value, ZONE)) == len(item.place.columns)


def check_form(item: Field, value: Any) -> None:
    """A form that is saved as it was shown gives the same value."""
    kind = KINDS[item.kind]
    inputs = kind.to_form(item, value, ZONE)
    assert all(isinstance(text, str) for text in inputs.values())
    assert kind.clean(item, kind.from_form(item, inputs), ZONE) == value


def check_hostile(items: Iterable[Field], raw: Any) -> None:
    """Any raw value becomes a value that can be kept and shown, or is refused in words that can be written out."""
    for item in items:
        kind = KINDS[item.kind]
        for read in (kind.clean, kind.operand):
            try:
                value = read(item, raw, ZONE)
            except ValueProblem as problem:
                _check_words(problem)
                continue
            if read == kind.clean and value is not None:
                check_round_trips(item, value)
                json.dumps(kind.to_json(item, value), ensure_ascii=False).encode()
                key = kind.slot_value(item, value, ZONE)
                assert "\0" not in str(key)
                str(key).encode()
                assert isinstance(kind.to_form(item, value, ZONE), dict)


def _check_words(problem: ValueProblem) -> None:
    for locale in ("da", "en"):
        assert problem.message(locale).encode()


def refusal(item: Field, raw: Any) -> str:
    """Give the words with which a raw value is refused."""
    try:
        value = KINDS[item.kind].clean(item, raw, ZONE)
    except ValueProblem as problem:
        return str(problem.message)
    raise AssertionError(f"{raw!r} was read as {value!r}")


def cleaned(item: Field, raw: Any) -> Any:
    """Clean a raw value."""
    return KINDS[item.kind].clean(item, raw, ZONE)
