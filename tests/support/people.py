"""Users for tests: made as the product makes them, signed in without the slow form."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from sqlalchemy import insert, select

from crm.security.models import Account, Grant, role_table, user_role_table, user_table

if TYPE_CHECKING:
    from flask.testing import FlaskClient

    from crm.wiring import Klynge

PASSWORD = "Nordlys-Havn-4711"


def add_user(
    klynge: Klynge, role: str, username: str | None = None, *, person_id: int | None = None, locale: str | None = None
) -> int:
    """Write a user with one role; the password is PASSWORD (hashed once a session)."""
    name = username or role
    with klynge.database.writing() as session:
        user_id = session.execute(
            insert(user_table)
            .values(
                first_name=name.replace("_", " ").title(),
                last_name="Prøve",
                username=name,
                email=f"{name}@example.dk",
                password=_hashed(),
                active=True,
            )
            .returning(user_table.c.id)
        ).scalar_one()
        role_id = session.scalars(select(role_table.c.id).where(role_table.c.name == role)).one()
        session.execute(insert(user_role_table).values(user_id=user_id, role_id=role_id))
        session.add(Account(user_id=user_id, person_id=person_id, locale=locale))
    return int(user_id)


def find_user(klynge: Klynge, username: str) -> int | None:
    """Give a user's id by name."""
    with klynge.database.reading() as session:
        return session.scalar(select(user_table.c.id).where(user_table.c.username == username))


def sign_in(klynge: Klynge, client: FlaskClient, user_id: int) -> None:
    """Give a client the session that the sign-in form would have given it."""
    from datetime import timedelta

    from crm.security.sessions import Browser, start_session

    with klynge.database.writing() as session:
        key = start_session(session, user_id, now=klynge.clock.now(), lasts=timedelta(hours=12), browser=Browser())
    client.set_cookie(client.application.config["SESSION_COOKIE_NAME"], key, domain="localhost")


_kept: list[str] = []


def _hashed() -> Any:
    if not _kept:
        from crm.security.fab.hashing import hash_password

        _kept.append(hash_password(PASSWORD))
    return _kept[0]


def add_role(klynge: Klynge, name: str, *grants: Grant) -> None:
    """Write a role with just these grants."""
    from crm.security.epochs import raise_security_epoch

    with klynge.database.writing() as session:
        role_id = session.execute(insert(role_table).values(name=name).returning(role_table.c.id)).scalar_one()
        for grant in grants:
            grant.role_id = role_id
            session.add(grant)
        raise_security_epoch(session)
