"""The table of jobs.

Why: (to be written with its tables). Safe beside the old release: it knows none of this.
"""

from __future__ import annotations

revision = "20261129_0510"
down_revision = "20261129_0500"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Filled by its owner."""


def downgrade() -> None:
    """Filled by its owner."""
