"""What a user chose for themselves comes with the one read of the visit, for the cookie and the token alike."""

from __future__ import annotations

from crm.security.preferences import write_preference
from crm.web.context import current_preferences
from tests.support.people import PASSWORD, find_user
from tests.support.queries import counting
from tests.support.screens import desk


def choose(klynge, user_id, **values):
    with klynge.database.writing() as session:
        for name, value in values.items():
            write_preference(session, user_id, name, value)


def test_preferences_come_with_the_visit_and_cost_no_query(app, sqlite_klynge):
    anna = desk(app, sqlite_klynge, username="anna")
    choose(sqlite_klynge, anna.user_id, single_keys=False, last_form="phone")
    choose(sqlite_klynge, anna.user_id, last_form=None)
    with anna.client as client:
        client.get("/me")
        with counting(sqlite_klynge.database) as asked:
            assert current_preferences() == {"single_keys": False}
    assert asked == []


def test_a_token_brings_them_too_and_a_stranger_has_none(app, sqlite_klynge):
    desk(app, sqlite_klynge, username="anna")
    choose(sqlite_klynge, find_user(sqlite_klynge, "anna"), single_keys=False)
    client = app.test_client()
    bearer = client.post("/api/v1/security/login", json={"username": "anna", "password": PASSWORD}).json["access_token"]
    with client:
        client.get("/api/v1/openapi.json", headers={"Authorization": f"Bearer {bearer}"})
        assert current_preferences() == {"single_keys": False}
    with app.test_client() as stranger:
        stranger.get("/login/")
        assert current_preferences() == {}
