"""Roles and their rights, as the administrator's page shows them."""

from __future__ import annotations

from dataclasses import dataclass

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from crm.security.models import Grant, role_table, user_role_table


@dataclass(frozen=True, slots=True)
class RightLine:
    """The acts that a role may do on a type within a scope; or, with the type `@`, the areas of the product it may use."""

    type_key: str
    acts: tuple[str, ...]
    scope: str = "all"
    #: Fields that the right is limited to; None means all.
    fields: tuple[str, ...] | None = None


@dataclass(frozen=True, slots=True)
class RoleFacts:
    """A role, how many active users hold it, and its rights."""

    name: str
    users: int
    rights: tuple[RightLine, ...]


def role_names(session: Session) -> list[str]:
    """Give the names of all roles in the order they were made."""
    return list(session.scalars(select(role_table.c.name).order_by(role_table.c.id)))


def list_roles(session: Session) -> list[RoleFacts]:
    """Give all roles with their rights, gathered by type and scope."""
    counted = select(user_role_table.c.role_id, func.count().label("number")).group_by(user_role_table.c.role_id)
    holders = {row.role_id: row.number for row in session.execute(counted)}
    grants: dict[int, list[Grant]] = {}
    for grant in session.scalars(select(Grant).order_by(Grant.id)):
        grants.setdefault(grant.role_id, []).append(grant)
    rows = session.execute(select(role_table.c.id, role_table.c.name).order_by(role_table.c.id))
    return [RoleFacts(row.name, holders.get(row.id, 0), _gathered(grants.get(row.id, []))) for row in rows]


def _gathered(grants: list[Grant]) -> tuple[RightLine, ...]:
    together: dict[tuple[str, str, tuple[str, ...] | None], list[str]] = {}
    areas = tuple(grant.type_key for grant in grants if grant.type_key.startswith("@"))
    for grant in grants:
        if grant.type_key.startswith("@"):
            continue
        fields = None if grant.read_fields is None else tuple(grant.read_fields)
        together.setdefault((grant.type_key, grant.scope, fields), []).append(grant.act)
    lines = (RightLine(key, tuple(acts), scope, fields) for (key, scope, fields), acts in together.items())
    return (*([RightLine("@", areas)] if areas else []), *lines)
