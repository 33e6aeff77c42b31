"""The whole schema as one MetaData: every model of ours, and Flask-AppBuilder's tables in place of our light ones."""

from __future__ import annotations

from importlib import import_module
from pathlib import Path

from flask_appbuilder.security.sqla import models as fab_models
from sqlalchemy import MetaData

from crm.kernel.db import NAMING, Base

PACKAGE = Path(__file__).resolve().parents[1]


def import_models() -> None:
    """Import every `models` and `…_models` module of `crm`, so that its tables are known."""
    for path in sorted([*PACKAGE.rglob("*models.py"), *PACKAGE.glob("*/models/__init__.py")]):
        parts = path.relative_to(PACKAGE).with_suffix("").parts
        import_module(".".join(["crm", *(part for part in parts if part != "__init__")]))


def whole_metadata() -> MetaData:
    """Give all tables of the database, as the code describes them."""
    import_models()
    whole = MetaData(naming_convention=NAMING)
    for table in fab_models.Model.metadata.sorted_tables:
        table.to_metadata(whole)
    for table in Base.metadata.sorted_tables:
        if not table.info.get("foreign"):
            table.to_metadata(whole)
    return whole
