"""Mails from editable text files: merge fields by name from a fixed list; values are data, never template. Pure.

A file is named `<mail>.<language>.txt`; its first line is `Emne: …` (or `Subject: …`), then an empty line, then the text.
A line with a field that has no value is left out, so that no mail says "in  " about a meeting without a place.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from crm.kernel.errors import ConfigError

_FIELD: Final = re.compile(r"\{([^{}\n]{1,40})\}")
_SUBJECT: Final = re.compile(r"(?:Emne|Subject):\s*(.+)")


@dataclass(frozen=True, slots=True)
class Letter:
    """A mail's words, merged."""

    subject: str
    text: str


def read_template(name: str, locale: str, folders: Sequence[Path]) -> str:
    """Read a mail's text: the office's own file if there is one, else the one we ship.

    Raises:
        ConfigError: there is no such file.
    """
    for folder in folders:
        path = folder / f"{name}.{locale}.txt"
        if path.is_file():
            return path.read_text(encoding="utf-8")
    raise ConfigError(f"there is no mail text {name}.{locale}.txt in {', '.join(str(folder) for folder in folders)}")


def merge(template: str, fields: Mapping[str, str]) -> Letter:
    """Put values into a mail's text.

    Raises:
        ConfigError: the first line is no subject, or a field is not among `fields`: a slip in an edited file.
    """
    first, _, body = template.replace("\r\n", "\n").lstrip("\ufeff\n").partition("\n")
    found = _SUBJECT.fullmatch(first.strip())
    if found is None:
        raise ConfigError("the first line of a mail text must be “Emne: …”")
    lines = [merged for line in body.strip().split("\n") if (merged := _line(line, fields)) is not None]
    text = re.sub(r"\n{3,}", "\n\n", "\n".join(lines)).strip() + "\n"
    subject = _line(found[1], fields)
    return Letter(" ".join((subject or "").split()), text)


def _line(line: str, fields: Mapping[str, str]) -> str | None:
    """Merge one line; None when one of its fields is empty."""
    for name in _FIELD.findall(line):
        if name not in fields:
            raise ConfigError(f"a mail text asks for “{{{name}}}”; there are {', '.join(sorted(fields))}")
        if not fields[name]:
            return None
    return _FIELD.sub(lambda match: fields[match[1]], line)
