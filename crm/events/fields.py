"""Short forms for the fields of this feature, and the places on the spine that they share."""

from __future__ import annotations

from typing import Final

from crm.kernel.i18n import Label
from crm.records.types import Column, Field, Spine

TITLE: Final = Spine(("title",))
PERIOD: Final = Spine(("starts_at", "ends_at", "all_day"))
#: The largest number of people, places or meetings that anybody means.
MOST: Final = 1_000_000


def text_field(
    name: str,
    label: Label,
    *,
    lines: bool = False,
    longest: int | None = None,
    help: Label | None = None,  # noqa: A002
    section: Label | None = None,
    personal: bool = False,
) -> Field:
    """Give a text in a column of its name; `longest` is the column's length where it is not the kind's own."""
    config: dict[str, object] = {"multiline": True} if lines else {}
    if longest is not None:
        config["max_length"] = longest
    return Field(name, "text", label, Column((name,)), help=help, config=config, section=section, personal=personal)


def number_field(
    name: str,
    label: Label,
    *,
    help: Label | None = None,  # noqa: A002
    section: Label | None = None,
) -> Field:
    """Give a whole number, nought or more, in a column of its name."""
    config = {"integer_column": True, "min": 0, "max": MOST}
    return Field(name, "number", label, Column((name,)), config=config, help=help, section=section)


def relation_field(
    name: str,
    label: Label,
    target: str,
    back: Label | None = None,
    *,
    required: bool = False,
    help: Label | None = None,  # noqa: A002
    section: Label | None = None,
) -> Field:
    """Give one other record, in the column `<name>_id`; `back` heads the panel on the other side."""
    return Field(
        name,
        "relation",
        label,
        Column((f"{name}_id",)),
        required=required,
        targets=(target,),
        back_label=back,
        help=help,
        section=section,
    )
