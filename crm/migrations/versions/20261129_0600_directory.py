"""Organisations in time: names, sites, size, region; consents of persons.

Why: what an organisation was called, where it is, how large it is and how it counts by region, and to what a person agreed,
are facts with days of their own. Safe beside the old release: new columns may be empty, and it knows none of the new tables.
"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

from crm.migrations import columns

revision = "20261129_0600"
down_revision = "20261129_0560"
branch_labels = None
depends_on = None


def _added() -> tuple[sa.Column[object], ...]:
    return (
        sa.Column("themes", columns.json_or_null(), nullable=True),
        sa.Column("size_class", sa.String(length=20), nullable=True),
        sa.Column("employees", sa.Integer(), nullable=True),
        sa.Column("members_count", sa.Integer(), nullable=True),
        sa.Column("advertising_protected", sa.Boolean(), nullable=True),
        sa.Column("protected_on", sa.Date(), nullable=True),
        sa.Column("founded", sa.Date(), nullable=True),
        sa.Column("ended", sa.Date(), nullable=True),
        sa.Column("region", sa.String(length=20), nullable=True),
        sa.Column("region_rule", sa.String(length=20), nullable=True),
        sa.Column("primary_region", sa.String(length=20), nullable=True),
        sa.Column("regions", columns.json_or_null(), nullable=True),
        sa.Column("origin", sa.String(length=20), nullable=True),
        sa.Column("source", sa.Text(), nullable=True),
        sa.Column("uncertain", sa.Text(), nullable=True),
    )


def _belonging(name: str, owner: str, *more: sa.Column[object]) -> None:
    """A table beside the spine whose rows belong to a record."""
    op.create_table(
        name,
        sa.Column("id", columns.big_id(), autoincrement=False, nullable=False),
        sa.Column(owner, columns.big_id(), nullable=False),
        *more,
        sa.ForeignKeyConstraint(["id"], ["record.id"], name=op.f(f"fk_{name}_id"), ondelete="CASCADE"),
        sa.ForeignKeyConstraint([owner], ["record.id"], name=op.f(f"fk_{name}_{owner}"), ondelete="RESTRICT"),
        sa.PrimaryKeyConstraint("id", name=op.f(f"pk_{name}")),
    )
    op.create_index(op.f(f"ix_{name}_{owner}"), name, [owner], unique=False)


def upgrade() -> None:
    for column in _added():
        op.add_column("organisation", column)
    op.execute(sa.text("UPDATE organisation SET origin = 'own', advertising_protected = false"))
    op.add_column("region", sa.Column("country", sa.String(length=2), nullable=False, server_default="DK"))
    _belonging("organisation_name", "organisation_id")
    _belonging(
        "site",
        "organisation_id",
        sa.Column("p_number", sa.String(length=40), nullable=True),
        sa.Column("street", sa.String(length=200), nullable=True),
        sa.Column("postcode", sa.String(length=10), nullable=True),
        sa.Column("city", sa.String(length=100), nullable=True),
        sa.Column("city_key", columns.key(), nullable=True),
        sa.Column("municipality_code", sa.String(length=4), nullable=True),
        sa.Column("main", sa.Boolean(), nullable=True),
    )
    _belonging(
        "consent",
        "person_id",
        sa.Column("purpose", sa.String(length=20), nullable=False),
        sa.Column("channel", sa.String(length=20), nullable=False),
        sa.Column("given_on", sa.Date(), nullable=False),
        sa.Column("withdrawn_on", sa.Date(), nullable=True),
        sa.Column("how", sa.String(length=20), nullable=True),
        sa.Column("wording", sa.Text(), nullable=True),
        sa.Column("note", sa.Text(), nullable=True),
    )


def downgrade() -> None:
    for name, owner in (("consent", "person_id"), ("site", "organisation_id"), ("organisation_name", "organisation_id")):
        op.drop_index(op.f(f"ix_{name}_{owner}"), table_name=name)
        op.drop_table(name)
    with op.batch_alter_table("region") as batch:
        batch.drop_column("country")
    with op.batch_alter_table("organisation") as batch:
        for column in reversed(_added()):
            batch.drop_column(column.name)
