"""The part of the settings that the meeting work needs: who writes, from where, and where people read."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import Final, Self

from crm.kernel.settings import ROOT, Settings

TEMPLATES: Final = Path("templates") / "mail"


@dataclass(frozen=True, slots=True)
class Office:
    """The secretariat as it signs packs and mails."""

    name: str
    mail: str
    #: The address that people use; links begin with it.
    url: str
    #: Folders that may hold a mail's text, the office's own first.
    mail_folders: tuple[Path, ...]
    #: Whether a pack may be approved in Prefect with a one-time code.
    codes_allowed: bool = True

    @classmethod
    def of(cls, settings: Settings) -> Self:
        """Read it from the settings."""
        return cls(
            name=settings.office_name,
            mail=settings.office_mail,
            url=settings.public_url.rstrip("/"),
            mail_folders=(settings.home / TEMPLATES, ROOT / "seeds" / TEMPLATES),
            codes_allowed=settings.approval_in_prefect,
        )
