"""Who may read a record: the other way round than usual, for mentions and notices."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from sqlalchemy import select

from crm.records.models import record_table
from crm.records.query import one
from crm.records.work import UnitOfWork
from crm.security.actors import Actor
from crm.security.grants import load_access
from crm.security.models import Account, role_table, user_role_table, user_table
from crm.security.policies import Access
from crm.security.ports import MandateSource, no_mandates

if TYPE_CHECKING:
    from crm.records.types import RecordType


@dataclass(frozen=True, slots=True)
class Person:
    """An active user: `called` is unique among all of them, the username beside a name that two share."""

    user_id: int
    name: str
    called: str


def active_people(uow: UnitOfWork) -> list[Person]:
    """Give all active users by name."""
    columns = (user_table.c.id, user_table.c.first_name, user_table.c.last_name, user_table.c.username)
    statement = select(*columns).where(user_table.c.active.is_(True)).order_by(user_table.c.first_name, user_table.c.last_name)
    rows = [(row.id, f"{row.first_name} {row.last_name}".strip(), row.username) for row in uow.session.execute(statement)]
    names = [name.casefold() for _, name, _ in rows]
    return [
        Person(user_id, name, name if names.count(name.casefold()) == 1 else f"{name} ({username})")
        for user_id, name, username in rows
    ]


def readers_among(uow: UnitOfWork, record_id: int, users: Collection[int], mandates: MandateSource = no_mandates) -> frozenset[int]:
    """Give those of some users who may open a record in the CRM: by their own grants, scopes and the type's own bounds.

    Two queries, one for each set of roles, and one for each user whose rows of the type are bounded.

    Raises:
        NotFound: the one who asks may not see the record.
    """
    record_type = uow.registry.get(one(uow, record_id).type_key)
    accesses: dict[frozenset[str], Access] = {}
    found = set()
    for actor in _actors(uow, users, mandates):
        if actor.roles not in accesses:
            accesses[actor.roles] = load_access(uow.session, actor.roles)
        access = accesses[actor.roles]
        if access.may_use("@crm") and access.may("read", record_type.key) and _reads(uow, record_type, record_id, actor, access):
            found.add(actor.user_id or 0)
    return frozenset(found)


def _actors(uow: UnitOfWork, users: Collection[int], mandates: MandateSource) -> list[Actor]:
    statement = (
        select(user_table.c.id, user_table.c.first_name, user_table.c.last_name, Account.person_id, role_table.c.name.label("role"))
        .outerjoin(Account, Account.user_id == user_table.c.id)
        .join(user_role_table, user_role_table.c.user_id == user_table.c.id)
        .join(role_table, role_table.c.id == user_role_table.c.role_id)
        .where(user_table.c.id.in_(sorted(users)), user_table.c.active.is_(True))
    )
    rows: dict[int, list[Any]] = {}
    for row in uow.session.execute(statement):
        rows.setdefault(row.id, []).append(row)
    return [
        Actor(
            user_id,
            f"{same[0].first_name} {same[0].last_name}".strip(),
            frozenset(row.role for row in same),
            same[0].person_id,
            tuple(mandates(uow.session.connection(), same[0].person_id)) if same[0].person_id is not None else (),
        )
        for user_id, same in sorted(rows.items())
    ]


def _reads(uow: UnitOfWork, record_type: RecordType, record_id: int, actor: Actor, access: Access) -> bool:
    own = UnitOfWork(uow.session, actor, uow.clock, uow.zone, uow.registry, access, uow.act, uow.settings)
    condition = own.visible(record_type)
    if condition is None:
        return True
    source = uow.registry.storage(record_type.key).source()
    statement = select(record_table.c.id).select_from(source).where(record_table.c.id == record_id, condition)
    return uow.session.scalar(statement) is not None
