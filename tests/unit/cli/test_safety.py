"""What production refuses, each by its own test."""

from __future__ import annotations

import secrets
from pathlib import Path
from typing import Any

import pytest
from pydantic import SecretStr

from crm.kernel.errors import ConfigError
from crm.kernel.safety import DEMO_LINES, file_system, findings, is_network_disk, key_problem, refuse_unsafe
from crm.kernel.settings import Settings

LOCAL = "25 1 8:1 / / rw,relatime shared:1 - ext4 /dev/sda1 rw\n"
SHARE = LOCAL + "90 25 0:50 / {home} rw shared:9 - nfs4 files:/export rw\n"


@pytest.fixture
def home(tmp_path: Path) -> Path:
    folder = tmp_path / "home"
    folder.mkdir(mode=0o700)
    return folder


def safe(home: Path, **changed: Any) -> Settings:
    """Settings that production accepts, with some of them changed."""
    values: dict[str, Any] = {
        "home": home,
        "mode": "production",
        "public_url": "https://crm.example.dk",
        "secret_key": SecretStr(secrets.token_urlsafe(48)),
    }
    return Settings(**{**values, **changed})


def refusals(settings: Settings, mounts: str = LOCAL) -> list[str]:
    return [str(finding.message) for finding in findings(settings, mounts=mounts) if finding.refuses]


def test_a_safe_production_is_accepted(home: Path) -> None:
    assert refusals(safe(home)) == []
    refuse_unsafe(safe(home))


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("zone", "Europe/Nowhere"),
        ("zone", "/etc/passwd"),
        ("database_url", "mysql://u@h/d"),
        ("database_url", "nonsense"),
        ("public_url", "crm.example.dk"),
        ("office_mail", "sekretariatet"),
    ],
)
def test_what_cannot_work_is_refused_in_the_demo_too_and_in_whole_danish(home: Path, name: str, value: str) -> None:
    given: dict[str, Any] = {name: value}
    settings = Settings(home=home, **given)
    assert [name.upper() in text for text in refusals(settings)] == [True]
    with pytest.raises(ConfigError) as refused:
        refuse_unsafe(settings)
    assert "must be put right" not in refused.value.args[0]("da")


@pytest.mark.parametrize(
    "key",
    [
        "",
        "short",
        "a" * 64,
        "abcabcabc" * 8,
        "CHANGE_ME_TO_A_COMPLEX_RANDOM_SECRET",
        "\\2\\1thisismyscretkey\\1\\2\\e\\y\\y\\h" * 2,
    ],
)
def test_a_missing_short_or_known_key_is_refused(home: Path, key: str) -> None:
    found = refusals(safe(home, secret_key=SecretStr(key)))
    assert len(found) == 1
    assert "KLYNGE_SECRET_KEY" in found[0]


def test_the_key_kept_in_the_home_folder_counts(home: Path) -> None:
    demo = safe(home, mode="demo", secret_key=None)
    demo.signing_key()
    assert refusals(safe(home, secret_key=None)) == []


def test_judging_makes_no_key(home: Path) -> None:
    assert len(refusals(safe(home, secret_key=None))) == 1
    assert not (home / "secrets").exists()


@pytest.mark.parametrize("address", ["http://crm.example.dk", "crm.example.dk", "https://", "https://localhost:8080"])
def test_an_address_without_https_is_refused(home: Path, address: str) -> None:
    assert "KLYNGE_PUBLIC_URL" in refusals(safe(home, public_url=address))[0]


def test_sqlite_on_a_network_disk_is_refused(home: Path) -> None:
    assert "network disk (nfs4)" in refusals(safe(home), SHARE.format(home=home))[0]
    assert refusals(safe(home, database_url="postgresql://db/klynge"), SHARE.format(home=home)) == []


def test_the_demo_is_only_warned_of_a_network_disk(home: Path) -> None:
    found = findings(safe(home, mode="demo"), mounts=SHARE.format(home=home))
    assert [finding.refuses for finding in found] == [False]


def test_the_innermost_mount_decides() -> None:
    mounts = "1 0 0:1 / / rw - nfs4 a:/ rw\n2 1 8:1 / /srv rw - ext4 /dev/sda rw\n"
    assert file_system(Path("/srv/klynge/klynge.db"), mounts) == "ext4"
    assert file_system(Path("/srvx/klynge.db"), mounts) == "nfs4"


def test_disks_over_fuse_are_known() -> None:
    assert is_network_disk("fuse.sshfs")
    assert not is_network_disk("fuseblk")


def test_left_over_demo_lines_are_refused(home: Path) -> None:
    (home / DEMO_LINES).write_text("mette / …")
    assert "sign-in lines" in refusals(safe(home))[0]


def test_an_open_home_folder_is_refused(home: Path) -> None:
    home.chmod(0o755)
    assert "Everybody" in refusals(safe(home))[0]


def test_an_open_secret_is_refused(home: Path) -> None:
    (home / "secrets").mkdir(mode=0o700)
    (home / "secrets" / "prefect_auth").write_text("x")
    (home / "secrets" / "prefect_auth").chmod(0o640)
    assert "prefect_auth" in refusals(safe(home))[0]


def test_every_reason_is_told_at_once(home: Path) -> None:
    with pytest.raises(ConfigError) as caught:
        refuse_unsafe(safe(home, secret_key=None, public_url="http://x.dk"))
    assert "KLYNGE_SECRET_KEY" in str(caught.value)
    assert "KLYNGE_PUBLIC_URL" in str(caught.value)


def test_a_long_random_key_is_fine() -> None:
    assert key_problem(secrets.token_hex(32)) is None
