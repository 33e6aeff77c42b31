"""Headers on every page, hosts that are ours, errors that say a number and nothing else, health without details."""

from __future__ import annotations

import re

import pytest
from sqlalchemy.exc import OperationalError

from crm.web.app import create_app
from crm.web.context import safe_path
from crm.web.wsgi import gunicorn_options
from tests.support.forms import send, token
from tests.web.test_security_routes import address, rules

SIGNED_OUT = ("/login/", "/login/link", "/login/forgotten")
NEEDED = {
    "X-Content-Type-Options": "nosniff",
    "X-Frame-Options": "DENY",
    "Referrer-Policy": "same-origin",
    "Cross-Origin-Opener-Policy": "same-origin",
}


def policy(answer):
    parts = (part.strip().split(" ", 1) for part in answer.headers["Content-Security-Policy"].split(";"))
    return {name: rest[0] if rest else "" for name, *rest in parts}


def test_every_answer_has_the_headers(app, client, login):
    login(client, "administrator")
    for rule in rules(app):
        if "GET" not in rule.methods:
            continue
        answer = client.get(address(rule))
        answer.close()
        for name, value in NEEDED.items():
            assert answer.headers.get(name) == value, (rule.rule, name)
        found = policy(answer)
        if found.get("sandbox") is None:
            assert found["default-src"] == "'self'", rule.rule
            assert found["object-src"] == found["base-uri"] == found["frame-ancestors"] == "'none'"
            assert found["form-action"] == "'self'"
        assert "unsafe" not in answer.headers["Content-Security-Policy"]
        assert "Access-Control-Allow-Origin" not in answer.headers
        assert "Server" not in answer.headers
        assert "Permissions-Policy" in answer.headers


def test_pages_are_not_kept_by_browsers_and_files_are(client, login):
    login(client, "staff")
    page = client.get("/me")
    assert page.headers["Cache-Control"] == "no-store"
    assert "Cookie" in page.headers["Vary"]
    file = re.search(r'href="(/assets/[^"]+\.css)"', page.text)[1]
    with client.get(file) as sent:
        assert "immutable" in sent.headers["Cache-Control"]
        assert "Set-Cookie" not in sent.headers


def test_pages_hold_no_inline_script_style_or_handler(client, login):
    login(client, "administrator")
    for path in (*SIGNED_OUT, "/me", "/admin/users", "/admin/users/invite", "/admin/roles", "/nix"):
        text = client.get(path).text
        assert not re.search(r"<script(?![^>]*\bsrc=)", text), path
        assert not re.search(r"\sstyle=|<style|\son[a-z]+=|javascript:|hx-on", text), path
        assert not re.search(r'(src|href)="(https?:)?//', text), path


# --------------------------------------------------------------------------------------------------------------- hosts
@pytest.mark.parametrize("host", ["evil.com", "localhost.evil.com", "evil.com:8080", "localhost@evil.com", "", "x" * 300])
def test_foreign_hosts_are_refused(client, host):
    answer = client.get("/login/", headers={"Host": host})
    assert answer.status_code == 400
    assert "evil" not in answer.text
    assert "<form" not in answer.text


def test_own_hosts_are_answered(make_settings, sqlite_klynge):
    sqlite_klynge.settings.public_url = "https://crm.example.dk"
    sqlite_klynge.settings.trusted_hosts = "intern.example.dk, 10.0.0.5"
    client = create_app(sqlite_klynge).test_client()
    for host in ("crm.example.dk", "intern.example.dk", "10.0.0.5", "localhost", "127.0.0.1:8080"):
        assert client.get("/health", headers={"Host": host}).status_code == 200, host
    assert client.get("/health", headers={"Host": "example.dk"}).status_code == 400


def test_a_forged_host_with_next_leads_nowhere(client, add_user):
    add_user("staff", "anna")
    given = token(client)
    answer = client.post(
        "/login/",
        data={"csrf_token": given, "username": "anna", "password": "x", "next": "http://evil.com/x"},
        headers={"Host": "evil.com"},
    )
    assert answer.status_code == 400
    assert "Location" not in answer.headers


def test_forwarded_headers_count_only_behind_a_trusted_proxy(sqlite_klynge):
    from flask import request

    headers = {"X-Forwarded-For": "203.0.113.7, 198.51.100.1", "X-Forwarded-Host": "evil.com"}
    seen = {}
    for hops in (0, 1):
        sqlite_klynge.settings.proxy_hops = hops
        app = create_app(sqlite_klynge)
        app.before_request_funcs[None].insert(0, lambda hops=hops: seen.update({hops: request.remote_addr}))
        answer = app.test_client().get("/health", headers=headers)
        assert answer.status_code == (200 if hops == 0 else 400)
    assert seen == {0: "127.0.0.1", 1: "198.51.100.1"}


@pytest.mark.parametrize(
    ("wish", "way"),
    [
        ("/t/person", "/t/person"),
        ("/t/person?q=a&b=//x", "/t/person?q=a&b=//x"),
        ("//evil.com", "/"),
        ("https://evil.com", "/"),
        ("/\\evil", "/"),
        ("t/person", "/"),
        ("", "/"),
        (None, "/"),
        ("/a\x00", "/"),
        ("/ok/sti", "/ok/sti"),
    ],
)
def test_only_own_paths_are_followed(wish, way):
    assert safe_path(wish) == way


