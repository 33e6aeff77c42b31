"""The desk of a secretary: signed in, with forms sent as a browser sends them; and a few records to look at."""

from __future__ import annotations

import re
from dataclasses import dataclass
from html import unescape
from typing import TYPE_CHECKING, Any

from crm.security.actors import system_actor
from tests.support.forms import token
from tests.support.people import add_user, find_user, sign_in

if TYPE_CHECKING:
    from flask import Flask
    from flask.testing import FlaskClient
    from werkzeug.test import TestResponse

    from crm.wiring import Klynge

SEED = system_actor("seed")
_TAGS = re.compile(r"<(script|style)\b.*?</\1>|<[^>]+>", re.DOTALL)


@dataclass
class Desk:
    """One browser of one user."""

    klynge: Klynge
    client: FlaskClient
    user_id: int

    def get(self, path: str, **more: Any) -> TestResponse:
        return self.client.get(path, **more)

    def post(self, path: str, **values: Any) -> TestResponse:
        data = {"csrf_token": token(self.client, "/login/link"), **values}
        return self.client.post(path, data=data)


def desk(app: Flask, klynge: Klynge, role: str = "staff", username: str | None = None) -> Desk:
    """Sign somebody in at a browser of their own."""
    client = app.test_client()
    user_id = find_user(klynge, username or role) or add_user(klynge, role, username)
    sign_in(klynge, client, user_id)
    return Desk(klynge, client, user_id)


def make(klynge: Klynge, type_key: str, **values: Any) -> int:
    """Write a record past the screen, through the store."""
    with klynge.works.writing(SEED) as uow:
        return uow.records.create(type_key, values)


def make_meeting(klynge: Klynge) -> tuple[int, int]:
    """Write a board and a draft meeting of it; gives both ids."""
    board = make(klynge, "board", title="Styregruppen", kind="steering", meeting_name="Styregruppemøde")
    meeting = make(klynge, "meeting", board=board, when={"start": "2026-12-24 10:00", "end": "2026-12-24 14:00"}, place="Odense")
    return board, meeting


def words(response: TestResponse) -> str:
    """Give what a page says, without its tags."""
    return " ".join(unescape(_TAGS.sub(" ", response.text)).split())


def value_in(response: TestResponse, name: str) -> str | None:
    """Give what stands in an input or text area of a page."""
    for tag in re.findall(r"<input\b[^>]*>", response.text):
        if f'name="{name}"' in tag:
            found = re.search(r'value="([^"]*)"', tag)
            return unescape(found[1]) if found else ""
    area = re.search(rf'<textarea[^>]*name="{re.escape(name)}"[^>]*>(.*?)</textarea>', response.text, re.DOTALL)
    if area:
        return unescape(area[1])
    select = re.search(rf'<select[^>]*name="{re.escape(name)}"[^>]*>(.*?)</select>', response.text, re.DOTALL)
    chosen = select and re.search(r'<option value="([^"]*)"[^>]* selected', select[1])
    return unescape(chosen[1]) if chosen else None


def session_cookie(klynge: Klynge, app: Any, user_id: int) -> Any:
    """Give the cookie of a session just started, for a real browser."""
    client = app.test_client()
    sign_in(klynge, client, user_id)
    name = app.config["SESSION_COOKIE_NAME"]
    kept = client.get_cookie(name, domain="localhost")
    assert kept is not None
    return {"name": name, "value": kept.value, "domain": "localhost", "path": "/"}
