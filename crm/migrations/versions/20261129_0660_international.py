"""International activities, outside seats, collaborations, publications and tools.

Why: what the office keeps must have tables of its own. Safe beside the old release: it knows none of these tables.
"""

from __future__ import annotations

from typing import Any

import sqlalchemy as sa
from alembic import op

from crm.migrations import columns

revision = "20261129_0660"
down_revision = "20261129_0650"
branch_labels = None
depends_on = None

_INDEXED = {
    "international_activity": ("cluster_id", "country"),
    "outside_seat": ("organisation_id", "person_id"),
    "collaboration": ("one_id", "other_id"),
    "publication": (),
    "tool": (),
}


def upgrade() -> None:
    _create(
        "international_activity",
        _related("cluster_id"),
        sa.Column("kind_of", sa.String(length=40), nullable=True),
        sa.Column("company_count", sa.Integer(), nullable=True),
        sa.Column("country", sa.String(length=2), nullable=True),
        sa.Column("een_partner", sa.String(length=200), nullable=True),
        sa.Column("result", sa.Text(), nullable=True),
        sa.Column("outcome", sa.String(length=40), nullable=True),
        sa.Column("documentation", sa.String(length=500), nullable=True),
    )
    _create(
        "outside_seat",
        _related("organisation_id"),
        _related("person_id"),
        sa.Column("role", sa.String(length=200), nullable=True),
    )
    _create(
        "collaboration",
        _related("one_id", nullable=False),
        _related("other_id", nullable=False),
        sa.Column("kind_of", sa.String(length=40), nullable=True),
        sa.Column("status", sa.String(length=40), nullable=True),
        sa.Column("intensity", sa.String(length=40), nullable=True),
        sa.Column("funding", sa.String(length=200), nullable=True),
        sa.Column("source", sa.String(length=200), nullable=True),
        sa.Column("stated", sa.Date(), nullable=True),
        sa.Column("confirmed", sa.String(length=40), nullable=True),
        sa.Column("note", sa.Text(), nullable=True),
    )
    for name, text in (("publication", "summary"), ("tool", "description")):
        _create(
            name,
            sa.Column("kind_of", sa.String(length=40), nullable=True),
            sa.Column("link", sa.String(length=500), nullable=True),
            sa.Column("files", columns.json_or_null(), nullable=True),
            sa.Column(text, sa.Text(), nullable=True),
        )


def _related(name: str, *, nullable: bool = True) -> sa.Column[Any]:
    return sa.Column(name, columns.big_id(), nullable=nullable)


def _create(table: str, *own: sa.Column[Any]) -> None:
    relations = [
        sa.ForeignKeyConstraint([item.name], ["record.id"], name=op.f(f"fk_{table}_{item.name}"), ondelete="RESTRICT")
        for item in own
        if item.name.endswith("_id")
    ]
    op.create_table(
        table,
        sa.Column("id", columns.big_id(), autoincrement=False, nullable=False),
        *own,
        *relations,
        sa.ForeignKeyConstraint(["id"], ["record.id"], name=op.f(f"fk_{table}_id"), ondelete="CASCADE"),
        sa.PrimaryKeyConstraint("id", name=op.f(f"pk_{table}")),
    )
    for name in _INDEXED[table]:
        op.create_index(f"ix_{table}_{name}", table, [name], unique=False)


def downgrade() -> None:
    for table in reversed(_INDEXED):
        for name in _INDEXED[table]:
            op.drop_index(f"ix_{table}_{name}", table_name=table)
        op.drop_table(table)
