"""Comments on screen: writing, answering, editing, deleting, pinning; who may be mentioned; mentions that are settled."""

from __future__ import annotations

import json
from urllib.parse import parse_qs, urlsplit

from flask import Response, jsonify, make_response, redirect, render_template, request
from werkzeug.wrappers import Response as AnyResponse

from crm.kernel.errors import InvalidInput
from crm.kernel.i18n import N_, Message
from crm.records import comments
from crm.records.comments import CommentLine
from crm.records.query import Row, one
from crm.records.readers import active_people, readers_among
from crm.records.work import UnitOfWork
from crm.screens.moves import undo_url
from crm.screens.tell import tell
from crm.screens.timeline_lines import show_comment
from crm.screens.timeline_page import PARAMETER, load_timeline
from crm.screens.views.blueprint import bp
from crm.web.context import current_actor, current_locale, is_htmx, klynge, next_path, page_path, works
from crm.web.guard import needs


@bp.post("/r/<int:record_id>/comments")
@needs("@crm")
def add_comment(record_id: int) -> AnyResponse:
    """Say something about a record; a refusal keeps what was typed."""
    text, answers = request.form.get("text", ""), request.form.get("answers", type=int)
    try:
        with works().writing(current_actor()) as uow:
            comments.write_comment(uow, record_id, text, answers=answers, mandates=klynge().mandates)
            undo = undo_url(uow)
    except InvalidInput as error:
        return _refused(record_id, text, error, answers)
    return _done(record_id, N_("The comment is added."), undo)


@bp.get("/comments/<int:comment_id>")
@needs("@crm")
def show_one(comment_id: int) -> str:
    """Give a comment as a line of the timeline: after *cancel*."""
    with works().reading(current_actor()) as uow:
        line = comments.one_comment(uow, comment_id)
        return render_template(
            "timeline/_comment.html", line=show_comment(uow, line, current_locale()), row=one(uow, line.record_id)
        )


@bp.get("/comments/<int:comment_id>/answer")
@needs("@crm")
def answer_form(comment_id: int) -> str:
    """Give the box to answer a comment in."""
    with works().reading(current_actor()) as uow:
        line = comments.one_comment(uow, comment_id)
        return _answer_form(one(uow, line.record_id), comment_id, "", None)


@bp.get("/comments/<int:comment_id>/edit")
@needs("@crm")
def edit_form(comment_id: int) -> str:
    """Give the box to edit a comment of one's own in."""
    with works().reading(current_actor()) as uow:
        line = comments.one_comment(uow, comment_id)
        return _edit_form(uow, line, _as_typed(uow, line), None)


@bp.post("/comments/<int:comment_id>/edit")
@needs("@crm")
def edit(comment_id: int) -> AnyResponse:
    """Change what one said; a refusal keeps what was typed."""
    text = request.form.get("text", "")
    with works().reading(current_actor()) as uow:
        line = comments.one_comment(uow, comment_id)
    try:
        with works().writing(current_actor()) as uow:
            comments.edit_comment(uow, comment_id, text, mandates=klynge().mandates)
            undo = undo_url(uow)
    except InvalidInput as error:
        if not is_htmx():
            return _refused(line.record_id, text, error, None)
        with works().reading(current_actor()) as uow:
            answer = make_response(_edit_form(uow, line, text, next(iter(error.fields.values()))), 422)
        answer.headers["HX-Retarget"], answer.headers["HX-Reswap"] = f"#comment-{comment_id}", "innerHTML"
        return answer
    return _done(line.record_id, N_("The comment is changed.") if undo else N_("Nothing was changed."), undo)


@bp.post("/comments/<int:comment_id>/delete")
@needs("@crm")
def delete(comment_id: int) -> AnyResponse:
    """Take a comment away and offer the way back."""
    with works().writing(current_actor()) as uow:
        record_id = comments.one_comment(uow, comment_id).record_id
        comments.delete_comment(uow, comment_id)
        undo = undo_url(uow)
    return _done(record_id, N_("The comment is deleted."), undo)


@bp.post("/comments/<int:comment_id>/pin")
@needs("@crm")
def pin(comment_id: int) -> AnyResponse:
    """Let a comment stand above the timeline."""
    return _pin(comment_id, pinned=True)


