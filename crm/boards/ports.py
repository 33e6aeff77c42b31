"""What the meeting work needs from outside, as Protocols. Adapters live in `integrations/`."""

from __future__ import annotations

from typing import Protocol

from crm.boards.packs.document import PackDocument


class PackRenderer(Protocol):
    """Draws a pack as a file. Drawing never fails because of what people typed: every text is made safe first."""

    @property
    def media_type(self) -> str:
        """The file's media type."""
        ...

    @property
    def suffix(self) -> str:
        """The file's suffix, without dot."""
        ...

    def render(self, document: PackDocument) -> bytes:
        """Give the file's bytes. The same document gives a file with the same content."""
        ...
