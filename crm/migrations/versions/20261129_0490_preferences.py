"""What a user chose for themselves (single-letter keys, notices).

Why: a user's own switches must outlast the browser; one JSON column beside the account, read with it. Safe beside the old release: it never reads the column, and the default fills it.
"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

from crm.migrations import columns

revision = "20261129_0490"
down_revision = "20261125_0400"
branch_labels = None
depends_on = None


def upgrade() -> None:
    with op.batch_alter_table("account") as batch:
        batch.add_column(sa.Column("preferences", columns.json(), nullable=False, server_default="{}"))


def downgrade() -> None:
    with op.batch_alter_table("account") as batch:
        batch.drop_column("preferences")
