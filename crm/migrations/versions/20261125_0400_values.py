"""Tables for fields with several values, for values that only one record may have, and for automatic numbers.

Why: filters look at each of several values (tags, choices, users, e-mails), and a value may be unique (ADR 1). Safe beside
the old release: it knows no field that uses them.
"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

from crm.migrations import columns

revision = "20261125_0400"
down_revision = "20261125_0240"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "record_value",
        sa.Column("type_id", sa.SmallInteger(), nullable=False),
        sa.Column("field", sa.String(length=60), nullable=False),
        sa.Column("key", columns.key(), nullable=False),
        sa.Column("record_id", columns.big_id(), nullable=False),
        sa.ForeignKeyConstraint(["record_id"], ["record.id"], name=op.f("fk_record_value_record_id"), ondelete="CASCADE"),
        sa.ForeignKeyConstraint(["type_id"], ["record_type.id"], name=op.f("fk_record_value_type_id"), ondelete="RESTRICT"),
        sa.PrimaryKeyConstraint("type_id", "field", "key", "record_id", name=op.f("pk_record_value")),
    )
    op.create_index("ix_record_value_record", "record_value", ["record_id", "field"], unique=False)
    op.create_table(
        "unique_value",
        sa.Column("type_id", sa.SmallInteger(), nullable=False),
        sa.Column("field", sa.String(length=60), nullable=False),
        sa.Column("key", columns.key(), nullable=False),
        sa.Column("record_id", columns.big_id(), nullable=False),
        sa.ForeignKeyConstraint(["record_id"], ["record.id"], name=op.f("fk_unique_value_record_id"), ondelete="CASCADE"),
        sa.ForeignKeyConstraint(["type_id"], ["record_type.id"], name=op.f("fk_unique_value_type_id"), ondelete="RESTRICT"),
        sa.PrimaryKeyConstraint("type_id", "field", "key", name=op.f("pk_unique_value")),
    )
    op.create_index("ix_unique_value_record", "unique_value", ["record_id", "field"], unique=False)
    op.create_table(
        "number_counter",
        sa.Column("type_id", sa.SmallInteger(), nullable=False),
        sa.Column("field", sa.String(length=60), nullable=False),
        sa.Column("last", columns.big_id(), nullable=False),
        sa.ForeignKeyConstraint(["type_id"], ["record_type.id"], name=op.f("fk_number_counter_type_id"), ondelete="RESTRICT"),
        sa.PrimaryKeyConstraint("type_id", "field", name=op.f("pk_number_counter")),
    )


def downgrade() -> None:
    op.drop_table("number_counter")
    op.drop_index("ix_unique_value_record", table_name="unique_value")
    op.drop_table("unique_value")
    op.drop_index("ix_record_value_record", table_name="record_value")
    op.drop_table("record_value")
