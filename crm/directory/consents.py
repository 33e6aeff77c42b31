"""When a person may be written to: consents by purpose and channel, and advertising protection. No database, no clock.

Consent must be given beforehand, for each channel, by companies, associations and public staff too; branding, newsletters and
invitations count as marketing (markedsføringsloven § 10). Who gave none is not written to; what was withdrawn ends that day.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from typing import Any, Final

from crm.kernel.i18n import N_, Label, Message

#: What a person agrees to, by which channel, and how it was said. The keys are kept, the words may change.
PURPOSES: Final = {
    "newsletter": Label(da="Nyhedsbrev", en="Newsletter"),
    "invitations": Label(da="Invitationer", en="Invitations"),
    "portrait": Label(da="Billede og omtale", en="Portrait"),
    "publication": Label(da="Navn på hjemmesiden", en="Publication"),
    "sharing": Label(da="Deling med partnere", en="Sharing with partners"),
}
CHANNELS: Final = {
    "email": Label(da="E-mail", en="E-mail"),
    "sms": Label(da="SMS", en="SMS"),
    "phone": Label(da="Telefon", en="Phone"),
    "social": Label(da="Sociale medier", en="Social media"),
    "web": Label(da="Web", en="Web"),
}
WAYS: Final = {
    "form": Label(da="Formular", en="Form"),
    "mail": Label(da="E-mail", en="E-mail"),
    "oral": Label(da="Mundtligt", en="Orally"),
    "event": Label(da="Ved arrangement", en="At an event"),
    "import": Label(da="Indlæst", en="Imported"),
}
#: What advertising protection stops: it is about advertising, not about pictures or lists.
ADVERTISING: Final = frozenset({"newsletter", "invitations"})
#: What may change once a consent is written down.
CHANGEABLE: Final = frozenset({"withdrawn", "note"})


class Standing(StrEnum):
    """How a person stands to a purpose by a channel on a day."""

    GIVEN = "given"
    WITHDRAWN = "withdrawn"
    NEVER = "never"


@dataclass(frozen=True, slots=True)
class Given:
    """A consent as the rules see it: the day it was given, and the first day on which it does not hold any more."""

    purpose: str
    channel: str
    given: date
    withdrawn: date | None = None
    how: str | None = None

    def holds_on(self, day: date) -> bool:
        """Whether it holds on a day; not on the day on which it was withdrawn."""
        return self.given <= day and (self.withdrawn is None or day < self.withdrawn)


def standing(consents: Iterable[Given], purpose: str, channel: str, day: date) -> tuple[Standing, Given | None]:
    """Say how a person stands to a purpose by a channel on a day, and by which consent: the newest that says so."""
    known = [one for one in consents if (one.purpose, one.channel) == (purpose, channel) and one.given <= day]
    holding = [one for one in known if one.holds_on(day)]
    if holding:
        return Standing.GIVEN, max(holding, key=lambda one: one.given)
    if known:
        return Standing.WITHDRAWN, max(known, key=lambda one: (one.withdrawn or day, one.given))
    return Standing.NEVER, None


def may_contact(consents: Iterable[Given], purpose: str, channel: str, day: date, *, protected: bool = False) -> bool:
    """Whether a person may be reached for a purpose by a channel on a day.

    Args:
        consents: all of the person's.
        purpose: a key of `PURPOSES`.
        channel: a key of `CHANNELS`.
        day: the day of the mailing.
        protected: the organisation for which the person is written to is protected from advertising (reklamebeskyttelse).

    A consent of the person's own is needed always. Protection stops advertising even then: the company register's mark is
    the organisation's word, and one person's consent does not lift it.
    """
    if protected and purpose in ADVERTISING:
        return False
    return standing(consents, purpose, channel, day)[0] is Standing.GIVEN


def problems(old: Mapping[str, Any] | None, new: Mapping[str, Any]) -> dict[str, Message]:
    """Say what is wrong with a consent: it is written once, and it ends after it began.

    Args:
        old: the values before, None for a new one.
        new: the values to be; dates are `DateValue`.
    """
    found: dict[str, Message] = {}
    if old is not None:
        kept = (name for name in ("person", "purpose", "channel", "given", "how", "wording") if old.get(name) != new.get(name))
        found = {name: N_("A consent is proof and does not change. Withdraw it, and write down a new one.") for name in kept}
    given, withdrawn = new.get("given"), new.get("withdrawn")
    if given is not None and withdrawn is not None and withdrawn.start < given.start:
        found["withdrawn"] = N_("It cannot be withdrawn before it was given.")
    return found
