"""The roles Klynge comes with, and what each may do. Data: an administrator's later changes of grants are kept."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

from sqlalchemy import insert, select
from sqlalchemy.orm import Session

from crm.kernel.i18n import Label
from crm.security.epochs import raise_security_epoch
from crm.security.models import Grant, role_table

ADMINISTRATOR: Final = "administrator"
STAFF: Final = "staff"
BOARD_MEMBER: Final = "board_member"
READER: Final = "reader"


@dataclass(frozen=True, slots=True)
class Right:
    """One default grant."""

    type_key: str
    act: str
    scope: str = "all"
    #: The only fields that may be read; None: all of them.
    read_fields: tuple[str, ...] | None = None


@dataclass(frozen=True, slots=True)
class Role:
    """A role: its stored name, how it is called, what it is for, and its default rights."""

    name: str
    label: Label
    purpose: Label
    rights: tuple[Right, ...]


def _use(*areas: str) -> tuple[Right, ...]:
    return tuple(Right(area, "use") for area in areas)


#: What a reader sees of a sparring: that it was given, to whom and about what; never the notes and what was promised.
SPARRING_FACTS: Final = (
    "person",
    "organisations",
    "topics",
    "channel",
    "minutes",
    "held",
    "owner",
    "our_role",
    "referred_to",
    "led_to",
    "confidential",
)

ROLES: Final = (
    Role(
        ADMINISTRATOR,
        Label(da="Administrator", en="Administrator"),
        Label(da="Må alt, også brugere, roller og flows.", en="May do everything, users, roles and flows included."),
        (*_use("@crm", "@portal", "@admin", "@api", "@flows"), Right("*", "*")),
    ),
    Role(
        STAFF,
        Label(da="Medarbejder", en="Staff"),
        Label(da="Arbejder i hele sekretariatets CRM.", en="Works in the whole of the secretariat's CRM."),
        (*_use("@crm", "@api"), Right("*", "*")),
    ),
    Role(
        BOARD_MEMBER,
        Label(da="Udvalgsmedlem", en="Board member"),
        Label(
            da="Ser egne udvalgs møder, udsendt materiale, beslutninger og egne opfølgningspunkter.",
            en="Sees the meetings, published packs and decisions of their own boards, and their own follow-ups.",
        ),
        (
            *_use("@portal"),
            Right("board", "read", "board"),
            Right("meeting", "read", "board"),
            Right("agenda_item", "read", "board"),
            Right("decision", "read", "board"),
            Right("follow_up", "read", "own"),
            Right("follow_up", "complete", "own"),
        ),
    ),
    Role(
        READER,
        Label(da="Læser", en="Reader"),
        Label(
            da="Ser alt i CRM undtagen noter fra sparring, men retter intet.",
            en="Sees everything in the CRM but the notes of sparrings, changes nothing.",
        ),
        (*_use("@crm", "@api"), Right("*", "read"), Right("sparring", "read", read_fields=SPARRING_FACTS)),
    ),
)
BY_NAME: Final = {role.name: role for role in ROLES}


def _grant(role_id: int, right: Right) -> Grant:
    fields = None if right.read_fields is None else list(right.read_fields)
    return Grant(role_id=role_id, type_key=right.type_key, act=right.act, scope=right.scope, read_fields=fields)


def seed_roles(session: Session) -> int:
    """Write the roles that are missing, each with its default grants; gives how many were made.

    A role that is there keeps its grants as they are: they may have been changed on purpose.
    """
    present = set(session.scalars(select(role_table.c.name)))
    missing = [role for role in ROLES if role.name not in present]
    for role in missing:
        role_id = session.execute(insert(role_table).values(name=role.name).returning(role_table.c.id)).scalar_one()
        session.add_all(_grant(role_id, item) for item in role.rights)
    if missing:
        raise_security_epoch(session)
    return len(missing)
