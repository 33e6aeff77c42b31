"""What events need from outside, as Protocols. Adapters live in `integrations/`."""

from __future__ import annotations

from typing import Protocol

from crm.events.papers import EventPaper


class EventPapers(Protocol):
    """Draws the papers of an event as files. Drawing never fails because of what people typed: every text is made safe first."""

    @property
    def media_type(self) -> str:
        """The files' media type."""
        ...

    @property
    def suffix(self) -> str:
        """The files' suffix, without dot."""
        ...

    def participant_list(self, paper: EventPaper) -> bytes:
        """Give the list of participants: a table, its headings again on each page."""
        ...

    def name_badges(self, paper: EventPaper) -> bytes:
        """Give the name badges: one for each guest, to be printed and cut."""
        ...
