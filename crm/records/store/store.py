"""`uow.records`: create, update, transition, link, delete, restore. See `design.md`, "Writing: one door", and ADR 2."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from contextlib import nullcontext
from datetime import date
from itertools import groupby
from typing import TYPE_CHECKING, Any, Final

from crm.kernel.errors import NotFound, RuleViolation
from crm.kernel.i18n import N_
from crm.records.changes import UNDO
from crm.records.store import ageing, keys, links, many_links, trash, writes
from crm.records.store.batches import batches, types_with_consequences
from crm.records.store.context import BatchContext, read_values
from crm.records.store.drafts import prepare
from crm.records.store.file_values import settle_files
from crm.records.store.orders import Create, Delete, Draft, Link, Order, Restore, TransitionOrder, Update
from crm.records.store.references import refuse_out_of_scope, visible_ids
from crm.records.store.transitions import step_back, take_step
from crm.records.types import ChangeFacts, no_consequence

if TYPE_CHECKING:
    from crm.records.work import UnitOfWork

MAX_DEPTH: Final = 5


class RecordStore:
    """The one door for writes; each act checks rights, fields, rules and version, writes, and appends to the change log."""

    def __init__(self, uow: UnitOfWork) -> None:
        self._uow = uow
        self._depth = 0

    def create(self, type_key: str, values: Mapping[str, Any], *, owner_id: int | None = None) -> int:
        """Make a record and give its id.

        Raises:
            AccessDenied: no right to create this type.
            InvalidInput: what is wrong, by field.
        """
        return self.save_many([Create(type_key, values, owner_id)])[0]

    def update(self, record_id: int, values: Mapping[str, Any], *, seen_version: int | None = None) -> int:
        """Change some fields and give the record's version; saving without a change writes nothing.

        Raises:
            NotFound, AccessDenied, InvalidInput.
            StaleRecord: the same fields were changed since `seen_version`; other fields merge in silence.
        """
        return self._save([Update(record_id, values, seen_version)])[0].version

    def save_many(self, orders: Sequence[Create | Update]) -> list[int]:
        """Create and update in batches of 500; each batch is refused whole if one order cannot be accepted. Gives the ids."""
        return [draft.record_id for batch in batches(self._uow, orders) for draft in self._save(batch)]

    def _save(self, orders: Sequence[Create | Update]) -> list[Draft]:
        """Save one batch: all of it or nothing, even when the refusal comes after the first write."""
        registry = self._uow.registry
        drafts = prepare(self._uow, orders, BatchContext(self._uow))
        functions = [(registry.get(draft.type_key).functions, draft) for draft in drafts]
        sets_off = any(one.after is not no_consequence or self._is_watched(draft) for one, draft in functions)
        types = [registry.get(key) for key in {draft.type_key for draft in drafts}]  # others are written where something is set off
        late = sets_off or self._uow.access.is_bounded or keys.has_late_checks(types)
        with self._uow.session.begin_nested() if late else nullcontext():
            return self._write(drafts)

    def _write(self, drafts: list[Draft]) -> list[Draft]:
        uow = self._uow
        by_type: dict[str, tuple[list[Draft], list[Draft]]] = {}
        for draft in drafts:
            new, changed = by_type.setdefault(draft.type_key, ([], []))
            if isinstance(draft.order, Create):
                new.append(draft)
            elif draft.changed:
                changed.append(draft)
        keys.check_unique(uow, drafts)
        alone = writes.goes_alone(uow, drafts)
        for type_key, (new, changed) in by_type.items():
            record_type = uow.registry.get(type_key)
            if new:
                keys.give_numbers(uow, record_type, new)
            if alone:
                writes.write_alone(uow, drafts[0], keys.new_keys(record_type, drafts[0]) if new else ())
                keys.write_unique(uow, record_type, drafts)
            else:
                writes.insert_drafts(uow, record_type, new)
                writes.update_drafts(uow, record_type, changed)
                keys.write_keys(uow, record_type, [*new, *changed])
            settle_files(uow, record_type, [*new, *changed])
        written = [draft for draft in drafts if isinstance(draft.order, Create) or draft.changed]
        refuse_out_of_scope(uow, written)
        if not alone:
            writes.log_drafts(uow, written)
        ageing.after_write(uow, written)
        for draft in written:
            kind = "create" if isinstance(draft.order, Create) else "update"
            self._consequences(ChangeFacts(draft.record_id, draft.type_key, kind, draft.old, {**draft.new, "state": draft.state}))
        self._after_updates([draft for draft in written if self._is_watched(draft)])
        return drafts

    def transition(self, record_id: int, step: str, *, seen_version: int | None = None, comment: str | None = None) -> str:
        """Take a step of the lifecycle and give the new state.

        Raises:
            NotFound, AccessDenied.
            RuleViolation: the step is not possible in this state, or a guard says no (and why).
        """
        with self._uow.session.begin_nested():
            facts, state = take_step(self._uow, TransitionOrder(record_id, step, seen_version, comment))
            self._consequences(facts)
            after_step = self._uow.registry.get(facts.type_key).functions.after_step
            self._carry_out_all(after_step(facts, self._uow.today(), self._uow.zone))
            return state

    def step_back(self, record_id: int, target: str | None, expected: str | None) -> None:
        """Put a record back into the state it had before a step (undo): the right to the step is enough, no step leads there.

        Raises:
            NotFound, AccessDenied.
            Conflict: its state is not `expected` any more.
            RuleViolation: the step was not one that people take by hand, or the state is no longer known.
        """
        with self._uow.session.begin_nested() if types_with_consequences(self._uow) else nullcontext():
            self._consequences(step_back(self._uow, record_id, target, expected))

    def link(
        self,
        record_id: int,
        field: str,
        to_id: int,
        *,
        role: str = "",
        from_on: date | None = None,
        to_on: date | None = None,
        note: str | None = None,
    ) -> int:
        """Relate two records, with role and dates; gives the link's id.

        Raises:
            NotFound, AccessDenied.
            InvalidInput: not a field for links, a target of the wrong type, or dates out of order.
        """
        return links.add_link(self._uow, Link(record_id, field, to_id, role, from_on, to_on, note))

    def link_many(self, orders: Sequence[Link]) -> None:
        """Relate many pairs of records, in batches of 500: what `link` does, in a handful of statements.

        Raises:
            NotFound, AccessDenied.
            InvalidInput: as `link`; a batch is refused whole.
        """
        many_links.add_links(self._uow, orders)

    def unlink(self, link_id: int) -> None:
        """Take a link away; the change log keeps it.

        Raises:
            NotFound, AccessDenied.
        """
        links.remove_link(self._uow, link_id)

    def delete(self, record_id: int) -> None:
        """Put a record into the trash.

        Raises:
            NotFound, AccessDenied.
            RuleViolation: live records need it (and which).
        """
        trash.delete(self._uow, Delete(record_id))

    def restore(self, record_id: int) -> None:
        """Take a record out of the trash, with its links.

        Raises:
            NotFound, AccessDenied.
            RuleViolation: a record that it needs lies in the trash itself.
        """
        trash.restore(self._uow, Restore(record_id))

    def values(self, record_id: int) -> dict[str, Any]:
        """Give all values of a record that the actor may see, by api_name, and the head's: for rules and services.

        It knows no field rights: what is shown to people comes from `records.query`.

        Raises:
            NotFound.
        """
        found = read_values(self._uow, [record_id])
        if record_id not in visible_ids(self._uow, found):
            raise NotFound
        return {name: value for name, value in found[record_id].items() if name != "_data"}

    def carry_out(self, order: Order) -> None:
        """Carry out any order: what `after` functions give back."""
        match order:
            case Create() | Update():
                self._save([order])
            case TransitionOrder():
                self.transition(order.record_id, order.step, comment=order.comment)
            case Link():
                links.add_link(self._uow, order)
            case Delete():
                trash.delete(self._uow, order)
            case Restore():
                trash.restore(self._uow, order)

    def _consequences(self, facts: ChangeFacts) -> None:
        """Carry out what the type's `after` asks for, in the same transaction, at most five deep."""
        self._carry_out_all(self._uow.registry.get(facts.type_key).functions.after(facts))

    def _is_watched(self, draft: Draft) -> bool:
        """Whether an update changes a field that its type watches; what is undone brings back what it had set off by itself."""
        if draft.old is None or not draft.changed or self._uow.act.cause == UNDO:
            return False
        return not self._uow.registry.get(draft.type_key).functions.watched.isdisjoint(draft.changed)

    def _after_updates(self, drafts: Sequence[Draft]) -> None:
        """Carry out what the types' `after_update` asks for, as far as the actor may make such records."""
        if not drafts:
            return
        context = BatchContext(self._uow)
        orders: list[Order] = []
        for draft in drafts:
            facts = ChangeFacts(draft.record_id, draft.type_key, "update", draft.old, {**draft.new, "state": draft.state})
            orders += self._uow.registry.get(draft.type_key).functions.after_update(facts, context)
        may = self._uow.access.may
        self._carry_out_all([order for order in orders if not isinstance(order, Create) or may("create", order.type_key)])

    def _carry_out_all(self, orders: Sequence[Order]) -> None:
        if not orders:
            return
        if self._depth >= MAX_DEPTH:
            raise RuleViolation(N_("The rules of these records set each other off without end."))
        self._depth += 1
        try:
            for saves, run in groupby(orders, key=lambda order: isinstance(order, Create | Update)):
                if saves:
                    self.save_many([order for order in run if isinstance(order, Create | Update)])
                    continue
                for order in run:
                    self.carry_out(order)
        finally:
            self._depth -= 1
