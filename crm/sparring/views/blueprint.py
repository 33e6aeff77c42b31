"""The blueprint that the screens of sparring share."""

from __future__ import annotations

from typing import Final

from flask import Blueprint

bp: Final = Blueprint("sparring", __name__, template_folder="../templates")
