"""`/t/<key>`: a type's records as a table or in another layout, its fragments, and the picker of relations."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any, Final
from urllib.parse import parse_qsl

from flask import Response, jsonify, make_response, redirect, render_template, request
from werkzeug.wrappers import Response as AnyResponse

from crm.kernel.errors import AccessDenied, InvalidInput, NotFound
from crm.kernel.i18n import N_, Label
from crm.kernel.patience import TooSlowError, at_most
from crm.kernel.text import clean
from crm.records import query
from crm.records.saved_views import View, may_change, may_share, view_of, views_of
from crm.records.totals_job import figure_of, order_totals
from crm.records.types import Column, Field, RecordType
from crm.records.work import UnitOfWork
from crm.screens import layouts, panels
from crm.screens.listing import filter_of
from crm.screens.listing.bar import load_bar
from crm.screens.listing.columns import columns_of
from crm.screens.listing.figures import figure_words, foot, summed
from crm.screens.listing.groups import load_groups
from crm.screens.listing.paper import load_paper
from crm.screens.listing.saved import DEFAULTS, read_list, tabs, view_is_mine
from crm.screens.listing.table import Asked, load_table
from crm.screens.present import Presenter
from crm.screens.views.blueprint import bp
from crm.web.context import current_actor, current_locale, current_preferences, works
from crm.web.guard import needs

#: Seconds that sums may take beside the page; longer ones are a job.
BRISK: Final = 2
GONE: Final = N_("This view looks at something that you may not see, or that is gone.")


def ask(uow: UnitOfWork, key: str, args: Mapping[str, str] | None = None, views: Sequence[View] = ()) -> Asked:
    """Read type and address, or a list's address that came along with something else; `views` are those known already.

    Raises:
        NotFound: there is no such type, or no such saved view.
        AccessDenied: it may not be read.
        InvalidInput: the address names something that does not exist.
    """
    record_type = uow.registry.get(key)
    if not uow.access.may("read", key):
        raise AccessDenied
    state = read_list(uow, record_type, request.args if args is None else args, views)
    return Asked(record_type, state, filter_of(record_type, state))


def load(uow: UnitOfWork, asked: Asked) -> dict[str, Any]:
    """Read what the layout shows, and what stands above it."""
    presenter = Presenter(uow, current_locale())
    layout = layouts.layout_of(asked.state.layout, asked.type) or layouts.TABLE
    if layout.load is None:
        shown = load_groups(uow, asked, presenter) if asked.state.by else load_table(uow, asked, presenter)
    else:
        shown = layout.load(uow, asked.type, asked.state, asked.where) or {"nothing": True}
    facts = {
        "type": asked.type,
        "state": asked.state,
        "layout": layout,
        "layouts": layouts.layouts_of(asked.type),
        "hint": panels.hint_of(asked.type.key),
        "may_create": uow.access.may("create", asked.type.key),
        "may_share": may_share(uow, asked.type.key),
        "view_is_mine": view_is_mine(uow, asked.type, asked.state),
    }
    return {**facts, **load_bar(uow, asked, presenter, shown.get("column_count")), **shown}


def page(uow: UnitOfWork, asked: Asked, views: Sequence[View], **more: Any) -> str:
    """Give the whole page of a list."""
    shown = {**load(uow, asked), **more}
    own_default = dict(current_preferences().get(DEFAULTS) or {}).get(asked.type.key)
    return render_template(
        "records/list.html",
        tabs=tabs(uow, asked.type, asked.state, views, current_locale()),
        default_view=own_default,
        **shown,
    )


def fragment(uow: UnitOfWork, asked: Asked, **more: Any) -> str:
    """Give the list alone, and what of the page around it hangs on its state."""
    return render_template("records/_rows.html", **load(uow, asked), **more)


@bp.get("/t/<key>")
@needs("@crm")
def list_records(key: str) -> AnyResponse | str:
    """Show a type's list; without any wish the view that the user chose for it. A bad address gives 400 and a way back."""
    with works().reading(current_actor()) as uow:
        record_type = uow.registry.get(key)
        views = views_of(uow, record_type)
        wanted = None if request.args else dict(current_preferences().get(DEFAULTS) or {}).get(key)
        if any(view.id == wanted for view in views):
            return redirect(f"/t/{key}?view={wanted}")
        try:
            return page(uow, ask(uow, key, views=views), views)
        except InvalidInput as error:
            own = next((view.id for view in views if str(view.id) == request.args.get("view") and may_change(uow, view)), None)
            return bad_address(record_type, error, own)


