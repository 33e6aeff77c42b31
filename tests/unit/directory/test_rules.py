"""Company numbers, regions by day, names."""

from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from crm.directory import rules
from crm.directory.places import municipality_names, place_data
from crm.directory.rules import RegionSpan

EAST = (RegionSpan("hovedstaden", date(2007, 1, 1), date(2026, 12, 31)), RegionSpan("oestdanmark", date(2027, 1, 1)))


@pytest.mark.parametrize("number", ["13748136", "DK13748136", "13 74 81 36", "dk 13.748.136"])
def test_a_right_company_number_is_tidied_and_not_doubted(number):
    assert rules.tidy_cvr(number) == "13748136"
    assert not rules.cvr_is_doubtful(rules.tidy_cvr(number))
    assert rules.cvr_warning(rules.tidy_cvr(number)) is None


@pytest.mark.parametrize("number", ["13748137", "1374813", "137481366", "abc", "03748136"])
def test_a_wrong_company_number_is_doubted_and_kept_as_typed(number):
    assert rules.tidy_cvr(number) == number
    assert rules.cvr_is_doubtful(number)
    warning = rules.cvr_warning(number)
    assert warning is not None
    assert number in warning("da")


def test_no_company_number_is_no_doubt():
    assert rules.tidy_cvr("") is None
    assert not rules.cvr_is_doubtful(None)


@given(st.integers(1_000_000, 9_999_999))
def test_at_most_one_check_digit_fits(running):
    """Modulus 11, weights 2 7 6 5 4 3 2: rest 1 has no check digit, so that number is not used."""
    weighted = sum(int(digit) * weight for digit, weight in zip(str(running), (2, 7, 6, 5, 4, 3, 2), strict=True))
    rest = weighted % 11
    expected = [] if rest == 1 else [(11 - rest) % 11]
    assert [digit for digit in range(10) if not rules.cvr_is_doubtful(f"{running}{digit}")] == expected


def test_a_municipality_lies_in_one_region_a_day():
    assert rules.region_on(EAST, date(2026, 12, 31)) == "hovedstaden"
    assert rules.region_on(EAST, date(2027, 1, 1)) == "oestdanmark"
    assert rules.region_on(EAST, date(2006, 12, 31)) is None


def test_register_codes_become_four_digits():
    assert rules.tidy_municipality(151) == "0151"
    assert rules.tidy_municipality("0101") == "0101"
    assert rules.tidy_municipality(" 580 ") == "0580"
    assert rules.tidy_municipality("") is None


def test_a_persons_title_is_the_full_name():
    assert rules.person_title({"given_name": "Anne", "family_name": "Holm"}) == "Anne Holm"
    assert rules.person_title({"given_name": "Anne", "family_name": None}) == "Anne"


def test_there_are_98_municipalities_in_danish_order():
    names = [name for _code, name in municipality_names()]
    assert len(names) == 98
    assert names[-3:] == ["Aabenraa", "Aalborg", "Aarhus"]
    assert names.index("Fredericia") < names.index("Faaborg-Midtfyn")
    assert names.index("Ærø") < names.index("Aabenraa")


def test_five_regions_become_four():
    data = place_data()

    def there(day: str) -> dict[str, int]:
        spans = [row for row in data.belongings if row["valid_from"] <= day <= (row["valid_to"] or "9999")]
        return {key: sum(row["region_key"] == key for row in spans) for key in {row["region_key"] for row in spans}}

    west = {"nordjylland": 11, "midtjylland": 19, "syddanmark": 22}
    assert there("2026-12-31") == {**west, "hovedstaden": 29, "sjaelland": 17}
    assert there("2027-01-01") == {**west, "oestdanmark": 46}


def test_the_new_regions_code_is_not_known():
    codes = {row["key"]: row["code"] for row in place_data().regions}
    assert codes["oestdanmark"] == ""
    assert codes["hovedstaden"] == "1084"
