"""Cursors from outside: a broken one is a mistake and said so; one of another list merely starts anew (`kernel.paging`)."""

from __future__ import annotations

import base64
import binascii
import json

from crm.api.errors import BadRequest
from crm.kernel.i18n import N_


def checked(text: str | None) -> str | None:
    """Give a cursor back if it has the form of one.

    Raises:
        BadRequest: it has not.
    """
    if text is None:
        return None
    try:
        raw = json.loads(base64.urlsafe_b64decode(text + "=" * (-len(text) % 4)))
    except (ValueError, RecursionError, binascii.Error):
        raw = None
    if not isinstance(raw, list) or len(raw) != 4:
        raise BadRequest(N_("“cursor” is not one that this list gave out."))
    return text
