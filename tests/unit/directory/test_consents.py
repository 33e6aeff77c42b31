"""When a person may be written to."""

from __future__ import annotations

from datetime import date

import pytest

from crm.directory.consents import CHANNELS, PURPOSES, Given, Standing, may_contact, problems, standing
from crm.records.fields import DateValue

FEB, MAR, APR = date(2026, 2, 1), date(2026, 3, 1), date(2026, 4, 1)
MAIL = Given("newsletter", "email", FEB, APR)
AGAIN = Given("newsletter", "email", date(2026, 6, 1))


@pytest.mark.parametrize(
    ("consents", "day", "expected"),
    [
        ([], MAR, Standing.NEVER),
        ([MAIL], date(2026, 1, 31), Standing.NEVER),
        ([MAIL], FEB, Standing.GIVEN),
        ([MAIL], date(2026, 3, 31), Standing.GIVEN),
        # On the day it was withdrawn it does not hold any more.
        ([MAIL], APR, Standing.WITHDRAWN),
        ([MAIL, AGAIN], date(2026, 5, 31), Standing.WITHDRAWN),
        ([MAIL, AGAIN], date(2026, 6, 1), Standing.GIVEN),
    ],
)
def test_a_consent_holds_from_its_day_to_the_day_before_it_is_withdrawn(consents: list[Given], day: date, expected: Standing):
    assert standing(consents, "newsletter", "email", day)[0] is expected
    assert may_contact(consents, "newsletter", "email", day) is (expected is Standing.GIVEN)


def test_each_purpose_and_channel_stands_for_itself():
    given = [(purpose, channel) for purpose in PURPOSES for channel in CHANNELS if may_contact([MAIL], purpose, channel, MAR)]
    assert given == [("newsletter", "email")]


def test_protection_stops_advertising_even_with_consent_and_nothing_else():
    every = [Given(purpose, "email", FEB) for purpose in PURPOSES]
    allowed = {purpose for purpose in PURPOSES if may_contact(every, purpose, "email", MAR, protected=True)}
    assert allowed == {"portrait", "publication", "sharing"}


def test_a_consent_is_written_once():
    old = {"person": 1, "purpose": "newsletter", "channel": "email", "given": DateValue(FEB), "how": "form", "wording": "v1"}
    assert problems(None, old) == {}
    assert problems(old, {**old, "withdrawn": DateValue(MAR), "note": "Ringede"}) == {}
    changed = {"purpose": "sharing", "channel": "sms", "given": DateValue(MAR), "how": None, "wording": "v2", "person": 2}
    assert set(problems(old, changed)) == set(changed)
    assert set(problems(None, {**old, "withdrawn": DateValue(date(2026, 1, 1))})) == {"withdrawn"}
