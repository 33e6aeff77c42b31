"""What the records of this feature are on screen, in the API and in the log."""

from __future__ import annotations

from typing import Final

from crm.records.types import RecordType

TYPES: Final[tuple[RecordType, ...]] = ()
