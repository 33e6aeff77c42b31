"""People as they are told things: their language, address, switches, and what they may see just now.

A file beside the kit: both the reader of the change log and the clock of dates tell people, and both must ask the same.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field
from pathlib import Path
from typing import Final, Self

from sqlalchemy import select

from crm.boards.letters import Letter, merge, read_template
from crm.kernel.errors import AccessDenied, InvalidInput
from crm.kernel.i18n import DEFAULT_LOCALE, Message
from crm.kernel.settings import ROOT, Settings
from crm.notices.models import Notice
from crm.notices.rules import Kind, Way, follows_by_itself, sentence, ways_of
from crm.ops.services import queue_mail
from crm.records.query import Title, titles
from crm.records.work import ActFacts, UnitOfWork, Works
from crm.security.callers import actor_for
from crm.security.models import Account, user_table
from crm.security.ports import MandateSource, no_mandates

#: Types that are given to somebody to do.
TASK_TYPES: Final = frozenset({"task", "follow_up"})
_TEMPLATES: Final = Path("templates") / "mail"
_TEMPLATE: Final = "notice"
#: So many mails of one kind a single act sends to one person.
MOST_MAILS: Final = 3


@dataclass(frozen=True, slots=True)
class Desk:
    """Who signs the mails and where people read: the part of the settings that notices need."""

    name: str
    #: The address that people use; links begin with it.
    url: str
    #: Folders that may hold a mail's text, the office's own first.
    mail_folders: tuple[Path, ...]
    mandates: MandateSource = no_mandates

    @classmethod
    def of(cls, settings: Settings, mandates: MandateSource = no_mandates) -> Self:
        """Read it from the settings."""
        folders = (settings.home / _TEMPLATES, ROOT / "seeds" / _TEMPLATES)
        return cls(settings.office_name, settings.public_url.rstrip("/"), folders, mandates)


@dataclass(slots=True)
class Receiver:
    """Somebody who may be told things."""

    user_id: int
    name: str
    address: str
    locale: str
    ways: dict[Kind, Way]
    auto_follow: bool
    #: What they may see of the records asked about so far, by id.
    seen: dict[int, Title] = field(default_factory=dict)
    #: Their own unit of work, in the same transaction: for reads through `records.query` only.
    view: UnitOfWork | None = None


class Receivers:
    """Reads receivers once, and asks for each what they may see in one go."""

    def __init__(self, works: Works, uow: UnitOfWork, desk: Desk) -> None:
        self._works = works
        self._uow = uow
        self._desk = desk
        self._known: dict[int, Receiver | None] = {}

    def get(self, user_id: int) -> Receiver | None:
        """Give a receiver; None for who cannot sign in, or works in the portal alone and has no bell."""
        if user_id not in self._known:
            self._known[user_id] = self._read(user_id)
        return self._known[user_id]

    def _read(self, user_id: int) -> Receiver | None:
        session = self._uow.session
        try:
            actor = actor_for(session, user_id, self._desk.mandates)
        except AccessDenied:
            return None
        access = self._works.grants.access(session, actor)
        if not access.may_use("@crm"):
            return None
        row = session.execute(
            select(user_table.c.email, Account.preferences)
            .outerjoin(Account, Account.user_id == user_table.c.id)
            .where(user_table.c.id == user_id)
        ).one()
        chosen = row.preferences or {}
        uow = self._uow
        view = UnitOfWork(session, actor, uow.clock, uow.zone, uow.registry, access, ActFacts("person", None, None), uow.settings)
        locale = actor.locale or DEFAULT_LOCALE
        return Receiver(user_id, actor.name, row.email or "", locale, ways_of(chosen), follows_by_itself(chosen), view=view)

    def look(self, receiver: Receiver, record_ids: Iterable[int]) -> dict[int, Title]:
        """Give what a receiver may see of some records, now."""
        if receiver.view is not None:
            receiver.seen.update(titles(receiver.view, [one for one in record_ids if one not in receiver.seen]))
        return receiver.seen

    def mail(self, receiver: Receiver, notice: Notice, title: Title, who: str, act_id: str | None = None) -> bool:
        """Put a mail about a notice into the outbox, once; an address that is none keeps nobody else from theirs.

        One act that concerns a person many times (a bulk edit) mails them a few times: the bell has the rest.
        """
        said = words_of(self._uow, notice, title, who)(receiver.locale)
        fields = {
            "navn": receiver.name,
            "besked": said,
            "link": f"{self._desk.url}{title.url}",
            "valg": f"{self._desk.url}/me#notices",
            "hilsen": self._desk.name,
        }
        english = {"name": "navn", "message": "besked", "choices": "valg", "greeting": "hilsen"}
        fields.update({name: fields[danish] for name, danish in english.items()})
        letter = merge(read_template(_TEMPLATE, receiver.locale, self._desk.mail_folders), fields)
        keys = [notice.once_key] if act_id is None else [f"{act_id}-{notice.kind}-{number}" for number in range(MOST_MAILS)]
        return any(self._queue(receiver, letter, f"notice-{receiver.user_id}-{key}") for key in keys)

    def _queue(self, receiver: Receiver, letter: Letter, key: str) -> bool:
        session, now = self._uow.session, self._uow.now()
        try:
            queued = queue_mail(session, receiver.address, letter.subject, letter.text, once_key=key, to_name=receiver.name, at=now)
        except InvalidInput:
            return False
        return queued is not None


def words_of(uow: UnitOfWork, notice: Notice, title: Title, who: str) -> Message:
    """Word a notice about a record that its reader may see."""
    lifecycle = uow.registry.get(title.type_key).lifecycle
    state = None if lifecycle is None else lifecycle.by_key.get(str(notice.detail.get("state")))
    return sentence(
        Kind(notice.kind),
        who,
        title.title,
        is_task=title.type_key in TASK_TYPES,
        state=None if state is None else state.label,
        why=str(notice.detail.get("why", "")),
    )