@bp.get("/t/<key>/rows")
@needs("@crm")
def list_rows(key: str) -> Response | str:
    """Give the list alone, for a filter that changed; the address of the page goes along."""
    with works().reading(current_actor()) as uow:
        try:
            shown = load(uow, ask(uow, key))
        except InvalidInput as error:
            return bad_address(uow.registry.get(key), error)
        response = make_response(render_template("records/_rows.html", **shown))
    response.headers["HX-Push-Url"] = shown["state"].url()
    return response


@bp.get("/t/<key>/count")
@needs("@crm")
def list_count(key: str) -> Response | str:
    """Count the list, after the page has come: exact to 10,000."""
    with works().reading(current_actor()) as uow:
        try:
            asked = ask(uow, key)
            number = query.count(uow, key, asked.where, cap=0 if request.args.get("exact") else 10_000)
        except InvalidInput as error:
            return bad_address(uow.registry.get(key), error)
    return render_template("records/_count.html", type=asked.type, state=asked.state, count=number)


@bp.get("/t/<key>/foot")
@needs("@crm")
def list_foot(key: str) -> Response | str:
    """Sum up the list's columns, after the page has come: within two seconds, else they are offered as a job."""
    with works().reading(current_actor()) as uow:
        try:
            asked = ask(uow, key)
            with at_most(uow.session, BRISK):
                found = foot(uow, asked, current_locale())
        except InvalidInput as error:
            return bad_address(uow.registry.get(key), error)
        except TooSlowError:
            span = len(columns_of(asked.type, uow.access.readable(key), asked.state.columns)) + 1
            return render_template("records/_foot_slow.html", type=asked.type, state=asked.state, span=span)
    return render_template("records/_foot.html", type=asked.type, state=asked.state, foot=found)


@bp.post("/t/<key>/foot")
@needs("@crm")
def order_foot(key: str) -> AnyResponse:
    """Order the sums as a job, and go to its page."""
    with works().writing(current_actor()) as uow:
        asked = ask(uow, key, dict(parse_qsl(request.form.get("state", "").lstrip("?"))))
        columns = columns_of(asked.type, uow.access.readable(key), asked.state.columns)
        job_id = order_totals(uow, key, asked.where, summed(columns), asked.state.url())
    return redirect(f"/jobs/{job_id}", 303)


@bp.app_template_filter("figure_words")
def words_of_kept(kept: Mapping[str, Any]) -> list[str]:
    """Word what a job has kept of one column."""
    item = Field("kept", kept["kind"], Label.of(kept["label"]), Column(("kept",)), config={"unit": kept["unit"]})
    return figure_words(item, figure_of(kept), current_locale())


@bp.get("/t/<key>/print")
@needs("@crm")
def print_list(key: str) -> Response | str:
    """Show the list as it is printed on A4."""
    with works().reading(current_actor()) as uow:
        try:
            asked = ask(uow, key)
            shown = load_paper(uow, asked, Presenter(uow, current_locale()))
        except InvalidInput as error:
            return bad_address(uow.registry.get(key), error)
        view = asked.state.view
        name = "" if view is None or view.none else view_of(uow, asked.type, view.id).name
    return render_template("records/list_paper.html", **{"type": asked.type, "state": asked.state, "view_name": name, **shown})


@bp.get("/t/<key>/pick")
@needs("@crm")
def pick(key: str) -> Response:
    """Find records to relate to, by the beginning of words; `types` names further types to look in."""
    keys = [key, *(part for part in request.args.get("types", "").split(",") if part and part != key)][:10]
    with works().reading(current_actor()) as uow:
        if key not in uow.registry.types:
            raise NotFound
        found = query.pick(uow, keys, clean(request.args.get("q", ""))[:200])
        several = len(keys) > 1
        results = [
            {"id": item.id, "title": f"{item.title} ({_one(uow, item.type_key)})" if several else item.title} for item in found
        ]
    return jsonify(results=results)


def _one(uow: UnitOfWork, key: str) -> str:
    return uow.registry.get(key).names.one(current_locale())


def bad_address(record_type: RecordType, error: InvalidInput, own_view: int | None = None) -> Response:
    """Say what is wrong with an address, and give a way back; of a saved view not what it looks at, which may not be told.

    `own_view` is a view that the reader may delete, since it cannot be shown any more.
    """
    of_view = request.args.get("view", "").isdecimal() and not request.args.get("changed")
    problems = [GONE] if of_view else list(error.fields.values())
    return make_response(render_template("records/bad_address.html", type=record_type, problems=problems, own_view=own_view), 400)
