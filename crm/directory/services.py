"""Use cases of the directory that are more than a change of a field."""

from __future__ import annotations

from crm.directory.names import corrected
from crm.directory.queries import names_of
from crm.kernel.errors import RuleViolation
from crm.kernel.i18n import N_
from crm.records.fields import DateValue
from crm.records.query import one
from crm.records.work import UnitOfWork


def correct_name(uow: UnitOfWork, organisation_id: int) -> str:
    """Call the last change of an organisation's name a correction: the name of today goes back to the days before. Gives it.

    Raises:
        NotFound, AccessDenied: there is no such organisation, or its names may not be changed.
        RuleViolation: its name was never changed.
    """
    row = one(uow, organisation_id)
    uow.access.require("update", "organisation_name")
    steps = corrected(names_of(uow, [organisation_id]).get(organisation_id, ()))
    if not steps:
        raise RuleViolation(N_("There is no change of name to correct."))
    for step in steps:
        if step.forget:
            uow.records.delete(step.name.record_id)
        else:
            uow.records.update(step.name.record_id, {"period": DateValue(step.name.first, step.name.last)})
    return row.title
