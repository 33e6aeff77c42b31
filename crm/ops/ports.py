"""What the worker needs from outside: an engine that runs flows, and something that delivers mail."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from enum import StrEnum
from typing import Any, Protocol


class RunState(StrEnum):
    """How a run stands, as far as we care."""

    QUEUED = "queued"
    RUNNING = "running"
    DONE = "done"
    FAILED = "failed"
    #: It ended without a word: its process died, or it could not start.
    CRASHED = "crashed"
    CANCELLED = "cancelled"


@dataclass(frozen=True, slots=True)
class EngineRun:
    """A run as the engine sees it."""

    id: str
    state: RunState
    #: The engine's own words, for the log.
    message: str = ""


class FlowEngine(Protocol):
    """Starts flows and tells how their runs stand. Every call may raise `IntegrationError`."""

    def healthy(self) -> bool:
        """Tell within two seconds whether the engine answers; never raises."""
        ...

    def start(self, flow: str, parameters: Mapping[str, Any], *, key: str, name: str | None = None) -> str:
        """Start a run and give its id. The same key again starts nothing and gives the same id.

        Raises:
            IntegrationError: not reachable or busy (retryable), or refused.
        """
        ...

    def runs(self, ids: Sequence[str]) -> dict[str, EngineRun]:
        """Tell how runs stand, in one call; a run that the engine does not know is left out."""
        ...

    def offer_choices(self, flow: str, field_name: str, choices: Sequence[str]) -> bool:
        """Put a list of choices on a field of the flow's form; tell whether that changed anything."""
        ...

    def run_url(self, run_id: str) -> str:
        """Give the address of the run on the engine's own screen."""
        ...


@dataclass(frozen=True, slots=True)
class Attachment:
    """A small file that goes with a mail, as an invitation's `.ics`."""

    name: str
    media_type: str
    content: bytes


@dataclass(frozen=True, slots=True)
class OutgoingMail:
    """One mail to one receiver."""

    to_address: str
    subject: str
    text: str
    message_id: str
    to_name: str = ""
    reply_to: str | None = None
    html: str | None = None
    attachments: tuple[Attachment, ...] = field(default=())


class Mailer(Protocol):
    """Delivers one mail, or says why not."""

    def send(self, mail: OutgoingMail) -> None:
        """Deliver a mail.

        Raises:
            IntegrationError: it was not delivered; `retryable` says whether it is worth another try.
            InvalidInput: a header holds a line break: an attempt to add headers.
        """
        ...
