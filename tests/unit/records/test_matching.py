"""What makes two records alike: names as they sound, addresses, numbers; and rules over them."""

from __future__ import annotations

import pytest

from crm.directory.matching import ORGANISATION, PERSON
from crm.kernel.i18n import Label
from crm.records.fields import EmailValue, PhoneValue
from crm.records.matching import Key, Matching, Rule, as_is, digits, domain, folded, keys_of, sounded


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("Jens Bak", "Jens Back"),
        ("Jens Bak", "Bak, Jens"),
        ("Christian Thorsen", "Kristian Torsen"),
        ("Filip Jensson", "Philip Jensen"),
        ("Aarhus Vind ApS", "Århus Vind"),
        ("Sønderborg Maskiner A/S", "SØNDERBORG MASKINER"),
        ("Zofie Wiberg", "Sofie Viberg"),
    ],
)
def test_names_that_sound_alike(one: str, other: str) -> None:
    assert sounded(one) == sounded(other) is not None


@pytest.mark.parametrize(("one", "other"), [("Jens Bak", "Jens Berg"), ("Ærø Vind", "Fanø Vind"), ("Anne", "Hanne")])
def test_names_that_do_not(one: str, other: str) -> None:
    assert sounded(one) != sounded(other)


def test_a_legal_form_alone_is_a_name_all_the_same() -> None:
    assert folded("Holding A/S") == "holding a s"
    assert folded("???") is None


def test_domains_say_where_one_works_but_not_where_anybody_has_an_address() -> None:
    assert domain("Jens@Havn.dk") == domain("https://www.havn.dk/om-os") == "havn.dk"
    assert domain("jens@gmail.com") is None
    assert domain("jens@post.tele.dk") is None
    assert domain("ingenting") is None


def test_keys_of_typed_lists_are_those_of_their_entries() -> None:
    values = {"email": (EmailValue("JB@havn.dk"), EmailValue("jb@gmail.com")), "phone": (PhoneValue("+4533112233"),)}
    keys = keys_of(PERSON, "Jens Bak", values)
    assert {key for part, key in keys if part == "email"} == {"jb@havn.dk", "jb@gmail.com"}
    assert {key for part, key in keys if part == "domain"} == {"havn.dk"}
    assert ("phone", "4533112233") in keys


def test_the_strongest_rule_counts_and_one_name_among_many_says_little() -> None:
    assert PERSON.score({"sound", "domain"}) == 80
    assert PERSON.score({"name", "sound", "email"}) == 100
    assert PERSON.score({"domain"}) == 0
    assert ORGANISATION.score({"cvr"}) == 100
    assert ORGANISATION.score({"domain"}) == 0


def test_a_rule_names_keys_that_are_there() -> None:
    key = Key("name", Label("navn"), ("title",), folded)
    for parts in ((), ("mail",)):
        with pytest.raises(ValueError, match="names a key"):
            Matching((key,), (Rule(parts, 50),))


def test_numbers_too_short_to_tell_apart_are_no_keys() -> None:
    assert digits("112") is None
    assert digits("DK 12 34 56 78") == "12345678"
    assert as_is("  ") is None
