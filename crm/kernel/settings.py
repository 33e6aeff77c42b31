"""Settings: read once, from the environment and `$KLYNGE_HOME/klynge.toml`, and passed on in parts.

Every key is an environment variable with the prefix `KLYNGE_`; the environment wins over the file. The reference page
`docs/reference/settings.md` is made from the descriptions here.
"""

from __future__ import annotations

import os
import secrets
from pathlib import Path
from typing import Literal

from pydantic import Field, SecretStr, model_validator
from pydantic_settings import BaseSettings, PydanticBaseSettingsSource, SettingsConfigDict, TomlConfigSettingsSource

ROOT = Path(__file__).resolve().parents[2]


def home_folder() -> Path:
    """Give the folder of all run-time state, before the settings are read (the file lies in it)."""
    return Path(os.environ.get("KLYNGE_HOME", "var")).resolve()


def unknown_variables() -> list[str]:
    """Name the environment's variables that look like settings of ours and are none: most likely a slip of the pen."""
    prefix = "KLYNGE_"
    names = {f"{prefix}{name.upper()}" for name in Settings.model_fields}
    return sorted(name for name in os.environ if name.upper().startswith(prefix) and name.upper() not in names)


class Settings(BaseSettings):
    """All that an operator can set."""

    model_config = SettingsConfigDict(env_prefix="KLYNGE_", extra="forbid")

    home: Path = Field(default_factory=home_folder, description="Folder of all run-time state: database, files, secrets.")
    mode: Literal["demo", "production"] = Field(
        "demo", description="`demo` prints sign-in lines and runs on plain http; `production` refuses unsafe settings."
    )
    demo_size: Literal["full", "small"] = Field(
        "full", description="How much the demo holds; `small` has the same stories with a tenth of the companies and people."
    )
    database_url: str = Field("", description="SQLAlchemy URL; empty means SQLite in the home folder.")
    public_url: str = Field(
        "", description="The address people use; links in mails begin with it. Empty means http://localhost and `port`."
    )
    host: str = Field("127.0.0.1", description="Address that the web server listens on.")
    port: int = Field(8080, description="Port of the web server.", ge=1, le=65535)
    web_processes: int = Field(2, description="Web worker processes.", ge=1, le=64)
    web_threads: int = Field(4, description="Threads per web worker process.", ge=1, le=64)
    proxy_hops: int = Field(0, description="Trusted proxies in front; 0 ignores X-Forwarded-For.", ge=0, le=5)
    trusted_hosts: str = Field("", description="Further host names that the product answers to, separated by commas.")
    secret_key: SecretStr | None = Field(None, description="Signs cookies and links; made and kept in the home folder when empty.")
    zone: str = Field("Europe/Copenhagen", description="The office's time zone.")
    office_name: str = Field("Klyngesekretariatet (demo)", description="The office's name on documents and mails.")
    office_mail: str = Field("sekretariatet@example.dk", description="Sender of mails.")
    session_idle_minutes: int = Field(60, description="A session ends after this long without a request.", ge=5, le=1440)
    session_hours: int = Field(12, description="A session ends after this long in any case.", ge=1, le=168)
    api_requests_per_minute: int = Field(
        120, description="Requests a minute that one API token may make; 0 sets no limit.", ge=0, le=100_000
    )
    prefect_api_url: str = Field("", description="Prefect's API; empty means the server at `prefect_port` on this machine.")
    prefect_port: int = Field(4200, description="Port of the Prefect server that `klynge up` starts.", ge=1, le=65535)
    prefect_database_url: str = Field("", description="Prefect's own database; empty means SQLite in the home folder (demo).")
    prefect_auth: SecretStr | None = Field(None, description="Prefect's `user:password`; made and kept when empty.")
    approval_in_prefect: bool = Field(True, description="Whether a pack may be approved in Prefect with a one-time code.")
    mail_adapter: str = Field("integrations.mail.file:FileMailer", description="`module:Class` that delivers mails.")
    mail_daily_cap: int = Field(1000, description="Most mails sent within 24 hours; more wait.", ge=1)
    smtp_url: SecretStr | None = Field(None, description="`smtp://user:password@host:port` for the SMTP adapter; smtps:// for TLS.")
    pack_renderer: str = Field("integrations.documents.word:WordRenderer", description="`module:Class` that writes packs as Word.")
    event_papers: str = Field(
        "integrations.documents.event_papers:WordPapers",
        description="`module:Class` that writes lists of participants and name badges as Word.",
    )
    small_cell_limit: int = Field(
        5, description="Tables of answers do not tell a number of people smaller than this; 1 tells all.", ge=1, le=100
    )
    flow_engine: str = Field("integrations.prefect_client.client:PrefectClient", description="`module:Class` that starts flows.")
    file_max_mb: int = Field(50, description="Largest file that is taken, in MB.", ge=1, le=1024)
    file_types: str = Field(
        "pdf, image, office, text, mail, media, archive",
        description="File types that are taken: groups (pdf, image, office, text, mail, media, archive) or suffixes (png).",
    )
    trash_days: int = Field(30, description="Days that the trash keeps a record before it is gone for good.", ge=1, le=3650)
    certificate_expiring_months: int = Field(
        6, description="A certificate counts as expiring from this many months before its end.", ge=0, le=36
    )
    quiet_days: int = Field(
        90, description="Days without contact after which a cluster of the catalogue stands on the front page.", ge=1, le=3650
    )
    membership_view: Literal["catalogue", "memberships"] = Field(
        "catalogue",
        description="What the screens show: `catalogue` (a national function) or `memberships` (a cluster's secretariat). "
        "Both exist whichever is shown.",
    )
    log_level: Literal["DEBUG", "INFO", "WARNING", "ERROR"] = Field("INFO", description="Least level that is logged.")

    @model_validator(mode="after")
    def _complete(self) -> Settings:
        """Fill in the addresses that follow from the ports, and make paths whole: child processes stand in other folders."""
        self.home = self.home.resolve()
        if self.database_url.startswith("sqlite:///"):
            self.database_url = f"sqlite:///{Path(self.database_url.removeprefix('sqlite:///')).resolve()}"
        self.public_url = self.public_url or f"http://localhost:{self.port}"
        self.prefect_api_url = self.prefect_api_url or f"http://127.0.0.1:{self.prefect_port}/api"
        return self

    @classmethod
    def settings_customise_sources(
        cls,
        settings_cls: type[BaseSettings],
        init_settings: PydanticBaseSettingsSource,
        env_settings: PydanticBaseSettingsSource,
        dotenv_settings: PydanticBaseSettingsSource,
        file_secret_settings: PydanticBaseSettingsSource,
    ) -> tuple[PydanticBaseSettingsSource, ...]:
        """Environment first, then the file in the home folder."""
        file = TomlConfigSettingsSource(settings_cls, toml_file=home_folder() / "klynge.toml")
        return init_settings, env_settings, file

    @property
    def resolved_database_url(self) -> str:
        """The database to use; a bare postgresql:// gets the driver that we ship."""
        url = self.database_url or f"sqlite:///{self.home / 'klynge.db'}"
        return url.replace("postgresql://", "postgresql+psycopg://", 1).replace("postgres://", "postgresql+psycopg://", 1)

    def kept_secret(self, name: str, given: SecretStr | None) -> str:
        """Give a set secret, or the one kept in the home folder, made (0600) at the first call."""
        if given is not None and given.get_secret_value():
            return given.get_secret_value()
        folder = self.home / "secrets"
        folder.mkdir(parents=True, exist_ok=True, mode=0o700)
        path = folder / name
        try:
            with os.fdopen(os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "w") as file:
                file.write(secrets.token_urlsafe(48))
        except FileExistsError:
            pass
        return path.read_text()

    def signing_key(self) -> str:
        """The key that signs cookies and links."""
        return self.kept_secret("secret_key", self.secret_key)

    def prefect_auth_string(self) -> str:
        """Prefect's shared `user:password`."""
        kept = self.kept_secret("prefect_auth", self.prefect_auth)
        return kept if ":" in kept else f"klynge:{kept}"
