"""The three mails of signing in, in the receiver's language."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

from crm.kernel.i18n import DEFAULT_LOCALE, N_, Message


@dataclass(frozen=True, slots=True)
class Mail:
    """Subject and text of a mail."""

    subject: str
    text: str


_SUBJECTS: Final = {
    "sign_in": N_("Sign in to Klynge"),
    "password": N_("New password for Klynge"),
    "invitation": N_("You are invited to Klynge"),
}
_TEXTS: Final = {
    "sign_in": N_(
        "Dear %(name)s.\n\nYou asked for a link to sign in to Klynge. Open the page and press Sign in:\n\n%(address)s\n\n"
        "The link works for 15 minutes, and only once. If you did not ask for it, you need not do anything.\n\n"
        "Kind regards,\n%(office)s"
    ),
    "password": N_(
        "Dear %(name)s.\n\nYou asked for a new password for Klynge. Open the page and choose one:\n\n%(address)s\n\n"
        "The link works for 15 minutes, and only once. If you did not ask for it, you need not do anything: "
        "your password stays as it is.\n\nKind regards,\n%(office)s"
    ),
    "invitation": N_(
        "Dear %(name)s.\n\n%(office)s invites you to Klynge. Open the page to begin:\n\n%(address)s\n\n"
        "Your user name is %(username)s. The link works for 14 days, and only once. After that you can always get a new link "
        "to sign in with your e-mail address.\n\nKind regards,\n%(office)s"
    ),
}


def link_mail(purpose: str, *, name: str, username: str, address: str, office: str, locale: str | None) -> Mail:
    """Word the mail that carries a link."""
    spoken = locale or DEFAULT_LOCALE
    values = {"name": name, "username": username, "address": address, "office": office}
    return Mail(_SUBJECTS[purpose](spoken), Message(_TEXTS[purpose].msgid, values)(spoken))
