"""Assembling a pack in three steps, each one unit of work, so that a flow can show and retry each by itself.

Running a step twice changes nothing more: a step that is done answers with what it did.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from time import perf_counter
from typing import Any, Final

from sqlalchemy import select

from crm.boards import facts, lifecycle, rules
from crm.boards.models import DONE, FAILED, RUNNING, Board, Meeting, PackBuild, PackVersion
from crm.boards.office import Office
from crm.boards.packs.build import build_document
from crm.boards.packs.changes import rebuilt
from crm.boards.packs.document import PackDocument
from crm.boards.ports import PackRenderer
from crm.boards.queries import pack_source
from crm.boards.services.order_pack import refuse_if_not_buildable
from crm.kernel.errors import Conflict, NotFound
from crm.kernel.i18n import N_, Label, Message
from crm.kernel.text import slug
from crm.kernel.wording import read, stored
from crm.records.files import FileStore
from crm.records.work import UnitOfWork, Works
from crm.security.actors import Actor, system_actor

COLLECT: Final = "collect"
WORD: Final = "word"
KEEP: Final = "keep"
STEPS: Final = {
    COLLECT: Label(da="Data samlet", en="Data collected"),
    WORD: Label(da="Word skrevet", en="Word written"),
    KEEP: Label(da="Version gemt", en="Version kept"),
}
_FLOW: Final = system_actor("flow")


@dataclass(frozen=True, slots=True)
class StepReport:
    """A step that is done."""

    key: str
    label: Label
    detail: Message
    seconds: float


@dataclass(frozen=True, slots=True)
class AssembledPack:
    """What an assembling came to."""

    version_id: int
    number: int
    meeting_id: int
    title: str
    file_name: str
    url: str
    seconds: float
    items: int
    steps: tuple[StepReport, ...]
    #: Number, subject, type, minutes and presenter of each item: a table for the flow's page.
    agenda_rows: tuple[tuple[str, ...], ...]


def start_build(
    works: Works, meeting_id: int, *, actor: Actor = _FLOW, build_id: int | None = None, cause_id: str | None = None
) -> int:
    """Take up an ordered build, or begin one of its own; gives its id.

    Raises:
        NotFound: there is no such meeting, or the build is another meeting's.
        RuleViolation: the meeting has no items, or has been held.
    """
    with works.writing(actor, cause="flow", cause_id=cause_id) as uow:
        build = (
            uow.session.get(PackBuild, build_id)
            if build_id is not None
            else PackBuild(meeting_id=meeting_id, ordered_at=uow.now(), steps=[])
        )
        if build is None or build.meeting_id != meeting_id:
            raise NotFound
        if build.state == DONE:
            return build.id
        refuse_if_not_buildable(uow, uow.get(Meeting, meeting_id))
        if build_id is None:
            build.ordered_by = actor.user_id
            uow.session.add(build)
        build.state, build.started_at, build.ended_at, build.message = RUNNING, build.started_at or uow.now(), None, None
        build.cause_id = cause_id
        uow.session.flush()
        return build.id


def collect_pack(works: Works, build_id: int, office: Office) -> StepReport:
    """Read the meeting, its agenda and blocks, and keep the document on the build.

    Raises:
        NotFound: there is no such build, or its meeting is gone.
    """
    started = perf_counter()
    with works.reading(_FLOW) as uow:
        build = _build(uow, build_id)
        if (done := _done_step(build, COLLECT)) is not None:
            return done
        document = build_document(pack_source(uow, build.meeting_id, office))
    detail = N_("Items: %(items)s · annexes: %(annexes)s", items=len(document.items), annexes=len(document.annexes))
    with works.writing(_FLOW) as uow:
        build = _build(uow, build_id)
        build.document = document.to_json()
        return _note_step(build, COLLECT, detail, perf_counter() - started)


def write_word(works: Works, build_id: int, renderer: PackRenderer, files: FileStore) -> StepReport:
    """Draw the collected document as Word; the bytes are on disk before the database knows of them.

    Raises:
        NotFound: there is no such build, or nothing was collected.
    """
    started = perf_counter()
    with works.reading(_FLOW) as uow:
        build = _build(uow, build_id)
        if (done := _done_step(build, WORD)) is not None:
            return done
        document = _document(build)
    content = renderer.render(document)
    sha256 = files.put(content)
    with works.writing(_FLOW) as uow:
        build = _build(uow, build_id)
        build.word_sha256, build.word_size = sha256, len(content)
        build.word_suffix, build.media_type = renderer.suffix, renderer.media_type
        detail = N_("%(size)s kB", size=max(1, round(len(content) / 1024)))
        return _note_step(build, WORD, detail, perf_counter() - started)


def keep_version(works: Works, build_id: int) -> AssembledPack:
    """Make the collected document the meeting's working version, in place of an earlier unpublished one.

    An approval given to what it replaces falls away, and the meeting goes back to *Samlet*.

    Raises:
        NotFound: there is no such build, or a step before is missing.
        Conflict: a version was published meanwhile; assemble again.
    """
    started = perf_counter()
    with works.writing(_FLOW, cause="flow") as uow:
        build = _build(uow, build_id)
        if build.state == DONE and build.version_id is not None:
            return _report(uow, build)
        document = _document(build)
        meeting = uow.get(Meeting, build.meeting_id)
        version = _working_row(uow, document)
        before = PackDocument.from_json(version.document) if version in uow.session else None
        build.changes = None if before is None else list(rebuilt(before, document))
        _fill(version, uow, build, document, meeting)
        uow.session.add(version)
        uow.session.flush()
        build.version_id, build.state, build.ended_at, build.document = version.id, DONE, uow.now(), None
        _note_step(build, KEEP, N_("Version %(number)s", number=version.number), perf_counter() - started)
        if meeting.state in lifecycle.BEFORE_PUBLISHED and meeting.state != lifecycle.ASSEMBLED:
            uow.records.transition(meeting.id, "assemble")
        return _report(uow, build)


def fail_build(works: Works, build_id: int, message: Message) -> None:
    """Note that a build came to nothing, and why; the page shows it."""
    with works.writing(_FLOW) as uow:
        build = _build(uow, build_id)
        if build.state != DONE:
            build.state, build.ended_at, build.message = FAILED, uow.now(), stored(message)


def assemble_pack(
    works: Works,
    renderer: PackRenderer,
    files: FileStore,
    meeting_id: int,
    office: Office,
    *,
    actor: Actor = _FLOW,
    build_id: int | None = None,
    progress: Callable[[StepReport], None] = lambda _report: None,
) -> AssembledPack:
    """Assemble a pack in one go: start, collect, draw, keep. For the command line, tests, and when no engine is there."""
    build = start_build(works, meeting_id, actor=actor, build_id=build_id)
    progress(collect_pack(works, build, office))
    progress(write_word(works, build, renderer, files))
    pack = keep_version(works, build)
    progress(pack.steps[-1])
    return pack


def _build(uow: UnitOfWork, build_id: int) -> PackBuild:
    build = uow.session.get(PackBuild, build_id)
    if build is None:
        raise NotFound
    return build


def _document(build: PackBuild) -> PackDocument:
    if build.document is None:
        raise NotFound(N_("The pack's data has not been collected."))
    return PackDocument.from_json(build.document)


def _note_step(build: PackBuild, key: str, detail: Message, seconds: float) -> StepReport:
    line = {"key": key, "detail": stored(detail), "seconds": round(seconds, 2)}
    build.steps = [*(step for step in build.steps if step["key"] != key), line]
    return read_step(line)


def read_step(line: dict[str, Any]) -> StepReport:
    """Read a step as a build keeps it."""
    return StepReport(line["key"], STEPS[line["key"]], read(line["detail"]) or N_("Done"), float(line["seconds"]))


def _done_step(build: PackBuild, key: str) -> StepReport | None:
    line = next((step for step in build.steps if step["key"] == key), None)
    return None if line is None else read_step(line)


def _working_row(uow: UnitOfWork, document: PackDocument) -> PackVersion:
    """The unpublished row of the document's number, or a new one; the meeting's row is locked against a second build."""
    uow.session.execute(select(Meeting.__table__.c.id).where(Meeting.__table__.c.id == document.meeting_id).with_for_update())
    newest = uow.session.scalars(
        select(PackVersion).where(PackVersion.meeting_id == document.meeting_id).order_by(PackVersion.number.desc()).limit(1)
    ).first()
    if newest is not None and newest.number == document.version and newest.published_at is None:
        return newest
    if document.version != (newest.number if newest is not None else 0) + 1:
        raise Conflict(N_("A version was sent in the meantime. Assemble the material again."))
    return PackVersion(meeting_id=document.meeting_id, number=document.version)


def _fill(version: PackVersion, uow: UnitOfWork, build: PackBuild, document: PackDocument, meeting: Meeting) -> None:
    if build.word_sha256 is None or build.word_size is None or build.word_suffix is None or build.media_type is None:
        raise NotFound(N_("The Word file has not been written."))
    board = uow.get(Board, meeting.board_id)
    held_on = facts.held_on(meeting, uow.zone) or uow.today()
    version.document, version.digest = document.to_json(), document.digest()
    version.file_name = rules.pack_file_name(
        held_on, board.title, meeting.number, meeting.year, document.version, build.word_suffix
    )
    version.word_sha256, version.word_size, version.media_type = build.word_sha256, build.word_size, build.media_type
    version.built_at, version.built_by = datetime.fromisoformat(document.built_at), build.ordered_by
    version.approved_at = version.approved_by = version.approved_via = None
    version.send_mails = False


def _report(uow: UnitOfWork, build: PackBuild) -> AssembledPack:
    version = uow.session.get(PackVersion, build.version_id)
    if version is None:
        raise NotFound
    document = PackDocument.from_json(version.document)
    steps = tuple(read_step(line) for line in build.steps)
    return AssembledPack(
        version_id=version.id,
        number=version.number,
        meeting_id=version.meeting_id,
        title=document.front.title,
        file_name=version.file_name,
        url=f"/r/{version.meeting_id}/{slug(document.front.title)}",
        seconds=build_seconds(build),
        items=len(document.items),
        steps=steps,
        agenda_rows=document.agenda.rows,
    )


def build_seconds(build: PackBuild) -> float:
    """Give how long a build took, from start to end; the sum of its steps when the clock stood still."""
    steps = sum(float(step["seconds"]) for step in build.steps)
    if build.started_at is None or build.ended_at is None:
        return steps
    return max(steps, (build.ended_at - build.started_at).total_seconds())
