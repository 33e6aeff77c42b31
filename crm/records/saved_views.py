"""Saved views: made, changed, shared, taken away and brought back. What a view shows is bounded by who looks, each time."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Final

from sqlalchemy import bindparam, func, or_, select

from crm.kernel.errors import AccessDenied, InvalidInput, NotFound, RuleViolation
from crm.kernel.i18n import N_, Label
from crm.kernel.text import clean
from crm.records.types import RecordType
from crm.records.view_models import SavedView

if TYPE_CHECKING:
    from crm.records.work import UnitOfWork

LONGEST_NAME: Final = 80
#: Private views of one user on one type, and shared views of a type.
MOST: Final = 100


@dataclass(frozen=True, slots=True)
class SaveView:
    """The order to keep a list's state: `state` holds the parameters of its address by name, `where` as a tree."""

    type_key: str
    name: str
    state: Mapping[str, Any]
    shared: bool = False


@dataclass(frozen=True, slots=True)
class View:
    """A saved view, as it is read."""

    id: int
    #: None: it came with the product.
    owner_id: int | None
    name: str
    shared: bool
    state: Mapping[str, Any]
    names: Mapping[str, str] | None = None


_view: Final[Any] = SavedView.__table__
#: Made once: every list page asks it, and it needs none of what an ORM read adds.
_VIEWS: Final = (
    select(_view.c.id, _view.c.owner_id, _view.c.name, _view.c.shared, _view.c.state, _view.c.names)
    .where(
        _view.c.type_id == bindparam("type_id"),
        _view.c.deleted_at.is_(None),
        or_(_view.c.shared, _view.c.owner_id == bindparam("user_id")),
    )
    .order_by(_view.c.position, _view.c.id)
)
_ONE_VIEW: Final = _VIEWS.where(_view.c.id == bindparam("view_id"))


def views_of(uow: UnitOfWork, record_type: RecordType) -> Sequence[View]:
    """Give the views of a type that the actor may open: the shared ones and their own, in their order; one query."""
    asked = {"type_id": record_type.id, "user_id": uow.actor.user_id or 0}
    return [View(*row) for row in uow.session.execute(_VIEWS, asked)]


def view_of(uow: UnitOfWork, record_type: RecordType, view_id: int) -> View:
    """Give one view.

    Raises:
        NotFound: there is none of this type, it was taken away, or it is somebody else's own.
    """
    asked = {"type_id": record_type.id, "user_id": uow.actor.user_id or 0, "view_id": view_id}
    found = uow.session.execute(_ONE_VIEW, asked).one_or_none() if 0 < view_id < 2**53 else None
    if found is None:
        raise NotFound
    return View(*found)


def named(view: View | SavedView) -> Label | str:
    """Give a view's name: of what came with the product in both languages, until somebody renames it."""
    return Label.of(view.names) if view.names else view.name


def may_change(uow: UnitOfWork, view: View | SavedView) -> bool:
    """Whether the actor may change a view: their own, and administrators any that is shared."""
    own = view.owner_id is not None and view.owner_id == uow.actor.user_id
    return own or (view.shared and uow.access.may_use("@admin"))


def may_share(uow: UnitOfWork, type_key: str) -> bool:
    """Whether the actor may put a view before everybody: who only reads a type keeps their views to themselves."""
    return any(uow.access.may(act, type_key) for act in ("create", "update"))


def save_view(uow: UnitOfWork, order: SaveView) -> int:
    """Keep a list's state under a name; gives the view's id.

    Raises:
        AccessDenied: the type may not be read, or the actor may not share.
        InvalidInput: there is no name.
        RuleViolation: there are too many views already.
    """
    record_type = uow.registry.get(order.type_key)
    uow.access.require("read", order.type_key)
    if uow.actor.user_id is None or (order.shared and not may_share(uow, order.type_key)):
        raise AccessDenied
    name = _name(order.name)
    whose = SavedView.shared if order.shared else (SavedView.owner_id == uow.actor.user_id) & ~SavedView.shared
    of_type = (SavedView.type_id == record_type.id, SavedView.deleted_at.is_(None))
    if (uow.session.scalar(select(func.count()).select_from(SavedView).where(*of_type, whose)) or 0) >= MOST:
        raise RuleViolation(N_("There are %(most)s views already. Delete one first.", most=MOST))
    last = uow.session.scalar(select(func.max(SavedView.position)).where(SavedView.type_id == record_type.id))
    view = SavedView(
        type_id=record_type.id,
        owner_id=uow.actor.user_id,
        name=name,
        shared=order.shared,
        state=dict(order.state),
        position=(last or 0) + 1,
        created_at=uow.now(),
        updated_at=uow.now(),
    )
    uow.session.add(view)
    uow.session.flush()
    return view.id


def update_view(
    uow: UnitOfWork,
    type_key: str,
    view_id: int,
    *,
    state: Mapping[str, Any] | None = None,
    name: str | None = None,
    shared: bool | None = None,
) -> SavedView:
    """Change what a view keeps, its name, or who sees it; what is not given stays.

    Raises:
        NotFound: there is no such view.
        AccessDenied: it is not the actor's to change, or to share.
        InvalidInput: the name is empty.
    """
    view = _mine(uow, type_key, view_id)
    if shared and not view.shared and not may_share(uow, type_key):
        raise AccessDenied
    if state is not None:
        view.state = dict(state)
    if name is not None:
        view.name, view.names = _name(name), None
    if shared is not None:
        view.shared = shared
        if not shared and view.owner_id is None:
            view.owner_id = uow.actor.user_id
    view.updated_at = uow.now()
    return view


def drop_view(uow: UnitOfWork, type_key: str, view_id: int) -> SavedView:
    """Take a view away.

    Raises:
        NotFound: there is no such view.
        AccessDenied: it is not the actor's to take away.
    """
    view = _mine(uow, type_key, view_id)
    view.deleted_at = uow.now()
    return view


def restore_view(uow: UnitOfWork, type_key: str, view_id: int) -> SavedView:
    """Bring back a view that was taken away; one that is there stays as it is.

    Raises:
        NotFound: there never was such a view, or it is not the actor's.
    """
    found = uow.session.get(SavedView, view_id) if 0 < view_id < 2**53 else None
    if found is None or found.type_id != uow.registry.get(type_key).id or not may_change(uow, found):
        raise NotFound
    found.deleted_at = None
    return found


def _mine(uow: UnitOfWork, type_key: str, view_id: int) -> SavedView:
    uow.access.require("read", type_key)
    view_of(uow, uow.registry.get(type_key), view_id)
    view = uow.session.get(SavedView, view_id)
    if view is None or not may_change(uow, view):
        raise AccessDenied
    return view


def _name(text: str) -> str:
    name = " ".join(clean(text).split())[:LONGEST_NAME]
    if not name:
        raise InvalidInput({"name": N_("A view needs a name.")})
    return name
