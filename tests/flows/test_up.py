"""`klynge up` as a person meets it: ready when it is ready, a dead child comes back and is told, and nothing is left behind."""

from __future__ import annotations

import os
import signal
import socket
import subprocess
import sys
import threading
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from pathlib import Path

import pytest

from crm.cli.supervision import News, children, configuration
from crm.kernel.settings import ROOT
from tests.support.ports import answers, free_port, wait_until


@dataclass
class Up:
    """A running `klynge up`, and what it has said."""

    process: subprocess.Popen[str]
    port: int
    home: Path
    lines: list[str] = field(default_factory=list)

    def listen(self) -> None:
        assert self.process.stdout is not None
        for line in self.process.stdout:
            self.lines.append(line.rstrip())

    def said(self, words: str) -> bool:
        return any(words in line for line in self.lines)

    def wait_for(self, words: str, seconds: float) -> None:
        try:
            wait_until(lambda: self.said(words), seconds=seconds, what=words)
        except TimeoutError as error:
            logs = [f"== {path.name}\n{path.read_text(errors='replace')[-2000:]}" for path in self.home.glob("log/*.log")]
            raise AssertionError("\n".join([str(error), *self.lines, *logs])) from None


def parents() -> dict[int, int]:
    """Every process of this machine and its parent."""
    found = {}
    for folder in Path("/proc").iterdir():
        if folder.name.isdigit():
            try:
                found[int(folder.name)] = int((folder / "stat").read_text().rpartition(")")[2].split()[1])
            except OSError:
                continue
    return found


def family(pid: int) -> set[int]:
    """All living descendants of a process."""
    known, found, wave = parents(), set(), {pid}
    while wave:
        wave = {child for child, parent in known.items() if parent in wave} - found
        found |= wave
    return found


def alive(pids: set[int]) -> set[int]:
    states = {}
    for pid in pids:
        try:
            states[pid] = Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()[0]
        except OSError:
            continue
    return {pid for pid, state in states.items() if state != "Z"}


def pid_of(up: Up, words: str) -> int:
    """The child of the supervisor whose command line has these words."""
    for pid in sorted(family(up.process.pid)):  # the parent before the children it forked
        try:
            if words in Path(f"/proc/{pid}/cmdline").read_bytes().replace(b"\0", b" ").decode():
                return pid
        except OSError:
            continue
    return 0


@pytest.fixture
def start_up(tmp_path) -> Iterator[Callable[..., Up]]:
    started: list[Up] = []

    def start(**more: str) -> Up:
        port, home = free_port(), tmp_path / "home"
        ours = {
            "KLYNGE_HOME": str(home),
            "KLYNGE_DEMO_SIZE": "small",
            "KLYNGE_PORT": str(port),
            "KLYNGE_PUBLIC_URL": f"http://localhost:{port}",
            "KLYNGE_PREFECT_PORT": str(free_port()),
            "KLYNGE_WEB_PROCESSES": "1",
            "LC_ALL": "C.UTF-8",
            **more,
        }
        process = subprocess.Popen(
            [sys.executable, "-m", "crm.cli.main", "up"],
            env={**os.environ, **ours, "PYTHONPATH": str(ROOT), "PYTHONWARNINGS": "ignore", "PYTHONUNBUFFERED": "1"},
            cwd=ROOT,
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
        )
        up = Up(process, port, home)
        threading.Thread(target=up.listen, daemon=True).start()
        started.append(up)
        return up

    yield start
    for up in started:
        left = family(up.process.pid)
        if up.process.poll() is None:
            up.process.send_signal(signal.SIGINT)
            try:
                up.process.wait(30)
            except subprocess.TimeoutExpired:
                up.process.kill()
                up.process.wait()
        for pid in alive(left):
            os.kill(pid, signal.SIGKILL)
        if up.process.stdout is not None:
            up.process.stdout.close()


