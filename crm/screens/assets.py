"""Static files under one digest of the whole folder: cached for a year, new at once after an upgrade.

The digest stands in the path (`/assets/<digest>/js/main.js`), so that modules and stylesheets may name each other plainly.
"""

from __future__ import annotations

import hashlib
from functools import cache
from pathlib import Path
from typing import Final

from flask import Blueprint, Response, send_from_directory

from crm.web.guard import public

FOLDER: Final = Path(__file__).with_name("static")
YEAR: Final = 31_536_000

bp = Blueprint("assets", __name__)


@cache
def digest() -> str:
    """Give the digest of all static files; read once per process."""
    total = hashlib.sha256()
    for path in sorted(FOLDER.rglob("*")):
        if path.is_file():
            total.update(path.relative_to(FOLDER).as_posix().encode() + b"\0" + path.read_bytes())
    return total.hexdigest()[:12]


def static(path: str) -> str:
    """Give the address of a static file."""
    return f"/assets/{digest()}/{path}"


@bp.get("/assets/<asked>/<path:path>")
@public
def asset(asked: str, path: str) -> Response:
    """Send a static file. One asked for under an older digest is the present one, and is not kept."""
    response = send_from_directory(FOLDER, path, conditional=True)
    response.headers["Cache-Control"] = f"public, max-age={YEAR}, immutable" if asked == digest() else "no-cache"
    return response
