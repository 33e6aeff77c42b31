"""Formatted text: a small, safe part of HTML. It is sanitised when it is saved and again when it is shown."""

from __future__ import annotations

import html
import re
from typing import Any, Final

import nh3

from crm.kernel.i18n import N_
from crm.kernel.text import clean, long_key
from crm.records.fields.base import FieldKind, ValueProblem
from crm.records.fields.checks import is_whole
from crm.records.fields.link import SCHEMES
from crm.records.types import Field

MAX_LENGTH: Final = 50_000
#: What may stand in it; everything else goes, the words inside stay (but not those of scripts and styles).
TAGS: Final = frozenset(
    {"p", "br", "strong", "em", "b", "i", "u", "s", "a", "ul", "ol", "li", "h2", "h3", "blockquote", "code", "pre", "hr"}
)
_TAG: Final = re.compile(r"<[a-zA-Z!/][^<>]*>")
_BETWEEN: Final = re.compile(r"<[^>]*>")


def sanitise(text: str) -> str:
    """Give only what is allowed; the same again for what was sanitised before."""
    return nh3.clean(
        text,
        tags=set(TAGS),
        attributes={"a": {"href"}},
        url_schemes=set(SCHEMES),
        link_rel="noopener noreferrer",
        clean_content_tags={"script", "style"},
    )


def plain_text(value: str) -> str:
    """Give the words alone, on one line."""
    return " ".join(html.unescape(_BETWEEN.sub(" ", value)).split())


class RichTextKind(FieldKind):
    """config: `max_length` (of the HTML, default 50,000). The value is sanitised HTML; plain text becomes paragraphs.

    Columns: the value, and optionally the key of its words beside it. `contains` looks at the words.
    """

    key = "rich_text"
    operators = frozenset({"contains", "empty", "filled"})
    settings = {"max_length": is_whole(1, MAX_LENGTH)}
    keyed = True
    by_key = True

    def clean(self, field: Field, raw: Any, zone: str) -> str | None:
        """Sanitise and measure."""
        if raw is None:
            return None
        if not isinstance(raw, str):
            raise ValueProblem(N_("This must be text."))
        limit = int(field.config.get("max_length", MAX_LENGTH))
        if len(raw) > 4 * MAX_LENGTH:
            raise ValueProblem(N_("At most %(limit)s characters; this is %(length)s.", limit=limit, length=len(raw)))
        text = clean(raw, multiline=True)
        text = _safe(text if _TAG.search(text) else _paragraphs(text))
        if not plain_text(text):
            return None
        if len(text) > limit:
            raise ValueProblem(N_("At most %(limit)s characters; this is %(length)s.", limit=limit, length=len(text)))
        return text

    def operand(self, field: Field, raw: Any, zone: str) -> str:
        """Read words to look for."""
        if not isinstance(raw, str):
            raise ValueProblem(N_("“%(field)s” is compared with text.", field=field.label))
        return long_key(clean(raw[:400])[:200])

    def to_columns(self, field: Field, value: Any, zone: str) -> tuple[Any, ...]:
        """Value, and the key of its words for places with a second column."""
        columns = getattr(field.place, "columns", ("",))
        return (value,) if len(columns) == 1 else (value, self.slot_value(field, value, zone))

    def search_text(self, field: Field, value: Any) -> str:
        """Its words."""
        return plain_text(value) if value else ""

    def key_at(self, field: Field, columns: int) -> int:
        """The key's, if there is one."""
        return 1 if columns > 1 else 0

    def slot_value(self, field: Field, value: Any, zone: str) -> str | None:
        """The key of its words, of any length."""
        return long_key(plain_text(value)) if value else None


def _paragraphs(text: str) -> str:
    """Turn plain text into HTML: an empty line ends a paragraph."""
    parts = [part for part in re.split(r"\n\s*\n", text) if part.strip()]
    return "".join(f"<p>{html.escape(part.strip(), quote=False).replace(chr(10), '<br>')}</p>" for part in parts)


def _safe(text: str) -> str:
    """Sanitise, and tidy what was hidden in entities; loose words become a paragraph. Doing it twice changes nothing more."""
    text = sanitise(clean(sanitise(text), multiline=True)).strip()
    return f"<p>{text}</p>" if text and not _TAG.search(text) else text
