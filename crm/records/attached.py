"""What hangs on a record: whether there is any of each kind, asked in one question for all that a page may show.

A record page has a dozen parts that most records have nothing for; a question of its own for each took half of the page's time.
It tells nothing of which of them the actor may see: whoever is told yes reads on by the actor's rights.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from sqlalchemy import Exists, bindparam, exists, select

if TYPE_CHECKING:
    from crm.records.work import UnitOfWork

_questions: dict[str, Exists] = {}
#: The one question, put together of all; none before it is first asked.
_together: list[Any] = []


def register(key: str, some: Exists) -> None:
    """Ask whether the record bound as `record_id` has any of a kind, by an index; one of the same key is replaced."""
    _questions[key] = some
    _together.clear()


def register_pointing(key: str, column: Any) -> None:
    """Ask whether a column of any row points at the record."""
    register(key, exists().where(column == bindparam("record_id")))


def attached(uow: UnitOfWork, record_id: int) -> frozenset[str]:
    """Give the kinds that a record has any of: one query, and a page that reads asks once."""
    known: dict[int, frozenset[str]] = uow.session.info.setdefault("attached", {}) if uow.rows is not None else {}
    if record_id not in known:
        if not _together:
            _together.append(select(*(some.label(key) for key, some in _questions.items())))
        answers = uow.session.connection().execute(_together[0], {"record_id": record_id}).one()
        known[record_id] = frozenset(key for key, answer in zip(_questions, answers, strict=True) if answer)
    return known[record_id]


def has(uow: UnitOfWork, record_id: int, key: str) -> bool:
    """Whether a record has any of a kind."""
    return key in attached(uow, record_id)
