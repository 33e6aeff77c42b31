"""What is told by sight, for speed, is what the libraries say: addresses that look plain, and numbers of the office's country."""

from __future__ import annotations

import pytest
from email_validator import EmailNotValidError, validate_email
from hypothesis import given, settings
from hypothesis import strategies as st

from crm.records.fields import emails, phones

LIKELY = st.from_regex(r"[a-z0-9_+\-.]{1,12}@[a-z0-9\-.]{1,14}\.(dk|com|test|local|arpa|x|co|museum)", fullmatch=True)


def by_library(address: str) -> str | None:
    try:
        return validate_email(address, check_deliverability=False).normalized
    except EmailNotValidError:
        return None


@settings(max_examples=120, deadline=None)
@given(address=st.from_regex(emails.PLAIN, fullmatch=True) | LIKELY)
def test_a_plain_address_is_what_the_library_gives(address: str) -> None:
    assert emails.tidied(address) == by_library(address)


@pytest.mark.parametrize("address", ["a@b.test", "a@b.local", "a@xn--abc.dk", "a@-b.dk", "a..b@c.dk", ".a@b.dk", "a@b", "A@B.dk"])
def test_what_looks_plain_and_is_not_goes_to_the_library(address: str) -> None:
    assert emails.tidied(address) == by_library(address)


@settings(max_examples=300, deadline=None)
@given(digits=st.integers(0, 10**8 - 1), plus=st.booleans(), gaps=st.booleans())
def test_a_number_of_eight_digits_is_what_the_library_gives(digits: int, plus: bool, gaps: bool) -> None:
    number = f"{digits:08}"
    text = " ".join(number[place : place + 2] for place in range(0, 8, 2)) if gaps else number
    text = f"+45 {text}" if plus and gaps else f"+45{text}" if plus else text
    assert phones._number(text) == phones.by_library(text)
