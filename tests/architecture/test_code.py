"""How the code lies: imports one way, small files, nothing put off, nobody's address in it."""

from __future__ import annotations

import re
import subprocess
import sys
import tomllib

from crm.kernel.settings import ROOT
from tests.support.tree import our_files, text_of

MOST_LINES = 350
#: A migration is a list of tables; a catalogue a list of sentences; a lock a list of versions.
LISTS = ("crm/migrations/versions/",)
HERE = "tests/architecture/"


def test_imports_run_one_way():
    command = [sys.executable, "-c", "from importlinter.cli import lint_imports_command as main; main()", "--no-logo"]
    done = subprocess.run(command, cwd=ROOT, check=False, capture_output=True, text=True, timeout=120)
    assert done.returncode == 0, done.stdout + done.stderr


def test_every_part_of_crm_has_its_layer():
    """import-linter looks only at what is listed; a part of `web` may be on either floor, so each is listed."""
    contracts = tomllib.loads((ROOT / "pyproject.toml").read_text())["tool"]["importlinter"]["contracts"]
    layers = next(item["layers"] for item in contracts if item.get("containers") == ["crm"])
    listed = {name for layer in layers for name in re.findall(r"[\w.]+", layer)}
    parts = {path.parts[1].removesuffix(".py") for path in our_files(".py") if path.parts[0] == "crm" and len(path.parts) > 1}
    web = {
        f"web.{path.parts[2].removesuffix('.py')}"
        for path in our_files(".py")
        if path.parts[:2] == ("crm", "web") and len(path.parts) > 2
    }
    assert sorted((parts - {"web", "__init__"} | web - {"web.__init__"}) - listed) == []


def test_no_file_is_longer_than_can_be_read_at_once():
    code = our_files(".py", ".html", ".js", ".css")
    lengths = {str(path): len(text_of(path).splitlines()) for path in code if not str(path).startswith(LISTS)}
    assert {path: lines for path, lines in lengths.items() if lines > MOST_LINES} == {}


def test_every_module_says_what_it_is_for():
    silent = [
        str(path) for path in our_files(".py") if not re.match(r'(#![^\n]*\n)?r?"""', text_of(path)) and text_of(path).strip()
    ]
    assert silent == []


def test_nothing_is_put_off_and_no_test_is_passed_over():
    words = re.compile(r"\b(TODO|FIXME|XXX|HACK)\b|TEMPORARY|mark\.skip|pytest\.skip|importorskip|mark\.xfail|unittest\.mock")
    code = [path for path in our_files(".py", ".html", ".js", ".css", ".md", ".sh", "Makefile") if not str(path).startswith(HERE)]
    found = [
        f"{path}:{number}: {line.strip()}"
        for path in code
        for number, line in enumerate(text_of(path).splitlines(), 1)
        if words.search(line)
    ]
    assert found == []


def test_no_file_says_where_packages_come_from():
    """That is the machine's business: a mirror inside a firewall works without a change here."""
    switch = re.compile(r"--(extra-)?index-url|--find-links|\bindex-url\s*=")
    files = [
        path
        for path in our_files(".toml", ".cfg", ".yaml", ".yml", ".json", "Dockerfile", ".md", ".ci/run")
        if switch.search(text_of(path))
    ]
    assert [str(path) for path in files] == []
    for name in ("requirements.lock", "requirements-dev.lock"):
        assert "://" not in (ROOT / name).read_text(), name


def test_the_locks_hold_a_hash_for_each_version():
    for name in ("requirements.lock", "requirements-dev.lock"):
        pins = re.split(r"\n(?=\S)", (ROOT / name).read_text().strip())
        assert [pin.split()[0] for pin in pins if "==" not in pin or "--hash=sha256:" not in pin] == []
