"""Approving a pack in Prefect by a one-time code: whose it is, when it is refused, and in which words. On both databases."""

from __future__ import annotations

from datetime import timedelta

import pytest
from sqlalchemy import select, text

from crm.boards import services
from crm.boards.models import ApprovalCode, PackVersion
from crm.boards.rules import CODE_LIFETIME, CODE_TRIES
from crm.kernel.clock import FixedClock
from crm.kernel.errors import AccessDenied, DomainError, RuleViolation
from crm.security.actors import Actor
from crm.wiring import Klynge
from tests.support.boards import SEED, World, make_world, submitted, user_actor
from tests.support.people import add_user


@pytest.fixture
def world(klynge: Klynge) -> World:
    return make_world(klynge)


@pytest.fixture
def mette(klynge: Klynge) -> Actor:
    return user_actor(klynge, add_user(klynge, "staff", "mette"))


def version(klynge: Klynge, version_id: int) -> PackVersion:
    with klynge.database.reading() as session:
        row = session.get(PackVersion, version_id)
        assert row is not None
        return row


def publish(klynge: Klynge, world: World, version_id: int) -> services.PublishedPack:
    assert world.office is not None
    return services.publish_pack(klynge.works, version_id, world.office)


def refused(klynge: Klynge, world: World, code: str | None) -> str:
    with pytest.raises(DomainError) as refusal:
        services.approve_with_code(klynge.works, world.meeting, code)
    return refusal.value.message("da")


def test_a_code_approves_in_prefect_as_the_person_it_was_shown_to(klynge: Klynge, world: World, mette: Actor) -> None:
    pack = submitted(klynge, world)
    with klynge.works.writing(mette) as uow:
        issued = services.issue_approval_code(uow, world.meeting)
    assert len(issued.code) == 9
    assert issued.expires_at - klynge.clock.now() == CODE_LIFETIME >= timedelta(minutes=15)
    assert services.approve_with_code(klynge.works, world.meeting, issued.code.lower()) == pack.version_id
    row = version(klynge, pack.version_id)
    assert (row.approved_by, row.approved_via) == (mette.user_id, "code")
    publish(klynge, world, pack.version_id)
    assert services.approve_with_code(klynge.works, world.meeting, issued.code) == pack.version_id
    with klynge.database.reading() as session:
        stored = session.scalars(select(ApprovalCode)).one()
        assert issued.code.replace("-", "") not in f"{stored.code_hash}{stored.salt}".upper()


def test_a_code_is_refused_in_plain_words(klynge: Klynge, world: World, mette: Actor, clock: FixedClock) -> None:
    assert refused(klynge, world, "") == "Materialet er ikke samlet."
    submitted(klynge, world)
    assert "kræver engangskoden" in refused(klynge, world, None)
    assert "Koden passer ikke" in refused(klynge, world, "AAAA-AAAA")
    with klynge.works.writing(mette) as uow:
        old = services.issue_approval_code(uow, world.meeting).code
        new = services.issue_approval_code(uow, world.meeting).code
    assert "udløbet" in refused(klynge, world, old)
    clock.moment += CODE_LIFETIME
    assert "udløbet" in refused(klynge, world, new)
    with pytest.raises(RuleViolation, match="switched off"):
        services.approve_with_code(klynge.works, world.meeting, new, allowed=False)


def test_a_code_does_not_fit_a_pack_that_was_assembled_again(klynge: Klynge, world: World, mette: Actor, clock: FixedClock) -> None:
    submitted(klynge, world)
    with klynge.works.writing(mette) as uow:
        code = services.issue_approval_code(uow, world.meeting).code
    clock.moment += timedelta(minutes=1)
    with klynge.works.writing(SEED) as uow:
        uow.records.update(world.items[2], {"finances": "Dyrere."})
    submitted(klynge, world)
    assert "samlet igen" in refused(klynge, world, code)


def test_guessing_makes_the_codes_void(klynge: Klynge, world: World, mette: Actor) -> None:
    submitted(klynge, world)
    with klynge.works.writing(mette) as uow:
        code = services.issue_approval_code(uow, world.meeting).code
    for _ in range(CODE_TRIES):
        assert "passer ikke" in refused(klynge, world, "ZZZZZZZZ")
    assert "udløbet" in refused(klynge, world, code)


def test_a_code_of_someone_who_lost_the_right_approves_nothing(klynge: Klynge, world: World, mette: Actor) -> None:
    submitted(klynge, world)
    with klynge.works.writing(mette) as uow:
        code = services.issue_approval_code(uow, world.meeting).code
    with klynge.database.writing() as session:
        session.execute(text("update ab_user set active = :no where id = :id"), {"no": False, "id": mette.user_id})
    with pytest.raises(AccessDenied):
        services.approve_with_code(klynge.works, world.meeting, code)
