"""Grants from the database, cached per process by roles and security epoch."""

from __future__ import annotations

from threading import Lock

from sqlalchemy import Connection, select
from sqlalchemy.orm import Session

from crm.security.actors import Actor
from crm.security.models import Grant, PlatformState, role_table
from crm.security.policies import EVERYTHING_ALLOWED, NOTHING_ALLOWED, Access, GrantFacts


class GrantCache:
    """Access by set of roles, thrown away when the security epoch moves."""

    def __init__(self) -> None:
        self._epoch = -1
        self._by_roles: dict[frozenset[str], Access] = {}
        self._lock = Lock()

    def known(self, actor: Actor) -> Access | None:
        """Give what an actor may do if the epoch that they came with says so already: then no database need be asked."""
        with self._lock:
            return self._by_roles.get(actor.roles) if actor.security_epoch == self._epoch else None

    def access(self, session: Session | Connection, actor: Actor) -> Access:
        """Give what an actor may do; reads the database only on a miss."""
        if actor.system is not None:
            return EVERYTHING_ALLOWED
        if not actor.roles:
            return NOTHING_ALLOWED
        epoch = actor.security_epoch or session.scalar(select(PlatformState.security_epoch)) or 0
        with self._lock:
            if epoch != self._epoch:
                self._epoch, self._by_roles = epoch, {}
            found = self._by_roles.get(actor.roles)
        if found is None:
            found = load_access(session, actor.roles)
            with self._lock:
                if epoch == self._epoch:
                    self._by_roles[actor.roles] = found
        return found


def load_access(session: Session | Connection, roles: frozenset[str]) -> Access:
    """Read the grants of a set of roles."""
    rows = session.execute(
        select(Grant.type_key, Grant.act, Grant.scope, Grant.read_fields, Grant.write_fields, role_table.c.name)
        .join(role_table, role_table.c.id == Grant.role_id)
        .where(role_table.c.name.in_(sorted(roles)))
    )
    return Access(
        tuple(
            GrantFacts(
                type_key,
                act,
                scope,
                None if read is None else frozenset(read),
                None if write is None else frozenset(write),
                role,
            )
            for type_key, act, scope, read, write, role in rows
        )
    )
