"""Alembic's entry. Runs on the connection that `crm.migrations.run` hands over: one transaction per migration."""

from __future__ import annotations

from typing import Any, Literal

from alembic import context
from alembic.autogenerate.api import AutogenContext
from alembic.migration import MigrationContext
from sqlalchemy import Connection
from sqlalchemy.dialects.postgresql import JSONB
from sqlalchemy.types import JSON, BigInteger

from crm.kernel.db import Fixed4, Moment
from crm.migrations.metadata import whole_metadata


def render_item(kind: str, item: Any, _context: AutogenContext) -> str | Literal[False]:
    """Write our column types as `crm.migrations.columns` names them."""
    if kind != "type":
        return False
    if isinstance(item, Moment):
        return "columns.moment()"
    if isinstance(item, Fixed4):
        return "columns.fixed4()"
    variants = getattr(item, "_variant_mapping", {})
    if isinstance(item, JSON) and isinstance(variants.get("postgresql"), JSONB):
        return "columns.json()"
    if isinstance(item, BigInteger) and "sqlite" in variants:
        return "columns.big_id()"
    return False


def compare_type(_context: Any, _inspected: Any, _metadata: Any, inspected_type: Any, metadata_type: Any) -> bool | None:
    """Compare as Alembic does, but for types that each database spells its own way."""
    if isinstance(metadata_type, Fixed4 | Moment | JSON):
        return False
    return None


def check_foreign_keys(ctx: MigrationContext | None = None, *_rest: Any, **_named: Any) -> None:
    """Refuse to commit a SQLite migration that left a row pointing nowhere (foreign keys are off while it runs)."""
    connection = ctx.connection if ctx else None
    if connection is not None and connection.dialect.name == "sqlite":
        lost = connection.exec_driver_sql("PRAGMA foreign_key_check").fetchall()
        if lost:
            raise RuntimeError(f"the migration would leave rows that point nowhere: {lost[:5]}")


connection: Connection | None = context.config.attributes.get("connection")
if connection is None:
    raise RuntimeError("Run migrations by `klynge db upgrade` (or crm.migrations.run), which prepares the connection.")

context.configure(
    connection=connection,
    target_metadata=whole_metadata(),
    transaction_per_migration=True,
    render_as_batch=bool(context.config.attributes.get("batch", connection.dialect.name == "sqlite")),
    render_item=render_item,
    compare_type=compare_type,
    user_module_prefix=None,
    on_version_apply=check_foreign_keys,
    process_revision_directives=context.config.attributes.get("directives"),
)
with context.begin_transaction():
    context.run_migrations()
