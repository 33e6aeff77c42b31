"""Settings: where they come from, and what is derived from them."""

import stat

import pytest
from pydantic import SecretStr, ValidationError

from crm.kernel.settings import Settings


@pytest.fixture
def home(tmp_path, monkeypatch):
    """An empty home folder, and no setting in the environment but it."""
    monkeypatch.setenv("KLYNGE_HOME", str(tmp_path))
    return tmp_path


def test_without_any_setting_the_demo_runs_on_sqlite_in_the_home_folder(home):
    settings = Settings()
    assert settings.mode == "demo"
    assert settings.resolved_database_url == f"sqlite:///{home / 'klynge.db'}"
    assert settings.zone == "Europe/Copenhagen"


def test_the_environment_wins_over_the_file(home, monkeypatch):
    (home / "klynge.toml").write_text('port = 9001\noffice_name = "Fra filen"\n')
    monkeypatch.setenv("KLYNGE_PORT", "9002")
    settings = Settings()
    assert (settings.port, settings.office_name) == (9002, "Fra filen")


@pytest.mark.parametrize("given", ["postgresql://u@h/d", "postgres://u@h/d"])
def test_a_bare_postgresql_address_gets_our_driver(home, given):
    assert Settings(database_url=given).resolved_database_url == "postgresql+psycopg://u@h/d"


def test_an_unknown_key_in_the_file_is_refused(home):
    (home / "klynge.toml").write_text("prot = 9001\n")
    with pytest.raises(ValidationError, match="prot"):
        Settings()


def test_a_secret_is_made_once_and_only_the_owner_can_read_it(home):
    settings = Settings()
    key = settings.signing_key()
    assert len(key) > 40
    assert Settings().signing_key() == key
    assert stat.S_IMODE((home / "secrets" / "secret_key").stat().st_mode) == 0o600


def test_a_given_secret_is_used_and_never_shown(home):
    settings = Settings(secret_key=SecretStr("s3cret"))
    assert settings.signing_key() == "s3cret"
    assert "s3cret" not in repr(settings)


def test_prefects_secret_is_a_pair_of_user_and_password(home):
    assert Settings().prefect_auth_string().startswith("klynge:")
    assert Settings(prefect_auth=SecretStr("me:pw")).prefect_auth_string() == "me:pw"


def test_every_setting_says_what_it_is_for():
    assert [name for name, field in Settings.model_fields.items() if not field.description] == []
