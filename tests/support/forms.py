"""Forms as a browser sends them: with the token of the page."""

from __future__ import annotations

import re
from typing import Any

from flask.testing import FlaskClient
from werkzeug.test import TestResponse

TOKEN = re.compile(r'<meta name="csrf-token" content="([^"]+)"')


def token(client: FlaskClient, page: str = "/login/link") -> str:
    """Give the CSRF token of a page that anybody may see."""
    found = TOKEN.search(client.get(page).text)
    assert found is not None, f"{page} holds no token"
    return found[1]


def send(client: FlaskClient, path: str, **values: Any) -> TestResponse:
    """Post a form with a right token."""
    return client.post(path, data={"csrf_token": token(client), **values})
