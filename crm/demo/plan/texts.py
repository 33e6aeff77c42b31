"""Texts written by hand: read from `seeds/demo/texts`, their gaps filled from the choices that each text itself offers."""

from __future__ import annotations

import random
from collections.abc import Mapping
from functools import cache
from typing import Any

import yaml

from crm.demo.stories import DEMO
from crm.kernel import format as words


@cache
def texts(name: str) -> Any:
    """Read a file of texts."""
    content = (DEMO / "texts" / f"{name}.yaml").read_text(encoding="utf-8")
    return yaml.load(content, Loader=getattr(yaml, "CSafeLoader", yaml.SafeLoader))  # noqa: S506 - both are the safe loader


def filled(text: str, choices: Mapping[str, list[Any]], dice: random.Random, **facts: str) -> str:
    """Fill the gaps of a text: `{land}` with one of the choices of that name, `{klynge}` with what the plan knows."""
    chosen = {name: dice.choice(options) for name, options in choices.items()}
    return text.format_map({**chosen, **facts}).strip()


def day_in_words(day: Any) -> str:
    """Write a day as a text does: 13. oktober 2026."""
    return words.day(day, "da", "long")