@bp.post("/comments/<int:comment_id>/loosen")
@needs("@crm")
def loosen(comment_id: int) -> AnyResponse:
    """Let a pinned comment go back to its place."""
    return _pin(comment_id, pinned=False)


def _pin(comment_id: int, *, pinned: bool) -> AnyResponse:
    with works().writing(current_actor()) as uow:
        record_id = comments.one_comment(uow, comment_id).record_id
        comments.pin_comment(uow, comment_id, pinned=pinned)
    return _done(
        record_id, N_("The comment stands above the timeline.") if pinned else N_("The comment is no longer pinned."), None
    )


@bp.get("/r/<int:record_id>/mentions")
@needs("@crm")
def who_may_be_mentioned(record_id: int) -> Response:
    """Give the users who may read a record, as they are typed after an `@`."""
    with works().reading(current_actor()) as uow:
        people = active_people(uow)
        allowed = readers_among(uow, record_id, [person.user_id for person in people], klynge().mandates)
    return jsonify(people=[{"id": one.user_id, "called": one.called} for one in people if one.user_id in allowed])


@bp.post("/comments/<int:comment_id>/settle")
@needs("@crm")
def settle(comment_id: int) -> AnyResponse:
    """Take a mention of oneself off the front page."""
    with works().writing(current_actor()) as uow:
        comments.settle_mention(uow, comment_id)
    return redirect(next_path("/"), 303)


def _as_typed(uow: UnitOfWork, line: CommentLine) -> str:
    called = {person.user_id: person.called for person in active_people(uow)} if line.names else {}
    return comments.typed_again(line.text, {**line.names, **called})


def _edit_form(uow: UnitOfWork, line: CommentLine, text: str, problem: Message | None) -> str:
    return render_template(
        "timeline/_comment_form.html",
        row=one(uow, line.record_id),
        action=f"/comments/{line.id}/edit",
        draft=f"comment-edit-{line.id}",
        text=text,
        problem=problem,
        answers=None,
        id=f"comment-edit-{line.id}",
        send=N_("Save")(current_locale()),
        cancel=f"/comments/{line.id}",
        title=N_("Edit the comment")(current_locale()),
    )


def _answer_form(row: Row, comment_id: int, text: str, problem: Message | None) -> str:
    return render_template(
        "timeline/_comment_form.html",
        row=row,
        action=f"/r/{row.id}/comments",
        draft=f"comment-answer-{comment_id}",
        text=text,
        problem=problem,
        answers=comment_id,
        id=f"comment-answer-{comment_id}",
        send=N_("Answer")(current_locale()),
        cancel="#",
        title=N_("Write an answer")(current_locale()),
    )


def _refused(record_id: int, text: str, error: InvalidInput, answers: int | None) -> AnyResponse:
    """Give the box back as it was typed, with what is wrong."""
    problem = next(iter(error.fields.values()))
    if not is_htmx():
        tell(problem, level="danger")
        return redirect(f"/r/{record_id}", 303)
    with works().reading(current_actor()) as uow:
        row = one(uow, record_id)
        if answers is not None:
            answer = make_response(_answer_form(row, answers, text, problem), 422)
            answer.headers["HX-Retarget"], answer.headers["HX-Reswap"] = f"#comment-{answers} form", "outerHTML"
            return answer
        page = load_timeline(uow, row, current_locale(), _kinds())
        return make_response(render_template("timeline/_section.html", tl=page, typed=text, problem=problem), 422)


def _done(record_id: int, message: Message, undo: str | None) -> AnyResponse:
    """Give the timeline as it is now, and say what was done."""
    if not is_htmx():
        tell(message, undo_url=undo, saved=f"comment-{record_id}")
        return redirect(next_path(f"/r/{record_id}"), 303)
    with works().reading(current_actor()) as uow:
        page = load_timeline(uow, one(uow, record_id), current_locale(), _kinds())
        answer = make_response(render_template("timeline/_section.html", tl=page))
    said = {"text": message(current_locale()), "level": "success", "undo_url": undo}
    answer.headers["HX-Trigger"] = json.dumps({"klynge:message": said})
    return answer


def _kinds() -> str:
    """Give the kinds of lines that the page shows, out of its address."""
    return parse_qs(urlsplit(page_path()).query).get(PARAMETER, [""])[0]
