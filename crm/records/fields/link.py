"""A web address: only http, https, mailto and tel are ever links."""

from __future__ import annotations

import re
from typing import Any, Final
from urllib.parse import urlsplit

from crm.kernel.i18n import N_
from crm.kernel.text import clean
from crm.records.fields.base import FieldKind, ValueProblem
from crm.records.fields.checks import is_flag
from crm.records.types import Field

MAX_LENGTH: Final = 500
SCHEMES: Final = frozenset({"http", "https", "mailto", "tel"})
_HAS_SCHEME: Final = re.compile(r"[a-zA-Z][a-zA-Z0-9+.-]*:")


class LinkKind(FieldKind):
    """The value is an absolute address; `example.dk` becomes `https://example.dk`."""

    key = "link"
    slot = "t"
    settings = {"unique": is_flag}
    operators = frozenset({"is", "is_not", "contains", "starts", "empty", "filled"})

    def clean(self, field: Field, raw: Any, zone: str) -> str | None:
        """Check scheme and host."""
        if raw is None or raw == "":
            return None
        if not isinstance(raw, str):
            raise ValueProblem(N_("This must be a web address."))
        text = clean(raw)
        if not text:
            return None
        if not _HAS_SCHEME.match(text):
            text = f"https://{text}"
        if len(text) > MAX_LENGTH or text.split() != [text]:
            raise ValueProblem(N_("This is not a web address."))
        try:
            parts = urlsplit(text)
        except ValueError:
            raise ValueProblem(N_("This is not a web address.")) from None
        if parts.scheme.casefold() not in SCHEMES:
            raise ValueProblem(N_("Only web, mail and telephone addresses can be links."))
        if parts.scheme.casefold() in {"http", "https"} and not parts.netloc:
            raise ValueProblem(N_("This is not a web address."))
        return text

    def keys(self, field: Field, value: Any) -> tuple[str, ...]:
        """The address in small letters."""
        return (value.casefold()[:200],) if value else ()

    def search_text(self, field: Field, value: Any) -> str:
        """The address."""
        return value or ""

    def slot_value(self, field: Field, value: Any, zone: str) -> str | None:
        """The address in small letters, cut to the slot."""
        return value.casefold()[:200] if value else None
