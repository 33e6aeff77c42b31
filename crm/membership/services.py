"""Use cases: renewing a membership, and saying how a catalogue entry meets a criterion."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from sqlalchemy import select

from crm.kernel.errors import NotFound, RuleViolation
from crm.kernel.i18n import N_
from crm.membership import rules
from crm.membership.models import CatalogueAnswer
from crm.membership.queries import has_later
from crm.membership.types.common import day_of, last_day_of
from crm.records.fields import DateValue
from crm.records.query import one
from crm.records.store.context import hold_records
from crm.records.work import UnitOfWork


def renew_membership(uow: UnitOfWork, membership_id: int) -> int:
    """Make the membership of the period that follows, as the type has it, and give its id.

    The fee is the type's of today; who was a member before is no new one.

    Raises:
        NotFound, AccessDenied: there is none that the actor may see, or no right to make another.
        RuleViolation: it has no end, or the next period is there already.
    """
    one(uow, membership_id, type_key="membership")
    values = uow.records.values(membership_id)
    end = last_day_of(values["period"])
    if end is None:
        raise RuleViolation(N_("It runs until it is cancelled: there is nothing to renew."))
    if has_later(uow, values, end):
        raise RuleViolation(N_("The next period is there already."))
    kind = uow.records.values(values["membership_type"])
    months = kind.get("months")
    period = rules.following_period(str(kind["period_kind"]), None if months is None else int(months), end)
    taken_over = {name: values[name] for name in ("organisation", "secretariat", "membership_type")}
    joined = day_of(values["joined"]) or day_of(values["period"])
    order = {**taken_over, "period": DateValue(period.start, period.end), "joined": joined}
    return uow.records.create("membership", order, owner_id=values["owner"])


@dataclass(frozen=True, slots=True)
class AnswerCriterion:
    """What is said of an entry and a criterion: raw values of `answer` and `note`, those that were given."""

    entry_id: int
    criterion_id: int
    values: Mapping[str, str]


def answer_criterion(uow: UnitOfWork, order: AnswerCriterion) -> None:
    """Say how an entry meets a criterion: the first time, or anew; nothing said of nothing known writes nothing.

    Raises:
        NotFound: there is no such entry or criterion that the actor may see.
        AccessDenied, InvalidInput: from the store.
    """
    one(uow, order.entry_id, type_key="catalogue_entry")
    hold_records(uow, [order.entry_id], "update")  # its assessment and its remark may come at the same moment
    known = uow.session.scalars(
        select(CatalogueAnswer.id).where(
            CatalogueAnswer.entry_id == order.entry_id, CatalogueAnswer.criterion_id == order.criterion_id
        )
    ).first()
    if known is not None:
        uow.records.update(known, dict(order.values))
    elif any(value.strip() for value in order.values.values()):
        pair = {"entry": order.entry_id, "criterion": order.criterion_id}
        uow.records.create("catalogue_answer", {**pair, **order.values})


def read_answers(form: Mapping[str, str]) -> dict[int, dict[str, str]]:
    """Read the fields `answer.<criterion>` and `note.<criterion>` of a form, by the criterion's id.

    Raises:
        NotFound: a name that no form of ours has.
    """
    found: dict[int, dict[str, str]] = {}
    for name, value in form.items():
        what, dot, key = name.partition(".")
        if dot and what in {"answer", "note"}:
            if not key.isdigit() or len(key) > 18:
                raise NotFound
            found.setdefault(int(key), {})[what] = value
    return found
