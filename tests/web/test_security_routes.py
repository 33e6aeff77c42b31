"""Every route has a named permission, and holds to it: each rule is walked as every role and as a stranger."""

from __future__ import annotations

import pytest
from flask import Blueprint

from crm.security.defaults import ROLES
from crm.web.app import create_app
from crm.web.guard import SAFE_METHODS, permission_of
from tests.support.forms import token

#: What each role may use, written down once more by hand: a change of the defaults must be meant.
AREAS = {
    "administrator": {"@crm", "@portal", "@admin", "@api", "@flows"},
    "staff": {"@crm", "@api"},
    "board_member": {"@portal"},
    "reader": {"@crm", "@api"},
}
SAMPLES = {"IdConverter": "999999", "PathConverter": "a/b", "UnicodeConverter": "x"}


def address(rule):
    """Give a path that a rule matches."""
    path = ""
    for part, value in rule._trace[1:] if rule._trace[0][1] == "" else rule._trace:
        path += SAMPLES.get(type(rule._converters[value]).__name__, "1") if part else value.lstrip("|")
    return path


def rules(app):
    return sorted(app.url_map.iter_rules(), key=lambda rule: (rule.rule, rule.endpoint))


def test_every_route_has_a_named_permission(app):
    without = [rule.rule for rule in rules(app) if permission_of(app, rule.endpoint) is None]
    assert without == []


def test_what_strangers_may_open_is_written_down(app):
    open_to_all = {rule.rule for rule in rules(app) if permission_of(app, rule.endpoint).anyone}
    assert open_to_all == {
        "/api/v1/security/login",
        "/assets/<asked>/<path:path>",
        "/health",
        "/login/",
        "/login/forgotten",
        "/login/link",
        "/login/link/<token>",
        "/logout/",
        "/me/language",
        "/ready",
    }


def test_flask_appbuilder_serves_nothing(app):
    """No page, no static file, no `/back`, `/lang`, menu, OpenAPI or security API of its own is registered."""
    assert app.extensions["appbuilder"].baseviews == []
    owners = {app.view_functions[rule.endpoint].__module__.split(".")[0] for rule in rules(app)}
    assert owners == {"crm"}


@pytest.mark.parametrize(
    "path",
    [
        "/static/appbuilder/css/ab.css",
        "/back",
        "/lang/da",
        "/users/list/",
        "/roles/list/",
        "/api/v1/_openapi",
        "/swagger/v1",
        "/api/v1/menu/",
        "/api/v1/security/users/",
        "/api/v1/security/refresh",
        "/resetmypassword/form",
        "/userinfoeditview/form",
    ],
)
def test_addresses_of_flask_appbuilder_are_not_found(client, login, path):
    login(client, "administrator")
    assert client.get(path).status_code == 404


@pytest.mark.parametrize("role", [None, *(role.name for role in ROLES)])
def test_each_role_meets_what_it_may_and_nothing_else(app, client, login, role):
    """The status says who was let in: anything but 302 to sign-in, 401 and 403 means that the view ran."""
    if role is not None:
        login(client, role)
    given = token(client)
    wrong = []
    for rule in rules(app):
        permission = permission_of(app, rule.endpoint)
        if rule.endpoint in {"login.sign_out", "login.sign_in"}:
            continue
        may = permission.anyone or (role is not None and (not permission.areas or set(permission.areas) & AREAS[role]))
        for method in sorted(rule.methods - {"OPTIONS", "HEAD"}):
            answer = client.open(address(rule), method=method, headers={"X-CSRF-Token": given})
            shut_out = answer.status_code == 401 or (answer.status_code == 302 and answer.location.startswith("/login/?next="))
            if role is None and shut_out == bool(may):
                wrong.append((method, rule.rule, answer.status_code))
            if role is not None and not may and answer.status_code != 403:
                wrong.append((method, rule.rule, answer.status_code))
            if role is not None and may and (shut_out or answer.status_code >= 500):
                wrong.append((method, rule.rule, answer.status_code))
    assert wrong == []


def test_a_view_without_permission_is_shut_for_everybody(sqlite_klynge, login):
    app = create_app(sqlite_klynge)
    bp = Blueprint("forgotten", __name__)
    bp.add_url_rule("/forgotten", view_func=lambda: "secret", endpoint="view")
    app.register_blueprint(bp)
    client = app.test_client()
    assert client.get("/forgotten").status_code == 403
    login(client, "administrator")
    answer = client.get("/forgotten")
    assert answer.status_code == 403
    assert "secret" not in answer.text


def test_what_does_not_exist_is_404_for_everybody(client, login):
    assert client.get("/nothing-here").status_code == 404
    login(client, "administrator")
    assert client.get("/nothing-here").status_code == 404


def test_options_tells_strangers_nothing_of_shut_pages(client):
    assert client.open("/admin/users", method="OPTIONS").status_code in {302, 401}
    assert "TRACE" not in SAFE_METHODS - {"TRACE"}
