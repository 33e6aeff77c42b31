"""Saved views that come with the product (`seeds/base/views.yaml`). Safe to load again: a known key is not made anew."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any, Final

import yaml
from sqlalchemy import func, select

from crm.kernel.i18n import Label
from crm.kernel.settings import ROOT
from crm.records.view_models import SavedView
from crm.records.work import Works
from crm.security.actors import Actor, system_actor

ACTOR: Final[Actor] = system_actor("seed")
FILE: Final[Path] = ROOT / "seeds" / "base" / "views.yaml"


@dataclass(frozen=True, slots=True)
class BaseView:
    """A view of a type's list: `state` holds the parameters of its address, `where` as a tree."""

    key: str
    type_key: str
    name: Label
    state: Mapping[str, Any]


@cache
def base_views() -> tuple[BaseView, ...]:
    """Give the views in the order of the file."""
    rows = yaml.safe_load(FILE.read_text(encoding="utf-8"))
    return tuple(BaseView(row["key"], row["type"], Label(da=row["da"], en=row["en"]), row["state"]) for row in rows)


def load_base_views(works: Works) -> int:
    """Make the views whose keys are missing, shared and nobody's; gives how many."""
    with works.writing(ACTOR, cause="seed") as uow:
        known = set(uow.session.scalars(select(SavedView.base).where(SavedView.base.is_not(None))))
        last = uow.session.scalar(select(func.max(SavedView.position))) or 0
        missing = [one for one in base_views() if one.key not in known and one.type_key in uow.registry.types]
        for place, one in enumerate(missing, last + 1):
            view = SavedView(
                type_id=uow.registry.get(one.type_key).id,
                owner_id=None,
                name=one.name.da,
                names=one.name.as_dict(),
                base=one.key,
                shared=True,
                state=dict(one.state),
                position=place,
                created_at=uow.now(),
                updated_at=uow.now(),
            )
            uow.session.add(view)
        return len(missing)
