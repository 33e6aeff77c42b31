"""`/t/<key>/bulk/…`: one act on many records of a list: its dialog, and the act itself."""

from __future__ import annotations

from urllib.parse import parse_qsl

from flask import make_response, redirect, render_template, request
from werkzeug.wrappers import Response as AnyResponse

from crm.kernel.errors import Conflict, InvalidInput, NotFound
from crm.records import query
from crm.records.bulk import Started, start
from crm.records.work import UnitOfWork
from crm.screens import bulk
from crm.screens.listing.table import Asked
from crm.screens.tell import tell
from crm.screens.views.blueprint import bp
from crm.screens.views.forms import posted_values
from crm.screens.views.lists import ask
from crm.web.context import current_actor, is_htmx, works
from crm.web.guard import needs


def asked_list(uow: UnitOfWork, key: str, address: str) -> Asked:
    """Read the list that was on show, by its query string."""
    return ask(uow, key, dict(parse_qsl(address.lstrip("?")[:8000])))


def _act(act: str) -> str:
    if act not in bulk.ACTS:
        raise NotFound
    return act


@bp.get("/t/<key>/bulk/number")
@needs("@crm")
def bulk_number(key: str) -> str:
    """Count the whole result, exactly: what *select the whole result* says."""
    with works().reading(current_actor()) as uow:
        asked = asked_list(uow, key, request.args.get(bulk.LIST, ""))
        number = query.count(uow, key, asked.where, cap=0).number
    return render_template("bulk/_whole.html", type=asked.type, number=number)


@bp.get("/t/<key>/bulk/<act>")
@needs("@crm")
def bulk_dialog(key: str, act: str) -> str:
    """Give the dialog of an act; also anew when another field is chosen in it."""
    posted = posted_values(request.args)
    with works().reading(current_actor()) as uow:
        found = bulk.dialog(uow, asked_list(uow, key, posted.get(bulk.LIST, "")), _act(act), posted)
        return render_template("bulk/_dialog.html", dialog=found)


@bp.post("/t/<key>/bulk/<act>")
@needs("@crm")
def start_bulk(key: str, act: str) -> AnyResponse:
    """Do it: a few records at once, many as a job; what cannot begin comes back to the dialog as it was typed."""
    posted = posted_values(request.form)
    try:
        with works().writing(current_actor()) as uow:
            asked = asked_list(uow, key, posted.get(bulk.LIST, ""))
            order = bulk.order_of(uow, asked.type, _act(act), posted)
            back = asked.state.url()
            expected = request.form.get(bulk.NUMBER, type=int)
            started = start(uow, order, bulk.chosen_of(asked, posted), expected=expected, back=back)
    except (InvalidInput, Conflict) as error:
        problems = error.fields if isinstance(error, InvalidInput) else {"": error.message}
        with works().reading(current_actor()) as uow:
            found = bulk.dialog(uow, asked_list(uow, key, posted.get(bulk.LIST, "")), act, posted, problems)
            page = render_template("bulk/_dialog.html", dialog=found)
        return make_response(page, 409 if isinstance(error, Conflict) else 422)
    return _go(_told(started, back))


def _told(started: Started, back: str) -> str:
    """Say what was done, and give where to go: the list, or the job's page."""
    if started.is_job:
        return f"/jobs/{started.job_id}"
    level = "danger" if started.failed and not started.done else "warning" if started.failed else "success"
    tell(
        started.message,
        level=level,  # type: ignore[arg-type]
        undo_url=f"/acts/{started.act_id}/undo" if started.act_id else None,
        more_url=f"/jobs/{started.job_id}" if started.job_id else None,
    )
    return back


def _go(path: str) -> AnyResponse:
    if not is_htmx():
        return redirect(path, 303)
    response = make_response("", 204)
    response.headers["HX-Redirect"] = path
    return response
