"""Users: add, change roles and person, deactivate. Flask-AppBuilder's tables, written here and nowhere else."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Final

from sqlalchemy import ColumnElement, delete, func, insert, or_, select, update
from sqlalchemy.orm import Session

from crm.kernel.errors import Conflict, InvalidInput, NotFound, RuleViolation
from crm.kernel.i18n import LOCALES, N_, Message
from crm.kernel.text import clean, fold
from crm.security.defaults import ADMINISTRATOR
from crm.security.epochs import end_all_access, raise_security_epoch
from crm.security.events import By, log_event
from crm.security.fab.hashing import hash_password
from crm.security.models import Account, role_table, user_role_table, user_table
from crm.security.passwords import require_strong

#: Flask-AppBuilder's row demands an address; users without one get one in a domain that cannot exist (RFC 2606).
NO_MAIL: Final = "@klynge.invalid"
_USERNAME: Final = re.compile(r"[a-z0-9][a-z0-9._@+-]{1,63}")
_EMAIL: Final = re.compile(r"[^\s@<>\"',;]{1,64}@[a-z0-9æøåäöü.-]{1,190}\.[a-zæøåäöü]{2,24}")


@dataclass(frozen=True, slots=True)
class NewUser:
    """What a new user needs. Without a password they sign in by link, or choose one from an invitation."""

    username: str
    name: str
    roles: Sequence[str]
    email: str = ""
    password: str | None = None
    person_id: int | None = None
    locale: str | None = None


@dataclass(frozen=True, slots=True)
class UserFacts:
    """A user as the pages show them."""

    id: int
    username: str
    name: str
    email: str
    active: bool
    roles: tuple[str, ...]
    person_id: int | None
    locale: str | None
    has_password: bool
    last_sign_in: datetime | None


def add_user(session: Session, new: NewUser, by: By) -> int:
    """Add a user; gives the id.

    Raises:
        InvalidInput: name, user name, e-mail, role or password cannot be accepted.
        Conflict: the user name or e-mail is taken.
    """
    username, email, name = new.username.strip().lower(), new.email.strip().lower(), clean(new.name)
    role_ids = _role_ids(session, new.roles)
    wrong: dict[str, Message] = {}
    if not _USERNAME.fullmatch(username):
        wrong["username"] = N_("Use 2–64 characters: a–z, 0–9, dot, hyphen, underscore.")
    if not 1 <= len(name) <= 100:
        wrong["name"] = N_("A name is missing.")
    if email and not _EMAIL.fullmatch(email):
        wrong["email"] = N_("This is not an e-mail address.")
    if wrong:
        raise InvalidInput(wrong)
    if new.password is not None:
        require_strong(new.password, (name, username, email))
    email = email or f"{username}{NO_MAIL}"
    _refuse_taken(session, username, email)
    first, last = split_name(name)
    row = {"username": username, "email": email, "first_name": first, "last_name": last, "active": True}
    row["password"] = None if new.password is None else hash_password(new.password)
    user_id: int = session.execute(insert(user_table).values(row).returning(user_table.c.id)).scalar_one()
    session.add(Account(user_id=user_id, person_id=new.person_id, locale=new.locale, session_epoch=1))
    session.execute(insert(user_role_table), [{"user_id": user_id, "role_id": role_id} for role_id in role_ids])
    log_event(session, "user_added", by, user_id=user_id, roles=sorted(new.roles))
    return user_id


def get_user(session: Session, user_id: int) -> UserFacts:
    """Read one user.

    Raises:
        NotFound: there is none with this id.
    """
    found = _read(session, user_table.c.id == user_id)
    if not found:
        raise NotFound
    return found[0]


def list_users(session: Session, text: str = "") -> list[UserFacts]:
    """Give users by name; `text` is looked for in name, user name and e-mail, folded as in every search."""
    wanted = fold(clean(text))
    everybody = _read(session, user_table.c.id > 0)
    return [user for user in everybody if wanted in fold(f"{user.name} {user.username} {user.email}")]


def find_user(session: Session, typed: str) -> tuple[int, str | None] | None:
    """Find an active user by user name or e-mail as typed; gives id and stored password hash."""
    wanted = typed.strip().lower()
    row = session.execute(
        select(user_table.c.id, user_table.c.password).where(
            user_table.c.active, or_(func.lower(user_table.c.username) == wanted, func.lower(user_table.c.email) == wanted)
        )
    ).first()
    return None if row is None else (row.id, row.password)


def rename(session: Session, user_id: int, name: str) -> None:
    """Change what a user is called.

    Raises:
        InvalidInput: the name is empty or too long.
    """
    name = clean(name)
    if not 1 <= len(name) <= 100:
        raise InvalidInput({"name": N_("A name is missing.")})
    first, last = split_name(name)
    session.execute(update(user_table).where(user_table.c.id == user_id).values(first_name=first, last_name=last))


def choose_locale(session: Session, user_id: int, locale: str) -> None:
    """Keep a user's language."""
    if locale not in LOCALES:
        raise InvalidInput({"locale": N_("Choose Danish or English.")})
    session.execute(update(Account).where(Account.user_id == user_id).values(locale=locale))


