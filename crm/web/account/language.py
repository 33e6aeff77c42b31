"""Choosing the language: kept on the account, and in a cookie for the pages before sign-in."""

from __future__ import annotations

from flask import Blueprint, redirect, request
from werkzeug.wrappers import Response

from crm.kernel.i18n import LOCALES, best_locale
from crm.security.users import choose_locale
from crm.web.context import LOCALE_COOKIE, current_actor, klynge, next_path
from crm.web.guard import public

bp = Blueprint("language", __name__)
_YEAR = 31_536_000


@bp.post("/me/language")
@public
def choose() -> Response:
    """Speak another language from now on, and show the same page again."""
    locale = best_locale(request.form.get("locale"))
    app, user_id = klynge(), current_actor().user_id
    if user_id is not None and locale in LOCALES:
        with app.database.writing() as work:
            choose_locale(work, user_id, locale)
    response = redirect(next_path())
    secure = app.settings.public_url.startswith("https:")
    response.set_cookie(LOCALE_COOKIE, locale, max_age=_YEAR, path="/", secure=secure, httponly=True, samesite="Lax")
    return response
