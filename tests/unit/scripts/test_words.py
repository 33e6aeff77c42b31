"""How words come into the catalogue."""

import pytest
from babel.messages.catalog import Catalog

from scripts import words


@pytest.fixture
def catalogue(monkeypatch):
    """A catalogue of three sentences that the code says: one has a plural, one has a value."""
    template = Catalog(charset="utf-8")
    template.add("Save")
    template.add("%(day)s is past.")
    template.add(("%(num)s person", "%(num)s people"))
    monkeypatch.setattr(words, "needed", lambda: template)
    mine = Catalog(locale="da", charset="utf-8")
    words.update(mine)
    return mine


def test_new_sentences_come_in_without_a_wording(catalogue):
    assert {entry.id for entry in words.missing(catalogue)} == {"Save", "%(day)s is past.", ("%(num)s person", "%(num)s people")}


def test_wordings_are_added_and_strange_keys_are_named(catalogue):
    given = {"Save": "Gem", "%(num)s person": ["%(num)s person", "%(num)s personer"], "Sav": "?"}
    assert words.add(catalogue, given) == (2, ["Sav"])
    assert words.add(catalogue, given) == (0, ["Sav"])
    assert catalogue.get("%(num)s person").string == ("%(num)s person", "%(num)s personer")
    assert [entry.id for entry in words.missing(catalogue)] == ["%(day)s is past."]


def test_what_no_code_says_any_more_goes_and_nothing_is_guessed(catalogue):
    catalogue.add("Save it", "Gem den")
    words.add(catalogue, {"Save": "Gem"})
    words.update(catalogue)
    assert catalogue.get("Save it") is None
    assert catalogue.get("Save").string == "Gem"
    assert not any(entry.fuzzy for entry in catalogue if entry.id)


def test_saving_twice_writes_the_same_file(catalogue, monkeypatch, tmp_path):
    monkeypatch.setattr(words, "DANISH", tmp_path / "da" / "messages.po")
    words.add(catalogue, {"Save": "Gem"})
    words.save(catalogue)
    first = words.DANISH.read_text(encoding="utf-8")
    words.save(words.danish())
    assert words.DANISH.read_text(encoding="utf-8") == first
    assert "Date" not in first
