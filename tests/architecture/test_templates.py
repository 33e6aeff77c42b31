"""What templates must not hold, since the content security policy would refuse it, and people would not see it."""

from __future__ import annotations

import re

import pytest

from tests.support.tree import our_files, text_of

TEMPLATES = [path for path in our_files(".html") if "/templates/" in str(path)]
#: A pack's page and mails are read elsewhere: they carry their style with a nonce or in the file.
RULES = {
    "a style attribute": re.compile(r"<[^>{]*\sstyle\s*=", re.IGNORECASE),
    "an inline script": re.compile(r"<script(?![^>]*\b(src|nonce)=)[^>]*>", re.IGNORECASE),
    "an event attribute": re.compile(r"<[^>{]*\son[a-z]+\s*=", re.IGNORECASE),
    "htmx code in an attribute": re.compile(r"hx-on[:=\-]|['\"]js:|hx-vals\s*=\s*['\"]javascript:"),
    "a javascript: link": re.compile(r"href\s*=\s*['\"]\s*javascript:", re.IGNORECASE),
    "a file from another host": re.compile(r"(src|href)\s*=\s*['\"](https?:)?//", re.IGNORECASE),
}


@pytest.mark.parametrize("rule", RULES)
def test_no_template_holds(rule: str):
    pattern = RULES[rule]
    found = [
        f"{path}: {match.group(0)[:80]}"
        for path in TEMPLATES
        if "/mails/" not in str(path)
        for match in pattern.finditer(text_of(path))
    ]
    assert found == []
