"""The demo's users, and the lines that say how to sign in as each of them."""

from __future__ import annotations

import os
import secrets
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Final

from sqlalchemy.orm import Session

from crm.kernel.safety import DEMO_LINES
from crm.security.events import By
from crm.security.fab.hashing import password_matches
from crm.security.users import NewUser, add_user, find_user

if TYPE_CHECKING:
    from crm.wiring import Klynge


@dataclass(frozen=True, slots=True)
class DemoUser:
    """A user of the demo; `person` is the key of the person they are."""

    username: str
    name: str
    role: str
    email: str
    person: str | None = None


USERS: Final = (
    DemoUser("admin", "Ida Winther", "administrator", "ida@klyngesekretariatet.example", "ida_person"),
    DemoUser("mette", "Mette Kragh", "staff", "mette@klyngesekretariatet.example", "mette_person"),
    DemoUser("aase", "Åse Lindholm", "board_member", "aase.lindholm@region-syddanmark.example", "aase"),
    DemoUser("laeser", "Bo Nygaard", "reader", "bo@klyngesekretariatet.example"),
    DemoUser("rasmus", "Rasmus Engberg", "staff", "rasmus@klyngesekretariatet.example", "rasmus_person"),
    DemoUser("sofie", "Sofie Hjorth", "staff", "sofie@klyngesekretariatet.example", "sofie_person"),
    DemoUser("torben", "Torben Kjær", "staff", "torben@klyngesekretariatet.example", "torben_person"),
)


@dataclass(frozen=True, slots=True)
class SignInLine:
    """How to sign in as a demo user."""

    username: str
    password: str
    role: str
    name: str


def add_users(klynge: Klynge) -> dict[str, int]:
    """Add the users that are missing; their passwords are written once, to a file that only the owner can read."""
    with klynge.database.writing() as session:
        present = {user.username: found[0] for user in USERS if (found := find_user(session, user.username)) is not None}
        missing = [user for user in USERS if user.username not in present]
        if not missing:
            return present
        new = [SignInLine(user.username, new_password(), user.role, user.name) for user in missing]
        kept = [line for line in _read_lines(klynge) if line.username in present]
        _write_lines(klynge.settings.home / DEMO_LINES, [*kept, *new])
        by = By(at=klynge.clock.now())
        for user, line in zip(missing, new, strict=True):
            wanted = NewUser(user.username, user.name, [user.role], user.email, line.password, locale="da")
            present[user.username] = add_user(session, wanted, by)
    return present


def new_password() -> str:
    """Make a password that is easy to type: ten syllables of 80 each, about 63 bits."""
    syllables = [secrets.choice("bdfghjklmnprstvz") + secrets.choice("aeiou") for _ in range(10)]
    return "-".join("".join(syllables[start : start + 2]) for start in range(0, 10, 2))


def _write_lines(path: Path, lines: Sequence[SignInLine]) -> None:
    path.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
    path.unlink(missing_ok=True)
    with os.fdopen(os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "w", encoding="utf-8") as file:
        for line in lines:
            file.write(f"{line.username}\t{line.password}\t{line.role}\t{line.name}\n")


def _read_lines(klynge: Klynge) -> list[SignInLine]:
    path = klynge.settings.home / DEMO_LINES
    if not path.exists():
        return []
    rows = (row.split("\t") for row in path.read_text(encoding="utf-8").splitlines())
    return [SignInLine(*row) for row in rows if len(row) == 4]


def sign_in_lines(klynge: Klynge) -> list[SignInLine]:
    """Give the demo users whose first password still works: what `klynge up` prints. Nothing outside demo mode."""
    if klynge.settings.mode != "demo":
        return []
    with klynge.database.reading() as session:
        return [line for line in _read_lines(klynge) if _still_works(session, line)]


def _still_works(session: Session, line: SignInLine) -> bool:
    found = find_user(session, line.username)
    return found is not None and password_matches(found[1], line.password)
