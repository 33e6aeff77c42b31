"""What an organisation was called, and what a renaming keeps."""

from __future__ import annotations

from datetime import date

from crm.directory.names import Name, Step, corrected, name_on, renamed

TODAY = date(2026, 12, 1)
YESTERDAY = date(2026, 11, 30)
KNOWN = date(2024, 3, 1)
STYRELSE = [
    Name("Styrelsen for Forskning og Innovation", date(2006, 1, 1), date(2016, 12, 31)),
    Name("Styrelsen for Institutioner og Uddannelsesstøtte", date(2017, 1, 1), date(2020, 9, 30)),
]


def test_a_board_member_of_2016_and_of_2017_sits_for_the_same_agency_under_two_names():
    now = "Uddannelses- og Forskningsstyrelsen"
    assert name_on(STYRELSE, date(2016, 12, 31), now) == "Styrelsen for Forskning og Innovation"
    assert name_on(STYRELSE, date(2017, 1, 1), now) == "Styrelsen for Institutioner og Uddannelsesstøtte"
    assert name_on(STYRELSE, TODAY, now) == now
    # Before the first day that is known it is called as on that day, and without any rows as today.
    assert name_on(STYRELSE, date(1999, 1, 1), now) == "Styrelsen for Forskning og Innovation"
    assert name_on([], date(1999, 1, 1), now) == now


def test_of_two_names_that_overlap_the_later_one_counts():
    names = [Name("Gammel", date(2020, 1, 1), date(2026, 12, 31)), Name("Ny", date(2026, 6, 1))]
    assert name_on(names, date(2026, 6, 1), "Ny") == "Ny"


def test_the_first_renaming_keeps_the_old_name_to_yesterday():
    assert renamed([], "Lean Energy", "CLEAN", TODAY, KNOWN) == [
        Step(Name("Lean Energy", KNOWN, YESTERDAY)),
        Step(Name("CLEAN", TODAY)),
    ]


def test_the_next_renaming_ends_the_name_that_holds():
    names = [Name("A", KNOWN, date(2025, 5, 5), 7), Name("B", date(2025, 5, 6), None, 8)]
    assert renamed(names, "B", "C", TODAY, KNOWN) == [
        Step(Name("B", date(2025, 5, 6), YESTERDAY, 8)),
        Step(Name("C", TODAY)),
    ]


def test_a_name_that_no_row_holds_begins_after_the_last_known_one():
    assert renamed(STYRELSE, "Uddannelses- og Forskningsstyrelsen", "Ny Styrelse", TODAY, KNOWN) == [
        Step(Name("Uddannelses- og Forskningsstyrelsen", date(2020, 10, 1), YESTERDAY)),
        Step(Name("Ny Styrelse", TODAY)),
    ]


def test_a_row_without_days_gets_some_when_its_name_ends():
    names = [Name("A", date.min, None, 7)]
    assert renamed(names, "A", "B", TODAY, KNOWN)[0] == Step(Name("A", KNOWN, YESTERDAY, 7))


def test_what_was_written_down_today_was_only_mistyped():
    assert renamed([], "Clen", "CLEAN", TODAY, TODAY) == []


def test_renaming_twice_on_a_day_corrects_the_first():
    names = [Name("A", KNOWN, YESTERDAY, 7), Name("Bb", TODAY, None, 8)]
    assert renamed(names, "Bb", "B", TODAY, KNOWN) == [Step(Name("B", TODAY, None, 8))]
    assert renamed(names, "Bb", "A", TODAY, KNOWN) == [
        Step(Name("Bb", TODAY, None, 8), forget=True),
        Step(Name("A", KNOWN, None, 7)),
    ]


def test_a_change_that_was_a_correction_gives_its_days_to_the_name_of_today():
    former, current = Name("Clen", KNOWN, date(2025, 1, 1), 7), Name("CLEAN", date(2025, 1, 2), None, 8)
    assert corrected([former, current]) == [Step(former, forget=True), Step(Name("CLEAN", KNOWN, None, 8))]
    assert corrected([former]) == []
    assert corrected(STYRELSE) == []
