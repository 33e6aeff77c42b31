"""Likely duplicates are found on both databases: as one types, for a whole type, under rights; and pairs that are none."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest

from crm.kernel.errors import AccessDenied, NotFound
from crm.records.merge import MatchFollower, alike_record, alike_values, pairs, set_apart
from tests.support.queries import counting
from tests.support.records import SYSTEM, add_actor, works_on

if TYPE_CHECKING:
    from crm.kernel.db import Database
    from crm.records.work import Works


@pytest.fixture
def works(database: Database) -> Works:
    return works_on(database)


def make(works: Works, type_key: str, **values: Any) -> int:
    with works.writing(SYSTEM) as uow:
        return uow.records.create(type_key, values)


def alike(works: Works, **values: Any) -> list[tuple[int, int]]:
    from crm.records.store.drafts import clean_values

    with works.reading(SYSTEM) as uow:
        record_type = uow.registry.get("person")
        cleaned, _problems = clean_values(uow, record_type, values, "create")
        return [(one.title.id, one.score) for one in alike_values(uow, record_type, cleaned)]


def found_pairs(works: Works) -> list[tuple[int, int, int]]:
    with works.reading(SYSTEM) as uow:
        return [(pair.first.id, pair.second.id, pair.score) for pair in pairs(uow, "person").pairs]


def test_what_was_just_written_is_found_before_and_after_its_keys_are_kept(works: Works) -> None:
    bak = make(works, "person", given_name="Jens", family_name="Bak", email="jens@havn.dk")
    make(works, "person", given_name="Anne", family_name="Holm", email="anne@havn.dk")
    for _turn in range(2):
        assert alike(works, given_name="Jens", family_name="Back", email="jb@havn.dk") == [(bak, 80)]
        assert alike(works, given_name="Jens", family_name="Berg") == []
        assert MatchFollower(works).turn() >= 0
    with works.writing(SYSTEM) as uow:
        uow.records.update(bak, {"family_name": "Berg"})
    assert alike(works, given_name="Jens", family_name="Berg") == [(bak, 60)]
    MatchFollower(works).turn()
    assert alike(works, given_name="Jens", family_name="Back") == []


def test_pairs_of_a_type_the_surest_first_until_somebody_says_that_they_are_two(works: Works) -> None:
    bak = make(works, "person", given_name="Jens", family_name="Bak", email="jens@havn.dk")
    back = make(works, "person", given_name="Jens", family_name="Back", email="jb@havn.dk")
    first = make(works, "person", given_name="Anne", family_name="Holm", phone="33112233")
    second = make(works, "person", given_name="Anne", family_name="Holm", phone="33 11 22 33")
    make(works, "person", given_name="Ole", family_name="Lind", email="ole@havn.dk")
    MatchFollower(works).turn()
    assert found_pairs(works) == [(first, second, 95), (bak, back, 80)]
    with works.writing(SYSTEM) as uow:
        set_apart(uow, back, bak)
    assert found_pairs(works) == [(first, second, 95)]
    with works.reading(SYSTEM) as uow:
        assert alike_record(uow, uow.registry.get("person"), bak) == []
    with works.writing(SYSTEM) as uow:
        uow.records.delete(second)
    assert found_pairs(works) == []


def test_a_key_that_very_many_share_makes_no_pairs(works: Works) -> None:
    for number in range(22):
        make(works, "person", given_name="Jens", family_name="Hansen", phone=f"331122{number:02}")
    MatchFollower(works).turn()
    assert found_pairs(works) == []


def test_the_number_of_questions_does_not_grow_with_the_records(works: Works, database: Database) -> None:
    def asked() -> int:
        with works.reading(SYSTEM) as uow, counting(database) as statements:
            pairs(uow, "person")
        return len(statements)

    for _ in range(2):
        make(works, "person", given_name="Jens", family_name="Bak", phone="33112233")
    MatchFollower(works).turn()
    few = asked()
    for number in range(10):
        make(works, "person", given_name=f"Anne {number % 5}", family_name="Holm", phone="33112244")
    MatchFollower(works).turn()
    assert asked() == few


def test_nobody_learns_of_what_they_may_not_read(works: Works, database: Database) -> None:
    bak = make(works, "person", given_name="Jens", family_name="Bak", email="jens@havn.dk")
    back = make(works, "person", given_name="Jens", family_name="Back", email="jens@havn.dk")
    MatchFollower(works).turn()
    own = add_actor(database, "own", [("person", "read", "own"), ("person", "update", "own")])
    names = add_actor(database, "names", [("person", "read", "all", ["given_name", "family_name"], None)])
    stranger = add_actor(database, "stranger", [("organisation", "*")])
    with works.reading(own) as uow:
        assert pairs(uow, "person").pairs == ()
    with works.writing(own) as uow, pytest.raises(NotFound):
        set_apart(uow, bak, back)
    with works.reading(names) as uow:
        assert [pair.score for pair in pairs(uow, "person").pairs] == [50]
        assert [one.score for one in alike_record(uow, uow.registry.get("person"), bak)] == [50]
    with works.writing(names) as uow, pytest.raises(AccessDenied):
        set_apart(uow, bak, back)
    with works.reading(stranger) as uow, pytest.raises(AccessDenied):
        pairs(uow, "person")
    with works.reading(SYSTEM) as uow, pytest.raises(NotFound):
        pairs(uow, "meeting")
