"""The existing supervisor (supervisord) set up for Klynge: its configuration, a way to ask it, and news in plain words."""

from __future__ import annotations

import os
import shlex
import shutil
import signal
import subprocess
import sys
import tempfile
from collections.abc import Callable, Iterator, Mapping
from configparser import ConfigParser
from dataclasses import dataclass
from http.client import HTTPException
from io import StringIO
from pathlib import Path
from time import monotonic
from typing import Any, Final
from xmlrpc.client import Fault, ServerProxy

from supervisor.xmlrpc import SupervisorTransport

from crm.cli.prefect_env import child_environment, is_local
from crm.cli.run import tie_to_parent
from crm.kernel.i18n import N_, Label, Message
from crm.kernel.settings import ROOT, Settings

#: A path of a Unix socket may be this long on every system we run on.
_SOCKET_PATH: Final = 90
#: Seconds that a child gets to stop by itself.
_GRACE: Final = 8
#: This many stops without a quiet minute in between are told as one thing.
_CHORUS: Final = 3
_QUIET: Final = 60.0


@dataclass(frozen=True, slots=True)
class Child:
    """One process that `klynge up` keeps alive."""

    name: str
    label: Label
    #: Group `flows` is stopped first: Prefect's worker wants to tell its server goodbye.
    group: str
    arguments: tuple[str, ...]


def children(settings: Settings) -> list[Child]:
    """Give the processes: always our own; Prefect's only when it is to stand beside us."""
    ours = [
        Child("web", Label(da="Webserveren", en="The web server"), "base", ("web",)),
        Child("worker", Label(da="Baggrundsarbejdet", en="The background worker"), "flows", ("worker",)),
    ]
    if not is_local(settings):
        return ours
    return [
        *ours,
        Child("prefect-server", Label(da="Prefects server", en="Prefect's server"), "base", ("prefect-server",)),
        Child("prefect-worker", Label(da="Prefects arbejdsproces", en="Prefect's worker"), "flows", ("prefect-worker", "--alone")),
    ]


def configuration(settings: Settings, socket: Path) -> str:
    """Write supervisord's configuration."""
    logs, everyone = settings.home / "log", children(settings)
    sections: dict[str, dict[str, str]] = {
        "unix_http_server": {"file": str(socket), "chmod": "0600"},
        "supervisord": {
            "nodaemon": "true",
            "silent": "true",
            "logfile": str(logs / "supervisor.log"),
            "logfile_maxbytes": "5MB",
            "logfile_backups": "2",
            "pidfile": str(socket.parent / "supervisord.pid"),
            "umask": "077",
            "identifier": "klynge",
        },
        "rpcinterface:supervisor": {"supervisor.rpcinterface_factory": "supervisor.rpcinterface:make_main_rpcinterface"},
    }
    for child in everyone:
        sections[f"program:{child.name}"] = {
            "command": shlex.join([sys.executable, "-m", "crm.cli.main", "run", "--tied", *child.arguments]),
            "directory": str(ROOT),
            "autorestart": "true",
            "startsecs": "2",
            # It never gives up; the pause between two tries grows by a second each time.
            "startretries": "1000000",
            "stopsignal": "TERM",
            "stopwaitsecs": str(_GRACE),
            "killasgroup": "true",
            "redirect_stderr": "true",
            "stdout_logfile": str(logs / f"{child.name}.log"),
            "stdout_logfile_maxbytes": "10MB",
            "stdout_logfile_backups": "3",
        }
    for group, priority in (("base", 1), ("flows", 2)):
        names = [child.name for child in everyone if child.group == group]
        sections[f"group:{group}"] = {"programs": ",".join(names), "priority": str(priority)}
    parser, text = ConfigParser(interpolation=None), StringIO()
    parser.read_dict({name: {key: value.replace("%", "%%") for key, value in body.items()} for name, body in sections.items()})
    parser.write(text)
    return text.getvalue()


