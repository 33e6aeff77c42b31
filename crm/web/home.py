"""The front page: for staff what today asks of them, box by box; a board member's home is the portal.

What stands on it is registered by the features (`<feature>/home.py`). *Senest set* is kept in the browser: reading a page writes
nothing here, and the names are asked for under the rights of the moment (`static/js/seen.js`).
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Final

from flask import Blueprint, redirect, render_template
from markupsafe import Markup
from werkzeug.wrappers import Response

from crm.kernel import format as forms
from crm.kernel.errors import AccessDenied
from crm.kernel.i18n import N_
from crm.screens import home_boxes
from crm.screens.home_boxes import HomeBox, HomeContext
from crm.screens.timeline_lines import mentions_for
from crm.web.context import current_access, current_actor, current_locale, klynge, works
from crm.web.guard import signed_in

bp = Blueprint("home", __name__)
#: Boxes from here on stand beside the wide column.
BESIDE: Final = 50


@bp.get("/")
@signed_in
def show_home() -> Response | str:
    """Show the front page of the one who looks."""
    access = current_access()
    if not access.may_use("@crm"):
        if access.may_use("@portal"):
            return redirect("/b/")
        raise AccessDenied
    actor = current_actor()
    with works().reading(actor) as uow:
        context = HomeContext(uow, current_locale(), klynge().settings)
        boxes = [(box, facts, _box(box, facts)) for box, facts in home_boxes.drawn(context)]
        return render_template(
            "home.html",
            greeting=forms.greeting(uow.now(), current_locale(), zone=uow.zone),
            first_name=actor.name.split(" ")[0],
            matter=home_boxes.matter(context),
            wide=[one for one in boxes if one[0].position < BESIDE],
            beside=[one for one in boxes if one[0].position >= BESIDE],
        )


def _box(box: HomeBox, facts: Mapping[str, Any]) -> Markup:
    return Markup(render_template(box.template, **facts))  # noqa: S704 - a template of ours, escaped


@bp.get("/mine")
@signed_in
def show_mine() -> Response:
    """Lead an address of earlier days to *My tasks*."""
    return redirect("/tasks/mine")


def _mentions(context: HomeContext) -> Mapping[str, Any] | None:
    found = mentions_for(context.uow, context.locale)
    return {"mentions": found, "count": len(found)} if found else None


home_boxes.add(HomeBox("mentions", N_("Mentioned"), "timeline/_mentions.html", _mentions, 55))
home_boxes.add(HomeBox("seen", N_("Seen lately"), "home_seen.html", lambda _context: {}, 90))