def set_roles(session: Session, user_id: int, roles: Sequence[str], by: By) -> None:
    """Give a user exactly these roles; ends their sessions and tokens when that changes anything.

    Raises:
        NotFound: there is no such user.
        InvalidInput: no role, or one that does not exist.
        RuleViolation: nobody would be administrator any more.
    """
    before = set(get_user(session, user_id).roles)
    role_ids = _role_ids(session, roles)
    if before == set(roles):
        return
    session.execute(delete(user_role_table).where(user_role_table.c.user_id == user_id))
    session.execute(insert(user_role_table), [{"user_id": user_id, "role_id": role_id} for role_id in role_ids])
    _require_administrator(session)
    raise_security_epoch(session)
    end_all_access(session, user_id)
    log_event(session, "roles_changed", by, user_id=user_id, before=sorted(before), after=sorted(roles))


def tie_to_person(session: Session, user_id: int, person_id: int | None, by: By) -> None:
    """Say which person record a user is; their boards follow from it."""
    account = session.get_one(Account, user_id)
    if account.person_id != person_id:
        log_event(session, "person_changed", by, user_id=user_id, before=account.person_id, after=person_id)
        account.person_id = person_id
        raise_security_epoch(session)


def set_active(session: Session, user_id: int, by: By, *, active: bool) -> None:
    """Let a user in again, or shut them out and end their sessions and tokens.

    Raises:
        NotFound: there is no such user.
        RuleViolation: it is oneself, or the last administrator.
    """
    if get_user(session, user_id).active == active:
        return
    if not active and by.actor_id == user_id:
        raise RuleViolation(N_("You cannot deactivate yourself."))
    session.execute(update(user_table).where(user_table.c.id == user_id).values(active=active))
    if not active:
        _require_administrator(session)
    raise_security_epoch(session)
    end_all_access(session, user_id)
    log_event(session, "user_activated" if active else "user_deactivated", by, user_id=user_id)


def set_password(session: Session, user_id: int, password: str, by: By, *, keep: str | None = None) -> None:
    """Give a user a new password; ends their other sessions and all tokens.

    Args:
        session: the caller's transaction.
        user_id: whose.
        password: the new one, as typed.
        by: who does it.
        keep: the hash of a session that goes on.

    Raises:
        InvalidInput: it is too weak.
    """
    user = get_user(session, user_id)
    require_strong(password, (user.name, user.username, user.email))
    session.execute(update(user_table).where(user_table.c.id == user_id).values(password=hash_password(password)))
    end_all_access(session, user_id, but=keep)
    log_event(session, "password_changed", by, user_id=user_id)


def split_name(name: str) -> tuple[str, str]:
    """Cut a name at its last space: `Anne Marie Holm` → (`Anne Marie`, `Holm`)."""
    first, _, last = name.rpartition(" ")
    return (first or last)[:64], (last if first else "")[:64]


def _read(session: Session, where: ColumnElement[bool]) -> list[UserFacts]:
    table = user_table.c
    rows = session.execute(
        select(
            table.id, table.username, table.first_name, table.last_name, table.email, table.active, table.password, table.last_login
        )
        .add_columns(Account.person_id, Account.locale)
        .outerjoin(Account, Account.user_id == table.id)
        .where(where)
        .order_by(func.lower(table.first_name), func.lower(table.last_name), table.id)
    ).all()
    held: dict[int, list[str]] = {row.id: [] for row in rows}
    pairs = (
        select(user_role_table.c.user_id, role_table.c.name)
        .join(role_table, role_table.c.id == user_role_table.c.role_id)
        .where(user_role_table.c.user_id.in_(list(held)))
        .order_by(role_table.c.name)
    )
    for user_id, role in session.execute(pairs):
        held[user_id].append(role)
    return [
        UserFacts(
            id=row.id,
            username=row.username,
            name=f"{row.first_name} {row.last_name}".strip(),
            email="" if row.email.endswith(NO_MAIL) else row.email,
            active=bool(row.active),
            roles=tuple(held[row.id]),
            person_id=row.person_id,
            locale=row.locale,
            has_password=bool(row.password),
            last_sign_in=row.last_login and row.last_login.replace(tzinfo=UTC),
        )
        for row in rows
    ]


def _role_ids(session: Session, roles: Sequence[str]) -> list[int]:
    found = {row.name: row.id for row in session.execute(select(role_table.c.name, role_table.c.id))}
    unknown = [role for role in roles if role not in found]
    if unknown or not roles:
        raise InvalidInput({"roles": N_("There is no role “%(name)s”.", name=unknown[0]) if unknown else N_("Choose a role.")})
    return [found[role] for role in dict.fromkeys(roles)]


def _refuse_taken(session: Session, username: str, email: str) -> None:
    """A user name may not be another's e-mail either: both are typed into the same field."""
    for value, message in ((username, N_("This user name is taken.")), (email, N_("This e-mail is taken."))):
        taken = or_(func.lower(user_table.c.username) == value, func.lower(user_table.c.email) == value)
        if session.execute(select(user_table.c.id).where(taken)).first() is not None:
            raise Conflict(message)


def _require_administrator(session: Session) -> None:
    left = session.execute(
        select(user_table.c.id)
        .join(user_role_table, user_role_table.c.user_id == user_table.c.id)
        .join(role_table, role_table.c.id == user_role_table.c.role_id)
        .where(role_table.c.name == ADMINISTRATOR, user_table.c.active)
    ).first()
    if left is None:
        raise RuleViolation(N_("There must be at least one active administrator."))
