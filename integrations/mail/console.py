"""Mails in the terminal: for work on texts."""

from __future__ import annotations

import sys
from typing import Final, Self, TextIO

from crm.kernel.clock import Clock, SystemClock
from crm.kernel.settings import Settings
from crm.ops.ports import OutgoingMail
from integrations.mail.message import as_message

_SHOWN: Final = ("From", "To", "Reply-To", "Subject", "Message-ID")
_RULE: Final = "-" * 72


class ConsoleMailer:
    """Prints each mail: headers and plain text."""

    def __init__(self, settings: Settings, *, out: TextIO | None = None, clock: Clock | None = None) -> None:
        self._settings = settings
        self._out = out or sys.stdout
        self._clock = clock or SystemClock()

    @classmethod
    def from_settings(cls, settings: Settings) -> Self:
        """Make it as the settings say."""
        return cls(settings)

    def send(self, mail: OutgoingMail) -> None:
        """Print the mail; see the port."""
        message = as_message(mail, self._settings, self._clock.now())
        lines = [f"{name}: {message[name]}" for name in _SHOWN if message[name]]
        lines += ["", mail.text, *(f"[{item.name}]" for item in mail.attachments)]
        print(_RULE, *lines, _RULE, sep="\n", file=self._out, flush=True)
