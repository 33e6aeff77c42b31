"""Short forms for the fields of this feature, and the places on the spine that they share."""

from __future__ import annotations

from typing import Final

from crm.kernel.i18n import Label
from crm.records.types import Column, Field, Spine, Values

SECTION: Final = "boards"
TITLE: Final = Spine(("title",))
PERIOD: Final = Spine(("starts_at", "ends_at", "all_day"))


def text_field(
    name: str,
    label: Label,
    *,
    lines: bool = False,
    required: bool = False,
    longest: int | None = None,
    help: Label | None = None,  # noqa: A002
) -> Field:
    """Give: a text in a column of its name; `longest` is the column's length where it is not the kind's own."""
    config: dict[str, object] = {"multiline": True} if lines else {}
    if longest is not None:
        config["max_length"] = longest
    return Field(name, "text", label, Column((name,)), required=required, help=help, config=config)


def number_field(
    name: str,
    label: Label,
    default: int | None = None,
    *,
    high: int = 365,
    help: Label | None = None,  # noqa: A002
    plain: bool = False,
) -> Field:
    """Give: a whole number in a column of its name; a `plain` one (a year) is written without thousands."""
    config = {"integer_column": True, "min": 0, "max": high, "plain": plain}
    return Field(name, "number", label, Column((name,)), config=config, default=default, help=help)


def yes_no_field(name: str, label: Label, *, default: bool, help: Label | None = None) -> Field:  # noqa: A002
    """Give: yes or no in a column of its name."""
    return Field(name, "yes_no", label, Column((name,)), default=default, help=help)


def relation_field(name: str, label: Label, target: str, back: Label | None = None, *, required: bool = False) -> Field:
    """Give: one other record, in the column `<name>_id`; `back` heads the panel on the other side."""
    return Field(name, "relation", label, Column((f"{name}_id",)), required=required, targets=(target,), back_label=back)


def derived_title(new: Values) -> str:
    """Give: the title that the type's `derive` found."""
    return str(new.get("_title") or "")
