"""All errors of ours, one tree.

KlyngeError
├── DomainError            a person's slip: worded for people, not logged as an error
│   ├── NotFound           there is no such thing, or it may not be seen (`MergedInto`: it is a part of another now)
│   ├── AccessDenied       it may be seen, but not this act
│   ├── InvalidInput       one or more fields cannot be accepted (`fields`: api_name → message)
│   ├── Conflict           someone else was first
│   └── RuleViolation      a rule of the domain forbids it
├── IntegrationError       an outside system failed (`retryable`)
└── ConfigError            a setting is missing or unsafe

Only `web/status.py` knows which HTTP status each one becomes.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import ClassVar

from crm.kernel.i18n import N_, Message


class KlyngeError(Exception):
    """The root of the tree."""


class DomainError(KlyngeError):
    """A refusal worded for people."""

    code: ClassVar[str] = "domain"

    def __init__(self, message: Message) -> None:
        self.message = message
        super().__init__(str(message))


class NotFound(DomainError):
    """There is no such thing, or the actor may not see it."""

    code = "not_found"

    def __init__(self, message: Message | None = None) -> None:
        super().__init__(message or N_("It does not exist, or you do not have access to it."))


class MergedInto(NotFound):
    """The record was merged into another, which the actor may see: its address leads there."""

    code = "merged"

    def __init__(self, old_id: int, survivor_id: int, title: str, url: str) -> None:
        self.old_id = old_id
        self.survivor_id = survivor_id
        self.url = url
        super().__init__(N_("It was merged into “%(title)s”.", title=title))


class AccessDenied(DomainError):
    """The actor may see the thing but not do this."""

    code = "access_denied"

    def __init__(self, message: Message | None = None) -> None:
        super().__init__(message or N_("You do not have the right to do this."))


class InvalidInput(DomainError):
    """One or more fields cannot be accepted."""

    code = "invalid_input"

    def __init__(self, fields: Mapping[str, Message]) -> None:
        self.fields = dict(fields)
        super().__init__(N_("Some fields need attention."))

    def __str__(self) -> str:
        return "; ".join(f"{name}: {message}" for name, message in self.fields.items())


class Conflict(DomainError):
    """Someone else changed it first."""

    code = "conflict"


class RuleViolation(DomainError):
    """A rule of the domain forbids it."""

    code = "rule_violation"


class IntegrationError(KlyngeError):
    """An outside system failed or refused.

    Args:
        text: what happened, for the log and the administrator.
        retryable: whether the same call may succeed later.
    """

    def __init__(self, text: str, *, retryable: bool) -> None:
        self.retryable = retryable
        super().__init__(text)


class ConfigError(KlyngeError):
    """A setting is missing, wrong or unsafe."""
