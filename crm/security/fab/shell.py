"""AppBuilder as a shell: its extensions are there, none of its views, static files, menus or APIs are."""

from __future__ import annotations

from typing import Any, Final

from flask import Flask
from flask_appbuilder import AppBuilder
from sqlalchemy.orm import Session, scoped_session, sessionmaker

from crm.kernel.db import Database
from crm.security.fab.manager import KlyngeSecurityManager

#: What fab.md §2 asks for, as far as Flask-AppBuilder reads it. Its views are not registered at all (below), so most of these
#: are a second lock on a door that is not there.
CONFIG: Final[dict[str, Any]] = {
    "AUTH_TYPE": 1,
    "AUTH_ROLE_ADMIN": "administrator",
    "AUTH_ROLE_PUBLIC": "nobody",
    "AUTH_USER_REGISTRATION": False,
    "AUTH_RATE_LIMITED": False,
    "FAB_CREATE_DB": False,
    "FAB_UPDATE_PERMS": False,
    "FAB_ADD_SECURITY_VIEWS": False,
    "FAB_ADD_SECURITY_API": False,
    "FAB_ADD_MENU_API": False,
    "FAB_ADD_OPENAPI_VIEWS": False,
    "FAB_API_SWAGGER_UI": False,
    "FAB_API_KEY_ENABLED": False,
    "FAB_PASSWORD_COMPLEXITY_ENABLED": True,
    "FAB_SAFE_REDIRECT_HOSTS": [],
    "RATELIMIT_ENABLED": False,
    "BABEL_DEFAULT_LOCALE": "da",
    "LANGUAGES": {"da": {"flag": "dk", "name": "Dansk"}, "en": {"flag": "gb", "name": "English"}},
}


class Shell(AppBuilder):  # type: ignore[misc]  # untyped library
    """An AppBuilder that registers no view: no index page, no `/back`, no `/lang`, no static folder, no add-ons."""

    def _add_admin_views(self) -> None:
        """Register nothing."""

    def _add_global_static(self) -> None:
        """Serve none of its files."""

    def _add_global_filters(self) -> None:
        """Add none of its template filters: one of them asks the database once per menu item."""

    def _add_addon_views(self) -> None:
        """Load none."""


def install_shell(app: Flask, database: Database) -> scoped_session[Session]:
    """Put Flask-AppBuilder into the app, on our engine; gives the session it works with."""
    app.config.update(CONFIG)
    session = scoped_session(sessionmaker(database.engine, expire_on_commit=False))
    with app.app_context():
        Shell(app, session, security_manager_class=KlyngeSecurityManager, update_perms=False)

    @app.teardown_appcontext
    def _close(_error: BaseException | None) -> None:
        session.remove()

    return session
