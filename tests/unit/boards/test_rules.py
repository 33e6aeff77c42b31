"""Worked cases of the meeting rules. 27 April 2027 is a Tuesday."""

from __future__ import annotations

from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from crm.boards import rules
from crm.boards.rules import ItemFacts, MeetingFacts, Notice, Wish
from crm.kernel.errors import RuleViolation

HELD_ON = date(2027, 4, 27)


def test_deadlines_are_counted_in_calendar_days() -> None:
    found = rules.deadlines(HELD_ON, Notice())
    assert found.items_on == date(2027, 4, 6)
    assert found.draft_on == date(2027, 4, 13)
    assert found.dispatch_on == date(2027, 4, 20)
    assert found.minutes_on == date(2027, 5, 4)
    assert found.comments_on == date(2027, 5, 9)


def test_another_board_has_other_deadlines() -> None:
    assert rules.deadlines(HELD_ON, Notice(items=10, dispatch=5)).dispatch_on == date(2027, 4, 22)


def test_members_answer_three_days_before_but_never_in_the_past() -> None:
    assert rules.reply_by(HELD_ON, date(2027, 4, 12)) == date(2027, 4, 24)
    assert rules.reply_by(HELD_ON, date(2027, 4, 26)) == date(2027, 4, 26)


def test_items_are_numbered_in_the_meeting_or_on_through_the_year() -> None:
    assert rules.item_numbers(3, "meeting", earlier_this_year=12) == (1, 2, 3)
    assert rules.item_numbers(3, "year", earlier_this_year=12) == (13, 14, 15)


def test_the_next_meeting_takes_the_next_number() -> None:
    assert rules.next_number([]) == 1
    assert rules.next_number([1, 2, None, 5]) == 6


def test_a_meeting_is_named_by_number_and_year() -> None:
    assert rules.meeting_title("Styregruppemøde", "Styregruppen", 1, 2027, HELD_ON) == "Styregruppemøde 1/2027"
    assert rules.meeting_title(None, "Styregruppen", 1, 2027, HELD_ON) == "Styregruppen, møde 1/2027"
    assert rules.meeting_title("Styregruppemøde", "Styregruppen", None, None, HELD_ON) == "Styregruppemøde 27.04.2027"


def test_a_file_name_sorts_by_day_and_says_what_it_is() -> None:
    name = rules.pack_file_name(HELD_ON, "Styregruppen", 1, 2027, 1, "pdf")
    assert name == "2027-04-27 Styregruppen 1-2027 dagsorden og bilag v1.pdf"


def test_a_file_name_holds_no_sign_that_a_disk_refuses() -> None:
    assert rules.pack_file_name(HELD_ON, 'Udvalg: "A/B" <x>', None, None, 2, "docx") == (
        "2027-04-27 Udvalg A B x dagsorden og bilag v2.docx"
    )


@pytest.mark.parametrize(
    ("typed", "wish"),
    [
        (None, Wish()),
        ("  ", Wish()),
        ("1/2027", Wish(number=1, year=2027)),
        ("nr. 12 / 2027", Wish(number=12, year=2027)),
        ("1-2027", Wish(number=1, year=2027)),
        ("http://localhost:8080/r/17/styregruppemoede-1-2027", Wish(record_id=17)),
        ("https://crm.example.dk/b/meetings/17?item=3", Wish(record_id=17)),
        ("/r/17/x", Wish(record_id=17)),
    ],
)
def test_a_meeting_can_be_asked_for_in_several_ways(typed: str | None, wish: Wish) -> None:
    assert rules.read_wish(typed) == wish


@pytest.mark.parametrize("typed", ["styregruppen", "1/27", "17", "http://x/t/meeting", "1/2027; drop table"])
def test_what_names_no_meeting_is_refused_in_plain_words(typed: str) -> None:
    with pytest.raises(RuleViolation, match="1/2027"):
        rules.read_wish(typed)


MEETINGS = (
    MeetingFacts(10, 1, 2027, date(2027, 2, 2)),
    MeetingFacts(11, 2, 2027, date(2027, 4, 27)),
    MeetingFacts(12, 3, 2027, date(2027, 9, 1)),
)
TODAY = date(2027, 4, 1)


