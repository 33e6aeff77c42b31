"""One typed line as a sparring: what is understood in any order, and that nothing typed is dropped."""

from __future__ import annotations

from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from crm.records.fields import DateValue
from crm.sparring.line import Known, QuickSparring, minutes_of, name_runs, past_day, read_sparring
from crm.tasks.line import QuickTask

#: A Tuesday.
TODAY = date(2026, 12, 1)
ZONE = "Europe/Copenhagen"
FJORD = Known(10, False, "Fjordklyngen")
GREEN = Known(11, False, "Grøn Energi Nord")
DATA = Known(12, False, "Data Danmark")
HOLM = Known(1, True, "Anne Holm", (10,))
HOLME = Known(2, True, "Anne Holmegaard", (11,))
AAGE = Known(3, True, "Aage Møller", (11,))
KNOWN = (HOLM, HOLME, AAGE, FJORD, GREEN, DATA)


def read(line: str) -> QuickSparring:
    return read_sparring(line, TODAY, ZONE, KNOWN)


def test_the_line_of_the_product_description():
    step = QuickTask("Sender EEN-kontakt")
    assert read("anne holm 25 tlf internationalisering: sender EEN-kontakt") == QuickSparring(
        person=HOLM, minutes=25, channel="phone", topics=("international",), step=step
    )


@pytest.mark.parametrize(
    "line",
    [
        "i går teams 1½ time strategi komm grøn energi nord aage",
        "grøn energi strategi, komm. 90 min i går aage møller teams",
        "Aage  GRØN ENERGI teams 30/11 1 t 30 kommunikation strategi",
    ],
)
def test_words_stand_in_any_order_and_may_be_cut_short(line: str):
    found = read(line)
    assert found.is_clear, found
    assert (found.person, found.organisations) == (AAGE, (GREEN,))
    assert (found.minutes, found.channel, set(found.topics)) == (90, "teams", {"strategy", "communication"})
    assert found.held == date(2026, 11, 30)


def test_the_longest_name_counts_and_a_topic_within_a_name_is_none():
    assert read("data danmark 15 crm").organisations == (DATA,)
    assert read("data danmark 15").topics == ()
    assert read("anne holmegaard").person == HOLME


def test_a_name_that_two_share_is_asked_about_unless_the_organisation_tells():
    unsure = read("anne 15 tlf")
    assert unsure.person is None
    assert [(one.words, one.options) for one in unsure.unsure] == [("anne", (HOLM, HOLME))]
    assert read("anne fjordklyngen").person == HOLM
    assert read("grøn energi anne").person == HOLME
    on_their_page = read_sparring("anne 15 tlf", TODAY, ZONE, KNOWN, frozenset({FJORD.id}))
    assert on_their_page.person == HOLM


def test_what_is_not_understood_is_given_back_as_it_was_typed():
    found = read("kim nielsen 15 tlf hoppeborg strategi anne holm")
    assert found.unread == ("kim nielsen", "hoppeborg")
    assert (found.person, found.minutes, found.topics) == (HOLM, 15, ("strategy",))
    assert read("anne holm aage møller").unread == ("aage møller",), "a sparring is with one person"


def test_after_the_colon_stands_the_next_step_and_before_an_arrow_the_note():
    found = read("anne holm: drøftede vedtægter: § 4 -> sender skabelon @mette fredag")
    assert found.note == "Drøftede vedtægter: § 4"
    assert found.step == QuickTask("Sender skabelon", DateValue(date(2026, 12, 4)), "mette")
    assert read("anne holm: talte om alt ->").step is None
    assert read("anne holm kl 10:30").unread == ("kl 10:30",), "a time of day ends no head"


@pytest.mark.parametrize(
    ("text", "minutes"),
    [
        ("25", 25),
        ("25min", 25),
        ("1 time", 60),
        ("1,5 t", 90),
        ("½ time", 30),
        ("2t15", 135),
        ("0", None),
        ("1441", None),
        ("t", None),
    ],
)
def test_durations(text: str, minutes: int | None):
    assert minutes_of(text) == minutes


@pytest.mark.parametrize(
    ("text", "day"),
    [
        ("i dag", TODAY),
        ("i forgårs", date(2026, 11, 29)),
        ("mandag", date(2026, 11, 30)),
        ("i tirsdags", date(2026, 11, 24)),
        ("sidste fredag", date(2026, 11, 27)),
        ("for 2 uger siden", date(2026, 11, 17)),
        ("27/4", date(2026, 4, 27)),
        ("24/12", date(2025, 12, 24)),
        ("1. april 2024", date(2024, 4, 1)),
        ("2026-11-03", date(2026, 11, 3)),
        ("31/2", None),
        ("fjordklyngen", None),
    ],
)
def test_a_day_is_one_that_has_been(text: str, day: date | None):
    assert past_day(text, TODAY) == day


@given(
    st.lists(st.sampled_from(["anne", "holm", "25", "tlf", "xyzzy", "i", "går", "½", "data", ":", "->", "@bo", "t"]), max_size=9)
)
def test_no_line_breaks_the_reader_and_no_word_of_the_head_is_lost(words: list[str]):
    line = " ".join(words)
    found = read(line)
    assert ("xyzzy" in line.split(":")[0]) == any("xyzzy" in part for part in found.unread)
    assert len(name_runs(line)) <= 60
