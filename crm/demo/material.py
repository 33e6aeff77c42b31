"""Material of past meetings: sent as a person sends it, but on the clock of its day, with no flow and no mail."""

from __future__ import annotations

from typing import TYPE_CHECKING

from crm.boards import lifecycle, services
from crm.boards.office import Office
from crm.boards.ports import PackRenderer
from crm.boards.services.approvable import approvable_version
from crm.boards.services.approve_pack import mark_approved
from crm.boards.services.authorise import meeting_for
from crm.demo.stories import DEMO
from crm.records.files import add_file

if TYPE_CHECKING:
    from crm.records.work import UnitOfWork, Works
    from crm.security.actors import Actor
    from crm.wiring import Klynge


def send_pack(klynge: Klynge, works: Works, meeting_id: int, actor: Actor) -> bool:
    """Assemble, approve and publish the material of a meeting that is still a draft; says whether it was."""
    office = Office.of(klynge.settings)
    with works.reading(actor) as uow:
        if uow.records.values(meeting_id)["state"] not in lifecycle.BEFORE_PUBLISHED:
            return False
    services.assemble_pack(works, klynge.get(PackRenderer), klynge.files, meeting_id, office, actor=actor)
    with works.writing(actor, cause="seed") as uow:
        uow.records.transition(meeting_id, "submit")
        # not services.approve_pack: that orders a flow, and nothing of the past is to start when Prefect does
        version = approvable_version(uow, meeting_for(uow, meeting_id, "approve"))
        mark_approved(uow, version, actor.user_id, "crm", send_mails=False)
    services.publish_pack(works, version.id, office)
    return True


def add_annex(uow: UnitOfWork, klynge: Klynge, record_id: int, file: str, name: str) -> None:
    """Add a file of `seeds/demo/files` to an agenda item (or any record), under the name that people see."""
    with (DEMO / "files" / file).open("rb") as content:
        add_file(uow, klynge.files, klynge.file_rules, record_id, name, content)
