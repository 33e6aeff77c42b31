"""Every address of the product says who may use it; one that does not is shut, and should not be there."""

from __future__ import annotations

from typing import TYPE_CHECKING

from crm.web.guard import permission_of

if TYPE_CHECKING:
    from flask import Flask


def test_every_view_names_a_permission(app: Flask):
    shut = [f"{rule.rule} ({rule.endpoint})" for rule in app.url_map.iter_rules() if permission_of(app, rule.endpoint) is None]
    assert shut == []


OPEN = ("/assets/", "/health", "/ready", "/login/", "/logout/", "/me/language", "/api/v1/security/login")
#: What changes something is asked for by a form.
VERBS = ("/transition/", "/restore", "/delete", "/approve", "/logout", "/build", "/undo")


def test_few_views_are_open_to_anyone(app: Flask):
    """An open address is a decision: a new one is added here, with thought."""
    anyone = [rule.rule for rule in app.url_map.iter_rules() if (found := permission_of(app, rule.endpoint)) and found.anyone]
    assert [path for path in anyone if not path.startswith(OPEN)] == []


def test_nothing_is_changed_by_following_a_link(app: Flask):
    rules = [rule for rule in app.url_map.iter_rules() if any(verb in rule.rule for verb in VERBS)]
    assert [rule.rule for rule in rules if "GET" in (rule.methods or ())] == []
