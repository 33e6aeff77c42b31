"""What a certificate is on screen, in the API and in the log."""

from __future__ import annotations

from typing import Final

from crm.certification.types.certificate import CERTIFICATE

TYPES: Final = (CERTIFICATE,)

__all__ = ["CERTIFICATE", "TYPES"]
