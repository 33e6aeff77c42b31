"""The app factory: Flask put together from parts that each hold one concern."""

from __future__ import annotations

import secrets
from collections.abc import Callable
from datetime import timedelta
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final, cast
from urllib.parse import urlsplit

import jinja2
import structlog
from flask import Flask
from markupsafe import Markup
from werkzeug.middleware.proxy_fix import ProxyFix
from werkzeug.routing import IntegerConverter, Map

from crm.kernel.i18n import catalogue
from crm.kernel.settings import Settings
from crm.screens import theme
from crm.screens.assets import static
from crm.screens.icons import icon
from crm.security.callers import Callers
from crm.security.fab.shell import install_shell
from crm.security.ports import no_mandates
from crm.web.blueprints import install_blueprints
from crm.web.context import current_access, current_actor, current_locale, current_preferences
from crm.web.csrf import csrf_token
from crm.web.guard import install_guard
from crm.web.headers import csp_nonce, install_headers
from crm.web.pages import PageEnvironment
from crm.web.sessions import ServerSessions
from crm.web.status import install_errors

if TYPE_CHECKING:
    from crm.wiring import Klynge

CRM: Final = Path(__file__).resolve().parents[1]
MEGABYTE: Final = 1024 * 1024
BIGGEST_ID: Final = 2**63 - 1
_LOOPBACK: Final = ("localhost", "127.0.0.1", "[::1]")


class IdConverter(IntegerConverter):
    """Numbers in addresses are ids: what no bigint holds is no page, not a database error."""

    def __init__(self, url_map: Map, fixed_digits: int = 0, min: int = 0, max: int = BIGGEST_ID) -> None:  # noqa: A002 - Werkzeug's names
        super().__init__(url_map, fixed_digits=fixed_digits, min=min, max=max)


class Pages(Flask):
    """Flask with our templates, and without coroutines."""

    jinja_environment = PageEnvironment

    def ensure_sync(self, func: Callable[..., Any]) -> Callable[..., Any]:
        """Give a function as it is: none of ours is a coroutine, and asking a dozen of them was a twentieth of a request."""
        return func


def create_app(klynge: Klynge) -> Flask:
    """Make the web app of a wired product. Several may live in one process (tests)."""
    settings = klynge.settings
    https = urlsplit(settings.public_url).scheme == "https"
    app = Pages("crm.web", static_folder=None, template_folder=None)
    app.config.update(flask_config(settings, https=https))
    app.extensions["klynge"] = klynge
    callers = Callers(timedelta(minutes=settings.session_idle_minutes), getattr(klynge, "mandates", no_mandates))
    app.session_interface = ServerSessions(klynge, callers)
    if settings.proxy_hops:
        hops = settings.proxy_hops
        app.wsgi_app = ProxyFix(app.wsgi_app, x_for=hops, x_proto=hops, x_host=hops)  # type: ignore[method-assign]
    app.url_map.converters["int"] = IdConverter
    install_shell(app, klynge.database)
    install_log_context(app)
    install_headers(app, https=https)
    install_guard(app)
    install_errors(app)
    install_templates(app)
    theme.install(app, klynge)
    install_blueprints(app)
    return app


def flask_config(settings: Settings, *, https: bool) -> dict[str, Any]:
    """Give Flask's own settings."""
    return {
        "SECRET_KEY": settings.signing_key(),
        "SESSION_COOKIE_NAME": "__Host-klynge" if https else "klynge",
        "SESSION_COOKIE_SECURE": https,
        "PREFERRED_URL_SCHEME": "https" if https else "http",
        "TRUSTED_HOSTS": trusted_hosts(settings),
        "MAX_CONTENT_LENGTH": max(32, settings.file_max_mb + 2) * MEGABYTE,
        "MAX_FORM_MEMORY_SIZE": 2 * MEGABYTE,
        "MAX_FORM_PARTS": 2000,
        "TEMPLATES_AUTO_RELOAD": False,
        "TRAP_BAD_REQUEST_ERRORS": False,
        "PROPAGATE_EXCEPTIONS": False,
    }


def trusted_hosts(settings: Settings) -> list[str]:
    """Give the host names that are answered: the public one, this machine's own, and those set."""
    public = urlsplit(settings.public_url).hostname or ""
    further = [name.strip() for name in settings.trusted_hosts.split(",")]
    return list(dict.fromkeys(name for name in (public, *_LOOPBACK, *further) if name))


def install_log_context(app: Flask) -> None:
    """Give every line that a request logs the same number, so that they are found together."""

    @app.before_request
    def _bind() -> None:
        structlog.contextvars.clear_contextvars()
        structlog.contextvars.bind_contextvars(request_id=secrets.token_hex(8))


def install_templates(app: Flask) -> None:
    """Let templates of every part be found, and give them words, tokens and the actor."""
    folders = sorted(str(path) for path in CRM.glob("*/templates"))
    app.jinja_loader = jinja2.FileSystemLoader(folders)
    environment = cast(PageEnvironment, app.jinja_env)
    environment.constants = lambda locale: {"_": words_in(locale), "icon": icon, "svg": icon, "static": static}
    environment.trim_blocks = environment.lstrip_blocks = True
    environment.undefined = jinja2.StrictUndefined
    environment.add_extension("jinja2.ext.i18n")
    environment.install_gettext_callables(gettext, ngettext, newstyle=True)  # type: ignore[attr-defined]  # by the extension
    environment.globals["_"] = words
    app.extensions["babel"].locale_selector = current_locale
    environment.globals.update(csrf_token=csrf_token, csp_nonce=csp_nonce, preferences=current_preferences)

    @app.context_processor
    def _caller() -> dict[str, Any]:
        locale = current_locale()
        return {
            "_": words_in(locale),
            "actor": current_actor(),
            "locale": locale,
            "may": lambda act, type_key: current_access().may(act, type_key),
            "may_use": lambda area: current_access().may_use(area),
        }


@cache
def _sentence(locale: str, text: str) -> Markup:
    return Markup(catalogue(locale).gettext(text))  # noqa: S704 - sentences of ours; values put in are escaped


def words(text: str, /, **values: Any) -> Markup:
    """Translate a sentence of a template, with values by name: what Jinja's `_` does, without asking its context each time.

    A page has some sixty sentences; Jinja's own way took a quarter of its time.
    """
    found = _sentence(current_locale(), text)
    return found % values if values or "%" in found else found


@cache
def words_in(locale: str) -> Callable[..., Markup]:
    """Give `words` of one language: a page asks for its language once, not for each of its sentences."""

    def words_here(text: str, /, **values: Any) -> Markup:
        found = _sentence(locale, text)
        return found % values if values or "%" in found else found

    return words_here


def gettext(text: str) -> str:
    """Translate for the caller."""
    return catalogue(current_locale()).gettext(text)


def ngettext(one: str, many: str, number: int) -> str:
    """Translate with a number for the caller."""
    return catalogue(current_locale()).ngettext(one, many, number)
