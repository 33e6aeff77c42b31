"""The Danish catalogue: what must be in it, and how words come into it. Used by `messages`, `add-danish` and a test.

The English sentence in the code is the key. Beside our own sentences the catalogue holds those of Flask-AppBuilder and
WTForms: both ship many languages, none of them Danish.
"""

from __future__ import annotations

import importlib.util
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Final

from babel.messages.catalog import Catalog, Message
from babel.messages.extract import extract_from_dir
from babel.messages.mofile import write_mo
from babel.messages.pofile import read_po, write_po

ROOT: Final = Path(__file__).resolve().parents[1]
DANISH: Final = ROOT / "crm" / "translations" / "da" / "LC_MESSAGES" / "messages.po"
#: Folders whose sentences are ours.
OURS: Final = ("crm", "workflows", "integrations")
KEYWORDS: Final = {
    "_": None,
    "N_": None,
    "gettext": None,
    "lazy_gettext": None,
    "_l": None,
    "ngettext": (1, 2),
    "lazy_ngettext": (1, 2),
}
_METHODS: Final = [("**.py", "python"), ("**.html", "jinja2"), ("**.txt", "jinja2"), ("**.xml", "jinja2")]
_HEADER: Final = """\
# Klynge in Danish. Written by `scripts/add-danish` and `scripts/messages`; the wordings may be edited here by hand.
#"""
#: Dates and tool versions in the head would make every run a change.
_UNSTABLE: Final = (
    '"POT-Creation-Date',
    '"PO-Revision-Date',
    '"Generated-By',
    '"Report-Msgid',
    '"Last-Translator',
    '"Language-Team',
)

Msgid = str | tuple[str, str]


def _in_folder(folder: Path, *, silent: bool) -> Iterator[tuple[Msgid, str, int]]:
    options = {"newstyle_gettext": "true", "silent": str(silent).lower()}
    by_pattern = {pattern: options for pattern, method in _METHODS if method == "jinja2"}
    for name, line, words, _comments, _context in extract_from_dir(folder, _METHODS, by_pattern, keywords=KEYWORDS):
        yield (words if isinstance(words, str) else (words[0], words[1])), name, line


def ours() -> dict[Msgid, list[tuple[str, int]]]:
    """Find every sentence of our code and templates, with the places where it stands."""
    found: dict[Msgid, list[tuple[str, int]]] = {}
    for folder in OURS:
        for words, name, line in _in_folder(ROOT / folder, silent=False):
            found.setdefault(words, []).append((f"{folder}/{name}", line))
    return found


def borrowed() -> dict[Msgid, list[tuple[str, int]]]:
    """Find every sentence of Flask-AppBuilder and WTForms, as installed."""
    found: dict[Msgid, list[tuple[str, int]]] = {}
    for package in ("flask_appbuilder", "wtforms"):
        spec = importlib.util.find_spec(package)
        if spec is None or spec.origin is None:
            raise RuntimeError(f"{package} is not installed")
        for words, name, _line in _in_folder(Path(spec.origin).parent, silent=True):
            found.setdefault(words, []).append((f"{package}/{name}", 0))
    return found


def needed() -> Catalog:
    """Give the template catalogue: every sentence that must have a Danish wording."""
    catalogue = Catalog(project="Klynge", charset="utf-8")
    for found in (ours(), borrowed()):
        for words, places in found.items():
            files = sorted({name for name, _line in places})
            catalogue.add(words, locations=[(name, 0) for name in files])
    return catalogue


def danish() -> Catalog:
    """Read the Danish catalogue."""
    if not DANISH.exists():
        return Catalog(locale="da", project="Klynge", charset="utf-8")
    with DANISH.open("rb") as file:
        return read_po(file, locale="da", charset="utf-8")


def update(catalogue: Catalog) -> None:
    """Bring the catalogue's keys up to date with the code; nothing is guessed (no fuzzy matching), unused ones go."""
    catalogue.update(needed(), no_fuzzy_matching=True)
    catalogue.obsolete.clear()
    catalogue.fuzzy = False


def add(catalogue: Catalog, words: dict[str, str | Sequence[str]]) -> tuple[int, list[str]]:
    """Put Danish wordings in; give how many were new, and the keys that no code uses."""
    added, strange = 0, []
    for english, wording in words.items():
        entry = catalogue.get(english)
        if entry is None:
            strange.append(english)
            continue
        wordings = [danish_quotes(text) for text in ([wording] if isinstance(wording, str) else wording)]
        given = (wordings[0], wordings[-1]) if entry.pluralizable else wordings[0]
        if entry.string != given:
            entry.string = given
            entry.flags.discard("fuzzy")
            added += 1
    return added, strange


def danish_quotes(text: str) -> str:
    """Write quotation marks as in Danish: the same sign ” before and after."""
    return text.replace("“", "”")


def missing(catalogue: Catalog) -> list[Message]:
    """List the entries without a Danish wording, or with a doubtful one."""
    return [entry for entry in catalogue if entry.id and (not all(_strings(entry)) or entry.fuzzy)]


def _strings(entry: Message) -> tuple[str, ...]:
    return (entry.string or "",) if not isinstance(entry.string, tuple | list) else tuple(entry.string)


def save(catalogue: Catalog) -> None:
    """Write the catalogue, sorted by sentence, without line numbers or dates: a change shows only what changed."""
    DANISH.parent.mkdir(parents=True, exist_ok=True)
    catalogue.header_comment = _HEADER
    catalogue.version = "1"
    with DANISH.open("wb") as file:
        write_po(file, catalogue, width=120, sort_output=True, include_lineno=False, omit_header=False, ignore_obsolete=True)
    text = DANISH.read_text(encoding="utf-8")
    kept = [line for line in text.splitlines(keepends=True) if not line.startswith(_UNSTABLE)]
    DANISH.write_text("".join(kept), encoding="utf-8")


def compile_all() -> Path:
    """Compile the Danish catalogue beside itself."""
    target = DANISH.with_suffix(".mo")
    with target.open("wb") as file:
        write_mo(file, danish())
    return target
