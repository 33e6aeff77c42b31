"""Approving a pack: by the button in the CRM, or in Prefect with a one-time code. Both leave the same mark."""

from __future__ import annotations

from typing import Final

from crm.boards.models import Meeting, PackVersion
from crm.boards.queries import mandates_of, published_version, working_version
from crm.boards.services.approvable import approvable_version
from crm.boards.services.approval_code import NOT_ALLOWED, spend_code
from crm.boards.services.authorise import meeting_for
from crm.kernel.errors import AccessDenied, RuleViolation
from crm.kernel.i18n import Message
from crm.ops.queries import latest_flow
from crm.ops.services import order_flow
from crm.records.work import UnitOfWork, Works
from crm.security.actors import system_actor
from crm.security.callers import actor_for

FLOW: Final = "publish-pack"


def approve_pack(uow: UnitOfWork, meeting_id: int, *, send_mails: bool = False) -> int:
    """Approve a meeting's pack in the CRM and order the flow that sends it; gives the version's id.

    A second call finds it done: it gives the version that is approved or published already.

    Raises:
        NotFound, AccessDenied: the actor may not see the meeting, or not approve.
        RuleViolation: there is nothing to approve (and why).
    """
    meeting = meeting_for(uow, meeting_id, "approve")
    done = _found_done(uow, meeting_id)
    if done is not None and (done.published_at is not None or _is_on_its_way(uow, meeting_id)):
        return done.id
    # A version that was approved but came to nothing (sent back to draft meanwhile, the flow failed) is approved anew.
    version = approvable_version(uow, meeting)
    mark_approved(uow, version, uow.actor.user_id, "crm", send_mails=send_mails)
    key = f"publish-{version.id}-{uow.now():%Y%m%d%H%M%S%f}"
    order_flow(uow, FLOW, {"meeting_id": meeting_id, "version_id": version.id}, subject=meeting_id, once_key=key)
    return version.id


def _is_on_its_way(uow: UnitOfWork, meeting_id: int) -> bool:
    flow = latest_flow(uow, meeting_id, FLOW)
    return flow is not None and flow.is_open


def approve_with_code(works: Works, meeting_id: int, code: str | None, *, send_mails: bool = False, allowed: bool = True) -> int:
    """Approve a meeting's pack in Prefect, on behalf of the person whom the code was shown to; gives the version's id.

    The code is spent and the approval written in one transaction; a wrong guess is counted in it, too.

    Args:
        works: opens the transaction.
        meeting_id: the meeting.
        code: as typed.
        send_mails: whether publishing sends the mails.
        allowed: the setting *approval in Prefect*.

    Raises:
        NotFound: there is no such meeting.
        RuleViolation: no code, a wrong, used or expired one, or nothing to approve (and why).
        AccessDenied: the person no longer has the right.
    """
    if not allowed:
        raise RuleViolation(NOT_ALLOWED)
    refusal: Message | None = None
    version_id = 0
    with works.writing(system_actor("flow"), cause="flow") as uow:
        meeting = uow.get(Meeting, meeting_id)
        done = _found_done(uow, meeting_id)
        if done is not None:
            return done.id
        version = approvable_version(uow, meeting)
        spent, refusal = spend_code(uow, meeting_id, version, code)
        if spent is not None:
            _require_right(works, uow, spent.user_id)
            mark_approved(uow, version, spent.user_id, "code", send_mails=send_mails)
            version_id = version.id
    if refusal is not None:
        raise RuleViolation(refusal)
    return version_id


def mark_approved(uow: UnitOfWork, version: PackVersion, user_id: int | None, via: str, *, send_mails: bool) -> None:
    """Write an approval on a version."""
    version.approved_at, version.approved_by, version.approved_via = uow.now(), user_id, via
    version.send_mails = send_mails
    uow.session.flush()


def _found_done(uow: UnitOfWork, meeting_id: int) -> PackVersion | None:
    """The version that needs no approval any more: approved and on its way, or published with nothing newer."""
    working = working_version(uow, meeting_id)
    if working is not None:
        return working if working.approved_at is not None else None
    return published_version(uow, meeting_id)


def _require_right(works: Works, uow: UnitOfWork, user_id: int) -> None:
    """The person must still have the right when the code is used, not only when it was shown."""
    person = actor_for(uow.session, user_id, mandates_of)
    if not works.grants.access(uow.session, person).may("approve", "meeting"):
        raise AccessDenied
