"""A pasted list is read however it was written, and nothing hostile breaks the reading."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from crm.events.guest_lines import MOST_LINES, MOST_SIGNS, GuestLine, read_lines, split_name
from crm.kernel.errors import InvalidInput

ANNE = ("Anne Holm", "Grøn Energi Nord", "anne@nord.example")
JENS = ("Jens Bak", "Aabenraa Erhverv", "jens.bak@example.dk")


def people(text: str) -> list[tuple[str, str, str]]:
    return [(line.name, line.organisation, line.email) for line in read_lines(text) if line.problem is None]


@pytest.mark.parametrize(
    "text",
    [
        "Anne Holm\tGrøn Energi Nord\tanne@nord.example\nJens Bak\tAabenraa Erhverv\tjens.bak@example.dk",
        "Anne Holm;Grøn Energi Nord;anne@nord.example\r\nJens Bak;Aabenraa Erhverv;jens.bak@example.dk\r\n",
        "Anne Holm, Grøn Energi Nord, Anne@nord.example\n\nJens Bak, Aabenraa Erhverv, jens.bak@example.dk",
        'Navn;E-mail;Organisation\n"Holm, Anne";anne@nord.example;Grøn Energi Nord\nJens Bak;jens.bak@example.dk;Aabenraa Erhverv',
        "Fornavn,Efternavn,Firma,Mail\nAnne,Holm,Grøn Energi Nord,anne@nord.example\nJens,Bak,Aabenraa Erhverv,jens.bak@example.dk",
        "anne@nord.example;Anne Holm;Grøn Energi Nord\nJens Bak <jens.bak@example.dk>;Aabenraa Erhverv",
        "Holm, Anne\tGrøn Energi Nord\tanne@nord.example\nJens  Bak\tAabenraa Erhverv\t<mailto:jens.bak@example.dk>",
    ],
)
def test_tabs_semicolons_commas_headings_and_the_order_of_columns_are_understood(text: str):
    assert people(text) == [ANNE, JENS]


def test_a_row_of_recipients_has_a_line_for_each():
    text = "Anne Holm <anne@nord.example>; Jens Bak <jens.bak@example.dk>; kia@x.dk <kia@x.dk>"
    assert [(name, mail) for name, _where, mail in people(text)] == [
        ("Anne Holm", "anne@nord.example"),
        ("Jens Bak", "jens.bak@example.dk"),
        ("kia@x.dk", "kia@x.dk"),
    ]


def test_a_line_of_names_alone_is_a_list_of_names_and_a_person_called_navn_is_no_heading():
    assert people("Anne Holm\nJens Bak") == [("Anne Holm", "", ""), ("Jens Bak", "", "")]
    assert people("Navn Navnesen\tFirma\nJens Bak\tX")[0][0] == "Navn Navnesen"


def test_an_address_that_is_none_is_left_out_and_named_and_the_line_still_counts():
    (line,) = read_lines("Anne Holm;Nord;anne@@nord")
    assert (line.name, line.email, line.problem) == ("Anne Holm", "", None)
    assert "anne@@nord" in str(line.remark)


def test_the_same_person_twice_counts_once_and_says_where():
    lines = read_lines("Anne Holm;Nord;anne@nord.example\nA. Holm;;ANNE@nord.example\nBo;X\nbo ;x")
    assert [line.problem is None for line in lines] == [True, False, True, False]
    assert "line 1" in str(lines[1].problem)
    assert [line.number for line in lines] == [1, 2, 3, 4]


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("", "Paste the list"),
        (" \n\t\n", "Paste the list"),
        ("Navn;E-mail", "nobody under it"),
        ("x" * (MOST_SIGNS + 1), "too much"),
        ("a\n" * (MOST_LINES + 1), "At most"),
    ],
)
def test_nothing_and_too_much_are_refused_in_plain_words(text: str, words: str):
    with pytest.raises(InvalidInput, match=words):
        read_lines(text)


@given(st.text(st.characters(), max_size=300))
def test_whatever_is_pasted_is_read_or_refused_in_words(text: str):
    try:
        lines = read_lines(text)
    except InvalidInput:
        return
    for line in lines:
        assert isinstance(line, GuestLine)
        assert "\x00" not in line.name + line.organisation + line.email
        assert line.problem is not None or line.name or line.email
        assert len(split_name(line.name).given) <= 100


def test_a_cell_longer_than_a_sheet_has_is_cut():
    (line,) = read_lines(f"Anne Holm;{'x' * 150_000}")
    assert (line.name, len(line.organisation)) == ("Anne Holm", 200)


def test_a_name_is_split_before_its_last_word():
    assert (split_name("Anne Marie Holm").given, split_name("Anne Marie Holm").family) == ("Anne Marie", "Holm")
    assert (split_name("Anne").given, split_name("Anne").family) == ("Anne", "")
