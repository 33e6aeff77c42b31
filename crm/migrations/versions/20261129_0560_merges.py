"""Which records may be the same, and which was merged into which.

Why: duplicates are found by keys that are kept beside the records (a name as it sounds cannot be asked of a column), a merged
record's address leads to its survivor for ever, and a pair that somebody looked at is not shown again. Safe beside the old
release: it knows none of these tables; keys of what it writes are drawn when duplicates are looked for.
"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

from crm.migrations import columns

revision = "20261129_0560"
down_revision = "20261129_0550"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "match_key",
        sa.Column("type_id", sa.SmallInteger(), nullable=False),
        sa.Column("part", sa.String(length=20), nullable=False),
        sa.Column("key", columns.key(), nullable=False),
        sa.Column("record_id", columns.big_id(), nullable=False),
        sa.ForeignKeyConstraint(["record_id"], ["record.id"], name=op.f("fk_match_key_record_id"), ondelete="CASCADE"),
        sa.ForeignKeyConstraint(["type_id"], ["record_type.id"], name=op.f("fk_match_key_type_id"), ondelete="RESTRICT"),
        sa.PrimaryKeyConstraint("type_id", "part", "key", "record_id", name=op.f("pk_match_key")),
    )
    op.create_index("ix_match_key_record_id", "match_key", ["record_id"], unique=False)
    op.create_table(
        "merged_record",
        sa.Column("old_id", columns.big_id(), autoincrement=False, nullable=False),
        sa.Column("survivor_id", columns.big_id(), nullable=False),
        sa.Column("act_id", sa.String(length=32), nullable=False),
        sa.Column("at", columns.moment(), nullable=False),
        sa.Column("by_id", sa.Integer(), nullable=True),
        sa.Column("moved", columns.json(), nullable=False),
        sa.ForeignKeyConstraint(["by_id"], ["ab_user.id"], name=op.f("fk_merged_record_by_id"), ondelete="SET NULL"),
        sa.ForeignKeyConstraint(["survivor_id"], ["record.id"], name=op.f("fk_merged_record_survivor_id"), ondelete="CASCADE"),
        sa.PrimaryKeyConstraint("old_id", name=op.f("pk_merged_record")),
    )
    op.create_index("ix_merged_record_survivor_id", "merged_record", ["survivor_id"], unique=False)
    op.create_index("ix_merged_record_act_id", "merged_record", ["act_id"], unique=False)
    op.create_table(
        "not_duplicate",
        sa.Column("low_id", columns.big_id(), autoincrement=False, nullable=False),
        sa.Column("high_id", columns.big_id(), autoincrement=False, nullable=False),
        sa.Column("at", columns.moment(), nullable=False),
        sa.Column("by_id", sa.Integer(), nullable=True),
        sa.ForeignKeyConstraint(["by_id"], ["ab_user.id"], name=op.f("fk_not_duplicate_by_id"), ondelete="SET NULL"),
        sa.ForeignKeyConstraint(["high_id"], ["record.id"], name=op.f("fk_not_duplicate_high_id"), ondelete="CASCADE"),
        sa.ForeignKeyConstraint(["low_id"], ["record.id"], name=op.f("fk_not_duplicate_low_id"), ondelete="CASCADE"),
        sa.PrimaryKeyConstraint("low_id", "high_id", name=op.f("pk_not_duplicate")),
    )
    op.create_index("ix_not_duplicate_high_id", "not_duplicate", ["high_id"], unique=False)


def downgrade() -> None:
    op.drop_table("not_duplicate")
    op.drop_table("merged_record")
    op.drop_table("match_key")
