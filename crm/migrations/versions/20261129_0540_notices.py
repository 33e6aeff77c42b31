"""Tasks about any record, who follows what, and what each person was told.

Why: a task, a mention and a change of a followed record must reach the one whom they concern. Safe beside the old release: it
knows none of these tables, and a task is not a type that it shows.
"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

from crm.migrations import columns

revision = "20261129_0540"
down_revision = "20261129_0530"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "task",
        sa.Column("id", columns.big_id(), autoincrement=False, nullable=False),
        sa.Column("about_id", columns.big_id(), nullable=True),
        sa.Column("priority", sa.String(length=10), nullable=False),
        sa.Column("private", sa.Boolean(), nullable=False),
        sa.Column("remind_on", sa.Date(), nullable=True),
        sa.Column("repeats", sa.String(length=20), nullable=True),
        sa.Column("repeat_until", sa.Date(), nullable=True),
        sa.Column("description", sa.Text(), nullable=True),
        sa.ForeignKeyConstraint(["about_id"], ["record.id"], name=op.f("fk_task_about_id"), ondelete="RESTRICT"),
        sa.ForeignKeyConstraint(["id"], ["record.id"], name=op.f("fk_task_id"), ondelete="CASCADE"),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_task")),
    )
    op.create_index("ix_task_about_id", "task", ["about_id"], unique=False)
    op.create_index("ix_task_remind_on", "task", ["remind_on"], unique=False)
    op.create_table(
        "follow",
        sa.Column("user_id", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("record_id", columns.big_id(), autoincrement=False, nullable=False),
        sa.Column("muted", sa.Boolean(), nullable=False),
        sa.Column("at", columns.moment(), nullable=False),
        sa.ForeignKeyConstraint(["record_id"], ["record.id"], name=op.f("fk_follow_record_id"), ondelete="CASCADE"),
        sa.ForeignKeyConstraint(["user_id"], ["ab_user.id"], name=op.f("fk_follow_user_id"), ondelete="CASCADE"),
        sa.PrimaryKeyConstraint("user_id", "record_id", name=op.f("pk_follow")),
    )
    op.create_index("ix_follow_record_id", "follow", ["record_id"], unique=False)
    _create_notice()


def _create_notice() -> None:
    op.create_table(
        "notice",
        sa.Column("id", columns.big_id(), nullable=False),
        sa.Column("user_id", sa.Integer(), nullable=False),
        sa.Column("kind", sa.String(length=20), nullable=False),
        sa.Column("record_id", columns.big_id(), nullable=False),
        sa.Column("change_id", columns.big_id(), nullable=True),
        sa.Column("actor_id", sa.Integer(), nullable=True),
        sa.Column("at", columns.moment(), nullable=False),
        sa.Column("read_at", columns.moment(), nullable=True),
        sa.Column("times", sa.Integer(), nullable=False),
        sa.Column("once_key", sa.String(length=80), nullable=False),
        sa.Column("detail", columns.json(), nullable=False),
        sa.CheckConstraint(
            "kind in ('assigned', 'mentioned', 'commented', 'changed', 'moved', 'due')", name=op.f("ck_notice_kind_known")
        ),
        sa.ForeignKeyConstraint(["actor_id"], ["ab_user.id"], name=op.f("fk_notice_actor_id"), ondelete="SET NULL"),
        sa.ForeignKeyConstraint(["change_id"], ["change.id"], name=op.f("fk_notice_change_id"), ondelete="SET NULL"),
        sa.ForeignKeyConstraint(["record_id"], ["record.id"], name=op.f("fk_notice_record_id"), ondelete="CASCADE"),
        sa.ForeignKeyConstraint(["user_id"], ["ab_user.id"], name=op.f("fk_notice_user_id"), ondelete="CASCADE"),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_notice")),
        sa.UniqueConstraint("user_id", "once_key", name=op.f("uq_notice_user_id_once_key")),
    )
    op.create_index("ix_notice_user", "notice", ["user_id", "id"], unique=False)
    op.create_index("ix_notice_record_id", "notice", ["record_id"], unique=False)


def downgrade() -> None:
    op.drop_index("ix_notice_record_id", table_name="notice")
    op.drop_index("ix_notice_user", table_name="notice")
    op.drop_table("notice")
    op.drop_index("ix_follow_record_id", table_name="follow")
    op.drop_table("follow")
    op.drop_index("ix_task_remind_on", table_name="task")
    op.drop_index("ix_task_about_id", table_name="task")
    op.drop_table("task")
