"""The screens of the meeting work that the record platform does not give: material, approval, code, preview, downloads."""

from __future__ import annotations

from io import BytesIO

from flask import Blueprint, make_response, redirect, render_template, request, send_file
from werkzeug.wrappers import Response

from crm.boards import facts, panels, services
from crm.boards.models import AgendaItem, Meeting, PackVersion
from crm.boards.office import Office
from crm.boards.packs.document import PackDocument
from crm.boards.packs.html import template_words
from crm.boards.queries import seats, version_of, versions
from crm.boards.services.approvable import approvable_version
from crm.boards.services.authorise import meeting_for
from crm.kernel.errors import NotFound
from crm.kernel.i18n import N_
from crm.kernel.text import slug
from crm.ops.ports import FlowEngine
from crm.screens.tell import tell
from crm.web.context import current_access, current_actor, klynge, works
from crm.web.guard import needs

bp = Blueprint("boards", __name__)
panels.install()


def page_of(meeting: Meeting) -> str:
    """Give a meeting's address in the CRM."""
    return f"/r/{meeting.id}/{slug(meeting.title)}"


@bp.post("/r/<int:meeting_id>/pack/build")
@needs("@crm")
def build(meeting_id: int) -> Response:
    """*Saml materialet*: order it, and go back to the page, which shows how it goes."""
    with works().writing(current_actor()) as uow:
        services.order_pack(uow, meeting_id)
        target = page_of(uow.get(Meeting, meeting_id))
    return redirect(target, 303)


@bp.get("/r/<int:meeting_id>/pack/status")
@needs("@crm")
def status(meeting_id: int) -> Response:
    """Give the status fragment; when what was under way has ended, let the whole page come anew."""
    with works().reading(current_actor()) as uow:
        found = panels.pack_status(uow, meeting_id)
    allowed = klynge().settings.approval_in_prefect
    page = render_template("boards/_pack_status.html", status=found, console_url=console_url(found), codes_allowed=allowed)
    response = make_response(page)
    if not found.is_open:
        response.headers["HX-Refresh"] = "true"
    return response


def console_url(found: panels.PackStatus) -> str | None:
    """Give the run's address in Prefect, to administrators only."""
    if found.order is None or found.order.run_id is None or not current_access().may_use("@flows"):
        return None
    return klynge().get(FlowEngine).run_url(found.order.run_id)


@bp.app_context_processor
def _pack_helpers() -> dict[str, object]:
    return {"console_url_of": console_url}


@bp.get("/r/<int:meeting_id>/pack/approval")
@needs("@crm")
def ask_approval(meeting_id: int) -> str:
    """Show what approving means: which version goes to whom, with the switch for mails."""
    with works().reading(current_actor()) as uow:
        meeting = meeting_for(uow, meeting_id, "approve")
        version = approvable_version(uow, meeting)
        on = facts.held_on(meeting, uow.zone) or uow.today()
        members = seats(uow, meeting.board_id, on)
        return render_template("boards/approve.html", meeting=meeting, version=version, members=members, back=page_of(meeting))


@bp.post("/r/<int:meeting_id>/pack/approve")
@needs("@crm")
def approve(meeting_id: int) -> Response:
    """*Godkend og send*."""
    with works().writing(current_actor()) as uow:
        services.approve_pack(uow, meeting_id, send_mails=request.form.get("send_mails") == "true")
        target = page_of(uow.get(Meeting, meeting_id))
    tell(N_("The material is approved and is being sent."))
    return redirect(target, 303)


@bp.post("/r/<int:meeting_id>/pack/code")
@needs("@crm")
def show_code(meeting_id: int) -> str:
    """*Vis godkendelseskode*: make a code and show it, once."""
    office = Office.of(klynge().settings)
    with works().writing(current_actor()) as uow:
        code = services.issue_approval_code(uow, meeting_id, allowed=office.codes_allowed)
        meeting = uow.get(Meeting, meeting_id)
    return render_template("boards/code.html", meeting=meeting, code=code, back=page_of(meeting))


@bp.post("/r/<int:item_id>/agenda/move")
@needs("@crm")
def move(item_id: int) -> Response:
    """Move an item up or down on the agenda."""
    place = request.form.get("place", type=int)
    if place is None:
        raise NotFound
    with works().writing(current_actor()) as uow:
        services.move_item(uow, item_id, place)
        target = page_of(uow.get(Meeting, uow.get(AgendaItem, item_id).meeting_id))
    return redirect(f"{target}#agenda", 303)


@bp.get("/r/<int:meeting_id>/pack/member")
@needs("@crm")
def as_member(meeting_id: int) -> str:
    """*Vis som medlem*: the newest version as a board member will read it."""
    with works().reading(current_actor()) as uow:
        meeting = uow.get(Meeting, meeting_id)
        known = versions(uow, meeting_id)
        if not known:
            raise NotFound(N_("The material has not been assembled."))
        document = PackDocument.from_json(known[0].document)
        asked = request.args.get("item", type=int)
        return reading_page(document, meeting, known[0], item_id=asked, address=f"/r/{meeting_id}/pack/member", staff=True)


def reading_page(
    document: PackDocument,
    meeting: Meeting,
    version: PackVersion,
    *,
    item_id: int | None,
    address: str,
    staff: bool = False,
    whats_new: tuple[str, ...] = (),
) -> str:
    """Draw a pack for reading: its front and contents, or one item with the way to the next. Portal and preview share it."""
    items = document.items
    place = next((place for place, one in enumerate(items) if one.item_id == item_id), None)
    following = 0 if place is None else place + 1
    return render_template(
        "boards/reading.html",
        **template_words(document),
        meeting=meeting,
        version=version,
        place=place,
        item=items[place] if place is not None else None,
        before=items[place - 1] if place else None,
        after=items[following] if following < len(items) else None,
        address=address,
        staff=staff,
        whats_new=whats_new,
        annex_url=lambda annex: f"/b/meetings/{meeting.id}/annexes/{annex.file_id}" if version.published_at else None,
    )


@bp.get("/packs/<int:version_id>")
@needs("@crm", "@portal")
def show_pack(version_id: int) -> str:
    """Show a whole version on one page, for reading and for paper."""
    with works().reading(current_actor()) as uow:
        version, meeting = version_of(uow, version_id)
        document, linked = PackDocument.from_json(version.document), current_access().may_use("@crm")
        return render_template("boards/pack_page.html", **template_words(document, linked=linked), meeting=meeting, version=version)


@bp.get("/packs/<int:version_id>.docx")
@needs("@crm", "@portal")
def download_pack(version_id: int) -> Response:
    """Give a version's Word file under its proper name."""
    with works().reading(current_actor()) as uow:
        version, _ = version_of(uow, version_id)
        content = klynge().files.get(version.word_sha256)
        return send_file(BytesIO(content), mimetype=version.media_type, as_attachment=True, download_name=version.file_name)
