"""The way in and out, once on each database: form, session, profile, users, token, link, sign-out."""

from __future__ import annotations

import re

import pytest
from sqlalchemy import select

from crm.ops.models import MailOutbox
from crm.web.app import create_app
from tests.support.forms import send
from tests.support.people import PASSWORD, add_user


@pytest.fixture
def client(klynge):
    return create_app(klynge).test_client()


def test_in_around_and_out(klynge, client):
    add_user(klynge, "administrator", "chef")
    anna = add_user(klynge, "staff", "anna")
    assert send(client, "/login/", username="chef", password="forkert hest batteri").status_code == 401
    assert send(client, "/login/", username="chef@example.dk", password=PASSWORD).status_code == 302
    for page in ("/me", "/admin/users", f"/admin/users/{anna}", "/admin/roles", "/ready"):
        with client.get(page) as answer:
            assert answer.status_code == 200, page
    send(client, "/me/name", name="Chef Ørsted")
    assert "Chef Ørsted" in client.get("/me").text
    assert send(client, f"/admin/users/{anna}", roles=["reader", "board_member"], admin_password=PASSWORD).status_code == 302
    assert "Roller ændret fra Medarbejder til" in client.get(f"/admin/users/{anna}").text
    made = send(client, "/me/tokens", token_name="Regneark", scope="read", days="3").text
    bearer = re.search(r'id="token-value">([^<]+)<', made)[1]
    program = client.application.test_client()
    assert program.get("/api/v1/records/organisation", headers={"Authorization": f"Bearer {bearer}"}).status_code == 200
    assert send(client, "/logout/").status_code == 302
    assert client.get("/me").status_code == 302


def test_a_link_by_mail(klynge, client):
    add_user(klynge, "board_member", "aase")
    send(client, "/login/link", email="aase@example.dk")
    with klynge.database.reading() as session:
        text = session.scalars(select(MailOutbox.text)).one()
    path = re.search(r"/login/link/\S+", text)[0]
    assert send(client, path).status_code == 302
    assert client.get("/me").status_code == 200
    assert client.application.test_client().get(path).status_code == 404
