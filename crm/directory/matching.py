"""When two organisations or two persons are likely to be the same: data for `records.matching`."""

from __future__ import annotations

from typing import Final

from crm.kernel.i18n import Label
from crm.records.matching import Key, Matching, Rule, as_is, digits, domain, folded, sounded

_NAME: Final = Key("name", Label(da="samme navn", en="the same name"), ("title",), folded)
_SOUND: Final = Key("sound", Label(da="navnet lyder ens", en="the name sounds alike"), ("title",), sounded)
_EMAIL: Final = Key("email", Label(da="samme e-mail", en="the same e-mail"), ("email",), as_is)
_PHONE: Final = Key("phone", Label(da="samme telefon", en="the same phone"), ("phone",), digits)

ORGANISATION: Final = Matching(
    keys=(
        Key("cvr", Label(da="samme CVR-nr.", en="the same CVR no."), ("cvr",), digits),
        _NAME,
        _SOUND,
        _EMAIL,
        Key("domain", Label(da="samme domæne", en="the same domain"), ("website", "email"), domain),
        _PHONE,
    ),
    rules=(
        Rule(("cvr",), 100),
        Rule(("name", "domain"), 95),
        Rule(("name", "phone"), 95),
        Rule(("name",), 85),
        Rule(("sound", "domain"), 80),
        Rule(("email",), 75),
        Rule(("sound",), 60),
        Rule(("phone", "domain"), 60),
    ),
)

#: Many Danes share a name: alone it says little; with a phone or a workplace it says much.
PERSON: Final = Matching(
    keys=(
        _NAME,
        _SOUND,
        _EMAIL,
        Key("domain", Label(da="samme maildomæne", en="the same mail domain"), ("email",), domain),
        _PHONE,
    ),
    rules=(
        Rule(("email", "name"), 100),
        Rule(("email",), 90),
        Rule(("name", "phone"), 95),
        Rule(("name", "domain"), 90),
        Rule(("sound", "phone"), 85),
        Rule(("sound", "domain"), 80),
        Rule(("name",), 60),
        Rule(("sound",), 50),
    ),
)
