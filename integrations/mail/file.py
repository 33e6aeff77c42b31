"""Mails as `.eml` files under the home folder: the demo's way, where nothing ever leaves the machine."""

from __future__ import annotations

import os
from pathlib import Path
from typing import Self

from crm.kernel.clock import Clock, SystemClock
from crm.kernel.errors import IntegrationError
from crm.kernel.settings import Settings
from crm.ops.ports import OutgoingMail
from integrations.mail.message import as_message


class FileMailer:
    """Writes each mail to `mail/<moment>-<id>.eml`, readable by the owner only; the same mail again writes the same file."""

    def __init__(self, settings: Settings, *, clock: Clock | None = None) -> None:
        self._settings = settings
        self._clock = clock or SystemClock()
        self.folder: Path = settings.home / "mail"

    @classmethod
    def from_settings(cls, settings: Settings) -> Self:
        """Make it as the settings say."""
        return cls(settings)

    def send(self, mail: OutgoingMail) -> None:
        """Write the mail; see the port."""
        now = self._clock.now()
        message = as_message(mail, self._settings, now)
        name = "".join(sign for sign in mail.message_id.partition("@")[0] if sign.isalnum())
        try:
            self.folder.mkdir(parents=True, exist_ok=True, mode=0o700)
            path = next(self.folder.glob(f"*-{name}.eml"), self.folder / f"{now:%Y%m%dT%H%M%S}-{name}.eml")
            half = path.with_suffix(".part")
            with os.fdopen(os.open(half, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600), "wb") as file:
                file.write(message.as_bytes())
            half.replace(path)
        except OSError as error:
            raise IntegrationError(f"the mail could not be written: {error}", retryable=True) from error
