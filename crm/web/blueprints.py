"""The blueprints of the product, one a feature, in the order they are registered. Add yours here."""

from __future__ import annotations

import importlib
from typing import Final

from flask import Blueprint, Flask

#: `module:attribute`; every view in them carries a permission (`web.guard`).
BLUEPRINTS: Final = (
    "crm.web.health:bp",
    "crm.screens.assets:bp",
    "crm.screens.views:bp",
    "crm.exchange.views:bp",
    "crm.web.home:bp",
    "crm.web.account.login:bp",
    "crm.web.account.links:bp",
    "crm.web.account.language:bp",
    "crm.web.account.api:bp",
    "crm.web.account.me:bp",
    "crm.web.account.users:bp",
    "crm.web.account.roles:bp",
    "crm.tasks.views:bp",
    "crm.membership.views:bp",
    "crm.sparring.views:bp",
    "crm.international.views:bp",
    "crm.events.views:bp",
    "crm.notices.views:bp",
    "crm.boards.views:bp",
    "crm.ops.views:bp",
    "crm.web.portal:bp",
    "crm.api.routes:bp",
)
#: Parts that only add to pages of others: panels of record pages, boxes of the front page.
PANELS: Final = (
    "crm.directory.panels",
    "crm.ops.panels",
    "crm.tasks.home",
    "crm.boards.home",
    "crm.ops.home",
    "crm.events.home",
    "crm.certification.home",
    "crm.sparring.home",
    "crm.certification.panels",
    "crm.cases.panels",
    "crm.collaboration.panels",
    "crm.library.panels",
)


def install_blueprints(app: Flask) -> None:
    """Register them all."""
    for path in BLUEPRINTS:
        module, _, name = path.partition(":")
        blueprint = getattr(importlib.import_module(module), name)
        if not isinstance(blueprint, Blueprint):
            raise TypeError(f"{path} is not a blueprint")
        app.register_blueprint(blueprint)
    for name in PANELS:
        importlib.import_module(name).install()
