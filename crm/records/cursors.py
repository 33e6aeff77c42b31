"""Sort values in cursors: how they are written into one, and read out of one that anybody may have written."""

from __future__ import annotations

from datetime import date, datetime
from decimal import Decimal
from typing import Any

from sqlalchemy import Boolean, ColumnElement, Date, Integer

from crm.kernel import paging
from crm.kernel.db import Fixed4, Moment
from crm.records.fields.number import LIMIT as NUMBER_LIMIT


def plain_value(value: Any) -> Any:
    """Give a sort value as JSON can hold it."""
    if isinstance(value, datetime | date):
        return value.isoformat()
    return str(value) if isinstance(value, Decimal) else value


def read_place(cursor: str | None, mark: str, column: ColumnElement[Any]) -> paging.Place | None:
    """Read a cursor, with its value as the column holds it; None when it is none of this list, whoever wrote it."""
    place = paging.read_cursor(cursor, mark)
    if place is None or place.run == "empty":
        return place
    try:
        return paging.Place(place.run, bound_value(column, place.value), place.last_id)
    except (ValueError, TypeError, ArithmeticError):
        return None


def bound_value(column: ColumnElement[Any], value: Any) -> Any:
    """Give a plain sort value as its column holds it.

    Raises:
        ValueError, TypeError, ArithmeticError: it is none of this column.
    """
    kind = column.type
    if isinstance(kind, Moment | Date | Fixed4):
        if not isinstance(value, str):
            raise TypeError(value)
        return _typed(kind, value)
    wanted = bool if isinstance(kind, Boolean) else int if isinstance(kind, Integer) else str
    if type(value) is not wanted or (isinstance(value, int) and abs(value) >= 2**31 and column.name != "id"):
        raise TypeError(value)
    if isinstance(value, int) and abs(value) >= 2**63:
        raise ValueError(value)
    if isinstance(value, str) and "\0" in value.encode().decode():  # a lone surrogate raises ValueError
        raise ValueError(value)
    return value


def _typed(kind: Moment | Date | Fixed4, value: str) -> Any:
    if isinstance(kind, Fixed4):
        number = Decimal(value)
        if not number.is_finite() or abs(number) >= NUMBER_LIMIT:
            raise ValueError(value)
        return number
    if isinstance(kind, Date):
        return date.fromisoformat(value)
    moment = datetime.fromisoformat(value)
    if moment.tzinfo is None or not 1 < moment.year < 9999:
        raise ValueError(value)
    return moment
