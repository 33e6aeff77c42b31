"""Comments on records, who is mentioned in them, and what undo asks of the log.

Why: people speak about a record on the record; a comment's earlier texts are kept so that an edit can be undone. Undo reads an
act's changes in their order, one's own acts by time, and what was sent or started by an act: so the log gets two more
indexes, and mails and orders of flows name their act. Safe beside the old release: it fills none of the new columns, and they
may be empty.
"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

from crm.migrations import columns

revision = "20261129_0520"
down_revision = "20261129_0510"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "comment",
        sa.Column("id", columns.big_id(), nullable=False),
        sa.Column("record_id", columns.big_id(), nullable=False),
        sa.Column("parent_id", columns.big_id(), nullable=True),
        sa.Column("author_id", sa.Integer(), nullable=True),
        sa.Column("text", sa.Text(), nullable=False),
        sa.Column("created_at", columns.moment(), nullable=False),
        sa.Column("edited_at", columns.moment(), nullable=True),
        sa.Column("deleted_at", columns.moment(), nullable=True),
        sa.Column("deleted_by", sa.Integer(), nullable=True),
        sa.Column("pinned_at", columns.moment(), nullable=True),
        sa.Column("pinned_by", sa.Integer(), nullable=True),
        sa.ForeignKeyConstraint(["author_id"], ["ab_user.id"], name=op.f("fk_comment_author_id"), ondelete="SET NULL"),
        sa.ForeignKeyConstraint(["deleted_by"], ["ab_user.id"], name=op.f("fk_comment_deleted_by"), ondelete="SET NULL"),
        sa.ForeignKeyConstraint(["parent_id"], ["comment.id"], name=op.f("fk_comment_parent_id"), ondelete="SET NULL"),
        sa.ForeignKeyConstraint(["pinned_by"], ["ab_user.id"], name=op.f("fk_comment_pinned_by"), ondelete="SET NULL"),
        sa.ForeignKeyConstraint(["record_id"], ["record.id"], name=op.f("fk_comment_record_id"), ondelete="CASCADE"),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_comment")),
    )
    op.create_index("ix_comment_record", "comment", ["record_id", "id"], unique=False)
    op.create_index("ix_comment_parent_id", "comment", ["parent_id"], unique=False)
    op.create_table(
        "comment_mention",
        sa.Column("comment_id", columns.big_id(), nullable=False),
        sa.Column("user_id", sa.Integer(), nullable=False),
        sa.Column("done_at", columns.moment(), nullable=True),
        sa.ForeignKeyConstraint(["comment_id"], ["comment.id"], name=op.f("fk_comment_mention_comment_id"), ondelete="CASCADE"),
        sa.ForeignKeyConstraint(["user_id"], ["ab_user.id"], name=op.f("fk_comment_mention_user_id"), ondelete="CASCADE"),
        sa.PrimaryKeyConstraint("comment_id", "user_id", name=op.f("pk_comment_mention")),
    )
    op.create_index("ix_comment_mention_user", "comment_mention", ["user_id", "comment_id"], unique=False)
    op.create_table(
        "comment_version",
        sa.Column("id", columns.big_id(), nullable=False),
        sa.Column("comment_id", columns.big_id(), nullable=False),
        sa.Column("act_id", sa.String(length=32), nullable=False),
        sa.Column("at", columns.moment(), nullable=False),
        sa.Column("text", sa.Text(), nullable=False),
        sa.ForeignKeyConstraint(["comment_id"], ["comment.id"], name=op.f("fk_comment_version_comment_id"), ondelete="CASCADE"),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_comment_version")),
    )
    op.create_index("ix_comment_version_comment", "comment_version", ["comment_id", "id"], unique=False)
    op.drop_index("ix_change_act_id", "change")
    op.create_index("ix_change_act", "change", ["act_id", "id"], unique=False)
    op.create_index("ix_act_actor", "act", ["actor_id", "at"], unique=False)
    op.create_index("ix_act_cause", "act", ["cause_id", "cause"], unique=False)
    for table in ("mail_outbox", "flow_request"):
        op.add_column(table, sa.Column("act_id", sa.String(length=32), nullable=True))
        op.create_index(f"ix_{table}_act_id", table, ["act_id"], unique=False)


def downgrade() -> None:
    for table in ("flow_request", "mail_outbox"):
        op.drop_index(f"ix_{table}_act_id", table)
        op.drop_column(table, "act_id")
    op.drop_index("ix_act_cause", "act")
    op.drop_index("ix_act_actor", "act")
    op.drop_index("ix_change_act", "change")
    op.create_index("ix_change_act_id", "change", ["act_id"], unique=False)
    op.drop_table("comment_version")
    op.drop_table("comment_mention")
    op.drop_table("comment")
