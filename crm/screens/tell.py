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


def tell(message: Message | Label, *, level: Level = "success", undo_url: str | None = None, saved: str | None = None) -> None:
    """Say something on the next page, in the language of the one who acts."""
    flash({"text": message(current_locale()), "level": level, "undo_url": undo_url, "saved": saved}, CATEGORY)  # type: ignore[arg-type]


def toasts() -> list[Toast]:
    """Take the waiting messages, ours and Flask-AppBuilder's."""
    waiting: Any = get_flashed_messages(with_categories=True)
    return [_read(category, content) for category, content in waiting]


def _read(category: str, content: Any) -> Toast:
    if category == CATEGORY and isinstance(content, dict):
        return Toast(content["text"], content["level"], content["undo_url"], content.get("saved"))
    return Toast(str(worded(content, current_locale())), _FOREIGN.get(category, "info"))
