"""`/acts/…`: one's own last acts; what undoing one would do; undo and redo, by the button of a message or by Ctrl+Z."""

from __future__ import annotations

import re
from typing import Final
from urllib.parse import urlsplit

from flask import Response, make_response, redirect, render_template, request
from werkzeug.wrappers import Response as AnyResponse

from crm.kernel.errors import AccessDenied, DomainError, NotFound
from crm.kernel.i18n import N_
from crm.records import query
from crm.records.models import MAX_ID
from crm.records.undo import AT_ONCE, act_to_undo, changes_in, is_undone, order_undo, takes_back, undo_act
from crm.records.undo.preview import preview
from crm.records.undo.stack import Scope, describe, stacks
from crm.records.work import UnitOfWork
from crm.screens.acts import act_words, told
from crm.screens.present import Presenter
from crm.screens.tell import tell
from crm.screens.timeline import HEADS
from crm.screens.views.blueprint import bp
from crm.web.context import current_actor, current_locale, is_htmx, next_path, page_path, safe_path, works
from crm.web.guard import needs

_RECORD: Final = re.compile(r"^/r/(\d{1,18})(/|$)")
_TYPE: Final = re.compile(r"^/t/([\w-]{1,60})(/|$)")


@bp.get("/acts/mine")
@needs("@crm")
def my_acts() -> str:
    """Show one's own last acts, those of a page (`page`) or all: what would be undone next, and what can be done again."""
    page = safe_path(request.args.get("page"), "")
    with works().reading(current_actor()) as uow:
        found = stacks(uow, _scope(uow, page))
        words = {line.id: act_words(uow.registry, line, current_locale()) for line in (*found.undo, *found.redo)}
    return render_template("acts/mine.html", stacks=found, words=words, page=page)


@bp.get("/acts/<act_id>")
@needs("@crm")
def show_act(act_id: str) -> str:
    """Show what undoing an act would do, field by field."""
    with works().reading(current_actor()) as uow:
        found = preview(uow, act_id)
        act = act_to_undo(uow, act_id)
        presenter = Presenter(uow, current_locale())
        presenter.prepare((item, side) for line in found.lines for item, *sides in line.fields for side in sides)
        lines = [
            (
                line,
                HEADS.get(line.kind),
                [(item.label, presenter.show(item, now), presenter.show(item, old)) for item, now, old in line.fields],
            )
            for line in found.lines
        ]
        words = [act_words(uow.registry, line, current_locale()) for line in describe(uow, [act])]
        done, again = is_undone(uow, act_id), takes_back(uow, act)
    return render_template("acts/act.html", act=act, words=words, lines=lines, found=found, again=again, done=done)


@bp.post("/acts/<act_id>/undo")
@needs("@crm")
def undo(act_id: str) -> AnyResponse:
    """Undo an act and say what came of it; a large one becomes a job."""
    return _undo(act_id, next_path(page_path()))


@bp.post("/acts/undo")
@needs("@crm")
def undo_last() -> AnyResponse:
    """Undo one's last act on the page that `page` names."""
    return _top("undo")


@bp.post("/acts/redo")
@needs("@crm")
def redo_last() -> AnyResponse:
    """Do again what was undone last on the page that `page` names."""
    return _top("redo")


def _top(side: str) -> AnyResponse:
    page = safe_path(request.form.get("page"), "/")
    with works().reading(current_actor()) as uow:
        found = stacks(uow, _scope(uow, page))
        lines = found.undo if side == "undo" else found.redo
    if not lines:
        nothing = N_("There is nothing of yours to undo here.") if side == "undo" else N_("There is nothing to do again here.")
        tell(nothing, level="info")
        return _back(page)
    return _undo(lines[0].id, page)


def _undo(act_id: str, page: str) -> AnyResponse:
    try:
        with works().reading(current_actor()) as uow:
            again = takes_back(uow, act_to_undo(uow, act_id))
            large = changes_in(uow, act_id) > AT_ONCE
        if large:
            return _order(act_id, page)
        with works().writing(current_actor()) as uow:
            report = undo_act(uow, act_id)
            words = told(uow, report, current_locale(), again=again)
            page = _still_there(uow, page)
    except (NotFound, AccessDenied):
        raise
    except DomainError as error:
        tell(error.message, level="danger")
        return _back(page)
    left = bool(report.skipped)
    tell(
        words,
        level="warning" if left or not report.undone else "success",
        undo_url=f"/acts/{report.undo_id}/undo" if report.undone else None,
        undo_label=N_("Undo") if again else N_("Redo"),
        more_url=f"/acts/{act_id}" if left else None,
    )
    return _back(page)


def _order(act_id: str, page: str) -> AnyResponse:
    with works().writing(current_actor()) as uow:
        job_id = order_undo(uow, act_id, back=page)
    return _back(f"/jobs/{job_id}")


def _back(page: str) -> AnyResponse:
    """Go back to the page; a fragment's asker is told to load it anew."""
    if is_htmx():
        answer: Response = make_response("", 204)
        answer.headers["HX-Redirect"] = page
        return answer
    return redirect(page, 303)


def _scope(uow: UnitOfWork, page: str) -> Scope:
    """Say which acts a page is about: its record's, its type's, or all."""
    path = urlsplit(page).path
    record, type_key = _RECORD.match(path), _TYPE.match(path)
    if record and int(record[1]) <= MAX_ID:
        return Scope(record_id=int(record[1]))
    if type_key and type_key[1] in uow.registry.types:
        return Scope(type_key=type_key[1])
    return Scope()


def _still_there(uow: UnitOfWork, page: str) -> str:
    """Give the page, or the list of its type when its record lies in the trash now."""
    found = _RECORD.match(urlsplit(page).path)
    if found is None or int(found[1]) > MAX_ID:
        return page
    try:
        row = query.one(uow, int(found[1]), with_trash=True)
    except NotFound:
        return "/"
    return page if row.deleted_at is None else f"/t/{row.type_key}"
