"""What Prefect's processes are told: loopback, a password, no telemetry, their own database, nothing of the developer's."""

import pytest

from crm.cli.prefect_env import child_environment, is_local, prefect_database, prefect_settings, runs_at_once


def test_prefect_is_on_loopback_with_a_password_and_silent(make_settings):
    told = prefect_settings(make_settings(prefect_port=4711))
    assert told["PREFECT_SERVER_API_HOST"] == "127.0.0.1"
    assert told["PREFECT_SERVER_API_PORT"] == "4711"
    assert len(told["PREFECT_SERVER_API_AUTH_STRING"]) > 40
    assert told["PREFECT_SERVER_ANALYTICS_ENABLED"] == "false"
    assert told["DO_NOT_TRACK"] == "1"
    assert "*" not in told["PREFECT_SERVER_API_CORS_ALLOWED_ORIGINS"]


def test_everything_of_prefects_lies_in_the_home_folder(make_settings):
    settings = make_settings()
    told = prefect_settings(settings)
    for name in ("PREFECT_HOME", "PREFECT_UI_STATIC_DIRECTORY"):
        assert told[name].startswith(str(settings.home))
    assert str(settings.home) in told["PREFECT_SERVER_DATABASE_CONNECTION_URL"]


@pytest.mark.parametrize(
    "url", ["postgresql://u@h/p", "postgres://u@h/p", "postgresql+psycopg://u@h/p", "postgresql+asyncpg://u@h/p"]
)
def test_its_postgresql_is_spoken_to_by_the_driver_it_needs(make_settings, url):
    settings = make_settings(prefect_database_url=url)
    assert prefect_database(settings) == "postgresql+asyncpg://u@h/p"
    assert runs_at_once(settings) > runs_at_once(make_settings()) == 1


def test_a_developers_own_prefect_settings_stay_outside(make_settings, monkeypatch):
    monkeypatch.setenv("PREFECT_PROFILE", "somewhere-else")
    told = child_environment(make_settings())
    assert "PREFECT_PROFILE" not in told
    assert told["KLYNGE_HOME"].startswith("/")


@pytest.mark.parametrize(
    ("url", "here"), [("", True), ("http://localhost:4300/api", True), ("https://prefect.example.dk/api", False)]
)
def test_a_prefect_elsewhere_is_known_as_such(make_settings, url, here):
    assert is_local(make_settings(prefect_api_url=url)) is here
