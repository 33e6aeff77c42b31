"""What stands around the content of every page, drawn once for all who see the same: the menu, *New*, the palette.

They took a third of a list page's time, and change only with grants, types, language, and who looks.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any, Final

from flask import render_template
from markupsafe import Markup

from crm.records.types import RecordType
from crm.screens import navigation
from crm.security.actors import Actor
from crm.web.context import current_actor, current_locale, current_preferences, works

#: Sets of rights and languages whose furniture is kept, and drawn pieces of each.
MOST_SETS: Final = 50
MOST_PIECES: Final = 500


@dataclass(frozen=True, slots=True)
class Furniture:
    """The menu of those who have the same rights and language, and what was drawn of it, by name and what it depends on."""

    sections: tuple[navigation.NavSection, ...]
    makeable: tuple[RecordType, ...]
    quick: tuple[navigation.QuickAct, ...] = ()
    drawn: dict[tuple[Any, ...], Markup] = field(default_factory=dict)

    def piece(self, key: tuple[Any, ...], draw: Callable[[], str]) -> Markup:
        """Give a piece, drawn at the first time."""
        found = self.drawn.get(key)
        if found is None:
            if len(self.drawn) >= MOST_PIECES:
                self.drawn.clear()
            found = self.drawn[key] = Markup(draw())  # noqa: S704 - templates of ours, escaped
        return found


class FurnitureCache:
    """The furniture of one app: what its people see is told by roles, language, and the epochs of grants and of types."""

    def __init__(self) -> None:
        self._kept: dict[tuple[Any, ...], Furniture] = {}

    def menu(self, path: str) -> Markup:
        """Draw the entries of the side menu; those that `path` lies under are marked."""
        found = self._of(current_actor())
        here = tuple(item.key for section in found.sections for item in section.items if item.is_here(path))
        return found.piece(("menu", here), lambda: render_template("_menu.html", sections=found.sections, here_keys=here))

    def new_menu(self) -> Markup:
        """Draw the menu of what one may make; nothing when that is nothing."""
        found = self._of(current_actor())
        return found.piece(("new",), lambda: render_template("_new_menu.html", makeable=found.makeable, quick=found.quick))

    def palette(self) -> Markup:
        """Draw the palette and the list of keys."""
        actor, single_keys = current_actor(), current_preferences().get("single_keys") is not False
        key = ("palette", actor.user_id, single_keys)
        return self._of(actor).piece(key, lambda: render_template("_palette.html", single_keys=single_keys))

    def _of(self, actor: Actor) -> Furniture:
        key = (actor.roles, actor.security_epoch, actor.registry_epoch, current_locale())
        found = self._kept.get(key)
        if found is None:
            with works().reading(actor) as uow:
                quick = tuple(navigation.quick_acts(uow.access))
                found = Furniture(tuple(navigation.sections(uow)), tuple(navigation.makeable(uow)), quick)
            if actor.security_epoch and actor.registry_epoch:  # else nothing says when it is out of date
                if len(self._kept) >= MOST_SETS:
                    self._kept.clear()
                self._kept[key] = found
        return found
