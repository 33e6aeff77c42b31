"""Roles and what each may do, in words."""

from __future__ import annotations

from flask import Blueprint, render_template

from crm.kernel.i18n import N_
from crm.screens import navigation
from crm.security.defaults import BY_NAME
from crm.security.roles import RightLine, list_roles
from crm.web.account.wording import act_words, area_words, scope_words
from crm.web.context import current_actor, current_locale, klynge, works
from crm.web.guard import needs

bp = Blueprint("roles", __name__)
navigation.add(navigation.NavItem("roles", N_("Roles"), "/admin/roles", "shield-lock", section="admin", position=91, area="@admin"))


@bp.get("/admin/roles")
@needs("@admin")
def index() -> str:
    """Show every role with its rights."""
    with klynge().database.reading() as session:
        roles = list_roles(session)
    with works().reading(current_actor()) as uow:
        types = {key: item.names.title(current_locale()) for key, item in uow.registry.types.items()}
        steps = {
            step.key: step.label for item in uow.registry.types.values() if item.lifecycle for step in item.lifecycle.transitions
        }

    def sentence(line: RightLine) -> str:
        locale = current_locale()
        if line.type_key == "@":
            return ", ".join(area_words(area)(locale) for area in line.acts)
        acts = [act_words(act, steps)(locale) for act in line.acts]
        return f"{', '.join(acts)} ({scope_words(line.scope)(locale)})"

    def about(line: RightLine) -> str:
        return types.get(line.type_key) or area_words(line.type_key)(current_locale())

    return render_template("security/roles.html", roles=roles, known=BY_NAME, sentence=sentence, about=about)
