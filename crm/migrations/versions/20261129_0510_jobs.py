"""Tables of jobs: work on records that the worker does in batches, and the records that each takes in hand.

Why: bulk edits, large undos, exports and purges are too long for a request, and must survive the worker that does them.
Safe beside the old release: it knows none of this.
"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

from crm.migrations import columns

revision = "20261129_0510"
down_revision = "20261129_0500"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "job",
        sa.Column("id", columns.big_id(), nullable=False),
        sa.Column("kind", sa.String(length=40), nullable=False),
        sa.Column("title", columns.json(), nullable=True),
        sa.Column("order", columns.json(), nullable=False),
        sa.Column("owner_id", sa.Integer(), nullable=True),
        sa.Column("system", sa.String(length=60), nullable=True),
        sa.Column("state", sa.String(length=10), nullable=False),
        sa.Column("place", columns.json(), nullable=True),
        sa.Column("total", sa.Integer(), nullable=True),
        sa.Column("done", sa.Integer(), nullable=False),
        sa.Column("skipped", sa.Integer(), nullable=False),
        sa.Column("failed", sa.Integer(), nullable=False),
        sa.Column("result", columns.json(), nullable=False),
        sa.Column("message", columns.json(), nullable=True),
        sa.Column("error_reference", sa.String(length=32), nullable=True),
        sa.Column("act_id", sa.String(length=32), nullable=False),
        sa.Column("back", sa.String(length=2000), nullable=True),
        sa.Column("once_key", sa.String(length=160), nullable=True),
        sa.Column("worker", sa.String(length=120), nullable=True),
        sa.Column("lease_until", columns.moment(), nullable=True),
        sa.Column("heartbeat_at", columns.moment(), nullable=True),
        sa.Column("next_at", columns.moment(), nullable=True),
        sa.Column("attempts", sa.Integer(), nullable=False),
        sa.Column("cancel_at", columns.moment(), nullable=True),
        sa.Column("created_at", columns.moment(), nullable=False),
        sa.Column("started_at", columns.moment(), nullable=True),
        sa.Column("ended_at", columns.moment(), nullable=True),
        sa.CheckConstraint("state in ('waiting', 'running', 'done', 'failed', 'cancelled')", name=op.f("ck_job_state_known")),
        sa.ForeignKeyConstraint(["owner_id"], ["ab_user.id"], name=op.f("fk_job_owner_id"), ondelete="SET NULL"),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_job")),
        sa.UniqueConstraint("once_key", name=op.f("uq_job_once_key")),
    )
    op.create_index("ix_job_owner", "job", ["owner_id", "id"], unique=False)
    op.create_index("ix_job_state", "job", ["state", "heartbeat_at"], unique=False)
    op.create_table(
        "job_record",
        sa.Column("job_id", columns.big_id(), nullable=False),
        sa.Column("position", sa.Integer(), nullable=False),
        sa.Column("record_id", columns.big_id(), nullable=False),
        sa.Column("outcome", sa.String(length=10), nullable=True),
        sa.Column("reason", columns.json(), nullable=True),
        sa.ForeignKeyConstraint(["job_id"], ["job.id"], name=op.f("fk_job_record_job_id"), ondelete="CASCADE"),
        sa.PrimaryKeyConstraint("job_id", "position", name=op.f("pk_job_record")),
    )
    op.create_index("ix_job_record_outcome", "job_record", ["job_id", "outcome", "position"], unique=False)


def downgrade() -> None:
    op.drop_index("ix_job_record_outcome", table_name="job_record")
    op.drop_table("job_record")
    op.drop_index("ix_job_state", table_name="job")
    op.drop_index("ix_job_owner", table_name="job")
    op.drop_table("job")
