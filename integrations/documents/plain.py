"""The working twin of the Word renderer: the pack's outline as a text file. For tests, and for a machine without python-docx."""

from __future__ import annotations

from typing import Final, Self

from crm.boards.packs.document import PackDocument
from crm.kernel.settings import Settings
from crm.kernel.text import clean


class PlainRenderer:
    """Writes the text outline of a pack."""

    media_type: Final = "text/plain; charset=utf-8"
    suffix: Final = "txt"

    @classmethod
    def from_settings(cls, _settings: Settings) -> Self:
        """Make one; it needs nothing of the settings."""
        return cls()

    def render(self, document: PackDocument) -> bytes:
        """Give the outline, one line each."""
        return "\n".join(clean(line) for line in document.outline()).encode()
