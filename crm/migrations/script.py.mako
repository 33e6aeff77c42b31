"""${message}. Why: (a sentence). Safe beside the old release: (yes, because …).

Checklist: the release before this one still runs on the new schema (new columns are nullable or have a server default;
drops come one release later) · no model is imported, `crm.migrations.columns` has the types · `downgrade` keeps every
row that `upgrade` found · SQLite tables are altered by `op.batch_alter_table` (with `table_kwargs={"sqlite_autoincrement":
True}` where the table numbers its rows so) · long backfills go in batches, not here.
"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

from crm.migrations import columns
${imports if imports else ""}
revision = ${repr(up_revision)}
down_revision = ${repr(down_revision)}
branch_labels = ${repr(branch_labels)}
depends_on = ${repr(depends_on)}


def upgrade() -> None:
    ${upgrades if upgrades else "pass"}


def downgrade() -> None:
    ${downgrades if downgrades else "pass"}
