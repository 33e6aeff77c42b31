"""Events, their sessions, participations and evaluations.

Why: what the office keeps must have tables of its own. Safe beside the old release: it knows none of these tables.
"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

from crm.migrations import columns

revision = "20261129_0650"
down_revision = "20261129_0640"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "event",
        sa.Column("id", columns.big_id(), autoincrement=False, nullable=False),
        sa.Column("kind_of", sa.String(length=30), nullable=False),
        sa.Column("place", sa.String(length=200), nullable=True),
        sa.Column("municipality_code", sa.String(length=4), nullable=True),
        sa.Column("region", sa.String(length=20), nullable=True),
        sa.Column("host_id", columns.big_id(), nullable=True),
        sa.Column("capacity", sa.Integer(), nullable=True),
        sa.Column("our_role", sa.String(length=20), nullable=True),
        sa.Column("description", sa.Text(), nullable=True),
        sa.Column("people_count", sa.Integer(), nullable=True),
        sa.Column("cluster_count", sa.Integer(), nullable=True),
        sa.Column("country_count", sa.Integer(), nullable=True),
        sa.Column("meeting_count", sa.Integer(), nullable=True),
        sa.ForeignKeyConstraint(["host_id"], ["record.id"], name=op.f("fk_event_host_id"), ondelete="RESTRICT"),
        sa.ForeignKeyConstraint(["id"], ["record.id"], name=op.f("fk_event_id"), ondelete="CASCADE"),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_event")),
    )
    op.create_index(op.f("ix_event_host_id"), "event", ["host_id"], unique=False)
    op.create_index("ix_event_kind_of", "event", ["kind_of"], unique=False)
    op.create_table(
        "session",
        sa.Column("id", columns.big_id(), autoincrement=False, nullable=False),
        sa.Column("event_id", columns.big_id(), nullable=False),
        sa.Column("speaker", sa.String(length=200), nullable=True),
        sa.Column("place", sa.String(length=200), nullable=True),
        sa.ForeignKeyConstraint(["event_id"], ["record.id"], name=op.f("fk_session_event_id"), ondelete="RESTRICT"),
        sa.ForeignKeyConstraint(["id"], ["record.id"], name=op.f("fk_session_id"), ondelete="CASCADE"),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_session")),
    )
    op.create_index(op.f("ix_session_event_id"), "session", ["event_id"], unique=False)
    op.create_table(
        "participation",
        sa.Column("id", columns.big_id(), autoincrement=False, nullable=False),
        sa.Column("event_id", columns.big_id(), nullable=False),
        sa.Column("person_id", columns.big_id(), nullable=False),
        sa.Column("status", sa.String(length=20), nullable=False),
        sa.Column("role_at_event", sa.String(length=20), nullable=False),
        sa.Column("organisation_id", columns.big_id(), nullable=True),
        sa.Column("position", sa.String(length=200), nullable=True),
        sa.Column("region", sa.String(length=20), nullable=True),
        sa.Column("regions", columns.json_or_null(), nullable=True),
        sa.Column("frozen_on", sa.Date(), nullable=True),
        sa.Column("note", sa.Text(), nullable=True),
        sa.ForeignKeyConstraint(["event_id"], ["record.id"], name=op.f("fk_participation_event_id"), ondelete="RESTRICT"),
        sa.ForeignKeyConstraint(["id"], ["record.id"], name=op.f("fk_participation_id"), ondelete="CASCADE"),
        sa.ForeignKeyConstraint(
            ["organisation_id"], ["record.id"], name=op.f("fk_participation_organisation_id"), ondelete="RESTRICT"
        ),
        sa.ForeignKeyConstraint(["person_id"], ["record.id"], name=op.f("fk_participation_person_id"), ondelete="RESTRICT"),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_participation")),
    )
    op.create_index(op.f("ix_participation_event_id"), "participation", ["event_id"], unique=False)
    op.create_index(op.f("ix_participation_organisation_id"), "participation", ["organisation_id"], unique=False)
    op.create_index(op.f("ix_participation_person_id"), "participation", ["person_id"], unique=False)
    op.create_index("ix_participation_status", "participation", ["event_id", "status"], unique=False)
    op.create_table(
        "evaluation",
        sa.Column("id", columns.big_id(), autoincrement=False, nullable=False),
        sa.Column("event_id", columns.big_id(), nullable=False),
        sa.Column("answered", sa.Date(), nullable=True),
        sa.Column("content", sa.String(length=20), nullable=True),
        sa.Column("practical", sa.String(length=20), nullable=True),
        sa.Column("benefit", sa.String(length=20), nullable=True),
        sa.Column("comment", sa.Text(), nullable=True),
        sa.ForeignKeyConstraint(["event_id"], ["record.id"], name=op.f("fk_evaluation_event_id"), ondelete="RESTRICT"),
        sa.ForeignKeyConstraint(["id"], ["record.id"], name=op.f("fk_evaluation_id"), ondelete="CASCADE"),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_evaluation")),
    )
    op.create_index(op.f("ix_evaluation_event_id"), "evaluation", ["event_id"], unique=False)


def downgrade() -> None:
    op.drop_table("evaluation")
    op.drop_table("participation")
    op.drop_table("session")
    op.drop_table("event")
