"""What an act did that undo cannot take back: mails that went out, flows that ran. What still waits is stopped."""

from __future__ import annotations

from typing import TYPE_CHECKING

from sqlalchemy import delete, func, select, update

from crm.kernel.i18n import N_, Message
from crm.ops.models import CANCELLED, HELD, QUEUED, WAITING, FlowRequest, MailOutbox
from crm.records.undo import register_remains

if TYPE_CHECKING:
    from crm.records.work import UnitOfWork


def mails(uow: UnitOfWork, act_id: str, undo: bool) -> list[Message]:  # noqa: FBT001 - the shape that undo asks for
    """Take back the mails of an act that have not gone out, and name the others."""
    if undo:
        waiting = (MailOutbox.act_id == act_id, MailOutbox.state.in_((QUEUED, HELD)))
        uow.session.execute(delete(MailOutbox).where(*waiting))
    sent = (MailOutbox.act_id == act_id, MailOutbox.state.not_in((QUEUED, HELD)))
    number = uow.session.scalar(select(func.count()).select_from(MailOutbox).where(*sent)) or 0
    if not number:
        return []
    return [N_("1 mail has already been sent.") if number == 1 else N_("%(number)s mails have already been sent.", number=number)]


def flows(uow: UnitOfWork, act_id: str, undo: bool) -> list[Message]:  # noqa: FBT001 - the shape that undo asks for
    """Stop the flows that an act ordered and that have not begun, and name the others."""
    if undo:
        waiting = (FlowRequest.act_id == act_id, FlowRequest.state == WAITING)
        uow.session.execute(update(FlowRequest).where(*waiting).values(state=CANCELLED, ended_at=uow.now()))
    begun = (FlowRequest.act_id == act_id, FlowRequest.state.not_in((WAITING, CANCELLED)))
    number = uow.session.scalar(select(func.count()).select_from(FlowRequest).where(*begun)) or 0
    if not number:
        return []
    return [N_("1 flow has already begun.") if number == 1 else N_("%(number)s flows have already begun.", number=number)]


def install() -> None:
    """Have undo ask here."""
    register_remains(mails)
    register_remains(flows)
