"""What memberships and the catalogue are on screen, in the API and in the log."""

from __future__ import annotations

from typing import Final

from crm.membership.types.catalogue import ANSWERS, CATALOGUE_ANSWER, CATALOGUE_CRITERION, CATALOGUE_ENTRY
from crm.membership.types.membership import MEMBERSHIP, MEMBERSHIP_TYPE, facts_of

TYPES: Final = (CATALOGUE_ENTRY, MEMBERSHIP, MEMBERSHIP_TYPE, CATALOGUE_CRITERION, CATALOGUE_ANSWER)

__all__ = [
    "ANSWERS",
    "CATALOGUE_ANSWER",
    "CATALOGUE_CRITERION",
    "CATALOGUE_ENTRY",
    "MEMBERSHIP",
    "MEMBERSHIP_TYPE",
    "TYPES",
    "facts_of",
]
