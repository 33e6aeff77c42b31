"""The full-text index: what is searched, and the index over it.

Why: people look for a word, not for a type; folded words are kept by us so that both databases find the same, and the index
over them is made by hand, since neither FTS5 tables nor generated tsvectors are models. Safe beside the old release: it never
writes these tables, and its changes are taken up from the change log.
"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

from crm.migrations import columns

revision = "20261129_0530"
down_revision = "20261129_0520"
branch_labels = None
depends_on = None

SQLITE = (
    """CREATE VIRTUAL TABLE search_fts USING fts5(title, body, content='search_doc', content_rowid='id', columnsize=0,
       tokenize='unicode61 remove_diacritics 0', prefix='2 3')""",
    """CREATE TRIGGER search_doc_added AFTER INSERT ON search_doc BEGIN
       INSERT INTO search_fts (rowid, title, body) VALUES (NEW.id, NEW.title, NEW.body); END""",
    """CREATE TRIGGER search_doc_removed AFTER DELETE ON search_doc BEGIN
       INSERT INTO search_fts (search_fts, rowid, title, body) VALUES ('delete', OLD.id, OLD.title, OLD.body); END""",
    """CREATE TRIGGER search_doc_changed AFTER UPDATE ON search_doc BEGIN
       INSERT INTO search_fts (search_fts, rowid, title, body) VALUES ('delete', OLD.id, OLD.title, OLD.body);
       INSERT INTO search_fts (rowid, title, body) VALUES (NEW.id, NEW.title, NEW.body); END""",
)
POSTGRESQL = (
    """ALTER TABLE search_doc ADD COLUMN vector tsvector GENERATED ALWAYS AS
       (setweight(to_tsvector('simple'::regconfig, title), 'A') || setweight(to_tsvector('simple'::regconfig, body), 'B')) STORED""",
    "CREATE INDEX ix_search_doc_vector ON search_doc USING gin (vector) WITH (fastupdate = off)",
)


def upgrade() -> None:
    op.create_table(
        "search_doc",
        sa.Column("id", columns.big_id(), autoincrement=False, nullable=False),
        sa.Column("record_id", columns.big_id(), nullable=False),
        sa.Column("type_id", sa.SmallInteger(), nullable=False),
        sa.Column("kind", sa.SmallInteger(), nullable=False),
        sa.Column("title", sa.Text(), nullable=False),
        sa.Column("body", sa.Text(), nullable=False),
        sa.ForeignKeyConstraint(["record_id"], ["record.id"], name=op.f("fk_search_doc_record_id"), ondelete="CASCADE"),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_search_doc")),
    )
    op.create_index(op.f("ix_search_doc_record_id"), "search_doc", ["record_id"])
    op.create_table(
        "search_part",
        sa.Column("source", sa.String(20), nullable=False),
        sa.Column("ref_id", columns.big_id(), autoincrement=False, nullable=False),
        sa.Column("record_id", columns.big_id(), nullable=False),
        sa.Column("field", sa.String(60), nullable=True),
        sa.Column("text", sa.Text(), nullable=False),
        sa.ForeignKeyConstraint(["record_id"], ["record.id"], name=op.f("fk_search_part_record_id"), ondelete="CASCADE"),
        sa.PrimaryKeyConstraint("source", "ref_id", name=op.f("pk_search_part")),
    )
    op.create_index(op.f("ix_search_part_record_id"), "search_part", ["record_id"])
    op.create_table(
        "search_state",
        sa.Column("type_id", sa.SmallInteger(), autoincrement=False, nullable=False),
        sa.Column("fields", columns.json(), nullable=False),
        sa.Column("apart", columns.json(), nullable=False),
        sa.Column("wanted", columns.json(), nullable=False),
        sa.Column("after_id", columns.big_id(), nullable=True),
        sa.Column("built", sa.Boolean(), nullable=False),
        sa.ForeignKeyConstraint(["type_id"], ["record_type.id"], name=op.f("fk_search_state_type_id"), ondelete="CASCADE"),
        sa.PrimaryKeyConstraint("type_id", name=op.f("pk_search_state")),
    )
    for statement in POSTGRESQL if op.get_bind().dialect.name == "postgresql" else SQLITE:
        op.execute(statement)


def downgrade() -> None:
    if op.get_bind().dialect.name == "sqlite":
        for name in ("search_doc_added", "search_doc_removed", "search_doc_changed"):
            op.execute(f"DROP TRIGGER {name}")
        op.execute("DROP TABLE search_fts")
    op.drop_table("search_state")
    op.drop_table("search_part")
    op.drop_table("search_doc")
    op.execute("DELETE FROM change_cursor WHERE reader = 'search'")
