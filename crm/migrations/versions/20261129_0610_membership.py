"""Memberships, the catalogue, and the days on which derived values turn.

Why: who is a member, from when to when and of what kind, and who stands in the catalogue by which criteria, must be kept as such;
and what follows from the day (a status) is brought up to date by reading only the records whose day has come. Safe beside the
old release: it knows none of these tables.
"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op
from sqlalchemy.schema import SchemaItem

from crm.migrations import columns

revision = "20261129_0610"
down_revision = "20261129_0600"
branch_labels = None
depends_on = None


def _id(table: str) -> list[SchemaItem]:
    return [
        sa.Column("id", columns.big_id(), autoincrement=False, nullable=False),
        sa.ForeignKeyConstraint(["id"], ["record.id"], name=op.f(f"fk_{table}_id"), ondelete="CASCADE"),
        sa.PrimaryKeyConstraint("id", name=op.f(f"pk_{table}")),
    ]


def _to(table: str, *names: str) -> list[sa.Constraint]:
    return [sa.ForeignKeyConstraint([name], ["record.id"], name=op.f(f"fk_{table}_{name}"), ondelete="RESTRICT") for name in names]


def upgrade() -> None:
    _create_memberships()
    _create_catalogue()
    op.create_table(
        "record_turn",
        sa.Column("record_id", columns.big_id(), autoincrement=False, nullable=False),
        sa.Column("due_on", sa.Date(), nullable=False),
        sa.ForeignKeyConstraint(["record_id"], ["record.id"], name=op.f("fk_record_turn_record_id"), ondelete="CASCADE"),
        sa.PrimaryKeyConstraint("record_id", name=op.f("pk_record_turn")),
    )
    op.create_index("ix_record_turn_due_on", "record_turn", ["due_on", "record_id"], unique=False)
    op.create_table(
        "ageing_basis",
        sa.Column("type_id", sa.SmallInteger(), autoincrement=False, nullable=False),
        sa.Column("basis", sa.String(length=64), nullable=False),
        sa.ForeignKeyConstraint(["type_id"], ["record_type.id"], name=op.f("fk_ageing_basis_type_id"), ondelete="CASCADE"),
        sa.PrimaryKeyConstraint("type_id", name=op.f("pk_ageing_basis")),
    )


def _create_memberships() -> None:
    op.create_table(
        "membership_type",
        *_id("membership_type"),
        sa.Column("period_kind", sa.String(length=10), nullable=False),
        sa.Column("months", sa.Integer(), nullable=True),
        sa.Column("fee_amount", columns.fixed4(), nullable=True),
        sa.Column("fee_currency", sa.String(length=3), nullable=True),
        sa.Column("new_days", sa.Integer(), nullable=True),
        sa.Column("grace_days", sa.Integer(), nullable=True),
        sa.Column("description", sa.Text(), nullable=True),
    )
    op.create_table(
        "membership",
        *_id("membership"),
        sa.Column("organisation_id", columns.big_id(), nullable=False),
        sa.Column("secretariat_id", columns.big_id(), nullable=True),
        sa.Column("membership_type_id", columns.big_id(), nullable=False),
        sa.Column("joined", sa.Date(), nullable=True),
        sa.Column("fee_amount", columns.fixed4(), nullable=True),
        sa.Column("fee_currency", sa.String(length=3), nullable=True),
        sa.Column("cancelled", sa.Date(), nullable=True),
        sa.Column("status", sa.String(length=10), nullable=True),
        sa.Column("override", sa.String(length=10), nullable=True),
        sa.Column("note", sa.Text(), nullable=True),
        *_to("membership", "organisation_id", "secretariat_id", "membership_type_id"),
    )
    for name in ("organisation_id", "secretariat_id", "membership_type_id", "status"):
        op.create_index(f"ix_membership_{name}", "membership", [name], unique=False)


def _create_catalogue() -> None:
    op.create_table(
        "catalogue_entry",
        *_id("catalogue_entry"),
        sa.Column("organisation_id", columns.big_id(), nullable=False),
        sa.Column("decided_at_id", columns.big_id(), nullable=True),
        sa.Column("contact_id", columns.big_id(), nullable=True),
        sa.Column("text_da", sa.Text(), nullable=True),
        sa.Column("text_en", sa.Text(), nullable=True),
        *_to("catalogue_entry", "organisation_id", "decided_at_id", "contact_id"),
    )
    for name in ("organisation_id", "decided_at_id", "contact_id"):
        op.create_index(f"ix_catalogue_entry_{name}", "catalogue_entry", [name], unique=False)
    op.create_table(
        "catalogue_criterion",
        *_id("catalogue_criterion"),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column("text", sa.Text(), nullable=True),
    )
    op.create_table(
        "catalogue_answer",
        *_id("catalogue_answer"),
        sa.Column("entry_id", columns.big_id(), nullable=False),
        sa.Column("criterion_id", columns.big_id(), nullable=False),
        sa.Column("answer", sa.String(length=10), nullable=True),
        sa.Column("note", sa.Text(), nullable=True),
        *_to("catalogue_answer", "entry_id", "criterion_id"),
    )
    for name in ("entry_id", "criterion_id"):
        op.create_index(f"ix_catalogue_answer_{name}", "catalogue_answer", [name], unique=False)


def downgrade() -> None:
    for table in (
        "ageing_basis",
        "record_turn",
        "catalogue_answer",
        "catalogue_criterion",
        "catalogue_entry",
        "membership",
        "membership_type",
    ):
        op.drop_table(table)
