"""What makes a password acceptable: long, not a common one, and not made of the user's own name.

Rules after NIST SP 800-63B §5.1.1.2 and OWASP ASVS 6.2: length and a list, no demands for kinds of signs, no expiry.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from functools import cache
from pathlib import Path
from typing import Final

from crm.kernel.errors import InvalidInput
from crm.kernel.i18n import N_, Message

LEAST: Final = 12
#: scrypt reads any length; a limit keeps a request from being used to burn time.
MOST: Final = 200
_LIST: Final = Path(__file__).parent / "data" / "common_passwords.txt"
#: A word shorter than this says nothing about what surrounds it.
_SHORTEST_WORD: Final = 4
_ENDS: Final = re.compile(r"^[\W\d_]+|[\W\d_]+$")


@cache
def common_passwords() -> frozenset[str]:
    """Give the shipped list, casefolded."""
    lines = _LIST.read_text(encoding="utf-8").splitlines()
    return frozenset(line.casefold() for line in lines if line and not line.startswith("#"))


def weakness(password: str, about: Iterable[str] = ()) -> Message | None:
    """Say what is wrong with a password, or None.

    Args:
        password: as typed.
        about: the user's own words (name, user name, e-mail), which a guesser knows too.
    """
    if len(password) < LEAST:
        return N_("Use at least %(number)s characters.", number=LEAST)
    if len(password) > MOST:
        return N_("Use at most %(number)s characters.", number=MOST)
    folded = password.casefold()
    if _is_common(folded):
        return N_("This password is too common. Three or four random words make a good one.")
    if len(set(folded)) < 5 or _repeats(folded):
        return N_("This password repeats itself. Three or four random words make a good one.")
    if _is_about(folded, about):
        return N_("This password contains your name or e-mail. Choose something else.")
    return None


def require_strong(password: str, about: Iterable[str] = (), *, field: str = "password") -> None:
    """Refuse a weak password.

    Raises:
        InvalidInput: with the reason on `field`.
    """
    wrong = weakness(password, about)
    if wrong is not None:
        raise InvalidInput({field: wrong})


def _is_common(folded: str) -> bool:
    """Whether the list has it as it is, or dressed up with digits and signs at its ends."""
    known = common_passwords()
    core = _ENDS.sub("", folded)
    return folded in known or (len(core) < LEAST and core in known) or (not core and folded.isdigit())


def _repeats(folded: str) -> bool:
    """Whether it is one short piece over and over (`abcabcabcabc`)."""
    return any(folded == (folded[:size] * (len(folded) // size + 1))[: len(folded)] for size in range(1, len(folded) // 2 + 1))


def _is_about(folded: str, about: Iterable[str]) -> bool:
    """Whether the user's own words make up most of it."""
    words = {word for text in about for word in re.split(r"[\W_]+", text.casefold()) if len(word) >= _SHORTEST_WORD}
    rest = folded
    for word in sorted(words, key=len, reverse=True):
        rest = rest.replace(word, "")
    return len(rest) < len(folded) and len(_ENDS.sub("", rest)) < _SHORTEST_WORD
