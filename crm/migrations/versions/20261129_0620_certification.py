"""Certificates.

Why: which label an organisation held, by which version of the scheme and from when to when, is asked by the day. Safe beside the
old release: it does not know this table.
"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

from crm.migrations import columns

revision = "20261129_0620"
down_revision = "20261129_0610"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "certificate",
        sa.Column("id", columns.big_id(), autoincrement=False, nullable=False),
        sa.Column("organisation_id", columns.big_id(), nullable=False),
        sa.Column("level", sa.String(length=10), nullable=False),
        sa.Column("scheme_version", sa.String(length=20), nullable=True),
        sa.Column("assessed", sa.Date(), nullable=False),
        sa.Column("valid_from", sa.Date(), nullable=True),
        sa.Column("valid_until", sa.Date(), nullable=True),
        sa.Column("renew_by", sa.Date(), nullable=True),
        sa.Column("superseded_on", sa.Date(), nullable=True),
        sa.Column("score", columns.fixed4(), nullable=True),
        sa.Column("report_id", sa.String(length=60), nullable=True),
        sa.Column("fee_amount", columns.fixed4(), nullable=True),
        sa.Column("fee_currency", sa.String(length=3), nullable=True),
        sa.Column("replaces_id", columns.big_id(), nullable=True),
        sa.Column("status", sa.String(length=12), nullable=True),
        sa.Column("note", sa.Text(), nullable=True),
        sa.ForeignKeyConstraint(["id"], ["record.id"], name=op.f("fk_certificate_id"), ondelete="CASCADE"),
        sa.ForeignKeyConstraint(
            ["organisation_id"], ["record.id"], name=op.f("fk_certificate_organisation_id"), ondelete="RESTRICT"
        ),
        sa.ForeignKeyConstraint(["replaces_id"], ["record.id"], name=op.f("fk_certificate_replaces_id"), ondelete="RESTRICT"),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_certificate")),
    )
    for name in ("organisation_id", "replaces_id", "valid_until", "status"):
        op.create_index(f"ix_certificate_{name}", "certificate", [name], unique=False)


def downgrade() -> None:
    op.drop_table("certificate")
