#!/usr/bin/env python3
"""Writes the generated reference pages (`docs/reference/settings.md`, `types.md`); with `--check` only says what is stale."""

from __future__ import annotations

import sys
from collections.abc import Iterator
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]
sys.path.insert(0, str(ROOT))

from pydantic import SecretStr  # noqa: E402 - the path comes first
from pydantic.fields import FieldInfo  # noqa: E402
from pydantic_core import PydanticUndefined  # noqa: E402

from crm.kernel.settings import Settings  # noqa: E402
from crm.records.types import Field, Links, RecordType  # noqa: E402
from crm.wiring import BUILTIN_TYPES  # noqa: E402

PAGES = ROOT / "docs" / "reference"
MADE = "<!-- Made by scripts/reference.py: change the code, not this page. -->"


def settings_page() -> str:
    """Word every setting, in the order of the class."""
    lines = [
        "# Settings",
        "",
        MADE,
        "",
        "Every setting is an environment variable, or a key of `klynge.toml` in the home folder (`$KLYNGE_HOME`, else `./var`)",
        "in small letters and without the prefix: `KLYNGE_PORT=9000` or `port = 9000`. The environment wins. An unknown key is an",
        "error, so that a slip of the pen is noticed. `klynge check` says what is unsafe; in mode `production` Klynge refuses to",
        "start with it. `KLYNGE_HOME` itself is read from the environment alone.",
        "",
        "| setting | default | meaning |",
        "|---|---|---|",
    ]
    lines += [f"| `KLYNGE_{name.upper()}` | {_default(info)} | {_meaning(info)} |" for name, info in Settings.model_fields.items()]
    return "\n".join(lines) + "\n"


def _default(info: FieldInfo) -> str:
    if info.default_factory is not None:
        return "`./var`"
    if info.default is PydanticUndefined or info.default in ("", None) or isinstance(info.default, SecretStr):
        return "–"
    return f"`{str(info.default).lower() if isinstance(info.default, bool) else info.default}`"


def _meaning(info: FieldInfo) -> str:
    bounds = {type(item).__name__: item for item in info.metadata}
    low, high = getattr(bounds.get("Ge"), "ge", None), getattr(bounds.get("Le"), "le", None)
    text = str(info.description)
    if low is not None and high is not None:
        text += f" From {low} to {high}."
    return text.replace("|", "\\|")


def types_page() -> str:
    """Word every built-in type with its fields."""
    lines = [
        "# Built-in types",
        "",
        MADE,
        "",
        "The names by which API, filters, import and export know types and fields. Every record also has `id`, `type`, `title`,",
        "`state`, `version`, `owner`, `created_at`, `updated_at` and `url`; how each kind of value is written stands in",
        "[api.md](api.md#values).",
    ]
    for record_type in BUILTIN_TYPES:
        lines += ["", *_type_lines(record_type)]
    return "\n".join(lines) + "\n"


def _type_lines(record_type: RecordType) -> Iterator[str]:
    yield f"## `{record_type.key}` – {record_type.names.title('en')} ({record_type.names.title('da')})"
    yield ""
    if record_type.lifecycle is not None:
        yield f"States: {', '.join(f'`{state.key}`' for state in record_type.lifecycle.states)}."
        yield f"Steps: {', '.join(f'`{step.key}`' for step in record_type.lifecycle.transitions)}."
        yield ""
    yield "| field | kind | label | |"
    yield "|---|---|---|---|"
    for item in record_type.fields:
        yield f"| `{item.api_name}` | {item.kind} | {item.label('en')} | {_notes(item)} |"


def _notes(item: Field) -> str:
    notes = []
    if item.required:
        notes.append("required")
    if item.read_only:
        notes.append("set by the system")
    if item.targets:
        notes.append(f"{'links to' if isinstance(item.place, Links) else 'to'} {', '.join(f'`{key}`' for key in item.targets)}")
    if 0 < len(item.options) <= 12:
        notes.append("one of " + ", ".join(f"`{option.key}`" for option in item.options))
    if item.config.get("end", "hidden") != "hidden":
        notes.append("with end")
    return "; ".join(notes)


def pages() -> dict[Path, str]:
    """Give every generated page as it should be."""
    return {PAGES / "settings.md": settings_page(), PAGES / "types.md": types_page()}


def stale() -> list[Path]:
    """Give the pages that differ from the code."""
    return [path for path, text in pages().items() if not path.exists() or path.read_text(encoding="utf-8") != text]


def main() -> None:
    """Write the pages, or check them."""
    if "--check" in sys.argv:
        old = stale()
        for path in old:
            print(f"{path.relative_to(ROOT)} is not current: run scripts/reference.py")
        sys.exit(1 if old else 0)
    for path, text in pages().items():
        path.write_text(text, encoding="utf-8")


if __name__ == "__main__":
    main()
