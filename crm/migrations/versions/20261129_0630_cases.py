"""Cases.

Why: what the office keeps must have tables of its own. Safe beside the old release: it knows none of these tables.
"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

from crm.migrations import columns

revision = "20261129_0630"
down_revision = "20261129_0620"
branch_labels = None
depends_on = None

_INDEXED = ("closed_on", "kind_of", "opened_on", "organisation_id")


def upgrade() -> None:
    op.create_table(
        "case",
        sa.Column("id", columns.big_id(), autoincrement=False, nullable=False),
        sa.Column("kind_of", sa.String(length=40), nullable=True),
        sa.Column("organisation_id", columns.big_id(), nullable=True),
        sa.Column("opened_on", sa.Date(), nullable=True),
        sa.Column("closed_on", sa.Date(), nullable=True),
        sa.Column("checklist", columns.json_or_null(), nullable=True),
        sa.Column("checklist_open", sa.Integer(), nullable=True),
        sa.Column("description", sa.Text(), nullable=True),
        sa.ForeignKeyConstraint(["id"], ["record.id"], name=op.f("fk_case_id"), ondelete="CASCADE"),
        sa.ForeignKeyConstraint(["organisation_id"], ["record.id"], name=op.f("fk_case_organisation_id"), ondelete="RESTRICT"),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_case")),
    )
    for name in _INDEXED:
        op.create_index(f"ix_case_{name}", "case", [name], unique=False)


def downgrade() -> None:
    for name in _INDEXED:
        op.drop_index(f"ix_case_{name}", table_name="case")
    op.drop_table("case")
