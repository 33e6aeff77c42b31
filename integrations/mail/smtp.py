"""Mails by SMTP, encrypted wherever the server can.

`smtps://` speaks TLS from the first byte; `smtp://` asks for STARTTLS and, when a user is given, insists on it, so that a
password never travels in the clear.
"""

from __future__ import annotations

import smtplib
import ssl
from typing import Final, Self
from urllib.parse import SplitResult, unquote, urlsplit

from crm.kernel.clock import Clock, SystemClock
from crm.kernel.errors import ConfigError, IntegrationError
from crm.kernel.i18n import N_
from crm.kernel.settings import Settings
from crm.ops.ports import OutgoingMail
from integrations.mail.message import as_message

_SECONDS: Final = 20.0
#: From here on an SMTP answer is final (RFC 5321 §4.2.1); wrong sign-in (53x) is the operator's slip, and waits.
_FINAL: Final = 500
_SIGN_IN: Final = range(530, 540)


class SmtpMailer:
    """Delivers each mail on a connection of its own."""

    def __init__(self, settings: Settings, *, clock: Clock | None = None, tls: ssl.SSLContext | None = None) -> None:
        url = urlsplit(settings.smtp_url.get_secret_value() if settings.smtp_url else "")
        if url.scheme not in {"smtp", "smtps"} or not url.hostname:
            raise ConfigError(N_("KLYNGE_SMTP_URL must be smtp://host or smtps://host, with user and password if needed."))
        self._url: SplitResult = url
        self._settings = settings
        self._clock = clock or SystemClock()
        self._tls = tls or ssl.create_default_context()

    @classmethod
    def from_settings(cls, settings: Settings) -> Self:
        """Make it as the settings say."""
        return cls(settings)

    def send(self, mail: OutgoingMail) -> None:
        """Deliver the mail; see the port."""
        message = as_message(mail, self._settings, self._clock.now())
        try:
            with self._connect() as server:
                server.send_message(message)
        except smtplib.SMTPRecipientsRefused as error:
            code = next(iter(error.recipients.values()))[0]
            raise IntegrationError(f"the receiver was refused: {code}", retryable=code < _FINAL) from error
        except smtplib.SMTPResponseException as error:
            final = error.smtp_code >= _FINAL and error.smtp_code not in _SIGN_IN
            raise IntegrationError(f"the mail server answered {error.smtp_code}", retryable=not final) from error
        except smtplib.SMTPNotSupportedError as error:
            raise IntegrationError(f"the mail server cannot do this: {error}", retryable=False) from error
        except (smtplib.SMTPException, OSError) as error:
            raise IntegrationError(f"the mail server could not be reached: {type(error).__name__}", retryable=True) from error

    def _connect(self) -> smtplib.SMTP:
        host, port = str(self._url.hostname), self._url.port
        if self._url.scheme == "smtps":
            server: smtplib.SMTP = smtplib.SMTP_SSL(host, port or 465, timeout=_SECONDS, context=self._tls)
        else:
            server = smtplib.SMTP(host, port or 587, timeout=_SECONDS)
        try:
            self._greet(server)
        except BaseException:
            server.close()
            raise
        return server

    def _greet(self, server: smtplib.SMTP) -> None:
        """Encrypt where that has not been done, then sign in."""
        if not isinstance(server, smtplib.SMTP_SSL):
            server.ehlo_or_helo_if_needed()
            if server.has_extn("starttls") or self._url.username:
                server.starttls(context=self._tls)
        if self._url.username:
            server.login(unquote(self._url.username), unquote(self._url.password or ""))
