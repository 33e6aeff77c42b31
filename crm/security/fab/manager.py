"""Flask-AppBuilder's security manager, with what is unsafe in it switched off.

Every way in goes through `crm.security.signin`; every change of users and roles through `crm.security.users`. What
Flask-AppBuilder would do by itself past limits, epochs and the security log raises here.
"""

from __future__ import annotations

from typing import Any, NoReturn

from flask import Flask
from flask_appbuilder.security.sqla.manager import SecurityManager
from flask_login import LoginManager

from crm.kernel.errors import ConfigError
from crm.security.passwords import require_strong


class NoLimiter:
    """Stands where Flask-AppBuilder expects Flask-Limiter: ours counts in the database (`crm.security.limits`)."""

    def limit(self, *_args: Any, **_kwargs: Any) -> NoReturn:
        """Refuse: a limit in process memory would not hold over several processes."""
        raise ConfigError("limits are crm.security.limits")


class KlyngeSecurityManager(SecurityManager):  # type: ignore[misc]  # untyped library
    """Users, roles and hashes from Flask-AppBuilder; sign-in, limits and sessions are ours."""

    def create_login_manager(self, app: Flask) -> LoginManager:
        """Give Flask-Login without its cookies: the user is whoever our own session or token says."""
        manager = LoginManager()
        app.login_manager = manager  # type: ignore[attr-defined]  # where Flask-Login looks for itself
        manager.request_loader(self._user_of_request)
        return manager

    def create_jwt_manager(self, app: Flask) -> None:
        """Make none: API tokens are `crm.security.tokens`, revocable and hashed at rest."""

    def create_limiter(self, app: Flask) -> NoLimiter:
        """Make none of Flask-Limiter's."""
        return NoLimiter()

    @staticmethod
    def before_request() -> None:
        """Set nothing: the actor sits on the unit of work."""

    def _user_of_request(self, request: Any) -> Any:
        """Give Flask-AppBuilder's user to whoever asks Flask-Login; nothing of ours does."""
        user_id = request.environ.get("klynge.user_id")
        return None if user_id is None else self.load_user(user_id)

    def auth_user_db(self, username: str, password: str) -> NoReturn:
        """Refuse: it knows no limits."""
        raise ConfigError("sign-in is crm.security.signin.prove_password")

    def reset_password(self, userid: int, password: str) -> NoReturn:
        """Refuse: it asks for no strength and ends no session."""
        require_strong(password)
        raise ConfigError("passwords are set by crm.security.users.set_password")

    def add_user(self, *_args: Any, **_kwargs: Any) -> NoReturn:
        """Refuse: a user needs an account row and a line in the security log."""
        raise ConfigError("users are added by crm.security.users.add_user")

    def security_cleanup(self, *_args: Any, **_kwargs: Any) -> NoReturn:
        """Refuse: it deletes permissions that it does not know."""
        raise ConfigError("security-cleanup is switched off")

    def security_converge(self, *_args: Any, **_kwargs: Any) -> NoReturn:
        """Refuse: rights are the grant table."""
        raise ConfigError("security-converge is switched off")
