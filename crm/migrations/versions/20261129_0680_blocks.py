"""Several blocks under an agenda item, in order and each with a remark; what a new build of a pack changed.

Why: an item may draw several tables from the records (features B8, M13), and a rebuild tells what changed since the last.
Safe only with the old release stopped: it reads the column `block`, which becomes the first of `blocks`. Backwards, the first
block stays, and the remark to it becomes the item's where the item has none.
"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

from crm.migrations import columns

revision = "20261129_0680"
down_revision = "20261129_0670"
branch_labels = None
depends_on = None


def _items() -> sa.TableClause:
    return sa.table(
        "agenda_item",
        sa.column("id", columns.big_id()),
        sa.column("block", sa.String()),
        sa.column("blocks", columns.json_or_null()),
        sa.column("secretariat_note", sa.Text()),
    )


def upgrade() -> None:
    op.add_column("agenda_item", sa.Column("blocks", columns.json(), nullable=True))
    op.add_column("pack_build", sa.Column("changes", columns.json(), nullable=True))
    table, bind = _items(), op.get_bind()
    for row in bind.execute(sa.select(table.c.id, table.c.block).where(table.c.block.is_not(None))).all():
        chosen = [{"key": row.block, "remark": ""}]
        bind.execute(sa.update(table).where(table.c.id == row.id).values(blocks=chosen))
    _keys(bind, [row.id for row in bind.execute(sa.select(table.c.id).where(table.c.block.is_not(None))).all()])
    with op.batch_alter_table("agenda_item") as batch:
        batch.drop_column("block")


def _keys(bind: sa.Connection, ids: list[int]) -> None:
    """Write the keys of the new values, which the store keeps of every field with several."""
    type_id = bind.scalar(sa.text("SELECT id FROM record_type WHERE key = 'agenda_item'"))
    if type_id is None or not ids:
        return
    keys = sa.table("record_value", sa.column("type_id"), sa.column("field"), sa.column("key"), sa.column("record_id"))
    table = _items()
    rows = bind.execute(sa.select(table.c.id, table.c.block).where(table.c.id.in_(ids))).all()
    found = [{"type_id": type_id, "field": "blocks", "key": row.block, "record_id": row.id} for row in rows]
    bind.execute(sa.insert(keys), found)


def downgrade() -> None:
    op.add_column("agenda_item", sa.Column("block", sa.String(length=30), nullable=True))
    table, bind = _items(), op.get_bind()
    rows = bind.execute(sa.select(table.c.id, table.c.blocks, table.c.secretariat_note).where(table.c.blocks.is_not(None))).all()
    for row in rows:
        if row.blocks:
            first = row.blocks[0]
            note = row.secretariat_note or first.get("remark") or None
            bind.execute(sa.update(table).where(table.c.id == row.id).values(block=first["key"][:30], secretariat_note=note))
    own_type = sa.text("SELECT id FROM record_type WHERE key = 'agenda_item'")
    mine = {"type_id": bind.scalar(own_type)}
    bind.execute(sa.text("DELETE FROM record_value WHERE field = 'blocks' AND type_id = :type_id"), mine)
    with op.batch_alter_table("agenda_item") as batch:
        batch.drop_column("blocks")
    with op.batch_alter_table("pack_build") as batch:
        batch.drop_column("changes")
