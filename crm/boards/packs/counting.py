"""Counting for blocks: a number is the records that a filter finds at the moment of drawing, each known by its id."""

from __future__ import annotations

from typing import TYPE_CHECKING

from crm.boards.packs.figures import Counted
from crm.filters import All, Condition, Filter
from crm.records.query import matching_ids

if TYPE_CHECKING:
    from crm.boards.packs.blocks import BlockContext
    from crm.records.work import UnitOfWork


def counted(uow: UnitOfWork, type_key: str, *where: Filter) -> Counted:
    """Count the records that all the filters find: one query.

    Raises:
        AccessDenied: the type may not be read.
        InvalidInput: a filter that does not fit the type.
    """
    ids = uow.session.scalars(matching_ids(uow, type_key, All(where)))
    return Counted(type_key, tuple(sorted(ids)))


def within(field: str, context: BlockContext) -> All:
    """Give the filter of the period that a pack counts: both days included."""
    return All((Condition(field, "ge", context.first), Condition(field, "le", context.last)))


def own_only(path: str) -> Condition:
    """Leave out what belongs to an organisation of the public catalogue: it stays out of the office's totals."""
    return Condition(f"{path}.origin", "is_not", "catalogue")
