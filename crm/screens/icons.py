"""Icons: symbols of one sprite, drawn beside a text that says the same."""

from __future__ import annotations

import json
from functools import cache

from markupsafe import Markup

from crm.screens.assets import FOLDER, static


@cache
def known_icons() -> frozenset[str]:
    """Give the names in the sprite."""
    manifest = json.loads((FOLDER / "vendor" / "manifest.json").read_text())["icons"]
    return frozenset([*manifest["outline"], *(f"{name}-filled" for name in manifest["filled"])])


@cache
def icon(name: str) -> Markup:
    """Draw an icon beside a text; an unknown name gives a plain dot, and a test says so."""
    known = name if name in known_icons() else "point"
    return Markup('<svg class="icon" aria-hidden="true"><use href="{}#{}"></use></svg>').format(
        static("vendor/icons/sprite.svg"), known
    )
