"""One typed line as a task: what is understood, and what stays in the title."""

from __future__ import annotations

from datetime import UTC, date, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from crm.records.fields import DateValue
from crm.tasks.line import QuickTask, dotted, person_of, read_line

#: A Tuesday.
TODAY = date(2026, 12, 1)
ZONE = "Europe/Copenhagen"
USERS = {1: ("Mette Krogh", "mkr"), 2: ("Bo Nygaard", "bo"), 3: ("Bodil Aas", "bodil"), 4: ("Søren Bo", "sbo")}


def day(year: int, month: int, number: int) -> DateValue:
    return DateValue(date(year, month, number))


@pytest.mark.parametrize(
    ("line", "title", "due"),
    [
        ("Send brev i dag", "Send brev", day(2026, 12, 1)),
        ("Ring til Anne i morgen", "Ring til Anne", day(2026, 12, 2)),
        ("Ryd op i overmorgen", "Ryd op", day(2026, 12, 3)),
        ("Send brev fredag", "Send brev", day(2026, 12, 4)),
        ("Skriv punkt 4 senest tirsdag", "Skriv punkt 4", day(2026, 12, 8)),
        ("På mandag: køb kaffe", "køb kaffe", day(2026, 12, 7)),
        ("Ring næste fredag", "Ring", day(2026, 12, 11)),
        ("Find lokale næste uge", "Find lokale", day(2026, 12, 7)),
        ("Tjek budget om 3 dage", "Tjek budget", day(2026, 12, 4)),
        ("Tjek budget om en måned", "Tjek budget", day(2027, 1, 1)),
        ("Møde 27/4", "Møde", day(2027, 4, 27)),
        ("Møde 24/12", "Møde", day(2026, 12, 24)),
        ("Møde den 27. april 2028", "Møde", day(2028, 4, 27)),
        ("Læs bilag 3/4 igen 5/12", "Læs bilag 3/4 igen", day(2026, 12, 5)),
        ("Call Anne tomorrow", "Call Anne", day(2026, 12, 2)),
        ("Ring til Fredag-gruppen", "Ring til Fredag-gruppen", None),
        ("Betal 31/2", "Betal 31/2", None),
        ("Mandagsmøde", "Mandagsmøde", None),
    ],
)
def test_a_day_is_found_wherever_it_stands(line: str, title: str, due: DateValue | None):
    quick = read_line(line, TODAY, ZONE)
    assert (quick.title, quick.due) == (title, due)


def test_person_time_repetition_and_haste_go_in_any_order():
    quick = read_line("! Ring @mette til Anne fredag kl. 14.30 hver uge", TODAY, ZONE)
    at = DateValue(datetime(2026, 12, 4, 13, 30, tzinfo=UTC), all_day=False)
    assert quick == QuickTask("Ring til Anne", at, "mette", "weekly", high=True)


def test_a_repetition_without_a_day_begins_today():
    assert read_line("Statusmøde hver måned", TODAY, ZONE) == QuickTask("Statusmøde", day(2026, 12, 1), None, "monthly")


@given(st.text(max_size=80) | st.from_regex(r"[a-zæøå @!/.:0-9]{0,40}", fullmatch=True))
def test_no_line_breaks_the_reader(text: str):
    quick = read_line(text, TODAY, ZONE)
    assert len(quick.title) <= len(text)
    assert quick.due is None or quick.due.first_day(ZONE) >= TODAY or any(sign.isdecimal() for sign in text)


@pytest.mark.parametrize(
    ("word", "user"),
    [("mette", 1), ("METTE", 1), ("mkr", 1), ("bo", 2), ("bodil", 3), ("bodil.aas", 3), ("bodil.ås", 3), ("sø", 4), ("x", None)],
)
def test_a_person_is_found_by_name_or_user_name_and_never_guessed(word: str, user: int | None):
    """`bo` is the whole first name of one, so it is not the beginning of another's."""
    assert person_of(word, USERS) == user


def test_a_whole_name_after_an_at_is_one_word():
    names = ["Mette Krogh", "Mette", "Bo"]
    assert dotted("Ring @mette krogh i dag, @Mette Kroghs @Bo", names) == "Ring @Mette.Krogh i dag, @Mette Kroghs @Bo"


def test_a_name_that_two_have_is_nobody():
    assert person_of("anne", {1: ("Anne Holm", "ah"), 2: ("Anne Lund", "al")}) is None
    assert person_of("anne.lund", {1: ("Anne Holm", "ah"), 2: ("Anne Lund", "al")}) == 2
