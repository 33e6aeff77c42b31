"""The one blueprint that the views of this package hang on."""

from __future__ import annotations

from flask import Blueprint

bp = Blueprint("screens", __name__)
