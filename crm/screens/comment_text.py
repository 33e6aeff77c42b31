"""A comment's text on a page: escaped, mentions marked, addresses as links; line breaks are the style sheet's business."""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Final

from markupsafe import Markup, escape

from crm.kernel.i18n import N_
from crm.records.comments.mentions import TOKEN

_ADDRESS: Final = re.compile(r"https?://[^\s<>\"“”]+")
#: What ends a sentence, and so not an address.
_ENDS: Final = ".,;:!?)]}'’"


def comment_html(text: str, names: Mapping[int, str], locale: str, me: int | None = None) -> Markup:
    """Give a kept text as HTML: nothing of it but marked mentions and links is anything else than text."""
    out, end = Markup(""), 0
    for match in re.finditer(f"{TOKEN.pattern}|{_ADDRESS.pattern}", text):
        out += escape(text[end : match.start()])
        out += _mention(int(match[1]), names, locale, me) if match[1] else _link(match[0])
        end = match.end()
    return out + escape(text[end:])


def comment_plain(text: str, names: Mapping[int, str], locale: str) -> str:
    """Give a kept text as plain words: quotes, the front page."""
    return TOKEN.sub(lambda match: f"@{names.get(int(match[1])) or N_('former user')(locale)}", text)


def _mention(user_id: int, names: Mapping[int, str], locale: str, me: int | None) -> Markup:
    name = names.get(user_id) or N_("former user")(locale)
    return Markup('<span class="at-name{}">@{}</span>').format(" at-me" if user_id == me else "", name)


def _link(found: str) -> Markup:
    address = found.rstrip(_ENDS)
    if address.count("(") > address.count(")") and found[len(address) :].startswith(")"):
        address += ")"
    link = Markup('<a href="{0}" rel="noopener noreferrer nofollow">{0}</a>').format(address)
    return link + escape(found[len(address) :])
