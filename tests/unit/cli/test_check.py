"""`klynge check` as an operator runs it."""

from __future__ import annotations

import os
import time
from datetime import UTC, datetime
from http.server import BaseHTTPRequestHandler, HTTPServer
from pathlib import Path
from threading import Thread

import pytest
from click.testing import CliRunner

from crm.cli.check import backups, open_prefect
from crm.cli.main import klynge
from crm.kernel.clock import FixedClock
from crm.kernel.settings import Settings

NOW = datetime(2026, 12, 1, 8, tzinfo=UTC)


@pytest.fixture
def home(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    folder = tmp_path / "home"
    folder.mkdir(mode=0o700)
    monkeypatch.setenv("KLYNGE_HOME", str(folder))
    monkeypatch.setattr("crm.cli.base.terminal_locale", lambda: "en")
    monkeypatch.setattr("crm.cli.main.terminal_locale", lambda: "en")
    return folder


def test_a_home_without_database_is_named(home: Path) -> None:
    result = CliRunner().invoke(klynge, ["check"])
    assert result.exit_code == 1
    assert "Must be put right: There is no database yet. Run: klynge db upgrade" in result.output
    assert "Warning: There is no backup" in result.output
    assert not (home / "klynge.db").exists()


def test_production_names_everything_at_once(home: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("KLYNGE_MODE", "production")
    result = CliRunner().invoke(klynge, ["check"])
    assert result.exit_code == 1
    assert "KLYNGE_SECRET_KEY is missing" in result.output
    assert "KLYNGE_PUBLIC_URL must begin with https://" in result.output


def test_a_wrong_setting_is_one_line_without_its_value(home: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("KLYNGE_PORT", "hunter2")
    result = CliRunner().invoke(klynge, ["check"])
    assert result.exit_code == 1
    assert "KLYNGE_PORT" in result.stderr
    assert "hunter2" not in result.stderr.partition("[")[0]
    assert result.stderr.count("\n") == 1


def test_an_unknown_key_in_the_file_is_named(home: Path) -> None:
    (home / "klynge.toml").write_text('colour = "red"\n')
    result = CliRunner().invoke(klynge, ["check"])
    assert result.exit_code == 1
    assert "KLYNGE_COLOUR" in result.stderr


@pytest.mark.parametrize(
    ("name", "value", "said"),
    [
        ("KLYNGE_MAIL_ADAPTER", "integrations.mail.pigeon:Pigeon", "KLYNGE_MAIL_ADAPTER: adapter"),
        ("KLYNGE_MAIL_ADAPTER", "integrations.mail.smtp:SmtpMailer", "KLYNGE_MAIL_ADAPTER: "),
        ("KLYNGE_PACK_RENDERER", "nonsense", "KLYNGE_PACK_RENDERER: adapter"),
        ("KLYNGE_DATABASE_URL", "mysql://u@h/d", "KLYNGE_DATABASE_URL must begin with"),
        ("KLYNGE_ZONE", "Europe/Nowhere", "there is no time zone called Europe/Nowhere"),
    ],
)
def test_a_setting_that_cannot_work_is_named(home: Path, monkeypatch: pytest.MonkeyPatch, name: str, value: str, said: str) -> None:
    monkeypatch.setenv(name, value)
    result = CliRunner().invoke(klynge, ["check"])
    assert result.exit_code == 1
    assert said in result.output
    assert not (home / "secrets").exists()


def test_an_unknown_variable_is_named_but_no_obstacle(home: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("KLYNGE_PROT", "9000")
    result = CliRunner().invoke(klynge, ["check"])
    assert "Warning: There is no setting called KLYNGE_PROT; it changes nothing." in result.output
    assert "KLYNGE_HOME;" not in result.output


def test_an_unreachable_database_is_said_in_words(home: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("KLYNGE_DATABASE_URL", "postgresql://nobody@127.0.0.1:1/none")
    result = CliRunner().invoke(klynge, ["check"])
    assert result.exit_code == 1
    assert "The database cannot be reached" in result.output


@pytest.mark.parametrize(("age_hours", "warned"), [(1, False), (30, True)])
def test_an_old_backup_is_warned_of(home: Path, age_hours: int, warned: bool) -> None:
    (home / "backups").mkdir()
    file = home / "backups" / "klynge.tar"
    file.write_text("x")
    moment = NOW.timestamp() - age_hours * 3600
    os.utime(file, (moment, moment))
    assert bool(list(backups(Settings(home=home), FixedClock(NOW)))) is warned


class _Answer(BaseHTTPRequestHandler):
    status = 200

    def do_GET(self) -> None:
        self.send_response(self.status)
        self.end_headers()

    def log_message(self, *args: object) -> None:
        """Be quiet."""


@pytest.mark.parametrize(("status", "said"), [(200, "answers anybody"), (401, None)])
def test_an_open_prefect_is_warned_of(home: Path, status: int, said: str | None) -> None:
    server = HTTPServer(("127.0.0.1", 0), type("Handler", (_Answer,), {"status": status}))
    thread = Thread(target=server.serve_forever, kwargs={"poll_interval": 0.01})
    thread.start()
    try:
        found = list(open_prefect(Settings(home=home, prefect_api_url=f"http://127.0.0.1:{server.server_port}/api")))
    finally:
        server.shutdown()
        server.server_close()
        thread.join()
    assert [said is not None and said in str(finding.message) for finding in found] == ([True] if said else [])


def test_a_stopped_prefect_is_only_a_warning(home: Path) -> None:
    begun = time.monotonic()
    found = list(open_prefect(Settings(home=home, prefect_api_url="http://127.0.0.1:1/api")))
    assert [finding.refuses for finding in found] == [False]
    assert time.monotonic() - begun < 3
