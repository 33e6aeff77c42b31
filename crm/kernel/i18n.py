"""Words in two languages, without Flask: labels as data, messages by catalogue.

A *label* is data beside what it names (`Label(da=…, en=…)`); a *message* is a sentence of ours, written in English in the
code and looked up in the catalogue when it is shown (`N_("There is no meeting %(number)s.", number=…)`).
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import cache
from io import BytesIO
from pathlib import Path
from typing import Any, Final

from babel.messages.mofile import write_mo
from babel.messages.pofile import read_po
from babel.support import NullTranslations, Translations

LOCALES: Final = ("da", "en")
DEFAULT_LOCALE: Final = "da"
CATALOGUES: Final = Path(__file__).resolve().parents[1] / "translations"


@dataclass(frozen=True, slots=True)
class Label:
    """A name in both languages; a missing one falls back to the other."""

    da: str
    en: str = ""

    def __call__(self, locale: str) -> str:
        """Give the text in `locale`."""
        return (self.en or self.da) if locale == "en" else (self.da or self.en)

    def as_dict(self) -> dict[str, str]:
        """Give both texts, as stored in JSON."""
        return {"da": self.da, "en": self.en}

    @classmethod
    def of(cls, stored: Mapping[str, str]) -> Label:
        """Read what `as_dict` wrote."""
        return cls(da=stored.get("da", ""), en=stored.get("en", ""))


@dataclass(frozen=True, slots=True)
class Message:
    """A sentence that is worded at the edge: msgid, and named values put in after the look-up.

    Values that are themselves a `Message` or a `Label` are worded in the same language.
    """

    msgid: str
    params: Mapping[str, Any] = field(default_factory=dict)

    def __call__(self, locale: str) -> str:
        """Word the message in `locale`."""
        text = catalogue(locale).gettext(self.msgid)
        if not self.params:
            return text
        return text % {name: worded(value, locale) for name, value in self.params.items()}

    def __str__(self) -> str:
        return self("en")

    def __hash__(self) -> int:
        return hash((self.msgid, tuple(sorted((k, str(v)) for k, v in self.params.items()))))


def worded(value: Any, locale: str) -> Any:
    """Word a label or message; leave anything else as it is."""
    return value(locale) if isinstance(value, Message | Label) else value


def N_(msgid: str, **params: Any) -> Message:  # noqa: N802 - the name gettext extraction knows
    """Mark a sentence for translation and keep it unworded."""
    return Message(msgid, params)


@cache
def catalogue(locale: str) -> NullTranslations:
    """Load the catalogue of a language; English is the language of the code.

    The compiled file is used while it is at least as new as the words; otherwise the words are compiled in memory, so a
    work tree is never shown in yesterday's words.
    """
    if locale == "en" or locale not in LOCALES:
        return NullTranslations()
    words = CATALOGUES / locale / "LC_MESSAGES" / "messages.po"
    compiled = words.with_suffix(".mo")
    if not words.exists() or (compiled.exists() and compiled.stat().st_mtime >= words.stat().st_mtime):
        return Translations.load(CATALOGUES, [locale])
    buffer = BytesIO()
    with words.open("rb") as file:
        write_mo(buffer, read_po(file, locale=locale))
    buffer.seek(0)
    return Translations(buffer)


def best_locale(*wishes: str | None) -> str:
    """Pick the first wish that we speak, else Danish."""
    for wish in wishes:
        if wish and wish[:2].lower() in LOCALES:
            return wish[:2].lower()
    return DEFAULT_LOCALE
