"""What may be said of an extra field when it is made: a wrong word here would stop every process that reads the types.

Each kind says which settings it takes (`FieldKind.settings`). Regular expressions and storage words are for built-in types
alone, so no kind lists them.
"""

from __future__ import annotations

from collections.abc import Container, Mapping
from typing import Any

from crm.kernel.errors import InvalidInput
from crm.kernel.i18n import N_
from crm.records.fields import KINDS
from crm.records.fields.base import shown


def check_config(kind: str, config: Mapping[str, Any], types: Container[str]) -> None:
    """Refuse a setting that the kind does not know, or a value that it cannot use.

    Raises:
        InvalidInput: which, under `config`.
    """
    allowed = KINDS[kind].settings
    for name, value in config.items():
        if name not in allowed or not allowed[name](value):
            raise InvalidInput({"config": N_("“%(name)s” cannot be set so for this kind of field.", name=shown(name))})
    needed = KINDS[kind].needs
    if needed is not None and not config.get(needed):
        raise InvalidInput({"config": N_("This kind of field needs “%(name)s”.", name=needed)})
    for key in config.get("targets", ()):
        if key not in types:
            raise InvalidInput({"config": N_("There is no kind of record called “%(key)s”.", key=shown(key))})
