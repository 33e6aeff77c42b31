"""Is there a pack that can be approved? The same answer for the button, the code, and the flow."""

from __future__ import annotations

from crm.boards import facts, lifecycle
from crm.boards.models import Meeting, PackVersion
from crm.boards.queries import working_version
from crm.kernel.errors import RuleViolation
from crm.kernel.i18n import N_, Message
from crm.records.work import UnitOfWork


def approval_problem(uow: UnitOfWork, meeting: Meeting, version: PackVersion | None) -> Message | None:
    """Say why a meeting's pack cannot be approved now; None when it can.

    A first version must have been submitted; a later one (*eftersendt*) needs only to be assembled.
    """
    if version is None:
        return N_("The material has not been assembled.")
    if meeting.state not in (lifecycle.FOR_APPROVAL, lifecycle.PUBLISHED):
        return N_("The material has not been submitted for approval.")
    if facts.changed_since(uow, meeting.id, version):
        return N_("The agenda has been changed since the material was assembled. Assemble it again.")
    return None


def approvable_version(uow: UnitOfWork, meeting: Meeting) -> PackVersion:
    """Give the version to approve.

    Raises:
        RuleViolation: there is none, and why.
    """
    version = working_version(uow, meeting.id)
    problem = approval_problem(uow, meeting, version)
    if problem is not None or version is None:
        raise RuleViolation(problem or N_("The material has not been assembled."))
    return version
