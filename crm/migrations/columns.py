"""Column types as migrations write them.

A migration is history: it never imports a model, and what stands here is added to, never changed.
"""

from __future__ import annotations

from typing import Any

import sqlalchemy as sa
from sqlalchemy.dialects.postgresql import JSONB
from sqlalchemy.types import TypeEngine


def moment() -> TypeEngine[Any]:
    """Give a moment in UTC: timestamptz on PostgreSQL, fixed-width ISO text on SQLite."""
    return sa.DateTime(timezone=True).with_variant(sa.String(27), "sqlite")


def fixed4() -> TypeEngine[Any]:
    """Give a number with four decimals, as an integer × 10⁴."""
    return sa.BigInteger()


def big_id() -> TypeEngine[Any]:
    """Give an id of 64 bits that SQLite still numbers by itself."""
    return sa.BigInteger().with_variant(sa.Integer(), "sqlite")


def json() -> TypeEngine[Any]:
    """Give JSON on SQLite, JSONB on PostgreSQL."""
    return sa.JSON().with_variant(JSONB(), "postgresql")


def key() -> TypeEngine[Any]:
    """Give a sort key: plain code-point order, whatever the locale of PostgreSQL's database."""
    return sa.String(200).with_variant(sa.String(200, collation="C"), "postgresql")


def json_or_null() -> TypeEngine[Any]:
    """Give JSON where None is written as SQL's null."""
    return sa.JSON(none_as_null=True).with_variant(JSONB(none_as_null=True), "postgresql")
