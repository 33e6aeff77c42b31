"""Saved views that come with the product: nobody's, named in both languages, and known by a key.

Why: the lists that every office asks for first are there on the first day, and one that was deleted stays away. Safe beside the old
release, which leaves out a view without an owner from nobody's lists; backwards, such views go.
"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

from crm.migrations import columns

revision = "20261129_0700"
down_revision = "20261129_0690"
branch_labels = None
depends_on = None


def upgrade() -> None:
    with op.batch_alter_table("saved_view") as batch:
        batch.alter_column("owner_id", existing_type=sa.Integer(), nullable=True)
        batch.add_column(sa.Column("base", sa.String(length=40), nullable=True))
        batch.add_column(sa.Column("names", columns.json_or_null(), nullable=True))
    op.create_index("ix_saved_view_base", "saved_view", ["base"], unique=True)


def downgrade() -> None:
    op.drop_index("ix_saved_view_base", table_name="saved_view")
    op.execute("DELETE FROM saved_view WHERE owner_id IS NULL")
    with op.batch_alter_table("saved_view") as batch:
        batch.drop_column("names")
        batch.drop_column("base")
        batch.alter_column("owner_id", existing_type=sa.Integer(), nullable=False)
