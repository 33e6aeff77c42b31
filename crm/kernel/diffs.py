"""What is different between two texts, word by word."""

from __future__ import annotations

import re
from dataclasses import dataclass
from difflib import SequenceMatcher
from typing import Final, Literal

_WORD: Final = re.compile(r"\w+|\s+|[^\w\s]")
_LINE: Final = re.compile(r"[^\n]*\n|[^\n]+")
#: Longer texts are compared line by line: comparing takes time with the square of the number of pieces.
MOST_WORDS: Final = 3000
#: Beyond so many lines the texts stand whole beside each other.
_MOST_LINES: Final = 5000


@dataclass(frozen=True, slots=True)
class Piece:
    """A stretch of text: in both, only in the first (`gone`), or only in the second (`new`)."""

    kind: Literal["same", "gone", "new"]
    text: str


def text_diff(first: str, second: str) -> list[Piece]:
    """Give the pieces of two texts in order; those of `same` and `gone` make the first, those of `same` and `new` the second."""
    before, after = _WORD.findall(first), _WORD.findall(second)
    if max(len(before), len(after)) > MOST_WORDS:
        before, after = _LINE.findall(first), _LINE.findall(second)
        if max(len(before), len(after)) > _MOST_LINES:
            before, after = [first], [second]
    pieces: list[Piece] = []
    matcher = SequenceMatcher(None, before, after, autojunk=False)
    for tag, start, end, other_start, other_end in matcher.get_opcodes():
        if tag == "equal":
            pieces.append(Piece("same", "".join(before[start:end])))
            continue
        gone, new = "".join(before[start:end]), "".join(after[other_start:other_end])
        pieces += [Piece("gone", gone)] if gone else []
        pieces += [Piece("new", new)] if new else []
    return pieces
