"""What organisations and persons, and what belongs to them, are on screen, in the API and in the log."""

from __future__ import annotations

from typing import Final

from crm.directory.types.belongings import ORGANISATION_NAME, SITE
from crm.directory.types.common import SECTION
from crm.directory.types.consent import CONSENT
from crm.directory.types.organisation import KINDS, LIFECYCLE, ORGANISATION
from crm.directory.types.person import PERSON

TYPES: Final = (ORGANISATION, PERSON, ORGANISATION_NAME, SITE, CONSENT)

__all__ = ["CONSENT", "KINDS", "LIFECYCLE", "ORGANISATION", "ORGANISATION_NAME", "PERSON", "SECTION", "SITE", "TYPES"]
