"""Labels, messages and the catalogue."""

import os
import shutil

import pytest

from crm.kernel import i18n
from crm.kernel.i18n import CATALOGUES, N_, Label, best_locale, catalogue


def test_a_label_falls_back_to_the_other_language():
    assert Label(da="Navn", en="Name")("en") == "Name"
    assert Label(da="Navn")("en") == "Navn"
    assert Label(da="", en="Name")("da") == "Name"
    assert Label.of(Label(da="Navn", en="Name").as_dict()) == Label(da="Navn", en="Name")


def test_a_message_is_worded_at_the_edge_with_its_values():
    message = N_("%(days)s days ago", days=3)
    assert message("da") == "for 3 dage siden"
    assert message("en") == "3 days ago"
    assert str(message) == "3 days ago"


def test_values_that_are_words_are_worded_in_the_same_language():
    message = N_("“%(field)s” must be filled in.", field=Label(da="Navn", en="Name"))
    assert message("en") == "“Name” must be filled in."
    assert "Navn" in message("da")


def test_a_percent_sign_without_values_is_left_alone():
    assert N_("100 %")("en") == "100 %"


def test_equal_messages_are_one():
    assert len({N_("today"), N_("today"), N_("in %(days)s days", days=2), N_("in %(days)s days", days=3)}) == 3


@pytest.mark.parametrize(
    ("wishes", "chosen"),
    [(("en-GB",), "en"), ((None, "da_DK"), "da"), (("fr", "en"), "en"), (("fr",), "da"), ((), "da")],
)
def test_the_first_language_that_we_speak_is_chosen(wishes, chosen):
    assert best_locale(*wishes) == chosen


@pytest.fixture
def other_catalogues(tmp_path, monkeypatch):
    """A copy of the catalogue without its compiled file, and an empty cache."""
    folder = tmp_path / "da" / "LC_MESSAGES"
    folder.mkdir(parents=True)
    shutil.copy(CATALOGUES / "da" / "LC_MESSAGES" / "messages.po", folder)
    monkeypatch.setattr(i18n, "CATALOGUES", tmp_path)
    catalogue.cache_clear()
    yield folder
    catalogue.cache_clear()


def test_words_are_found_without_a_compiled_catalogue(other_catalogues):
    assert catalogue("da").gettext("today") == "i dag"
    assert list(other_catalogues.iterdir()) == [other_catalogues / "messages.po"]


def test_a_stale_compiled_catalogue_is_not_used(other_catalogues):
    compiled = other_catalogues / "messages.mo"
    compiled.write_bytes(b"not a catalogue")
    os.utime(compiled, (1, 1))
    assert catalogue("da").gettext("today") == "i dag"
