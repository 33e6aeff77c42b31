"""What Flask-AppBuilder leaves open by default, line by line as it was measured, and shut here.

| measured | shut by | tested |
| --- | --- | --- |
| CSRF on forms; GET deletes | `web.csrf`, no write by GET | `test_security_csrf`, below |
| CSRF of the API by cookie | the same token | `test_security_csrf` |
| session cookie | `web.sessions` | `test_security_sessions`, below |
| logout by GET, sessions live on | POST, epochs | `test_security_signin`, `test_security_sessions` |
| any password, old one not asked | `security.passwords` | `test_security_me`, `tests/unit/security` |
| login rate, API none | `security.limits` | `test_security_signin`, `tests/db/test_security_limits` |
| user enumeration | one answer, one cost | `test_security_signin`, `test_security_links`, `test_security_api` |
| open redirect by Host | trusted hosts, own paths | `test_security_headers`, `test_security_signin` |
| row access: actions pass the filters | no actions; one store | below |
| API keys: scopes never enforced | the guard | `test_security_me` |
| JWT: not revocable, signed with SECRET_KEY | random tokens in a table | `test_security_api`, below |
| search oracle: hidden columns | field rights in every filter | below |
| headers, CORS: none | `web.headers` | `test_security_headers` |
| uploads: any file to anyone | no such route | below |
"""

from __future__ import annotations

import pytest
from sqlalchemy import insert

from crm.kernel.errors import ConfigError
from crm.security.models import Grant, role_table
from crm.web.guard import SAFE_METHODS
from tests.support.boards import make_world
from tests.web.test_security_routes import address, rules


@pytest.fixture
def manager(app):
    return app.extensions["appbuilder"].sm


@pytest.fixture
def narrow_role(sqlite_klynge):
    """A role that may read its own follow-ups by API, and of them the title alone."""
    with sqlite_klynge.database.writing() as session:
        role_id = session.execute(insert(role_table).values(name="narrow").returning(role_table.c.id)).scalar_one()
        session.add(Grant(role_id=role_id, type_key="@api", act="use"))
        session.add(Grant(role_id=role_id, type_key="follow_up", act="read", scope="own", read_fields=["title"]))
    return "narrow"


@pytest.fixture
def world(sqlite_klynge):
    return make_world(sqlite_klynge)


def test_nothing_is_deleted_or_changed_by_get(app, client, login, sqlite_klynge, world):
    """Every page is opened, also those that only take a POST: no row comes, goes or changes but the session's."""

    def dump():
        raw = sqlite_klynge.database.engine.raw_connection()
        lines = [line for line in raw.driver_connection.iterdump() if '"web_session"' not in line and "api_idempot" not in line]
        raw.close()
        return lines

    login(client, "administrator")
    before = dump()
    for rule in rules(app):
        for method in sorted(SAFE_METHODS - {"TRACE"}):
            client.open(address(rule), method=method).close()
    assert dump() == before


def test_the_session_holds_no_history_and_the_cookie_no_data(client, login):
    login(client, "staff")
    key = client.get_cookie("klynge").value
    client.get("/admin/users?q=hemmelig")
    client.get("/t/person?q=hemmelig")
    assert client.get_cookie("klynge").value == key
    assert len(key) == 43


def test_unsafe_ways_of_its_security_manager_are_shut(app, manager):
    with app.test_request_context():
        for way in (
            lambda: manager.auth_user_db("anna", "x"),
            lambda: manager.add_user("x", "x", "x", "x@y.dk", None, "x"),
            lambda: manager.reset_password(1, "tyve røde cykler 7"),
            lambda: manager.security_cleanup([], None),
            lambda: manager.security_converge([], None),
            lambda: manager.limiter.limit("1/minute"),
        ):
            with pytest.raises(ConfigError):
                way()


def test_it_issues_no_jwt_and_keeps_no_limiter_in_memory(app, manager):
    assert manager.jwt_manager is None
    assert "flask-jwt-extended" not in app.extensions
    assert "limiter" not in app.extensions


def test_it_neither_creates_tables_nor_writes_permissions(app, sqlite_klynge):
    assert app.config["FAB_CREATE_DB"] is False
    assert app.config["FAB_UPDATE_PERMS"] is False
    assert app.extensions["appbuilder"].update_perms is False
    with sqlite_klynge.database.engine.connect() as connection:
        for table in ("ab_permission", "ab_view_menu", "ab_permission_view"):
            assert connection.exec_driver_sql(f"SELECT count(*) FROM {table}").scalar_one() == 0


def test_who_asks_flask_login_meets_nobody(app):
    from flask_login import current_user

    with app.test_request_context("/"):
        assert not current_user.is_authenticated


def test_rows_of_others_are_not_listed_counted_read_or_changed(client, login, narrow_role, world):
    """Own = responsible person; anne's is the first follow-up, jens's the second."""
    login(client, narrow_role, "anne", person_id=world.anne)
    own, other = world.follow_ups
    listed = client.get("/api/v1/records/follow_up").json
    assert [row["id"] for row in listed["items"]] == [own]
    assert client.get(f"/api/v1/records/follow_up/{own}").status_code == 200
    assert client.get(f"/api/v1/records/follow_up/{other}").status_code == 404
    assert client.get("/api/v1/records/person").status_code == 403
    token = {"X-CSRF-Token": client.get("/me").text.split('name="csrf-token" content="')[1].split('"')[0]}
    for record_id in (own, other):
        answer = client.patch(f"/api/v1/records/follow_up/{record_id}", json={"title": "Nyt"}, headers=token)
        assert answer.status_code in {403, 404}
        assert client.delete(f"/api/v1/records/follow_up/{record_id}", headers=token).status_code in {403, 404}


def test_a_hidden_field_cannot_be_guessed_by_filter_or_sort(client, login, narrow_role, world):
    login(client, narrow_role, "anne", person_id=world.anne)
    shown = client.get(f"/api/v1/records/follow_up/{world.follow_ups[0]}").json
    assert "due" not in str(shown)
    answers = {
        query: client.get(f"/api/v1/records/follow_up?{query}").status_code
        for query in ("due=2026-11-01", "due=2026-11-02", "sort=due", "sort=-due", "password=x", "sort=data", "sort=title_sort")
    }
    assert set(answers.values()) <= {400, 403, 422}, answers


def test_there_is_no_folder_of_uploads_to_fetch_from(app, client, login):
    login(client, "administrator")
    assert app.static_folder is None
    outside = ("/assets/x/../../settings.py", "/assets/x/%2e%2e/%2e%2e/app.py")
    for path in ("/download/klynge.db", "/static/uploads/x", "/uploads/x", *outside):
        assert client.get(path).status_code in {403, 404}
