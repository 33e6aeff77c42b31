"""`/t/<key>/views`: saved views of a list are made, changed, shared, taken away and brought back."""

from __future__ import annotations

from flask import redirect, request
from werkzeug.wrappers import Response

from crm.kernel.errors import NotFound
from crm.kernel.i18n import N_, Message
from crm.records import saved_views
from crm.records.saved_views import SaveView
from crm.records.work import UnitOfWork
from crm.screens.listing.saved import DEFAULTS, kept, posted
from crm.screens.tell import tell
from crm.screens.views.blueprint import bp
from crm.security.preferences import read_preferences, write_preference
from crm.web.context import current_actor, works
from crm.web.guard import needs


@bp.post("/t/<key>/views")
@needs("@crm")
def make_view(key: str) -> Response:
    """Keep the list as it is under a name."""
    with works().writing(current_actor()) as uow:
        state = posted(uow, uow.registry.get(key), request.form.get("state", ""))
        name, shared = request.form.get("name", ""), request.form.get("shared") == "true"
        view_id = saved_views.save_view(uow, SaveView(key, name, kept(state), shared))
    return _done(key, view_id, N_("The view is saved."))


@bp.post("/t/<key>/views/<int:view_id>/<act>")
@needs("@crm")
def change_view(key: str, view_id: int, act: str) -> Response:
    """Change a view: `state`, `name`, `share`, `unshare`, `open` (it opens from the menu), `shut`."""
    with works().writing(current_actor()) as uow:
        change = _CHANGES.get(act)
        if change is None:
            raise NotFound
        said = change(uow, key, view_id)
    return _done(key, view_id, said)


def _keep_state(uow: UnitOfWork, key: str, view_id: int) -> Message:
    state = posted(uow, uow.registry.get(key), request.form.get("state", ""))
    saved_views.update_view(uow, key, view_id, state=kept(state))
    return N_("The view is updated.")


def _rename(uow: UnitOfWork, key: str, view_id: int) -> Message:
    view = saved_views.update_view(uow, key, view_id, name=request.form.get("name", ""))
    return N_("The view is now called “%(name)s”.", name=view.name)


def _share(uow: UnitOfWork, key: str, view_id: int) -> Message:
    saved_views.update_view(uow, key, view_id, shared=True)
    return N_("The view is shared with everybody who may see the list.")


def _unshare(uow: UnitOfWork, key: str, view_id: int) -> Message:
    saved_views.update_view(uow, key, view_id, shared=False)
    return N_("The view is private again.")


def _open_by_itself(uow: UnitOfWork, key: str, view_id: int) -> Message:
    saved_views.view_of(uow, uow.registry.get(key), view_id)
    _set_default(uow, key, view_id)
    return N_("The list now opens with this view.")


def _open_plain(uow: UnitOfWork, key: str, _view_id: int) -> Message:
    _set_default(uow, key, None)
    return N_("The list opens without a view again.")


_CHANGES = {
    "state": _keep_state,
    "name": _rename,
    "share": _share,
    "unshare": _unshare,
    "open": _open_by_itself,
    "shut": _open_plain,
}


def _set_default(uow: UnitOfWork, key: str, view_id: int | None) -> None:
    if uow.actor.user_id is None:
        raise NotFound
    known = dict(read_preferences(uow.session, uow.actor.user_id).get(DEFAULTS) or {})
    known.pop(key, None)
    write_preference(uow.session, uow.actor.user_id, DEFAULTS, {**known, key: view_id} if view_id is not None else known)


@bp.post("/t/<key>/views/<int:view_id>/delete")
@needs("@crm")
def drop_view(key: str, view_id: int) -> Response:
    """Take a view away, with a way to bring it back."""
    with works().writing(current_actor()) as uow:
        view = saved_views.drop_view(uow, key, view_id)
        said = N_("The view “%(name)s” is deleted.", name=saved_views.named(view))
    tell(said, undo_url=f"/t/{key}/views/{view_id}/restore")
    return redirect(f"/t/{key}", 303)


@bp.post("/t/<key>/views/<int:view_id>/restore")
@needs("@crm")
def restore_view(key: str, view_id: int) -> Response:
    """Bring a view back."""
    with works().writing(current_actor()) as uow:
        saved_views.restore_view(uow, key, view_id)
    return _done(key, view_id, N_("The view is back."))


def _done(key: str, view_id: int, said: Message) -> Response:
    tell(said)
    return redirect(f"/t/{key}?view={view_id}", 303)
