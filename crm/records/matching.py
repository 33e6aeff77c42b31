"""Which records are likely to be the same: keys drawn out of their values, and rules over keys. Pure; data on the type.

A rule holds for two records that share a value of each of its keys; of the rules that hold the strongest counts. So rules are
alternatives, and the keys of one rule are conditions that must all be met.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Mapping, Sequence
from collections.abc import Set as AbstractSet
from dataclasses import dataclass
from typing import Any, Final

from crm.kernel.i18n import Label
from crm.kernel.text import fold, words

#: Keys of a record: pairs of part and key.
Keys = frozenset[tuple[str, str]]
LONGEST: Final = 200
#: Where anybody may have an address: it says nothing of where a person works.
_OPEN_DOMAINS: Final = re.compile(
    r"gmail|googlemail|hotmail|outlook|live|msn|yahoo|icloud|me|mac|mail|mail\.tele|post\.tele|jubii|ofir|webspeed|privat|stofanet"
    r"|youmail|protonmail|proton|aol|gmx"
)
#: Legal forms say what a company is, not who it is.
_FORMS: Final = re.compile(
    r"a/s|as|aps|ivs|i/s|k/s|p/s|a\.?m\.?b\.?a\.?|f\.?m\.?b\.?a\.?|s\.?m\.?b\.?a\.?|gmbh|ab|ltd\.?|inc\.?|llc|holding"
)
#: How the same sound may be written; applied in this order.
_SOUNDS: Final = (
    ("ck", "k"),
    ("ch", "k"),
    ("ph", "f"),
    ("th", "t"),
    ("qu", "kv"),
    ("x", "ks"),
    ("q", "k"),
    ("c", "k"),
    ("w", "v"),
    ("z", "s"),
    ("y", "i"),
    ("ei", "aj"),
    ("nd", "n"),
    ("ld", "l"),
    ("dt", "t"),
    ("son", "sen"),
)
_DOUBLED: Final = re.compile(r"(.)\1+")
_HOST: Final = re.compile(r"^(?:[a-z]+://)?(?:www\.)?([^/:?#\s]+\.[^/:?#\s.]+)", re.IGNORECASE)


def folded(text: str) -> str | None:
    """Give a name as it is compared: folded, its words in order, without what only says the legal form."""
    return " ".join(one for one in _name_words(text)) or None


def sounded(text: str) -> str | None:
    """Give how a name sounds, whatever its spelling and the order of its words: Jens Bak and Back, Jens are one."""
    return " ".join(sorted(_sound(one) for one in _name_words(text))) or None


def _name_words(text: str) -> list[str]:
    bare = [one for one in re.split(r"[\s,;()]+", fold(text)) if one]
    kept = [one for one in bare if not _FORMS.fullmatch(one)] or bare
    return words(" ".join(kept))


def _sound(word: str) -> str:
    for written, spoken in _SOUNDS:
        word = word.replace(written, spoken)
    word = _DOUBLED.sub(r"\1", word)
    return word[:-1] if len(word) > 4 and word.endswith("e") else word


def domain(text: str) -> str | None:
    """Give the domain of an e-mail address or a home page; none where anybody may have an address."""
    found = text.rpartition("@")[2].strip().casefold() if "@" in text else None
    if found is None:
        match = _HOST.match(text.strip())
        found = match[1].casefold() if match else None
    return None if not found or _OPEN_DOMAINS.fullmatch(found.rpartition(".")[0]) else found


def digits(text: str) -> str | None:
    """Give the digits alone, if there are enough to tell one from another."""
    found = re.sub(r"\D", "", text)
    return found if len(found) >= 6 else None


def as_is(text: str) -> str | None:
    """Give a value as it is, in small letters."""
    return text.strip().casefold() or None


@dataclass(frozen=True, slots=True)
class Key:
    """What two records may share. `fields` are api_names, `title` the record's name; `draw` turns a text into the key."""

    part: str
    label: Label
    fields: tuple[str, ...]
    draw: Callable[[str], str | None]


@dataclass(frozen=True, slots=True)
class Rule:
    """Keys that must all be shared, and how sure that makes it, in per cent.

    The first is looked for among all records, the others are compared: the one that fewest share stands first.
    """

    parts: tuple[str, ...]
    weight: int


@dataclass(frozen=True, slots=True)
class Matching:
    """How duplicates of a type are found. Below `least` per cent two records are not shown as alike."""

    keys: tuple[Key, ...]
    rules: tuple[Rule, ...]
    least: int = 50

    def __post_init__(self) -> None:
        known = {key.part for key in self.keys}
        for rule in self.rules:
            if not rule.parts or not set(rule.parts) <= known:
                raise ValueError(f"a rule of {rule.parts} names a key that is not there")

    @property
    def anchors(self) -> tuple[str, ...]:
        """The keys that rules begin with, those of the strongest rules first."""
        strongest = sorted(self.rules, key=lambda rule: -rule.weight)
        return tuple(dict.fromkeys(rule.parts[0] for rule in strongest))

    @property
    def fields(self) -> frozenset[str]:
        """The fields that keys are drawn out of."""
        return frozenset(name for key in self.keys for name in key.fields)

    def label(self, part: str) -> Label:
        """Give what a key is called."""
        return next(key.label for key in self.keys if key.part == part)

    def score(self, shared: AbstractSet[str]) -> int:
        """Give how sure it is, by the parts that two records share: the strongest rule's weight, 0 when none holds."""
        return max((rule.weight for rule in self.rules if set(rule.parts) <= shared), default=0)


def keys_of(matching: Matching, title: str, values: Mapping[str, Any]) -> Keys:
    """Give the keys of a record."""
    found: set[tuple[str, str]] = set()
    for key in matching.keys:
        for text in _texts(title if name == "title" else values.get(name) for name in key.fields):
            drawn = key.draw(text)
            if drawn is not None:
                found.add((key.part, drawn[:LONGEST]))
    return frozenset(found)


def _texts(held: Iterable[Any]) -> Iterable[str]:
    """Give the texts of values: of typed lists the address or number of each entry."""
    for value in held:
        entries: Sequence[Any] = value if isinstance(value, tuple | list) else (value,)
        for entry in entries:
            text = getattr(entry, "address", None) or getattr(entry, "number", None) or entry
            if isinstance(text, str) and text.strip():
                yield text