# -------------------------------------------------------------------------------------------------------------- errors
@pytest.fixture
def broken(sqlite_klynge):
    """An app with three views that fail in their own ways."""
    from flask import Blueprint

    from crm.web.guard import public

    app = create_app(sqlite_klynge)
    bp = Blueprint("broken", __name__)

    @bp.route("/api/break", methods=["GET"])
    @bp.route("/break", methods=["GET"])
    @public
    def fail():
        raise RuntimeError("hemmelig-detalje")

    @bp.route("/locked", methods=["GET"])
    @public
    def locked():
        raise OperationalError("select", {}, Exception("database is locked"))

    @bp.route("/away", methods=["GET"])
    @public
    def away():
        raise OperationalError("select", {}, Exception("connection failed: Connection refused"))

    app.register_blueprint(bp)
    return app.test_client()


REFERENCE = re.compile(r"\b[2-9B-DF-HJ-NP-TV-XZ]{4}-[2-9B-DF-HJ-NP-TV-XZ]{4}\b")


def test_an_unknown_error_shows_a_number_that_the_log_knows(broken, capsys):
    answer = broken.get("/break")
    assert answer.status_code == 500
    number = REFERENCE.search(answer.text)[0]
    assert "hemmelig-detalje" not in answer.text
    assert "Traceback" not in answer.text
    assert "Noget gik galt hos os." in answer.text
    assert number in capsys.readouterr().out


def test_errors_are_json_for_the_api_and_a_message_for_htmx(broken):
    told = broken.get("/api/break").json["error"]
    assert told["code"] == "unexpected"
    assert REFERENCE.fullmatch(told["reference"])
    fragment = broken.get("/break", headers={"HX-Request": "true"})
    assert fragment.headers["HX-Reswap"] == "none"
    assert "klynge:message" in fragment.headers["HX-Trigger"]
    assert fragment.headers["HX-Trigger"].isascii()
    assert "<html" not in fragment.text


def test_a_busy_database_says_so_and_when_to_come_back(broken):
    answer = broken.get("/locked")
    assert answer.status_code == 503
    assert answer.headers["Retry-After"] == "5"
    assert "Databasen er optaget." in answer.text


def test_a_database_that_cannot_be_reached_is_no_fault_of_the_page(broken):
    answer = broken.get("/away")
    assert answer.status_code == 503
    assert answer.headers["Retry-After"] == "10"
    assert "Databasen svarer ikke." in answer.text


def test_the_error_page_appears_when_the_database_is_away(client, login, sqlite_klynge):
    login(client, "staff")
    sqlite_klynge.database.engine.dispose()
    sqlite_klynge.__dict__["database"] = type(sqlite_klynge.database)("sqlite:////nowhere/at/all.db")
    answer = client.get("/me")
    assert answer.status_code == 500
    assert REFERENCE.search(answer.text)
    assert client.get("/health").status_code == 200
    assert client.get("/ready").status_code == 503


@pytest.mark.parametrize(
    ("path", "status"), [("/nix", 404), ("/logout/", 405), ("/admin/users/99999999999999999999", 404), ("/login/link/%ff", 404)]
)
def test_error_pages_are_danish_pages(client, login, path, status):
    login(client, "administrator")
    answer = client.get(path)
    assert answer.status_code == status
    assert 'lang="da"' in answer.text


def test_too_large_a_body_is_refused(client, login):
    login(client, "staff")
    for size in (3, 33):
        body = b"name=" + b"x" * (size * 1024 * 1024)
        headers = {"X-CSRF-Token": token(client), "Content-Type": "application/x-www-form-urlencoded"}
        answer = client.post("/me/name", data=body, headers=headers)
        assert answer.status_code == 413
        assert "Det er større, end Klynge tager imod" in answer.text


# -------------------------------------------------------------------------------------------------------------- health
def test_health_tells_strangers_one_word(client):
    assert client.get("/health").json == {"status": "ok"}
    assert set(client.get("/ready").json) == {"status"}


def test_ready_tells_administrators_more(client, login):
    login(client, "staff")
    assert set(client.get("/ready").json) == {"status"}
    login(client, "administrator")
    assert set(client.get("/ready").json) == {"status", "database", "worker", "prefect", "outbox", "log_readers"}


def test_the_server_is_told_to_trust_nobody_and_to_keep_quiet(make_settings):
    options = gunicorn_options(make_settings(port=8123, web_processes=3))
    assert options["bind"] == "127.0.0.1:8123"
    assert options["worker_class"] == "gthread"
    assert options["workers"] == 3
    assert options["forwarded_allow_ips"] == ""
    assert options["accesslog"] is None


def test_the_key_signs_and_is_not_shown(app, client, login, sqlite_klynge):
    login(client, "administrator")
    secret = sqlite_klynge.settings.signing_key()
    for path in ("/me", "/ready", "/nix", "/api/v1/openapi.json"):
        assert secret not in client.get(path).text
    assert app.config["SECRET_KEY"] == secret


def test_sign_out_page_is_gone_from_history(client, login):
    login(client, "staff")
    send(client, "/logout/")
    assert client.get("/me").headers["Cache-Control"] == "no-store"
