"""The bell and its page, what one follows, and one's own switches."""

from __future__ import annotations

import json

from flask import Blueprint, make_response, redirect, render_template, request
from werkzeug.wrappers import Response

from crm.kernel.errors import InvalidInput, NotFound
from crm.kernel.i18n import N_
from crm.notices import panels, queries, services
from crm.notices.rules import DEFAULT_WAYS, KIND_NAMES, WAY_NAMES, Kind, follows_by_itself, ways_of
from crm.records.query import one
from crm.screens.tell import tell
from crm.web.context import current_actor, current_preferences, is_htmx, klynge, next_path, works
from crm.web.guard import needs

bp = Blueprint("notices", __name__, template_folder="templates")
panels.install()
#: What each button of a record's page wishes, and what is said when it is done.
_WISHES = {
    "follow": (services.Wish.FOLLOW, N_("You follow it now. You are told when something happens.")),
    "unfollow": (services.Wish.UNFOLLOW, N_("You no longer follow it.")),
    "mute": (services.Wish.MUTE, N_("It is muted. You are told only if somebody mentions you or gives it to you.")),
}


@bp.get("/notices")
@needs("@crm")
def show_notices() -> str:
    """Show the notices of the one who looks, with a filter, the newest first."""
    chosen = request.args.get("kind", "")
    kind = Kind(chosen) if chosen in set(Kind) else None
    unread, before = bool(request.args.get("unread")), request.args.get("before", type=int)
    with works().reading(current_actor()) as uow:
        page = queries.notices(uow, kind=kind, unread=unread, before=before)
    facts = {"kind": kind, "unread": unread, "kinds": KIND_NAMES, "first": before is None}
    return render_template("notices/notices.html", notices=page, **facts)


@bp.get("/notices/latest")
@needs("@crm")
def show_latest() -> str:
    """Give what the bell shows when it is opened."""
    return _bell()


@bp.post("/notices/read")
@needs("@crm")
def read_all() -> Response:
    """Mark all as read: those that were there when the page was made."""
    with works().writing(current_actor()) as uow:
        services.mark_all_read(uow, up_to=request.form.get("up_to", type=int))
    if is_htmx():
        return _fresh(_bell())
    return redirect(next_path("/notices"), 303)


@bp.post("/notices/<int:notice_id>/read")
@needs("@crm")
def read_one(notice_id: int) -> Response:
    """Mark one as read; a script does so when its link is followed."""
    with works().writing(current_actor()) as uow:
        services.mark_read(uow, notice_id)
    if is_htmx():
        return _fresh(_bell())
    return redirect(next_path("/notices"), 303)


def _bell() -> str:
    with works().reading(current_actor()) as uow:
        page = queries.notices(uow, size=queries.LATEST)
    return render_template("notices/_bell.html", notices=page)


def _fresh(page: str) -> Response:
    response = make_response(page)
    response.headers["HX-Trigger"] = json.dumps({"klynge:waiting": {}})
    return response


@bp.post("/r/<int:record_id>/follow", defaults={"wish": "follow"})
@bp.post("/r/<int:record_id>/unfollow", defaults={"wish": "unfollow"})
@bp.post("/r/<int:record_id>/mute", defaults={"wish": "mute"})
@needs("@crm")
def follow(record_id: int, wish: str) -> Response:
    """Follow a record, stop, or hear nothing of it."""
    wanted, words = _WISHES[wish]
    with works().writing(current_actor()) as uow:
        services.follow(uow, record_id, wanted)
        url = one(uow, record_id).url
    tell(words)
    return redirect(next_path(url), 303)


@bp.get("/notices/following")
@needs("@crm")
def show_followed() -> str:
    """Show what the one who looks follows."""
    with works().reading(current_actor()) as uow:
        found = queries.followed(uow)
    return render_template("notices/following.html", followed=found)


@bp.post("/me/notices")
@needs("@crm")
def choose() -> Response:
    """Keep one's own switches."""
    user_id = current_actor().user_id
    if user_id is None:  # the guard has seen to it
        raise NotFound
    ways = {kind.value: request.form.get(kind.value, otherwise.value) for kind, otherwise in DEFAULT_WAYS.items()}
    try:
        with klynge().database.writing() as session:
            services.choose_ways(session, user_id, ways, auto_follow=bool(request.form.get("auto_follow")))
        tell(N_("Your choices are saved."))
    except InvalidInput as error:
        tell(next(iter(error.fields.values())), level="danger")
    return redirect("/me#notices", 303)


@bp.app_context_processor
def _switches() -> dict[str, object]:
    return {"notice_switches": switches}


def switches() -> dict[str, object]:
    """Give the switches as they stand, for the page of one's own account."""
    chosen = current_preferences()
    return {"ways": ways_of(chosen), "kinds": KIND_NAMES, "names": WAY_NAMES, "auto_follow": follows_by_itself(chosen)}
