"""The certificate that counts today, on the organisation.

Why: lists, boards and exports of organisations filter, sort and group by the label that each holds. The columns are filled by the
first turn of the worker, or by `klynge seed`, through the store. Safe beside the old release: it knows neither column.
"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "20261129_0690"
down_revision = "20261129_0680"
branch_labels = None
depends_on = None

COLUMNS = ("certificate_level", "certificate_until")


def upgrade() -> None:
    op.add_column("organisation", sa.Column("certificate_level", sa.String(length=10), nullable=True))
    op.add_column("organisation", sa.Column("certificate_until", sa.Date(), nullable=True))
    for name in COLUMNS:
        op.create_index(f"ix_organisation_{name}", "organisation", [name], unique=False)


def downgrade() -> None:
    for name in COLUMNS:
        op.drop_index(f"ix_organisation_{name}", table_name="organisation")
        op.drop_column("organisation", name)
