"""Mentions in a comment: typed as `@Anne Holm`, kept as `@[7]`, so that a name may change."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Final

from crm.records.readers import Person

#: A mention as it is kept.
TOKEN: Final = re.compile(r"@\[(\d{1,9})\]")
_AT: Final = re.compile(r"(?<![\w@])@(?=\w)")


@dataclass(frozen=True, slots=True)
class Found:
    """A text with its mentions kept as tokens, whom it mentions, and names that two people share."""

    text: str
    users: frozenset[int]
    doubtful: tuple[str, ...]


def find_mentions(typed: str, people: Sequence[Person]) -> Found:
    """Find mentions: an `@` at the start of a word and after it a person's name, the longest that fits, whatever its case."""
    text = TOKEN.sub(r"@(\1)", typed)  # what looks like a token was typed by hand, and mentions nobody
    by_name: dict[str, Person] = {person.called.casefold(): person for person in people}
    shared = {person.name.casefold() for person in people if person.called != person.name}
    names = sorted({*by_name, *shared}, key=len, reverse=True)
    out, end, users, doubtful = [], 0, set(), []
    for match in _AT.finditer(text):
        name = next((name for name in names if _stands_at(text, match.end(), name)), None)
        if name is None or match.start() < end:
            continue
        person = by_name.get(name)
        if person is None:
            doubtful.append(text[match.end() : match.end() + len(name)])
            continue
        out.append(f"{text[end : match.start()]}@[{person.user_id}]")
        end = match.end() + len(name)
        users.add(person.user_id)
    return Found("".join(out) + text[end:], frozenset(users), tuple(doubtful))


def _stands_at(text: str, at: int, name: str) -> bool:
    after = text[at + len(name) : at + len(name) + 1]
    return text[at : at + len(name)].casefold() == name and not (after.isalnum() or after == "_")


def typed_again(kept: str, called: Mapping[int, str]) -> str:
    """Give a kept text as it is typed: for editing, search and mails; one who is gone is left as `@?`."""
    return TOKEN.sub(lambda match: f"@{called.get(int(match[1]), '?')}", kept)
