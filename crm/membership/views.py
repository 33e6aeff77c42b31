"""What is done on the pages of memberships and of the catalogue: renewing, and answering the criteria where they stand."""

from __future__ import annotations

from typing import Final

from flask import Blueprint, redirect, render_template, request
from werkzeug.wrappers import Response

from crm.kernel.errors import InvalidInput
from crm.kernel.i18n import N_, Message
from crm.membership import panels, services
from crm.membership.queries import criteria_of
from crm.records.query import one
from crm.screens.moves import undo_url
from crm.screens.tell import tell
from crm.web.context import current_actor, is_htmx, next_path, works
from crm.web.guard import needs

bp: Final = Blueprint("membership", __name__, template_folder="templates")
panels.install()


@bp.post("/memberships/<int:membership_id>/renew")
@needs("@crm")
def renew(membership_id: int) -> Response:
    """Make the membership of the next period, and open it."""
    with works().writing(current_actor()) as uow:
        made = services.renew_membership(uow, membership_id)
        row, taken_back = one(uow, made), undo_url(uow)
    tell(N_("“%(title)s” is made.", title=row.title), undo_url=taken_back)
    return redirect(row.url, 303)


@bp.post("/catalogue/<int:entry_id>/answers")
@needs("@crm")
def answer(entry_id: int) -> Response | str:
    """Take answers to the criteria: one cell of the table as it is changed, or the whole form."""
    problem: Message | None = None
    taken_back = None
    try:
        with works().writing(current_actor()) as uow:
            for criterion_id, values in services.read_answers(request.form).items():
                services.answer_criterion(uow, services.AnswerCriterion(entry_id, criterion_id, values))
            taken_back = undo_url(uow)
    except InvalidInput as error:
        problem = next(iter(error.fields.values()), error.message)
    if not is_htmx():
        tell(problem or N_("The answers are saved."), level="danger" if problem else "success", undo_url=taken_back)
        return redirect(next_path(f"/r/{entry_id}"), 303)
    with works().reading(current_actor()) as uow:
        lines = criteria_of(uow, entry_id)
    return render_template("membership/_criteria_said.html", counts=panels.counts_of(lines), problem=problem, saved=True)
