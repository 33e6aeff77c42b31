"""What makes an installation unsafe, judged from settings and files alone. Production refuses to start with any refusal."""

from __future__ import annotations

import stat
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Final
from urllib.parse import urlsplit
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from crm.kernel.errors import ConfigError
from crm.kernel.i18n import N_, Label, Message
from crm.kernel.settings import Settings

LEAST_KEY_LENGTH: Final = 32
_LEAST_DIFFERENT_SIGNS: Final = 10
#: Parts of keys that stand in documentation and examples (ours, Flask's, Flask-AppBuilder's, Superset's, Airflow's).
_KNOWN_PARTS: Final = (
    "changeme",
    "changethis",
    "replaceme",
    "thisismy",
    "yoursecret",
    "supersecret",
    "secretkey",
    "mysecret",
    "completerandomsecret",
    "complexrandomsecret",
    "temporarykey",
    "testsecret",
    "5y2lf4q8z",
    "192b9bdd22ab9ed4d12e236c78afcb9a393ec15f71bbf5dc987d54727823bcbf",
)
#: File systems whose locks SQLite cannot trust.
NETWORK_DISKS: Final = frozenset(
    {"nfs", "nfs4", "cifs", "smb3", "smbfs", "ncpfs", "afs", "9p", "ceph", "glusterfs", "lustre", "gpfs", "beegfs", "ocfs2", "gfs2"}
)
_NETWORK_FUSE: Final = (
    "fuse.sshfs",
    "fuse.glusterfs",
    "fuse.ceph",
    "fuse.s3fs",
    "fuse.rclone",
    "fuse.davfs",
    "fuse.gcsfuse",
    "fuse.juicefs",
)
#: Where the demo's sign-in lines are kept (0600), under the home folder.
DEMO_LINES: Final = "demo-sign-in.txt"
#: How the address of a database may begin.
DATABASES: Final = ("sqlite:///", "postgresql+psycopg://")
_LOOPBACK: Final = frozenset({"localhost", "127.0.0.1", "::1"})


@dataclass(frozen=True, slots=True)
class Finding:
    """Something to put right. `refuses` stops production from starting; anything else is a warning."""

    message: Message
    refuses: bool


def findings(settings: Settings, *, mounts: str | None = None) -> list[Finding]:
    """Judge an installation.

    Args:
        settings: what the operator set.
        mounts: text of /proc/self/mountinfo, for tests; read from there by default.
    """
    production = settings.mode == "production"
    found = [Finding(message, True) for message in _impossible(settings)]
    if production:
        found += [Finding(message, True) for message in _production(settings)]
    disk = None if not settings.resolved_database_url.startswith("sqlite") else file_system(sqlite_path(settings), mounts)
    if disk is not None and is_network_disk(disk):
        found.append(Finding(N_("SQLite lies on a network disk (%(disk)s), where its locks do not hold.", disk=disk), production))
    found += [Finding(message, production) for message in _readable(settings.home)]
    return found


def refuse_unsafe(settings: Settings) -> None:
    """Stop an unsafe production before a port opens.

    Raises:
        ConfigError: with every reason, one after the other.
    """
    reasons = [finding.message for finding in findings(settings) if finding.refuses]
    if reasons:
        told = Label(da=" ".join(reason("da") for reason in reasons), en=" ".join(reason("en") for reason in reasons))
        raise ConfigError(N_("These settings must be put right: %(reasons)s", reasons=told))


def _impossible(settings: Settings) -> Iterator[Message]:
    """What cannot work in any mode, and would otherwise show itself at some page or mail much later."""
    try:
        ZoneInfo(settings.zone)
    except (ZoneInfoNotFoundError, ValueError, OSError):
        yield N_("KLYNGE_ZONE: there is no time zone called %(zone)s.", zone=settings.zone)
    if not settings.resolved_database_url.startswith(DATABASES):
        yield N_("KLYNGE_DATABASE_URL must begin with sqlite:/// or postgresql://.")
    address = urlsplit(settings.public_url)
    if address.scheme not in {"http", "https"} or not address.hostname:
        yield N_("KLYNGE_PUBLIC_URL must be a whole address, as https://crm.example.dk.")
    if not all(settings.office_mail.partition("@")):
        yield N_("KLYNGE_OFFICE_MAIL is no e-mail address.")


def _production(settings: Settings) -> Iterator[Message]:
    problem = key_problem(_known_key(settings))
    if problem is not None:
        yield problem
    address = urlsplit(settings.public_url)
    if address.scheme != "https":
        yield N_("KLYNGE_PUBLIC_URL must begin with https:// in production.")
    elif address.hostname in _LOOPBACK:
        yield N_("KLYNGE_PUBLIC_URL must be the address that people use, not this machine's own.")
    if (settings.home / DEMO_LINES).exists():
        yield N_(
            "The demo's sign-in lines are still in %(path)s; this database holds demo users.", path=str(settings.home / DEMO_LINES)
        )


def _known_key(settings: Settings) -> str | None:
    """Give the signing key without making one."""
    if settings.secret_key is not None and settings.secret_key.get_secret_value():
        return settings.secret_key.get_secret_value()
    kept = settings.home / "secrets" / "secret_key"
    return kept.read_text() if kept.is_file() else None


def key_problem(key: str | None) -> Message | None:
    """Say what is wrong with a signing key, or None."""
    if not key:
        return N_("KLYNGE_SECRET_KEY is missing: set it to at least %(least)s random characters.", least=LEAST_KEY_LENGTH)
    plain = "".join(char for char in key.casefold() if char.isalnum())
    if any(part in plain for part in _KNOWN_PARTS):
        return N_("KLYNGE_SECRET_KEY is a known example: set it to at least %(least)s random characters.", least=LEAST_KEY_LENGTH)
    if len(key) < LEAST_KEY_LENGTH or len(set(key)) < _LEAST_DIFFERENT_SIGNS:
        return N_(
            "KLYNGE_SECRET_KEY is too short or too plain: set it to at least %(least)s random characters.", least=LEAST_KEY_LENGTH
        )
    return None


def _readable(home: Path) -> Iterator[Message]:
    if home.is_dir() and home.stat().st_mode & stat.S_IRWXO:
        yield N_("Everybody on this machine can read %(path)s: run chmod o-rwx on it.", path=str(home))
    secrets = home / "secrets"
    for path in sorted(secrets.iterdir()) if secrets.is_dir() else ():
        if path.stat().st_mode & (stat.S_IRWXG | stat.S_IRWXO):
            yield N_("Others than the owner can read %(path)s: run chmod 600 on it.", path=str(path))


def sqlite_path(settings: Settings) -> Path:
    """Give the file that a SQLite URL names."""
    return Path(settings.resolved_database_url.partition("///")[2].partition("?")[0] or settings.home)


def file_system(path: Path, mounts: str | None = None) -> str | None:
    """Give the type of the file system that a path lies on, or None where the system does not tell."""
    table = Path("/proc/self/mountinfo")
    if mounts is None:
        mounts = table.read_text() if table.exists() else ""
    target = path.resolve()
    best: tuple[int, str] | None = None
    for line in mounts.splitlines():
        left, _dash, right = line.partition(" - ")
        point = Path(left.split()[4].replace("\\040", " "))
        if target.is_relative_to(point) and (best is None or len(point.parts) >= best[0]):
            best = (len(point.parts), right.split()[0])
    return None if best is None else best[1]


def is_network_disk(kind: str) -> bool:
    """Whether a file system lies on another machine."""
    return kind in NETWORK_DISKS or kind.startswith(_NETWORK_FUSE)
