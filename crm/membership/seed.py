"""Loads the numbered criteria of the catalogue. Safe to run again: a number that was ever there is not made anew."""

from __future__ import annotations

from typing import Final

from sqlalchemy import select

from crm.directory.places import BASE, read_rows
from crm.membership.models import CatalogueCriterion
from crm.records.store import Create
from crm.records.work import Works
from crm.security.actors import Actor, system_actor

ACTOR: Final[Actor] = system_actor("seed")
FILE: Final = BASE / "catalogue_criteria.csv"


def load_criteria(works: Works) -> int:
    """Make the criteria whose numbers are missing; gives how many. One in the trash was taken away on purpose."""
    with works.writing(ACTOR, cause="seed") as uow:
        known = select(CatalogueCriterion.number).execution_options(with_trash=True)
        present = set(uow.session.scalars(known))
        missing = [row for row in read_rows(FILE) if int(row["number"]) not in present]
        orders = [Create("catalogue_criterion", {"number": int(row["number"]), "title": row["title"]}) for row in missing]
        return len(uow.records.save_many(orders)) if orders else 0
