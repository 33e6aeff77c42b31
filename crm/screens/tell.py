"""Short messages about what was just done, shown as toasts on the next page."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, Final, Literal

from flask import flash, get_flashed_messages

from crm.kernel.i18n import Label, Message, worded
from crm.web.context import current_locale

Level = Literal["success", "info", "warning", "danger"]
CATEGORY: Final = "toast"
#: Categories that Flask-AppBuilder's own pages use.
_FOREIGN: Final = {"danger": "danger", "error": "danger", "warning": "warning"}


@dataclass(frozen=True, slots=True)
class Toast:
    """A message, ready to be shown. `undo_url` takes a POST; `saved` names the draft that the browser may now forget."""

    text: str
    level: str = "success"
    undo_url: str | None = None
    saved: str | None = None
    #: What the button of `undo_url` says, when not *Undo*.
    undo_label: str | None = None
    #: Where the whole story stands.
    more_url: str | None = None


def tell(
    message: Message | Label,
    *,
    level: Level = "success",
    undo_url: str | None = None,
    saved: str | None = None,
    undo_label: Message | None = None,
    more_url: str | None = None,
) -> None:
    """Say something on the next page, in the language of the one who acts."""
    locale = current_locale()
    kept = {"text": message(locale), "level": level, "undo_url": undo_url, "saved": saved, "more_url": more_url}
    flash({**kept, "undo_label": undo_label(locale) if undo_label is not None else None}, CATEGORY)  # type: ignore[arg-type]


def toasts() -> list[Toast]:
    """Take the waiting messages, ours and Flask-AppBuilder's."""
    waiting: Any = get_flashed_messages(with_categories=True)
    return [_read(category, content) for category, content in waiting]


def _read(category: str, content: Any) -> Toast:
    if category == CATEGORY and isinstance(content, dict):
        return Toast(**content)
    return Toast(str(worded(content, current_locale())), _FOREIGN.get(category, "info"))
