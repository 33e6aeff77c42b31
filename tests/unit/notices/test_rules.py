"""What notices say, and how people's switches are read."""

from __future__ import annotations

import pytest

from crm.kernel.i18n import Label
from crm.notices.rules import (
    AUTO_FOLLOW_PREFERENCE,
    DEFAULT_WAYS,
    KIND_NAMES,
    WAY_NAMES,
    WAYS_PREFERENCE,
    Kind,
    Way,
    follows_by_itself,
    sentence,
    short_name,
    ways_of,
)


@pytest.mark.parametrize(
    ("name", "short"),
    [("Mette Krogh", "Mette K."), ("Åse", "Åse"), ("Jens Peter Å. Bak", "Jens B."), ("", "Klynge")],
)
def test_a_name_is_written_as_colleagues_do(name: str, short: str):
    assert short_name(name) == short


@pytest.mark.parametrize(
    ("kind", "is_task", "why", "danish"),
    [
        (Kind.MENTIONED, False, "", "Mette K. nævnte dig i ”Forberedelse af guld”"),
        (Kind.ASSIGNED, True, "", "Mette K. gav dig opgaven ”Forberedelse af guld”"),
        (Kind.ASSIGNED, False, "", "Mette K. gjorde dig ansvarlig for ”Forberedelse af guld”"),
        (Kind.COMMENTED, False, "", "Mette K. kommenterede ”Forberedelse af guld”"),
        (Kind.CHANGED, False, "", "Mette K. ændrede ”Forberedelse af guld”"),
        (Kind.MOVED, False, "", "Mette K. flyttede ”Forberedelse af guld” til ”Udsendt”"),
        (Kind.DUE, True, "today", "”Forberedelse af guld” har frist i dag"),
        (Kind.DUE, True, "overdue", "Fristen for ”Forberedelse af guld” er overskredet"),
        (Kind.DUE, True, "remind", "Husk ”Forberedelse af guld”"),
    ],
)
def test_every_kind_says_who_did_what(kind: Kind, is_task: bool, why: str, danish: str):
    state = Label(da="Udsendt", en="Sent")
    assert sentence(kind, "Mette Krogh", "Forberedelse af guld", is_task=is_task, state=state, why=why)("da") == danish


def test_a_state_that_is_no_longer_known_is_a_change():
    assert sentence(Kind.MOVED, "Bo", "X", is_task=False, state=None)("da") == "Bo ændrede ”X”"


def test_switches_that_are_not_understood_are_as_they_come():
    chosen = {WAYS_PREFERENCE: {"assigned": "off", "mentioned": "pigeon", "due": None, "nothing": "mail"}}
    assert ways_of(chosen) == {**DEFAULT_WAYS, Kind.ASSIGNED: Way.OFF}
    assert ways_of({WAYS_PREFERENCE: ["x"]}) == ways_of({}) == dict(DEFAULT_WAYS)
    assert [follows_by_itself(one) for one in ({}, {AUTO_FOLLOW_PREFERENCE: False})] == [True, False]


def test_every_kind_and_way_has_a_name_and_a_default():
    assert set(KIND_NAMES) == set(DEFAULT_WAYS) == set(Kind)
    assert set(WAY_NAMES) == set(Way)
