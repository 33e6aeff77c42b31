"""The papers say what the code does: words, settings, field kinds, commands, flows and decisions."""

from __future__ import annotations

import re
from importlib import import_module

import pytest

from crm.cli.main import COMMANDS
from crm.kernel.settings import ROOT, Settings
from crm.records.fields import KINDS
from crm.wiring import ADAPTER_SETTINGS, BUILTIN_TYPES
from tests.support.tree import our_files, text_of

ROW = re.compile(r"^\| (?P<word>[^|]+) \| (?P<danish>[^|]+) \| (?P<meaning>[^|]+) \| `(?P<code>[\w.]+:\w+)` \|$", re.MULTILINE)
WORDS = [match.groupdict() for match in ROW.finditer((ROOT / "docs/glossary.md").read_text())]


def paper(name: str) -> str:
    """Read a page of the reference, or fail in words."""
    path = ROOT / "docs/reference" / name
    assert path.exists(), f"docs/reference/{name} is missing"
    return path.read_text()


@pytest.mark.parametrize("row", WORDS, ids=lambda row: row["word"])
def test_a_word_of_the_glossary_is_in_the_code(row: dict[str, str]):
    module, _, name = row["code"].partition(":")
    assert hasattr(import_module(module), name)


def test_no_word_has_two_meanings():
    words = [row["word"] for row in WORDS]
    assert len(words) == len(set(words))


def test_every_type_is_in_the_glossary_under_its_own_names():
    known = {(row["word"], row["danish"]) for row in WORDS}
    assert [item.key for item in BUILTIN_TYPES if (item.names.one.en, item.names.one.da) not in known] == []


def test_every_port_is_in_the_glossary():
    named = {row["code"].partition(":")[2] for row in WORDS}
    ports = [
        match for path in our_files("ports.py") for match in re.findall(r"^class (\w+)\(Protocol\)", text_of(path), re.MULTILINE)
    ]
    assert [port for port in [*ports, *ADAPTER_SETTINGS] if port not in named] == []


def test_every_port_with_an_adapter_has_a_contract_suite():
    """The suite names the adapter that the settings choose by default, and runs it beside its fake."""
    suites = "\n".join(text_of(path) for path in our_files(".py") if path.parts[:2] == ("tests", "contracts"))
    chosen = {port: Settings.model_fields[name].default.partition(":")[2] for port, name in ADAPTER_SETTINGS.items()}
    assert [port for port, adapter in chosen.items() if adapter not in suites] == []


def test_every_setting_is_described_and_in_the_reference():
    page = paper("settings.md")
    for name, field in Settings.model_fields.items():
        assert field.description, f"{name} has no description"
        assert f"KLYNGE_{name.upper()}" in page, f"{name} is not in docs/reference/settings.md"


def test_every_field_kind_is_in_the_reference():
    page = paper("fields.md")
    assert [kind for kind in KINDS if f"`{kind}`" not in page] == []


def test_every_command_is_in_the_reference():
    page = paper("commands.md")
    assert [name for name in COMMANDS if f"klynge {name}" not in page] == []


def test_every_flow_is_in_the_reference():
    page = paper("flows.md")
    files = [text_of(path) for path in our_files(".py") if path.parts[0] == "workflows"]
    names = [name for text in files if "@flow(" in text for name in re.findall(r"^FLOW: Final = \"([\w-]+)\"", text, re.MULTILINE)]
    assert names, "no flow was found"
    assert [name for name in names if f"`{name}`" not in page] == []


def test_every_decision_is_in_the_list():
    listed = (ROOT / "docs/adr/README.md").read_text()
    assert [path.name for path in (ROOT / "docs/adr").glob("0*.md") if path.name not in listed] == []


def test_links_between_papers_lead_somewhere():
    links = [(path, target) for path in our_files(".md") for target in re.findall(r"\]\(([^)#]+)(?:#[^)]*)?\)", text_of(path))]
    inside = [(path, target) for path, target in links if "://" not in target]
    assert [f"{path} -> {target}" for path, target in inside if not (ROOT / path.parent / target).exists()] == []


def test_nothing_names_the_folder_it_was_written_in():
    told = [path for path in our_files(".md", ".toml", ".py", ".html", ".yml") if f"{ROOT}/" in text_of(path)]
    assert [str(path) for path in told] == []
