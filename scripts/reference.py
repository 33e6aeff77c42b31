#!/usr/bin/env python3
"""Writes the generated reference pages of `docs/reference`; with `--check` only says what is stale.

Pages: settings, types, fields, commands, flows.
"""

from __future__ import annotations

import inspect
import sys
import typing
from collections.abc import Iterator
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]
sys.path.insert(0, str(ROOT))

import click  # noqa: E402 - the path comes first
from pydantic import BaseModel, SecretStr  # noqa: E402 - the path comes first
from pydantic.fields import FieldInfo  # noqa: E402
from pydantic_core import PydanticUndefined  # noqa: E402

from crm.cli.main import COMMANDS, klynge  # noqa: E402
from crm.kernel.settings import Settings  # noqa: E402
from crm.records.fields import KINDS, FieldKind  # noqa: E402
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
        "in small letters and without the prefix: `KLYNGE_PORT=9000` or `port = 9000`. The environment wins. An unknown key of",
        "the file is an error, and `klynge check` names unknown variables: a slip of the pen is noticed. It also says what is",
        "unsafe; in mode `production` Klynge refuses to start with it. `KLYNGE_HOME` itself is read from the environment alone.",
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


def fields_page() -> str:
    """Word every field kind."""
    lines = [
        "# Field kinds",
        "",
        MADE,
        "",
        "What a field may hold. How a value is written in JSON stands in [api.md](api.md#values); which fields the built-in types",
        "have, in [types.md](types.md). A kind with a slot can be sorted and filtered by an index (ADR 1).",
    ]
    for key, kind in KINDS.items():
        lines += ["", f"## `{key}`", "", inspect.cleandoc(type(kind).__doc__ or ""), "", _abilities(kind)]
    return "\n".join(lines) + "\n"


def _abilities(kind: FieldKind) -> str:
    slots = {"t": "a text slot", "n": "a number slot", "d": "a time slot", None: "no slot"}
    operators = ", ".join(f"`{name}`" for name in sorted(kind.operators))
    return f"Takes {slots[kind.slot]}; {'sortable' if kind.sortable else 'not sortable'}. Filtered by {operators}."


def commands_page() -> str:
    """Word every command as `--help` does."""
    lines = ["# Commands", "", MADE, "", inspect.cleandoc(klynge.help or ""), "Each takes `--help`."]
    context = click.Context(klynge, info_name="klynge")
    for name in COMMANDS:
        command = klynge.get_command(context, name)
        if command is not None:
            lines += _command_lines(f"klynge {name}", command)
    return "\n".join(lines) + "\n"


def _command_lines(path: str, command: click.Command) -> Iterator[str]:
    yield from ("", f"## `{path}`", "", inspect.cleandoc(command.help or ""), "")
    if isinstance(command, click.Group):
        for name, item in command.commands.items():
            yield f"- `{_usage(f'{path} {name}', item)}`: {inspect.cleandoc(item.help or '').splitlines()[0]}"
            yield from (f"  {line}" for line in _option_lines(item))
    else:
        yield f"- `{_usage(path, command)}`"
        yield from (f"  {line}" for line in _option_lines(command))


def _usage(path: str, command: click.Command) -> str:
    return " ".join([path, *(str(item.name).upper() for item in command.params if isinstance(item, click.Argument))])


def _option_lines(command: click.Command) -> Iterator[str]:
    for option in command.params:
        if isinstance(option, click.Option) and option.help and not option.hidden:
            yield f"- `{option.opts[-1]}`: {option.help}"


def flows_page() -> str:
    """Word every flow as an administrator meets it in Prefect."""
    from workflows.deployments import FLOWS  # noqa: PLC0415 - Prefect reads its settings when it is imported

    lines = [
        "# Flows",
        "",
        MADE,
        "",
        "Started by a button in the CRM, or in Prefect's own pages, where these forms stand in Danish. Running one twice changes",
        "nothing more. What happened is told by the CRM's own tables; Prefect's records may be lost.",
    ]
    for flow in FLOWS:
        form = next(
            hint for hint in typing.get_type_hints(flow.fn).values() if isinstance(hint, type) and issubclass(hint, BaseModel)
        )
        lines += ["", f"## `{flow.name}`", "", str(flow.description), "", *_form_lines(form)]
    return "\n".join(lines) + "\n"


def _form_lines(form: type[BaseModel]) -> Iterator[str]:
    yield "| field | title | meaning |"
    yield "|---|---|---|"
    for name, info in form.model_fields.items():
        yield f"| `{name}` | {info.title} | {info.description} |"


def pages() -> dict[Path, str]:
    """Give every generated page as it should be."""
    made = {
        "settings": settings_page(),
        "types": types_page(),
        "fields": fields_page(),
        "commands": commands_page(),
        "flows": flows_page(),
    }
    return {PAGES / f"{name}.md": text for name, text in made.items()}


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
