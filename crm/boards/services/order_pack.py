"""*Saml materialet*: order the flow that assembles a meeting's pack."""

from __future__ import annotations

from datetime import timedelta
from typing import Final

from sqlalchemy import select

from crm.boards import facts, lifecycle
from crm.boards.models import FAILED, ORDERED, RUNNING, Meeting, PackBuild
from crm.boards.services.authorise import meeting_for
from crm.kernel.errors import RuleViolation
from crm.kernel.i18n import N_
from crm.kernel.wording import stored
from crm.ops.queries import latest_flow
from crm.ops.services import order_flow
from crm.records.work import UnitOfWork

FLOW: Final = "meeting-pack"
#: A build that runs for longer than this has lost its process.
LOST_AFTER: Final = timedelta(minutes=15)


def order_pack(uow: UnitOfWork, meeting_id: int) -> int:
    """Order a meeting's pack and give the build's id; while a build is under way, that one's.

    Raises:
        NotFound, AccessDenied.
        RuleViolation: the meeting has no items, or has been held.
    """
    meeting = meeting_for(uow, meeting_id, "build")
    refuse_if_not_buildable(uow, meeting)
    under_way = open_build(uow, meeting_id)
    if under_way is not None:
        return under_way.id
    build = PackBuild(meeting_id=meeting_id, state=ORDERED, ordered_at=uow.now(), ordered_by=uow.actor.user_id, steps=[])
    uow.session.add(build)
    uow.session.flush()
    order_flow(uow, FLOW, {"meeting_id": meeting_id, "build_id": build.id}, subject=meeting_id, once_key=f"pack-build-{build.id}")
    return build.id


def refuse_if_not_buildable(uow: UnitOfWork, meeting: Meeting) -> None:
    """Refuse a meeting without items, and one that has been held: what was sent before it stays.

    Raises:
        RuleViolation.
    """
    if not facts.agenda(uow, meeting):
        raise RuleViolation(N_("The meeting has no agenda items."))
    if meeting.state not in (*lifecycle.BEFORE_PUBLISHED, lifecycle.PUBLISHED):
        raise RuleViolation(N_("The meeting has been held, so its material can no longer be assembled."))


def open_build(uow: UnitOfWork, meeting_id: int) -> PackBuild | None:
    """Give the build that is under way; one whose flow has ended or whose process is lost is closed here."""
    wanted = select(PackBuild).where(PackBuild.meeting_id == meeting_id, PackBuild.state.in_((ORDERED, RUNNING)))
    build = uow.session.scalars(wanted.order_by(PackBuild.id.desc()).limit(1)).first()
    if build is None:
        return None
    flow = latest_flow(uow, meeting_id, FLOW)
    # A flow that began with this build and has ended (cancelled in Prefect, say) will not end the build any more.
    its_flow_ended = flow is not None and not flow.is_open and (flow.ended_at or flow.created_at) >= build.ordered_at
    is_young = build.state == RUNNING and uow.now() - (build.started_at or build.ordered_at) < LOST_AFTER
    if (flow is not None and flow.is_open) or (is_young and not its_flow_ended):
        return build
    build.state, build.ended_at = FAILED, uow.now()
    build.message = stored(N_("It was interrupted."))
    return None
