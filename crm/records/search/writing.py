"""Writing documents: the texts of records, folded, as one row each. The database's own index follows the rows."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from typing import TYPE_CHECKING, Any, Final

from sqlalchemy import delete, select
from sqlalchemy.dialects import postgresql, sqlite

from crm.records.fields import KINDS
from crm.records.models import record_table
from crm.records.search.models import FULL, OPEN, SearchDoc, SearchPart
from crm.records.search.shape import Shape, searched_fields
from crm.records.search.tokens import BREAK, document
from crm.records.types import Field, RecordType, Spine

if TYPE_CHECKING:
    from crm.records.work import UnitOfWork

#: Rows of one statement: six values each, and SQLite takes 32,766.
ROWS: Final = 1000
_doc, _part = SearchDoc.__table__, SearchPart.__table__
#: A text of a record: the field it is read by (none: whoever may read the record), and the words as written.
Text = tuple[str | None, str]


def put_text(uow: UnitOfWork, source: str, ref_id: int, record_id: int, text: str, *, field: str | None = None) -> None:
    """Let a record be found by a text that hangs on it; a text of the same source and number is replaced.

    Write a change of the record in the same transaction (kind `comment` or `file`): the index follows the log.

    Args:
        uow: the transaction.
        source: who keeps the text: `comment` or `file`.
        ref_id: its number there.
        record_id: the record; whoever may read it finds it by the text.
        text: as written; plain, not HTML.
        field: the field that holds it, when it is read by that field's right.
    """
    values = {"source": source, "ref_id": ref_id, "record_id": record_id, "field": field, "text": text}
    statement = _insert(uow)(_part).values(values)
    changed = {name: statement.excluded[name] for name in ("record_id", "field", "text")}
    uow.session.execute(statement.on_conflict_do_update(index_elements=["source", "ref_id"], set_=changed))


def drop_text(uow: UnitOfWork, source: str, ref_id: int) -> None:
    """Take a text out of the search again; one that is not there is no fault."""
    uow.session.execute(delete(_part).where(_part.c.source == source, _part.c.ref_id == ref_id))  # type: ignore[arg-type]


def index_records(uow: UnitOfWork, shapes: Mapping[str, Shape], ids: Sequence[int]) -> None:
    """Write the documents of some records (500 at most): one query to learn the types, one a type, and one for other texts.

    What is the same as before is not written again. Records in the trash keep theirs: a search leaves them out.
    """
    types: dict[int, list[int]] = {}
    for record_id, type_id in uow.session.execute(
        select(record_table.c.id, record_table.c.type_id).where(record_table.c.id.in_(ids))
    ):
        types.setdefault(type_id, []).append(record_id)
    parts = _parts(uow, ids)
    rows: list[dict[str, Any]] = []
    without_full: list[int] = []
    for type_id, members in types.items():
        record_type = uow.registry.by_id.get(type_id)
        if record_type is None:
            continue
        apart = frozenset(shapes[record_type.key].apart)
        if not apart:
            without_full += members
        for record_id, title, texts in _texts(uow, record_type, members):
            rows += _documents(record_type, record_id, title, [*texts, *parts.get(record_id, ())], apart)
    if without_full:
        uow.session.execute(delete(_doc).where(_doc.c.record_id.in_(without_full), _doc.c.kind == FULL))  # type: ignore[arg-type]
    _write(uow, rows)


def _parts(uow: UnitOfWork, ids: Sequence[int]) -> dict[int, list[Text]]:
    """Give what hangs on records, the newest first: of an endless discussion the end counts."""
    columns = (_part.c.record_id, _part.c.field, _part.c.text)
    order = (_part.c.record_id, _part.c.source, _part.c.ref_id.desc())
    found: dict[int, list[Text]] = {}
    for record_id, field, text in uow.session.execute(select(*columns).where(_part.c.record_id.in_(ids)).order_by(*order)):
        found.setdefault(record_id, []).append((field, text))
    return found


def _texts(uow: UnitOfWork, record_type: RecordType, ids: Sequence[int]) -> Iterable[tuple[int, str, list[Text]]]:
    """Give id, title and the texts of records of a type."""
    fields = tuple(item for item in searched_fields(record_type) if not is_title(item))
    storage = uow.registry.storage(record_type.key)
    read = storage.reader(fields)
    for cells in uow.session.execute(storage.select(fields).where(record_table.c.id.in_(ids))):
        values = read(cells, uow.zone)
        yield cells.id, cells.title, field_texts(fields, values)


def is_title(item: Field) -> bool:
    """Whether a field is the record's title itself, which every document has anyway."""
    return isinstance(item.place, Spine) and item.place.columns == ("title",)


def field_texts(fields: Sequence[Field], values: Mapping[str, Any]) -> list[Text]:
    """Give the texts of some fields, empty ones left out."""
    found: list[Text] = []
    for item in fields:
        value = values.get(item.api_name)
        if value is not None:
            text = KINDS[item.kind].search_text(item, value)
            if text:
                found.append((item.api_name, text))
    return found


def _documents(
    record_type: RecordType, record_id: int, title: str, texts: Sequence[Text], apart: frozenset[str]
) -> list[dict[str, Any]]:
    kinds = [(OPEN, [text for field, text in texts if field not in apart])]
    if apart:
        kinds.append((FULL, [text for _field, text in texts]))
    head = {"record_id": record_id, "type_id": record_type.id, "title": document([title])}
    return [
        {"id": 2 * record_id + kind, **head, "kind": kind, "body": f"{BREAK} {document(found)}".rstrip()} for kind, found in kinds
    ]


def _write(uow: UnitOfWork, rows: Sequence[dict[str, Any]]) -> None:
    for start in range(0, len(rows), ROWS):
        statement = _insert(uow)(_doc).values(rows[start : start + ROWS])
        new = statement.excluded
        statement = statement.on_conflict_do_update(
            index_elements=["id"],
            set_={"title": new.title, "body": new.body},
            where=(_doc.c.title != new.title) | (_doc.c.body != new.body),
        )
        uow.session.execute(statement)


def _insert(uow: UnitOfWork) -> Any:
    return postgresql.insert if uow.session.get_bind().dialect.name == "postgresql" else sqlite.insert
