"""Sparrings, and what readers may see of them.

Why: advice given needs a table of its own; a reader sees that it was given, not the notes and promises. Readers of a database
that is there already get that bound by this step; a new one gets it with its roles.
Safe beside the old release: it knows neither the table nor the type.
"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

from crm.migrations import columns

revision = "20261129_0640"
down_revision = "20261129_0630"
branch_labels = None
depends_on = None

#: What a reader sees, as it stood when this was written.
_FIELDS = (
    "person",
    "organisations",
    "topics",
    "channel",
    "minutes",
    "held",
    "owner",
    "our_role",
    "referred_to",
    "led_to",
    "confidential",
)


def upgrade() -> None:
    op.create_table(
        "sparring",
        sa.Column("id", columns.big_id(), autoincrement=False, nullable=False),
        sa.Column("person_id", columns.big_id(), nullable=True),
        sa.Column("topics", columns.json_or_null(), nullable=True),
        sa.Column("channel", sa.String(length=20), nullable=True),
        sa.Column("minutes", sa.Integer(), nullable=True),
        sa.Column("note", sa.Text(), nullable=True),
        sa.Column("next_step", sa.String(length=200), nullable=True),
        sa.Column("next_owner_id", sa.Integer(), nullable=True),
        sa.Column("next_due", sa.Date(), nullable=True),
        sa.Column("referred_to_id", columns.big_id(), nullable=True),
        sa.Column("led_to", sa.String(length=20), nullable=True),
        sa.Column("our_role", sa.String(length=20), nullable=True),
        sa.Column("confidential", sa.Boolean(), nullable=False),
        sa.Column("shared_with", columns.json_or_null(), nullable=True),
        sa.ForeignKeyConstraint(["id"], ["record.id"], name=op.f("fk_sparring_id"), ondelete="CASCADE"),
        sa.ForeignKeyConstraint(["next_owner_id"], ["ab_user.id"], name=op.f("fk_sparring_next_owner_id"), ondelete="SET NULL"),
        sa.ForeignKeyConstraint(["person_id"], ["record.id"], name=op.f("fk_sparring_person_id"), ondelete="RESTRICT"),
        sa.ForeignKeyConstraint(["referred_to_id"], ["record.id"], name=op.f("fk_sparring_referred_to_id"), ondelete="RESTRICT"),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_sparring")),
    )
    op.create_index("ix_sparring_next_owner_id", "sparring", ["next_owner_id"], unique=False)
    op.create_index("ix_sparring_person_id", "sparring", ["person_id"], unique=False)
    op.create_index("ix_sparring_referred_to_id", "sparring", ["referred_to_id"], unique=False)
    _bound_readers()


def downgrade() -> None:
    op.execute(sa.text("DELETE FROM \"grant\" WHERE type_key = 'sparring'"))
    op.drop_index("ix_sparring_referred_to_id", table_name="sparring")
    op.drop_index("ix_sparring_person_id", table_name="sparring")
    op.drop_index("ix_sparring_next_owner_id", table_name="sparring")
    op.drop_table("sparring")


def _bound_readers() -> None:
    bind = op.get_bind()
    role_id = bind.scalar(sa.text("SELECT id FROM ab_role WHERE name = 'reader'"))
    if role_id is None:
        return
    grant = sa.table(
        "grant",
        sa.column("role_id"),
        sa.column("type_key"),
        sa.column("act"),
        sa.column("scope"),
        sa.column("read_fields", columns.json()),
    )
    row = {"role_id": role_id, "type_key": "sparring", "act": "read", "scope": "all", "read_fields": list(_FIELDS)}
    bind.execute(sa.insert(grant), row)
    bind.execute(sa.text("UPDATE platform_state SET security_epoch = security_epoch + 1"))
