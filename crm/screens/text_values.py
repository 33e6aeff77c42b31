"""A cell of text as a field's raw value: as an import reads it, with records and users found by their names."""

from __future__ import annotations

import re
from collections.abc import Iterable
from typing import Any, Final

from sqlalchemy import select

from crm.kernel.i18n import N_
from crm.kernel.text import clean, sort_key
from crm.records.fields import KINDS, ValueProblem
from crm.records.models import record_table
from crm.records.query import live
from crm.records.types import Field, RecordType
from crm.records.work import UnitOfWork
from crm.screens.present import user_names

#: A number with words after it, as a page shows stars: 3 af 5.
_BEGINS_WITH_NUMBER: Final = re.compile(r"\s*(\d+)\s+\D")
#: What a cell shows of a checklist: 3 af 5.
_HOW_FAR: Final = re.compile(r"\s*\d+ (?:af|of) \d+\s*", re.ASCII)
_USERS: Final = frozenset({"user", "users"})


class NameReader:
    """Reads cells of text; what they name is looked up for all of them at once: one query a type, one for users."""

    def __init__(self, uow: UnitOfWork, record_type: RecordType, cells: Iterable[tuple[str, str]]) -> None:
        self._uow = uow
        self._records: dict[str, dict[str, list[int]]] = {}
        self._users: dict[str, list[int]] | None = None
        wanted: dict[str, set[str]] = {}
        for name, text in cells:
            item = record_type.changeable.get(name)
            if item is not None and item.kind == "relation" and text.strip():
                wanted.setdefault(name, set()).add(sort_key(clean(text[:600])))
        for name, keys in wanted.items():
            self._records[name] = self._find(record_type.changeable[name], keys)

    def read(self, item: Field, text: str) -> Any:
        """Give the raw value that a text stands for.

        Raises:
            ValueProblem: it names nothing, or several things.
        """
        if not text.strip():
            return None
        if item.kind == "relation":
            return self._record(item, text)
        if item.kind in _USERS:
            ids = [self._user(part) for part in re.split("[;,\n]", text) if part.strip()]
            return ids if item.kind == "users" else ids[0]
        return self._by_kind(item, text)

    def _by_kind(self, item: Field, text: str) -> Any:
        """Read it as an import does, else as pages show it: values parted by commas, stars with words."""
        kind, zone = KINDS[item.kind], self._uow.zone
        if item.kind == "checklist" and _HOW_FAR.fullmatch(text):
            raise ValueProblem(N_("“%(text)s” says how far a list is, not what stands on it.", text=text.strip()))
        tries = [kind.from_text(item, text, zone), text]
        if kind.several:
            tries.insert(0 if ";" not in text else 1, kind.from_text(item, text.replace(", ", "; "), zone))
        number = _BEGINS_WITH_NUMBER.match(text) if item.kind == "rating" else None
        if number is not None:
            tries.insert(0, number[1])
        for raw in tries:
            try:
                kind.clean(item, raw, zone)
            except ValueProblem:
                continue
            return raw
        return tries[0]  # the store says what is wrong with it

    def _find(self, item: Field, keys: set[str]) -> dict[str, list[int]]:
        """Give the records of these names that the relation may point to, by sort key."""
        found: dict[str, list[int]] = {}
        for target in item.targets:
            record_type = self._uow.registry.types.get(target)
            if record_type is None or not self._uow.access.may("read", target):
                continue
            source = self._uow.registry.storage(target).source()
            statement = (
                select(record_table.c.id, record_table.c.title_sort).select_from(source).where(*live(self._uow, record_type))
            )
            for row in self._uow.session.execute(statement.where(record_table.c.title_sort.in_(sorted(keys)))):
                found.setdefault(row.title_sort, []).append(row.id)
        return found

    def _record(self, item: Field, text: str) -> int | str:
        ids = self._records.get(item.api_name, {}).get(sort_key(clean(text[:600])), [])
        if len(ids) > 1:
            raise ValueProblem(N_("Several are called “%(name)s”. Choose one in the cell itself.", name=text.strip()[:60]))
        if ids:
            return ids[0]
        if text.strip().isdecimal():
            return text.strip()
        raise ValueProblem(N_("There is nothing called “%(name)s” to choose.", name=text.strip()[:60]))

    def _user(self, text: str) -> int:
        if self._users is None:
            self._users = {}
            for user_id, name in user_names(self._uow).items():
                self._users.setdefault(name.casefold(), []).append(user_id)
        ids = self._users.get(" ".join(text.split()).casefold(), [])
        if len(ids) != 1:
            raise ValueProblem(N_("There is no user called “%(name)s”.", name=text.strip()[:60]))
        return ids[0]
