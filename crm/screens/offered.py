"""Which types the screens offer: a feature may say that menu and tabs leave one out, by what the operator has set.

Nothing is kept from anybody by this: lists, addresses, search and API know the type all the same.
"""

from __future__ import annotations

from collections.abc import Callable

from crm.records.work import UnitOfWork

_conditions: dict[str, Callable[[UnitOfWork], bool]] = {}


def offer_when(type_key: str, condition: Callable[[UnitOfWork], bool]) -> None:
    """Offer a type in menu and tabs only while a condition holds; one of the same type is replaced."""
    _conditions[type_key] = condition


def is_offered(uow: UnitOfWork, type_key: str) -> bool:
    """Whether menu and tabs show a type."""
    condition = _conditions.get(type_key)
    return condition is None or condition(uow)
