"""Publishing an approved pack: freeze the version, let the board see it, and mail it when that was asked for."""

from __future__ import annotations

from dataclasses import dataclass

from sqlalchemy import select

from crm.boards import lifecycle
from crm.boards.models import Meeting, PackVersion
from crm.boards.office import Office
from crm.boards.packs.changes import news
from crm.boards.packs.document import PackDocument
from crm.boards.queries import mandates_of, versions
from crm.boards.services.authorise import meeting_for
from crm.boards.services.mail_pack import mail_members
from crm.kernel.errors import NotFound, RuleViolation
from crm.kernel.i18n import N_
from crm.records.work import UnitOfWork, Works
from crm.security.callers import actor_for


@dataclass(frozen=True, slots=True)
class PublishedPack:
    """What publishing came to. `already` says that it had been done before."""

    version_id: int
    number: int
    meeting_id: int
    title: str
    file_name: str
    url: str
    mails: int
    already: bool


def publish_pack(works: Works, version_id: int, office: Office) -> PublishedPack:
    """Publish an approved version on behalf of the one who approved it. Once published, it never changes again.

    Raises:
        NotFound: there is no such version.
        RuleViolation: nobody has approved it, or it is not what was approved.
        AccessDenied: the approver has lost the right meanwhile.
    """
    with works.database.reading() as session:
        version = session.get(PackVersion, version_id)
        if version is None:
            raise NotFound
        if version.published_at is not None:
            return _report(version, already=True)
        if version.approved_by is None:
            raise RuleViolation(N_("The material has not been approved."))
        approver = actor_for(session, version.approved_by, mandates_of)
    with works.writing(approver, cause="flow") as uow:
        version = uow.session.scalars(select(PackVersion).where(PackVersion.id == version_id).with_for_update()).one()
        if version.published_at is not None:
            return _report(version, already=True)
        return _publish(uow, version, office)


def _publish(uow: UnitOfWork, version: PackVersion, office: Office) -> PublishedPack:
    meeting = meeting_for(uow, version.meeting_id, "approve")
    document = PackDocument.from_json(version.document)
    if version.approved_at is None or document.digest() != version.digest:
        raise RuleViolation(N_("The material is not what was approved. Assemble and approve it again."))
    if meeting.state != lifecycle.PUBLISHED:
        uow.records.transition(meeting.id, "publish")
    if version.send_mails:
        version.mails_sent = mail_members(uow, uow.get(Meeting, meeting.id), version, _news(uow, version, document), office)
    version.published_at = uow.now()
    uow.session.flush()
    return _report(version, already=False)


def _news(uow: UnitOfWork, version: PackVersion, document: PackDocument) -> tuple[str, ...]:
    before = next((one for one in versions(uow, version.meeting_id) if one.number < version.number), None)
    return news(PackDocument.from_json(before.document) if before is not None else None, document)


def _report(version: PackVersion, *, already: bool) -> PublishedPack:
    document = PackDocument.from_json(version.document)
    return PublishedPack(
        version_id=version.id,
        number=version.number,
        meeting_id=version.meeting_id,
        title=document.front.title,
        file_name=version.file_name,
        url=f"/b/meetings/{version.meeting_id}",
        mails=version.mails_sent,
        already=already,
    )
