"""The API's sign-in: user name and password for a short-lived bearer token. It looks at no cookie and sets none."""

from __future__ import annotations

from flask import Blueprint, Response, jsonify, request
from werkzeug.exceptions import UnsupportedMediaType

from crm.kernel.errors import InvalidInput
from crm.kernel.i18n import N_
from crm.security import tokens
from crm.security.signin import finish, prove_password
from crm.web.context import acting, klynge
from crm.web.guard import public_without_cookie

bp = Blueprint("api_login", __name__)


@bp.post("/api/v1/security/login")
@public_without_cookie
def sign_in() -> Response:
    """Give a token for 15 minutes; the same limits as at the form, and counted together with it."""
    if not request.is_json:
        raise UnsupportedMediaType
    body = request.get_json()
    body = body if isinstance(body, dict) else {}
    typed, password = body.get("username"), body.get("password")
    if not isinstance(typed, str) or not isinstance(password, str):
        missing = N_("A text is needed here.")
        raise InvalidInput({name: missing for name in ("username", "password") if not isinstance(body.get(name), str)})
    app, by = klynge(), acting()
    proven = prove_password(app.database, app.settings.signing_key(), typed[:320], password[:1000], by)
    with app.database.writing() as work:
        finish(work, proven, by, way="api")
        token = tokens.issue(work, proven.user_id, tokens.LOGIN_NAME, "write", tokens.LOGIN_LASTS, by)
    return jsonify(access_token=token, token_type="Bearer", expires_in=int(tokens.LOGIN_LASTS.total_seconds()))  # noqa: S106 - the kind, not a secret
