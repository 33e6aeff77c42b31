"""Words for what the security log and the grants hold as keys."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Final

from crm.kernel.i18n import N_, Label, Message
from crm.security.defaults import BY_NAME
from crm.security.events import EventLine

_EVENTS: Final = {
    "signed_in": N_("Signed in"),
    "sign_in_failed": N_("Wrong password"),
    "signed_out": N_("Signed out"),
    "link_sent": N_("A link was sent by mail"),
    "user_added": N_("The user was added"),
    "roles_changed": N_("Roles changed"),
    "person_changed": N_("Tied to another person"),
    "user_activated": N_("Activated"),
    "user_deactivated": N_("Deactivated"),
    "password_changed": N_("New password"),
    "token_made": N_("A token was made"),
    "token_revoked": N_("A token was ended"),
    "sessions_ended": N_("Signed out everywhere"),
}
_AREAS: Final = {
    "@": N_("Parts of the product"),
    "*": N_("All kinds of records"),
    "@crm": N_("the secretariat's CRM"),
    "@portal": N_("the members' portal"),
    "@admin": N_("users, roles and settings"),
    "@api": N_("the API"),
    "@flows": N_("flows"),
}
_ACTS: Final = {
    "*": N_("everything"),
    "read": N_("see"),
    "create": N_("make"),
    "update": N_("change"),
    "delete": N_("delete"),
    "build": N_("gather the material"),
    "submit": N_("send for approval"),
    "approve": N_("approve"),
    "hold": N_("mark as held"),
    "minutes": N_("write minutes"),
    "complete": N_("complete"),
}
_SCOPES: Final = {"all": N_("all of them"), "own": N_("only their own"), "board": N_("only those of their own boards")}


def event_words(line: EventLine) -> Message | Label:
    """Say what happened; an unknown kind is shown as it is stored."""
    if line.kind == "roles_changed":
        before, after = (_role_list(line.detail.get(key, ())) for key in ("before", "after"))
        return N_("Roles changed from %(before)s to %(after)s", before=before, after=after)
    return _EVENTS.get(line.kind) or Label(da=line.kind)


def _role_list(names: Sequence[str]) -> Label:
    """Name roles in both languages, one after the other."""
    labels = [BY_NAME[name].label if name in BY_NAME else Label(da=name) for name in names] or [Label(da="–")]
    return Label(da=", ".join(item("da") for item in labels), en=", ".join(item("en") for item in labels))


def area_words(key: str) -> Message | Label:
    """Name an area of the product."""
    return _AREAS.get(key) or Label(da=key)


def act_words(key: str, steps: Mapping[str, Label]) -> Message | Label:
    """Name an act: one of ours, or a step of some lifecycle."""
    return _ACTS.get(key) or steps.get(key) or Label(da=key)


def scope_words(key: str) -> Message | Label:
    """Name a scope."""
    return _SCOPES.get(key) or Label(da=key)
