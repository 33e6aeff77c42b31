"""The composition root: the one place where layers below learn of what lies above them.

Features register their types, and outside adapters are named by settings (`module:Class`), so that nothing in `crm`
imports an integration.
"""

from __future__ import annotations

import importlib
from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import cached_property
from pathlib import Path
from typing import Any, TypeVar, cast

from crm.boards.queries import mandates_of
from crm.boards.services import annexes
from crm.boards.types import TYPES as BOARD_TYPES
from crm.cases.types import TYPES as CASE_TYPES
from crm.certification.types import TYPES as CERTIFICATION_TYPES
from crm.collaboration.types import TYPES as COLLABORATION_TYPES
from crm.directory.types import TYPES as DIRECTORY_TYPES
from crm.events.services import place as guest_lists
from crm.events.types import TYPES as EVENT_TYPES
from crm.exchange import jobs as exports
from crm.international.types import TYPES as INTERNATIONAL_TYPES
from crm.kernel.clock import Clock, SystemClock
from crm.kernel.db import Database
from crm.kernel.errors import ConfigError
from crm.kernel.settings import Settings
from crm.library.types import TYPES as LIBRARY_TYPES
from crm.membership.types import TYPES as MEMBERSHIP_TYPES
from crm.ops import remains
from crm.records import bulk, comments, files, merge, totals_job
from crm.records.files import DiskFileStore, FileRules, FileStore, suffixes_of
from crm.records.registry import RegistryCache
from crm.records.types import RecordType
from crm.records.work import Works
from crm.security.ports import MandateSource
from crm.sparring.types import TYPES as SPARRING_TYPES
from crm.tasks.types import TYPES as TASK_TYPES

P = TypeVar("P")

#: Every built-in type, in the order of the menu. A type's database id is given at `db upgrade` and never changes.
BUILTIN_TYPES: tuple[RecordType, ...] = (
    *DIRECTORY_TYPES,
    *MEMBERSHIP_TYPES,
    *CERTIFICATION_TYPES,
    *SPARRING_TYPES,
    *TASK_TYPES,
    *CASE_TYPES,
    *EVENT_TYPES,
    *INTERNATIONAL_TYPES,
    *COLLABORATION_TYPES,
    *LIBRARY_TYPES,
    *BOARD_TYPES,
)

#: The settings that rules of types and screens ask a unit of work for.
RULE_SETTINGS = ("certificate_expiring_months", "membership_view", "small_cell_limit", "quiet_days")

#: Which setting names the adapter of a port, by the port's name.
ADAPTER_SETTINGS: Mapping[str, str] = {
    "Mailer": "mail_adapter",
    "PackRenderer": "pack_renderer",
    "EventPapers": "event_papers",
    "FlowEngine": "flow_engine",
}


#: Kinds of jobs, known to the web that orders them and to the worker that does them.
bulk.install()
exports.install()
totals_job.install()
guest_lists.install()

#: What else hangs on a record, and goes along when it is merged.
for _table in ("follow", "notice", "flow_request"):
    merge.register_hanging(_table)


#: Features that draw blocks of the meeting pack, each by its `install`.
BLOCKS = (
    "crm.boards.blocks",
    "crm.events.blocks",
    "crm.certification.blocks",
    "crm.cases.blocks",
    "crm.international.blocks",
    "crm.sparring.blocks",
)


def load_class(path: str) -> Any:
    """Give the class that `module:Class` names.

    Raises:
        ConfigError: there is none.
    """
    module_name, _, class_name = path.partition(":")
    try:
        return getattr(importlib.import_module(module_name), class_name)
    except (ImportError, AttributeError, ValueError) as error:
        raise ConfigError(f"adapter {path!r} cannot be loaded: {error}") from error


@dataclass
class Klynge:
    """The wired product: what every entry point (web, worker, CLI, flows) starts from."""

    settings: Settings
    clock: Clock = field(default_factory=SystemClock)
    adapters: dict[str, Any] = field(default_factory=dict)

    @cached_property
    def database(self) -> Database:
        """The database of the settings."""
        return Database(self.settings.resolved_database_url)

    @cached_property
    def works(self) -> Works:
        """The factory of units of work."""
        known = self.settings.model_dump(include=set(RULE_SETTINGS))
        return Works(self.database, RegistryCache(BUILTIN_TYPES), clock=self.clock, zone=self.settings.zone, settings=known)

    @property
    def mandates(self) -> MandateSource:
        """What turns a person into the seats that the scope *board* asks for."""
        return mandates_of

    @cached_property
    def files(self) -> FileStore:
        """Where the bytes of files lie."""
        return DiskFileStore(self.settings.home / "files")

    @cached_property
    def file_rules(self) -> FileRules:
        """Which files are taken.

        Raises:
            ConfigError: the setting names no type that is known.
        """
        suffixes = suffixes_of(tuple(word.strip().lower() for word in self.settings.file_types.split(",")))
        if not suffixes:
            raise ConfigError(f"file_types: {self.settings.file_types!r} names no known type of file")
        return FileRules(self.settings.file_max_mb * 1024 * 1024, suffixes)

    @property
    def job_files(self) -> Path:
        """Where the files that jobs make lie until they are fetched, a folder a job."""
        return self.settings.home / "jobs"

    def get(self, port: type[P]) -> P:
        """Give the adapter of a port: one handed in (tests), or the one that the settings name.

        Raises:
            ConfigError: no adapter is known for it.
        """
        name = port.__name__
        if name not in self.adapters:
            setting = ADAPTER_SETTINGS.get(name)
            if setting is None:
                raise ConfigError(f"no adapter is known for {name}")
            self.adapters[name] = load_class(getattr(self.settings, setting)).from_settings(self.settings)
        return cast(P, self.adapters[name])


def build(settings: Settings | None = None, *, clock: Clock | None = None, adapters: Mapping[str, Any] | None = None) -> Klynge:
    """Wire the product."""
    comments.install()
    files.install()
    annexes.install()
    remains.install()
    for name in BLOCKS:
        importlib.import_module(name).install()
    return Klynge(settings or Settings(), clock or SystemClock(), dict(adapters or {}))
