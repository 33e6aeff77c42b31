"""A person's own switches: by which way each kind of notice reaches them, and what they follow without asking."""

from __future__ import annotations

from collections.abc import Mapping

from sqlalchemy.orm import Session

from crm.kernel.errors import InvalidInput
from crm.kernel.i18n import N_
from crm.notices.rules import AUTO_FOLLOW_PREFERENCE, DEFAULT_WAYS, WAYS_PREFERENCE, Way
from crm.security.preferences import write_preference


def choose_ways(session: Session, user_id: int, ways: Mapping[str, str], *, auto_follow: bool) -> None:
    """Keep a person's choices; only what differs from how it comes is kept, so that a better default reaches the others.

    Raises:
        InvalidInput: a way that there is not.
    """
    kept: dict[str, str] = {}
    for kind, otherwise in DEFAULT_WAYS.items():
        way = ways.get(kind.value, otherwise.value)
        if way not in set(Way):
            raise InvalidInput({kind.value: N_("Choose from the list.")})
        if way != otherwise.value:
            kept[kind.value] = way
    write_preference(session, user_id, WAYS_PREFERENCE, kept or None)
    write_preference(session, user_id, AUTO_FOLLOW_PREFERENCE, None if auto_follow else False)
