"""What a model cannot say: log order, append-only logs, published packs, and the one row of epochs.

Why: readers of the change log follow the transaction's id (ADR 3), and a log or a published pack that can be edited proves
nothing. Safe beside the old release: there is none.

`change` keeps its lines but lets a deleted user's id go (the foreign key's SET NULL) and `txid` be renumbered (restore);
its lines go only with their record. `change_value` may be deleted (erasure), never altered. A published pack keeps all
that was sent; only the count of its mails still moves.
"""

from __future__ import annotations

from collections.abc import Sequence

import sqlalchemy as sa
from alembic import op

revision = "20261125_0240"
down_revision = "20261125_0230"
branch_labels = None
depends_on = None

CHANGE = ("id", "act_id", "record_id", "type_id", "version", "at", "kind", "digest")
SENT = ("id", "meeting_id", "number", "document", "digest", "file_name", "word_sha256", "word_size", "media_type")
PACK = (*SENT, "built_at", "approved_at", "approved_via", "published_at")


def altered(columns: Sequence[str], users: Sequence[str]) -> str:
    """Word a condition: a column has another value, or a user's id was set to another than none."""
    changed = [f"NEW.{name} {{differs}} OLD.{name}" for name in columns]
    changed += [f"(NEW.{name} IS NOT NULL AND NEW.{name} {{differs}} OLD.{name})" for name in users]
    return " OR ".join(changed)


#: name, table, event, condition
GUARDS = (
    ("change_stays", "change", "UPDATE", altered(CHANGE, ["actor_id"])),
    ("change_kept", "change", "DELETE", "EXISTS (SELECT 1 FROM record WHERE record.id = OLD.record_id)"),
    ("change_value_stays", "change_value", "UPDATE", "1 = 1"),
    ("security_event_stays", "security_event", "UPDATE", "1 = 1"),
    ("security_event_kept", "security_event", "DELETE", "1 = 1"),
    (
        "pack_version_stays",
        "pack_version",
        "UPDATE",
        f"OLD.published_at IS NOT NULL AND ({altered(PACK, ['built_by', 'approved_by'])})",
    ),
    ("pack_version_kept", "pack_version", "DELETE", "OLD.published_at IS NOT NULL"),
)
REFUSALS = {"pack_version": "a published pack stays as it is"}


def upgrade() -> None:
    state = sa.table("platform_state", sa.column("id"), sa.column("registry_epoch"), sa.column("security_epoch"))
    op.execute(state.insert().values(id=1, registry_epoch=1, security_epoch=1))
    postgresql = op.get_bind().dialect.name == "postgresql"
    for name, table, event, condition in GUARDS:
        told = REFUSALS.get(table, f"{table} is append-only")
        if postgresql:
            test = condition.format(differs="IS DISTINCT FROM")
            keep = "NEW" if event == "UPDATE" else "OLD"
            op.execute(
                f"CREATE FUNCTION {name}() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN IF {test} THEN "
                f"RAISE EXCEPTION '{told}' USING ERRCODE = 'integrity_constraint_violation'; END IF; RETURN {keep}; END $$"
            )
            op.execute(f"CREATE TRIGGER {name} BEFORE {event} ON {table} FOR EACH ROW EXECUTE FUNCTION {name}()")
        else:
            test = condition.format(differs="IS NOT")
            op.execute(f"CREATE TRIGGER {name} BEFORE {event} ON {table} WHEN {test} BEGIN SELECT RAISE(ABORT, '{told}'); END")
    if postgresql:
        op.execute("ALTER TABLE change ALTER COLUMN txid SET DEFAULT (pg_current_xact_id()::text::bigint)")


def downgrade() -> None:
    postgresql = op.get_bind().dialect.name == "postgresql"
    if postgresql:
        op.execute("ALTER TABLE change ALTER COLUMN txid SET DEFAULT 0")
    for name, table, _event, _condition in reversed(GUARDS):
        op.execute(f"DROP TRIGGER {name} ON {table}" if postgresql else f"DROP TRIGGER {name}")
        if postgresql:
            op.execute(f"DROP FUNCTION {name}()")
    op.execute("DELETE FROM platform_state")
