"""Refusals of the API, worded once. `crm.web.status` says which HTTP status each one becomes.

Every error answers `{"code", "message", "fields", "reference"}`; a version conflict also carries the present `record`.
"""

from __future__ import annotations

from typing import Any

from crm.kernel.errors import Conflict, DomainError
from crm.kernel.i18n import N_


class BadRequest(DomainError):
    """A query parameter, header or body that cannot be read."""

    code = "bad_request"


class NotJson(DomainError):
    """A write whose content type is not JSON."""

    code = "not_json"

    def __init__(self) -> None:
        super().__init__(N_("Send JSON, with the header “Content-Type: application/json”."))


class PreconditionFailed(Conflict):
    """The record is not at the version that `If-Match` names; `record` is how it stands now."""

    code = "version_moved"

    def __init__(self, record: dict[str, Any]) -> None:
        self.record = record
        super().__init__(N_("The record has changed since you read it."))


class StaleFields(Conflict):
    """The same fields were changed by someone else since the version named in the body; `record` is how it stands now.

    `clashes` gives of each field the caller's value, the one stored now, and the one at the version the caller had read.
    """

    code = "stale"

    def __init__(self, record: dict[str, Any], clashes: dict[str, dict[str, Any]]) -> None:
        self.record = record
        self.clashes = clashes
        super().__init__(N_("Someone else has changed the same fields in the meantime."))
