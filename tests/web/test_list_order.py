"""A list begins in the order of its type, and for whoever may not read what that goes by, by name."""

from __future__ import annotations

from typing import TYPE_CHECKING

from crm.library.types import PUBLICATION
from crm.screens.listing import read_state
from crm.security.models import Grant
from tests.support.people import add_role
from tests.support.screens import desk, make, words

if TYPE_CHECKING:
    from flask import Flask

    from crm.wiring import Klynge

DAYS = {"Bog": "2026-05-01", "Artikel": "2024-05-01", "Notat": "2025-05-01"}


def order_of(text: str) -> list[str]:
    return sorted(DAYS, key=text.index)


def test_a_type_says_how_its_list_begins_and_an_address_says_otherwise(app: Flask, sqlite_klynge: Klynge) -> None:
    for title, day in DAYS.items():
        make(sqlite_klynge, "publication", title=title, published=day)
    staff = desk(app, sqlite_klynge, "staff", "anna")
    assert order_of(words(staff.get("/t/publication/rows"))) == ["Bog", "Notat", "Artikel"]
    assert order_of(words(staff.get("/t/publication/rows?sort=published"))) == ["Artikel", "Notat", "Bog"]
    assert order_of(words(staff.get("/t/publication/rows?sort=title"))) == ["Artikel", "Bog", "Notat"]
    crm = Grant(type_key="@crm", act="use")
    add_role(sqlite_klynge, "narrow", crm, Grant(type_key="publication", act="read", read_fields=["title", "kind"]))
    assert order_of(words(desk(app, sqlite_klynge, "narrow").get("/t/publication/rows"))) == ["Artikel", "Bog", "Notat"]


def test_the_usual_order_is_not_said_in_the_address() -> None:
    assert PUBLICATION.list_sort == ("published", True)
    for query, said in (({}, ""), ({"sort": "published", "dir": "desc"}, ""), ({"sort": "published"}, "?sort=published")):
        state = read_state(PUBLICATION, query, PUBLICATION.list_sort)
        assert state.query() == said
        assert not state.changed or said
    turned = read_state(PUBLICATION, {}, PUBLICATION.list_sort).sorted_by("published")
    assert (turned.sort, turned.descending) == ("published", False)
