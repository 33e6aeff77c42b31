"""Saved views of lists: a name, whose it is, whether all see it, and the list's state by names of fields.

Why: a filter, columns and grouping that somebody made are kept, and opened by a colleague under the same address. Safe beside the
old release: it knows none of this.
"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

from crm.migrations import columns

revision = "20261129_0500"
down_revision = "20261129_0490"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "saved_view",
        sa.Column("id", columns.big_id(), nullable=False),
        sa.Column("type_id", sa.SmallInteger(), nullable=False),
        sa.Column("owner_id", sa.Integer(), nullable=False),
        sa.Column("name", sa.String(length=80), nullable=False),
        sa.Column("shared", sa.Boolean(), nullable=False),
        sa.Column("state", columns.json(), nullable=False),
        sa.Column("position", sa.Integer(), nullable=False),
        sa.Column("created_at", columns.moment(), nullable=False),
        sa.Column("updated_at", columns.moment(), nullable=False),
        sa.Column("deleted_at", columns.moment(), nullable=True),
        sa.ForeignKeyConstraint(["owner_id"], ["ab_user.id"], name=op.f("fk_saved_view_owner_id"), ondelete="CASCADE"),
        sa.ForeignKeyConstraint(["type_id"], ["record_type.id"], name=op.f("fk_saved_view_type_id"), ondelete="RESTRICT"),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_saved_view")),
    )
    op.create_index("ix_saved_view_type", "saved_view", ["type_id", "position"], unique=False)


def downgrade() -> None:
    op.drop_index("ix_saved_view_type", table_name="saved_view")
    op.drop_table("saved_view")