def chosen(typed: str) -> int:
    return rules.choose_meeting(MEETINGS, rules.read_wish(typed), TODAY, "Styregruppen").id


def test_nothing_typed_means_the_next_meeting() -> None:
    assert chosen("") == 11


def test_a_number_or_an_address_names_any_meeting_of_the_board() -> None:
    assert chosen("1/2027") == 10
    assert chosen("/r/12/x") == 12


def test_a_number_that_is_not_there_names_the_next() -> None:
    with pytest.raises(RuleViolation) as refusal:
        chosen("9/2027")
    assert refusal.value.message("da") == "Der er intet møde 9/2027 i Styregruppen. Næste er 2/2027."


def test_an_address_of_another_boards_meeting_is_refused() -> None:
    with pytest.raises(RuleViolation, match="not that of a meeting in Styregruppen"):
        chosen("/r/99/x")


def test_a_board_without_a_coming_meeting_says_so() -> None:
    with pytest.raises(RuleViolation, match="no coming meeting"):
        rules.choose_meeting(MEETINGS, Wish(), date(2028, 1, 1), "Styregruppen")


def test_an_orientation_is_only_taken_note_of() -> None:
    assert not rules.may_hold_decision("orientation")
    assert not rules.may_hold_recommendation("orientation")
    assert rules.may_hold_decision("decision")
    assert rules.may_hold_decision("discussion")


def test_the_conclusion_comes_first() -> None:
    headings = [label("da") for _, label in rules.HEADINGS[rules.ItemType.DECISION]]
    assert headings == ["Indstilling", "Baggrund", "Sagsfremstilling", "Økonomi"]
    assert rules.HEADINGS[rules.ItemType.ORIENTATION][0][1]("da") == "Orientering"


def item(**values: object) -> ItemFacts:
    return ItemFacts(**{"number": 4, "title": "Økonomi", "item_type": "decision", **values})  # type: ignore[arg-type]


def test_an_empty_agenda_is_not_ready() -> None:
    assert [problem("da") for problem in rules.agenda_problems([])] == ["Mødet har ingen punkter på dagsordenen."]


def test_an_item_without_text_is_named() -> None:
    assert [problem("da") for problem in rules.agenda_problems([item()])] == ["Punkt 4 ”Økonomi” mangler tekst."]


def test_a_decision_needs_a_recommendation() -> None:
    assert [problem("da") for problem in rules.agenda_problems([item(background="Noget")])] == [
        "Punkt 4 ”Økonomi” er til beslutning, men mangler en indstilling."
    ]


def test_standing_items_and_blocks_need_no_text() -> None:
    ready = [item(standing=True), item(item_type="orientation", has_blocks=True), item(recommendation="at …")]
    assert rules.agenda_problems(ready) == []


def test_minutes_add_up_to_hours() -> None:
    assert rules.total_minutes([5, 30, None, 120]) == 155
    assert rules.duration(155) == "2 t 35 min"
    assert rules.duration(120) == "2 t"
    assert rules.duration(35, "en") == "35 min"


@given(st.lists(st.integers(1, 40), unique=True), st.dictionaries(st.integers(1, 40), st.integers(1, 99)))
def test_annexes_keep_their_numbers_and_never_share_one(files: list[int], kept: dict[int, int]) -> None:
    unique = {file: place for place, file in enumerate(sorted(kept), 1)}
    numbers = rules.annex_numbers(files, unique)
    assert set(numbers) == set(files)
    assert len(set(numbers.values())) == len(files)
    assert all(numbers[file] == unique[file] for file in files if file in unique)


def test_a_code_is_easy_to_read_and_read_kindly() -> None:
    codes = {rules.new_code() for _ in range(200)}
    assert len(codes) == 200
    assert all(len(code) == 8 and set(code) <= set(rules.CODE_SIGNS) for code in codes)
    assert not set("0O1IL8B5S2Z") & set(rules.CODE_SIGNS)
    assert rules.typed_code(" k7pm-4xqt ") == "K7PM4XQT" == rules.typed_code(rules.shown_code("K7PM4XQT"))
