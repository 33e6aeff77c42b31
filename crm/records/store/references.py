"""What records point at: every relation leads to a live record that the actor may see, every user exists."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import TYPE_CHECKING, Any, Final

from sqlalchemy import select

from crm.kernel.errors import AccessDenied
from crm.kernel.i18n import N_
from crm.records.fields import KINDS
from crm.records.models import MAX_ID, record_table
from crm.records.store.context import hold_records
from crm.records.store.orders import Draft
from crm.records.types import Field, Links
from crm.security.models import user_table

if TYPE_CHECKING:
    from crm.records.work import UnitOfWork


_USERS: Final = frozenset({"user", "users"})
_POINTING: Final = _USERS | {"relation"}


def visible_ids(uow: UnitOfWork, stored: Mapping[int, Mapping[str, Any]], act: str = "read") -> set[int]:
    """Give those of some records that the actor may see (or do an act on)."""
    seen: set[int] = set()
    by_type: dict[str, list[int]] = {}
    for record_id, values in stored.items():
        by_type.setdefault(values["type"], []).append(record_id)
    for type_key, members in by_type.items():
        record_type = uow.registry.get(type_key)
        condition = uow.visible(record_type, act)
        if condition is None:
            seen.update(members)
            continue
        source = uow.registry.storage(type_key).source()
        seen.update(
            uow.session.scalars(select(record_table.c.id).select_from(source).where(record_table.c.id.in_(members), condition))
        )
    return seen


def refuse_out_of_scope(uow: UnitOfWork, drafts: Sequence[Draft]) -> None:
    """A record that was just written must still lie where the actor may create or update: nothing is planted beyond.

    Raises:
        AccessDenied: it does not.
    """
    if not uow.access.is_bounded:
        return
    for act, new in (("create", True), ("update", False)):
        written = {draft.record_id: {"type": draft.type_key} for draft in drafts if (draft.old is None) is new}
        if len(visible_ids(uow, written, act)) != len(written):
            raise AccessDenied


def pointed_at(uow: UnitOfWork, drafts: Iterable[Draft]) -> set[int]:
    """Give the ids of all records that the drafts' relations hold."""
    return {value for draft in drafts for item, value in _held(uow, draft) if item.kind == "relation"}


def _held(uow: UnitOfWork, draft: Draft) -> Iterator[tuple[Field, int]]:
    for item in uow.registry.get(draft.type_key).fields:
        if item.kind in _POINTING and not isinstance(item.place, Links):
            for value in KINDS[item.kind].points_at(draft.new.get(item.api_name)):
                yield item, value


def check_references(uow: UnitOfWork, drafts: Sequence[Draft]) -> None:
    """Note the new relations that lead nowhere, and users that do not exist; what was there before is left alone.

    Two queries and one a type, whatever the number of drafts.
    """
    wanted = [
        (draft, item, value)
        for draft in drafts
        for item, value in _held(uow, draft)
        if draft.old is None or value not in KINDS[item.kind].points_at(draft.old.get(item.api_name))
    ]
    types = live_types(uow, {value for _draft, item, value in wanted if item.kind == "relation"}, hold=True)
    owners = {draft.owner_id for draft in drafts if draft.owner_id is not None and _is_new_owner(draft)}
    users = _known_users(uow, {value for _draft, item, value in wanted if item.kind in _USERS} | owners - {uow.actor.user_id})
    for draft, item, value in wanted:
        if item.kind == "relation" and types.get(value) not in item.targets:
            draft.problems.setdefault(item.api_name, N_("The chosen record does not exist, or cannot be chosen here."))
            draft.new[item.api_name] = None  # the type's rules, which still run, never meet a record of another type
        elif item.kind in _USERS and value not in users:
            draft.problems.setdefault(item.api_name, N_("Choose a user from the list."))
    for draft in drafts:
        if _is_new_owner(draft) and draft.owner_id not in users | {uow.actor.user_id}:
            draft.problems.setdefault("owner", N_("Choose a user from the list."))


def _is_new_owner(draft: Draft) -> bool:
    return draft.owner_id is not None and (draft.old is None or draft.old["owner"] != draft.owner_id)


def _known_users(uow: UnitOfWork, ids: set[int]) -> set[int]:
    if not ids:
        return set()
    return set(uow.session.scalars(select(user_table.c.id).where(user_table.c.id.in_(sorted(ids)))))


def live_types(uow: UnitOfWork, ids: set[int], *, hold: bool = False) -> dict[int, str]:
    """Give the type of each live record that the actor may see; with `hold` none of them can go to the trash before the commit."""
    if not ids:
        return {}
    members = sorted(one for one in ids if 0 < one <= MAX_ID)
    if hold:
        hold_records(uow, members, "kept")
    rows = uow.session.execute(
        select(record_table.c.id, record_table.c.type_id).where(record_table.c.id.in_(members), record_table.c.deleted_at.is_(None))
    )
    types = {record_id: uow.registry.by_id[type_id].key for record_id, type_id in rows if type_id in uow.registry.by_id}
    seen = visible_ids(uow, {record_id: {"type": key} for record_id, key in types.items()})
    return {record_id: key for record_id, key in types.items() if record_id in seen}
