"""Organisation and person as record types: what the store will run."""

from collections.abc import Mapping
from datetime import date
from typing import Any

import pytest

from crm.directory.types import LIFECYCLE, ORGANISATION, PERSON, TYPES
from crm.filters import NOTHING, Condition
from crm.kernel.i18n import Label
from crm.records.fields import KINDS, ValueProblem
from crm.records.fields.emails import primary_address
from crm.security.actors import Actor

TODAY = date(2026, 12, 1)
ZONE = "Europe/Copenhagen"


class Nothing:
    """What the rules may ask for, when there is nothing else in the database."""

    today = TODAY
    zone = ZONE
    settings: Mapping[str, Any] = {}

    def related(self, ids):
        return {}

    def having(self, type_key, field, value):
        return ()

    def links(self, field, record_id):
        return ()


def test_every_listed_field_exists():
    heads = {"title", "state"}
    for record_type in TYPES:
        assert [name for name in record_type.list_fields if name not in heads | set(record_type.by_name)] == []


def test_every_name_and_option_has_both_languages():
    words: list[Label] = []
    for record_type in TYPES:
        words += [record_type.names.one, record_type.names.many, record_type.names.new, record_type.names.title]
        for field in record_type.fields:
            words += [field.label, *(option.label for option in field.options)]
    assert [word for word in words if not (word.da and word.en)] == []


def test_a_doubtful_company_number_is_marked_not_refused():
    functions = ORGANISATION.functions
    tidy = functions.normalise({"cvr": "DK 13 74 81 37"})
    assert tidy == {"cvr": "13748137"}
    assert functions.derive(None, tidy, Nothing()) == {"cvr_doubtful": True, "region": None}
    assert functions.derive(None, {"cvr": "13748136"}, Nothing())["cvr_doubtful"] is False
    assert functions.check(None, tidy, Nothing()) == {}


def test_an_organisation_may_end_and_begin_again():
    assert LIFECYCLE.initial == "active"
    assert LIFECYCLE.step("merge", "active", {}, {}).target == "merged"
    assert LIFECYCLE.step("reopen", "merged", {}, {}).target == "active"
    assert {state.label("da") for state in LIFECYCLE.states} == {"Under opstart", "Aktiv", "Fusioneret", "Ophørt"}


def test_a_positions_organisation_is_a_link_with_role_and_dates():
    positions = PERSON.by_name["positions"]
    assert positions.targets == ("organisation",)
    assert type(positions.place).__name__ == "Links"


def test_personal_data_is_marked_as_such():
    assert all(field.personal for field in PERSON.fields)
    assert not any(field.personal for field in ORGANISATION.fields)


def test_own_is_what_the_user_owns_and_self_is_the_person_they_are():
    nobody, anna = Actor(None, "x"), Actor(7, "Anna", person_id=40)
    assert PERSON.scopes["own"](nobody, TODAY) == NOTHING
    assert PERSON.scopes["own"](anna, TODAY) == Condition("owner", "is", 7)
    assert PERSON.scopes["self"](nobody, TODAY) == NOTHING
    assert PERSON.scopes["self"](anna, TODAY) == Condition("id", "is", 40)


@pytest.mark.parametrize("record_type", [ORGANISATION, PERSON])
def test_addresses_and_numbers_are_typed_lists_with_one_primary(record_type):
    email, phone = record_type.by_name["email"], record_type.by_name["phone"]
    found = KINDS["emails"].clean(email, "post@a.dk; faktura@a.dk", ZONE)
    assert [(one.address, one.type, one.primary) for one in found] == [
        ("post@a.dk", "work", True),
        ("faktura@a.dk", "work", False),
    ]
    usual = "main" if record_type is ORGANISATION else "mobile"
    assert [(one.number, one.type) for one in KINDS["phones"].clean(phone, "33 11 22 33", ZONE)] == [("+4533112233", usual)]


@pytest.mark.parametrize("address", ["åse", "åse@", "@b.dk", "a@b@c.dk", "a b@c.dk", "Åse <a@b.dk>"])
def test_what_is_no_email_address_is_refused(address):
    with pytest.raises(ValueProblem):
        KINDS["emails"].clean(PERSON.by_name["email"], address, ZONE)


def test_the_address_to_write_to_is_the_primary():
    listed = KINDS["emails"].clean(PERSON.by_name["email"], [{"address": "a@b.dk"}, {"address": "c@d.dk", "primary": True}], ZONE)
    assert primary_address(listed) == "c@d.dk"
    assert primary_address(None) is None