class Supervisor:
    """supervisord as our child: started, asked how the processes are, stopped."""

    def __init__(self, settings: Settings) -> None:
        self._settings = settings
        self._folder = settings.home / "run"
        for folder in (self._folder, settings.home / "log"):
            folder.mkdir(parents=True, exist_ok=True, mode=0o700)
        self._own_folder = len(str(self._folder / "supervisor.sock")) > _SOCKET_PATH
        if self._own_folder:
            self._folder = Path(tempfile.mkdtemp(prefix="klynge-"))
        self._socket = self._folder / "supervisor.sock"
        self._process: subprocess.Popen[bytes] | None = None

    def start(self) -> None:
        """Start supervisord, in a session of its own: Ctrl-C reaches us alone, and we stop it in order."""
        file = self._folder / "supervisord.conf"
        file.write_text(configuration(self._settings, self._socket), encoding="utf-8")
        file.chmod(0o600)
        with (self._settings.home / "log" / "supervisor.log").open("ab") as log:
            self._process = subprocess.Popen(  # noqa: S603 - our own file, no shell
                [sys.executable, "-m", "supervisor.supervisord", "-c", str(file)],
                env=child_environment(self._settings),
                cwd=ROOT,
                stdin=subprocess.DEVNULL,
                stdout=log,
                stderr=log,
                start_new_session=True,
                preexec_fn=_reset_and_tie,  # noqa: PLW1509 - this process has one thread
            )

    def alive(self) -> bool:
        """Tell whether supervisord itself still runs."""
        return self._process is not None and self._process.poll() is None

    def processes(self) -> dict[str, Mapping[str, Any]]:
        """Ask how the processes are, by name; empty while supervisord does not answer."""
        transport = SupervisorTransport(None, None, serverurl=f"unix://{self._socket}")
        try:
            found: Any = ServerProxy("http://127.0.0.1", transport=transport).supervisor.getAllProcessInfo()
        except (OSError, HTTPException, Fault):
            return {}
        finally:
            transport.close()
        return {item["name"]: item for item in found}

    def stop(self, *, seconds: float = 2 * _GRACE + 4) -> None:
        """Stop everything, politely first; what is left after that is killed."""
        if self._process is None:
            return
        left = [int(item["pid"]) for item in self.processes().values() if item["pid"]]
        if self.alive():
            self._process.terminate()
            try:
                self._process.wait(seconds)
            except subprocess.TimeoutExpired:
                self._process.kill()
                self._process.wait()
                for pid in left:
                    _kill_group(pid)
        if self._own_folder:
            shutil.rmtree(self._folder, ignore_errors=True)

    def kill(self) -> None:
        """End everything at once."""
        left = [int(item["pid"]) for item in self.processes().values() if item["pid"]]
        if self._process is not None and self.alive():
            self._process.kill()
            self._process.wait()
        for pid in left:
            _kill_group(pid)


def _reset_and_tie() -> None:
    signal.signal(signal.SIGINT, signal.SIG_DFL)
    tie_to_parent()


def _kill_group(pid: int) -> None:
    try:
        os.killpg(pid, signal.SIGKILL)
    except (ProcessLookupError, PermissionError):
        return


@dataclass
class _Seen:
    pid: int = 0
    trouble: bool = False
    #: Stops in a row without a quiet minute in between.
    stops: int = 0
    last_stop: float = 0.0


class News:
    """Compares what the supervisor says with what it said before, and words the difference."""

    def __init__(self, settings: Settings, now: Callable[[], float] = monotonic) -> None:
        self._labels = {child.name: child.label for child in children(settings)}
        self._seen = {name: _Seen() for name in self._labels}
        self._logs = settings.home / "log"
        self._now = now

    def read(self, processes: Mapping[str, Mapping[str, Any]]) -> Iterator[Message]:
        """Give a sentence for every process that stopped unasked, and one when it is back; no chorus for one that keeps dying."""
        for name, seen in self._seen.items():
            if name not in processes:
                continue
            pid, running = int(processes[name]["pid"]), processes[name]["statename"] == "RUNNING"
            if seen.pid and pid != seen.pid and not seen.trouble:
                yield from self._stopped(name, seen)
            if running and seen.trouble:
                seen.trouble = False
                if seen.stops < _CHORUS:
                    yield N_("%(process)s runs again.", process=self._labels[name])
            seen.pid = pid or seen.pid

    def _stopped(self, name: str, seen: _Seen) -> Iterator[Message]:
        quiet = self._now() - seen.last_stop > _QUIET
        seen.stops, seen.last_stop, seen.trouble = 1 if quiet else seen.stops + 1, self._now(), True
        if seen.stops < _CHORUS:
            yield N_("%(process)s stopped unexpectedly and is being restarted.", process=self._labels[name])
        elif seen.stops == _CHORUS:
            yield N_("%(process)s keeps stopping. See %(file)s.", process=self._labels[name], file=str(self._logs / f"{name}.log"))
