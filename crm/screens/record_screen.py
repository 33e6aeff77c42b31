"""What a feature may add to its type's record page as one class: acts that run on a POST, and panels.

class MeetingView(RecordScreen):
type_key = "meeting"

@act("convene", N_("Convene"), confirm=N_("Send the invitations?"), icon="send")
def convene(self, meeting_id: int) -> Response: ...

register_screen(MeetingView())
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any, ClassVar, TypeVar

from flask import redirect
from werkzeug.wrappers import Response

from crm.kernel.errors import NotFound
from crm.kernel.i18n import Label, Message
from crm.records.query import Row
from crm.records.work import UnitOfWork
from crm.screens import panels
from crm.screens.panels import Act, Panel
from crm.screens.tell import Level, tell
from crm.web.context import current_actor, next_path, works

F = TypeVar("F", bound=Callable[..., Response])
Words = Label | Message


@dataclass(frozen=True, slots=True)
class ActFacts:
    """How an act is offered. `right` is the act of the grant table that it needs (its key when empty)."""

    key: str
    label: Words
    icon: str | None
    confirm: Words | None
    primary: bool
    states: tuple[str, ...]
    right: str


def act(
    key: str,
    label: Words,
    *,
    icon: str | None = None,
    confirm: Words | None = None,
    primary: bool = False,
    states: Sequence[str] = (),
    right: str = "",
) -> Callable[[F], F]:
    """Offer a method as a button on the record page, in these states (none: always), to those who have the right."""

    def mark(method: F) -> F:
        method.__act__ = ActFacts(key, label, icon, confirm, primary, tuple(states), right or key)  # type: ignore[attr-defined]
        return method

    return mark


class RecordScreen:
    """What a type has on screen beyond any record."""

    type_key: ClassVar[str]
    panels: ClassVar[Sequence[Panel]] = ()

    @contextmanager
    def work(self) -> Iterator[UnitOfWork]:
        """Open a write transaction of the one who clicked."""
        with works().writing(current_actor()) as uow:
            yield uow

    def tell(self, message: Message, *, back: str = "/", level: Level = "success", undo_url: str | None = None) -> Response:
        """Say what was done and go back to the page."""
        tell(message, level=level, undo_url=undo_url)
        return redirect(next_path(back), 303)

    def acts(self) -> dict[str, tuple[ActFacts, Callable[..., Any]]]:
        """Give the acts by key."""
        methods = (getattr(self, name) for name in dir(self) if not name.startswith("_"))
        return {method.__act__.key: (method.__act__, method) for method in methods if hasattr(method, "__act__")}

    def offer(self, uow: UnitOfWork, row: Row) -> list[Act]:
        """Give the buttons for a record."""
        return [
            Act(facts.key, facts.label, f"/r/{row.id}/act/{facts.key}", facts.primary, facts.icon, facts.confirm)
            for facts, _ in self.acts().values()
            if (not facts.states or row.state in facts.states) and uow.access.may(facts.right, row.type_key)
        ]

    def do(self, key: str, record_id: int) -> Response:
        """Run an act.

        Raises:
            NotFound: there is no such act.
        """
        found = self.acts().get(key)
        if found is None:
            raise NotFound
        answer: Response = found[1](record_id)
        return answer


_screens: dict[str, RecordScreen] = {}


def register_screen(screen: RecordScreen) -> None:
    """Add a screen's acts and panels to its type's record page."""
    _screens[screen.type_key] = screen
    for panel in screen.panels:
        panels.register(screen.type_key, panel)
    panels.register_acts(screen.type_key, screen.offer)


def screen_of(type_key: str) -> RecordScreen:
    """Give the screen of a type; a plain one when no feature has added any."""
    return _screens.get(type_key) or RecordScreen()
