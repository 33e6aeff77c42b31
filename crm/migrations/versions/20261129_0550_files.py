"""Versions, words and a trash for files; typed lists of e-mails and telephones, and tags, on organisations and persons.

Why: a new version of a file keeps the old one, a deleted file can come back, and a file of a record that is still being typed
has no record yet. An organisation and a person have several addresses and numbers, each of a type and one of them the primary
(feature A8); a person's mobile number becomes one of the list. What was one text is kept as it was written.
Safe only with the old release stopped: it reads the text columns that this step takes away. Backwards, each list becomes its
primary again.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Any

import sqlalchemy as sa
from alembic import op

from crm.migrations import columns

revision = "20261129_0550"
down_revision = "20261129_0540"
branch_labels = None
depends_on = None

_SEPARATORS = re.compile(r"[\s.\-/()\u00a0]+")
_DANISH = re.compile(r"[2-9]\d{7}", re.ASCII)
_BATCH = 1000
#: Table → new list → the old columns in order, each with the type its value gets.
_LISTS: dict[str, dict[str, tuple[tuple[str, str], ...]]] = {
    "organisation": {"emails": (("email", "work"),), "phones": (("phone", "main"),)},
    "person": {"emails": (("email", "work"),), "phones": (("phone", "work"), ("mobile", "mobile"))},
}
_WIDTHS = {"email": 320, "phone": 40, "mobile": 40}
#: List → what a value is called in it, and the name of the field.
_PARTS = {"emails": ("address", "email"), "phones": ("number", "phone")}


def upgrade() -> None:
    with op.batch_alter_table("file") as batch:
        batch.alter_column("record_id", existing_type=columns.big_id(), nullable=True)
        batch.add_column(sa.Column("first_id", columns.big_id(), nullable=True))
        batch.add_column(sa.Column("version", sa.Integer(), nullable=False, server_default="1"))
        batch.add_column(sa.Column("replaced_by", columns.big_id(), nullable=True))
        batch.add_column(sa.Column("field", sa.String(length=60), nullable=True))
        batch.add_column(sa.Column("description", sa.String(length=500), nullable=True))
        batch.add_column(sa.Column("deleted_at", columns.moment(), nullable=True))
        batch.add_column(sa.Column("deleted_by", sa.Integer(), nullable=True))
        batch.create_foreign_key(op.f("fk_file_replaced_by"), "file", ["replaced_by"], ["id"], ondelete="SET NULL")
        batch.create_foreign_key(op.f("fk_file_deleted_by"), "ab_user", ["deleted_by"], ["id"], ondelete="SET NULL")
        batch.create_index("ix_file_first_id", ["first_id"])
    op.execute("UPDATE file SET first_id = id")
    for name, lists in _LISTS.items():
        op.add_column(name, sa.Column("emails", columns.json(), nullable=True))
        op.add_column(name, sa.Column("phones", columns.json(), nullable=True))
        op.add_column(name, sa.Column("tags", columns.json(), nullable=True))
        _gather(name, lists)
    _drop_texts()


def _drop_texts() -> None:
    with op.batch_alter_table("organisation") as batch:
        batch.drop_column("email")
        batch.drop_column("phone")
    op.drop_index("ix_person_email", table_name="person")
    with op.batch_alter_table("person") as batch:
        batch.drop_column("email")
        batch.drop_column("phone")
        batch.drop_column("mobile")


def _gather(name: str, lists: dict[str, tuple[tuple[str, str], ...]]) -> None:
    """Fill the lists from the texts, and the keys that filters look at."""
    olds = [old for pairs in lists.values() for old, _type in pairs]
    table = _table(name, [*lists], olds)
    type_id = op.get_bind().scalar(sa.text("SELECT id FROM record_type WHERE key = :key"), {"key": name})
    keys = sa.table("record_value", sa.column("type_id"), sa.column("field"), sa.column("key"), sa.column("record_id"))
    for rows in _pages(table):
        found, values = [], []
        for row in rows:
            filled = {
                column: _list(_PARTS[column][0], [(getattr(row, old), kind) for old, kind in pairs])
                for column, pairs in lists.items()
            }
            if any(filled.values()):
                found.append({"at": row.id, **filled})
            for column, listed in filled.items():
                part, field = _PARTS[column]
                for one in listed or ():
                    key = one[part].casefold()[:200] if part == "address" else one[part][:200]
                    values.append({"type_id": type_id, "field": field, "key": key, "record_id": row.id})
        if found:
            changed = {column: sa.bindparam(column, type_=columns.json_or_null()) for column in lists}
            op.get_bind().execute(sa.update(table).where(table.c.id == sa.bindparam("at")).values(changed), found)
        if values and type_id is not None:
            op.get_bind().execute(sa.insert(keys), values)


def _list(part: str, texts: list[tuple[str | None, str]]) -> list[dict[str, Any]] | None:
    """Give the values of a list: as written, but telephone numbers without signs between; none twice, the first the primary."""
    found: dict[str, dict[str, Any]] = {}
    for text, kind in texts:
        written = (text or "").strip()
        if part == "number":
            bare = _SEPARATORS.sub("", written)
            written = f"+45{bare}" if _DANISH.fullmatch(bare) else bare if re.fullmatch(r"\+\d{6,15}", bare) else written
        if written:
            found.setdefault(written.casefold(), {part: written, "type": kind, "primary": not found})
    return list(found.values()) or None


def _table(name: str, lists: list[str], texts: list[str]) -> sa.TableClause:
    return sa.table(
        name,
        sa.column("id", columns.big_id()),
        *(sa.column(one, columns.json_or_null()) for one in lists),
        *(sa.column(one, sa.String()) for one in texts),
    )


def _pages(table: sa.TableClause) -> Iterator[list[Any]]:
    """Give the rows in batches."""
    last = 0
    while rows := list(op.get_bind().execute(sa.select(table).where(table.c.id > last).order_by(table.c.id).limit(_BATCH))):
        yield rows
        last = rows[-1].id


def downgrade() -> None:
    for name, lists in _LISTS.items():
        for pairs in lists.values():
            for old, _type in pairs:
                op.add_column(name, sa.Column(old, sa.String(length=_WIDTHS[old]), nullable=True))
        _spread(name, lists)
    op.create_index("ix_person_email", "person", ["email"])
    for name in _LISTS:
        with op.batch_alter_table(name) as batch:
            for column in ("emails", "phones", "tags"):
                batch.drop_column(column)
    _forget_keys()
    # A file of a record that was never saved has no place in the old release; earlier versions become files like the others.
    op.execute("UPDATE file SET replaced_by = NULL WHERE replaced_by IN (SELECT id FROM file WHERE record_id IS NULL)")
    op.execute("DELETE FROM file WHERE record_id IS NULL")
    with op.batch_alter_table("file") as batch:
        batch.drop_index("ix_file_first_id")
        batch.drop_constraint(op.f("fk_file_replaced_by"), type_="foreignkey")
        batch.drop_constraint(op.f("fk_file_deleted_by"), type_="foreignkey")
        for column in ("deleted_by", "deleted_at", "description", "field", "replaced_by", "version", "first_id"):
            batch.drop_column(column)
        batch.alter_column("record_id", existing_type=columns.big_id(), nullable=False)


def _spread(name: str, lists: dict[str, tuple[tuple[str, str], ...]]) -> None:
    """Give each old text the first value of its own type, else the primary where it is the list's first text."""
    olds = [old for pairs in lists.values() for old, _type in pairs]
    table = _table(name, [*lists], olds)
    for rows in _pages(table):
        found = []
        for row in rows:
            texts: dict[str, str | None] = {}
            for column, pairs in lists.items():
                listed = [one for one in (getattr(row, column) or ()) if isinstance(one, dict)]
                texts.update(_texts(_PARTS[column][0], listed, pairs))
            if any(texts.values()):
                found.append({"at": row.id, **texts})
        if found:
            changed: dict[str, Any] = {old: sa.bindparam(old) for old in olds}
            op.get_bind().execute(sa.update(table).where(table.c.id == sa.bindparam("at")).values(changed), found)


def _texts(part: str, listed: list[dict[str, Any]], pairs: tuple[tuple[str, str], ...]) -> dict[str, str | None]:
    ordered = sorted(listed, key=lambda one: not one.get("primary"))
    others = {kind for _old, kind in pairs[1:]}
    found: dict[str, str | None] = {}
    for old, kind in pairs:
        fitting = [one for one in ordered if (one.get("type") == kind if kind in others else one.get("type") not in others)]
        found[old] = str(fitting[0].get(part, ""))[: _WIDTHS[old]] or None if fitting else None
    return found


def _forget_keys() -> None:
    names = sa.text(
        "DELETE FROM record_value WHERE field IN ('email', 'phone', 'tags')"
        " AND type_id IN (SELECT id FROM record_type WHERE key IN ('organisation', 'person'))"
    )
    op.get_bind().execute(names)