@pytest.mark.server
def test_one_command_serves_all_restarts_what_dies_and_leaves_nothing_behind(start_up):
    up = start_up()
    up.wait_for("Klynge er klar", 150)
    assert answers(up.port, "/health")
    up.wait_for("Ctrl-C", 5)
    assert up.said("adgangskode med `klynge flow open`")
    assert up.said("mette")
    assert (up.home / "demo-sign-in.txt").stat().st_mode & 0o077 == 0

    os.kill(pid_of(up, "run --tied worker"), signal.SIGKILL)
    up.wait_for("Baggrundsarbejdet stoppede uventet", 15)
    up.wait_for("Baggrundsarbejdet er i gang igen", 30)
    os.kill(pid_of(up, "crm.web.wsgi"), signal.SIGKILL)
    up.wait_for("Webserveren stoppede uventet", 15)
    up.wait_for("Webserveren er i gang igen", 30)
    wait_until(lambda: answers(up.port, "/health"), seconds=30, what="the web server after its restart")

    everyone = family(up.process.pid)
    assert len(everyone) >= 5
    up.process.send_signal(signal.SIGINT)
    assert up.process.wait(30) == 0
    assert up.said("Alt er stoppet")
    wait_until(lambda: not alive(everyone), seconds=5, what="the end of every child")


@pytest.mark.server
def test_even_a_killed_parent_leaves_nothing_behind(start_up):
    up = start_up()
    wait_until(lambda: pid_of(up, "workflows.serve") > 0 and answers(up.port, "/health"), seconds=120, what="the children")
    everyone = family(up.process.pid)
    up.process.kill()
    up.process.wait()
    wait_until(lambda: not alive(everyone), seconds=40, what="the end of every child")


def test_a_taken_port_is_named_with_its_setting_before_anything_starts(start_up):
    with socket.socket() as other:
        other.bind(("127.0.0.1", 0))
        other.listen()
        taken = other.getsockname()[1]
        up = start_up(KLYNGE_PORT=str(taken))
        assert up.process.wait(60) == 1
    wait_until(lambda: up.said(str(taken)), seconds=5, what="the sentence")
    assert up.said(f"KLYNGE_PORT={taken + 1}")
    assert not (up.home / "klynge.db").exists()


# ---------------------------------------------------------------------------------------------------- without processes
def info(**pids: int) -> dict[str, dict[str, object]]:
    return {
        name.replace("_", "-"): {"name": name, "pid": pid, "statename": "RUNNING" if pid else "BACKOFF"}
        for name, pid in pids.items()
    }


def test_a_stop_and_a_return_are_told_once_each(make_settings):
    news = News(make_settings(), now=lambda: 1000.0)

    def told(**pids: int) -> list[str]:
        return [str(sentence) for sentence in news.read(info(**pids))]

    assert told(web=10, worker=11) == []
    assert told(web=0, worker=11) == ["The web server stopped unexpectedly and is being restarted."]
    assert told(web=0, worker=11) == []
    assert told(web=12, worker=11) == ["The web server runs again."]
    assert told(web=12, worker=11) == []


def test_one_that_keeps_dying_is_told_as_such_and_not_in_a_chorus(make_settings):
    moment = [1000.0]
    news = News(make_settings(), now=lambda: moment[0])
    heard = []
    for number in range(10):
        for pid in (10 + number, 0):
            heard += [str(sentence) for sentence in news.read(info(web=pid))]
        moment[0] += 5
    assert len([line for line in heard if "keeps stopping" in line]) == 1
    assert len(heard) <= 6
    moment[0] += 100
    list(news.read(info(web=99)))
    assert [str(line) for line in news.read(info(web=0))] == ["The web server stopped unexpectedly and is being restarted."]


def test_a_percent_sign_in_the_folder_does_not_break_the_configuration(make_settings, tmp_path):
    settings = make_settings(home=tmp_path / "100 % klynge")
    text = configuration(settings, tmp_path / "s.sock")
    assert "100 %% klynge" in text
    assert all(f"[program:{child.name}]" in text for child in children(settings))


def test_prefect_elsewhere_is_not_started_here(make_settings):
    assert [child.name for child in children(make_settings(prefect_api_url="https://prefect.example.dk/api"))] == ["web", "worker"]
