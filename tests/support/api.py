"""A program that calls the API with a bearer token."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING, Any

from crm.security.events import By
from crm.security.tokens import issue
from tests.support.people import add_user, find_user

if TYPE_CHECKING:
    from werkzeug.test import TestResponse

    from crm.wiring import Klynge


class Caller:
    """Calls `/api/v1/…` as one user."""

    def __init__(self, klynge: Klynge, role: str, username: str | None = None, *, scope: str = "write") -> None:
        from crm.web.app import create_app

        self.klynge = klynge
        self.user_id = find_user(klynge, username or role) or add_user(klynge, role, username, locale="en")
        with klynge.database.writing() as session:
            by = By(klynge.clock.now(), self.user_id, None)
            self.token = issue(session, self.user_id, "test", scope, timedelta(days=1), by)
        self.app = create_app(klynge)
        self.app.testing = True
        self.client = self.app.test_client()

    def call(self, method: str, path: str, body: Any = None, **more: Any) -> TestResponse:
        """Send one request; `headers` and `query_string` as Flask's client takes them."""
        headers = {"Authorization": f"Bearer {self.token}", **more.pop("headers", {})}
        if body is not None:
            more["json"] = body
        return self.client.open(f"/api/v1/{path}", method=method, headers=headers, **more)

    def get(self, path: str, **more: Any) -> TestResponse:
        return self.call("GET", path, **more)

    def post(self, path: str, body: Any = None, **more: Any) -> TestResponse:
        return self.call("POST", path, {} if body is None else body, **more)

    def patch(self, path: str, body: Any, **more: Any) -> TestResponse:
        return self.call("PATCH", path, body, **more)

    def delete(self, path: str, **more: Any) -> TestResponse:
        return self.call("DELETE", path, **more)

    def make(self, type_key: str = "organisation", **values: Any) -> dict[str, Any]:
        """Make a record that must be accepted."""
        response = self.post(f"records/{type_key}", values)
        assert response.status_code == 201, response.get_data(as_text=True)
        made: dict[str, Any] = response.get_json()
        return made


def error_of(response: TestResponse) -> dict[str, Any]:
    """Give the error of a refusal, which is always JSON with code and message."""
    error: dict[str, Any] = response.get_json()["error"]
    assert error["code"]
    assert error["message"]
    return error
