"""The working twin of the Word papers: the same lists as text. For tests, and for a machine without python-docx."""

from __future__ import annotations

from typing import Final, Self

from crm.events.papers import BADGES_TITLE, LIST_TITLE, NOBODY, EventPaper
from crm.kernel.settings import Settings
from crm.kernel.text import clean


class PlainPapers:
    """Writes an event's papers as plain text."""

    media_type: Final = "text/plain; charset=utf-8"
    suffix: Final = "txt"

    @classmethod
    def from_settings(cls, _settings: Settings) -> Self:
        """Make one; it needs nothing of the settings."""
        return cls()

    def participant_list(self, paper: EventPaper) -> bytes:
        """Give the list, a line for each guest with tabs between the columns."""
        rows = ["\t".join(clean(cell) for cell in row) for row in (paper.headings, *paper.rows)]
        return _text(paper, LIST_TITLE(paper.locale), rows if paper.guests else [NOBODY(paper.locale)])

    def name_badges(self, paper: EventPaper) -> bytes:
        """Give the badges, an empty line between them."""
        badges = ["\n".join(clean(part) for part in (one.name, one.organisation, one.role) if part) for one in paper.guests]
        return _text(paper, BADGES_TITLE(paper.locale), ["\n\n".join(badges) or NOBODY(paper.locale)])


def _text(paper: EventPaper, kind: str, lines: list[str]) -> bytes:
    head = [f"{clean(paper.title)} – {kind}", *(clean(fact) for fact in paper.facts), ""]
    return "\n".join([*head, *lines, "", clean(paper.note), clean(paper.office)]).encode()
