"""The reader of the change log that tells people: what they were given, where they were mentioned, what they follow."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, Final

from sqlalchemy import select

from crm.notices.models import Follow, Notice
from crm.notices.receivers import Desk, Receivers
from crm.notices.rules import FRESH, GATHERED, NEWS, SILENT_CAUSES, UNMAILED_CAUSES, Kind, Way
from crm.records.changes import advance, lag, read_changes
from crm.records.comments.models import CommentMention
from crm.records.models import Act, Change, ChangeCursor, ChangeValue, record_table
from crm.records.work import UnitOfWork, Works
from crm.security.actors import Actor, system_actor
from crm.security.models import Account, user_table

READER: Final = "notices"
ACTOR: Final[Actor] = system_actor("notices")
#: So many changes are handled in one transaction.
BATCH: Final = 200
#: The relation whose person is to do it, for types where that is not the owner.
RESPONSIBLE: Final[Mapping[str, str]] = {"follow_up": "responsible"}
#: What a change of a followed record tells; what is not here tells nothing.
_FOLLOWED: Final[Mapping[str, Kind]] = {
    "update": Kind.CHANGED,
    "link": Kind.CHANGED,
    "unlink": Kind.CHANGED,
    "file": Kind.CHANGED,
    "restore": Kind.CHANGED,
    "merge": Kind.CHANGED,
    "transition": Kind.MOVED,
    "comment": Kind.COMMENTED,
}


@dataclass(slots=True)
class _Facts:
    """What the changes of a batch hang on, read in a few queries."""

    patches: Mapping[int, Mapping[str, Any]]
    causes: Mapping[str, str]
    owners: Mapping[int, int | None]
    names: Mapping[int, str]
    mentions: Mapping[int, Sequence[int]]
    persons: Mapping[int, int]
    #: Who follows, by record: False for who wants to hear nothing.
    followers: dict[int, dict[int, bool]] = field(default_factory=dict)


def tell_changes(works: Works, desk: Desk) -> int:
    """Tell people of the changes since the last time, a batch in a transaction; gives how many notices were written."""
    told = 0
    while True:
        with works.reading(ACTOR) as uow:
            if not lag(uow.session, READER):
                return told
        with works.writing(ACTOR) as uow:
            _skip_history(uow)
            changes = read_changes(uow.session, READER, BATCH)
            if not changes:
                return told
            told += _Teller(works, uow, desk, changes).tell()
            advance(uow.session, READER, changes[-1])


def _skip_history(uow: UnitOfWork) -> None:
    """At its first turn the reader begins a week back: nobody is told of years gone by."""
    if uow.session.get(ChangeCursor, READER) is not None:
        return
    old = select(Change).where(Change.at < uow.now() - NEWS).order_by(Change.txid.desc(), Change.id.desc()).limit(1)
    last = uow.session.scalars(old).one_or_none()
    if last is not None:
        advance(uow.session, READER, last)


class _Teller:
    """One batch."""

    def __init__(self, works: Works, uow: UnitOfWork, desk: Desk, changes: Sequence[Change]) -> None:
        self.uow = uow
        self.changes = changes
        self.receivers = Receivers(works, uow, desk)
        self.facts = _read_facts(uow, changes)

    def tell(self) -> int:
        """Write the notices of the batch and give how many."""
        found = [
            (change, user_id, kind, key)
            for change in self.changes
            for user_id, (kind, key) in self._whom(change).items()
            if user_id != change.actor_id
        ]
        self._look(found)
        return sum(self._write(*line) for line in found)

    def _whom(self, change: Change) -> dict[int, tuple[Kind, str]]:
        """Give whom a change concerns, each by the nearest reason; and let those follow who do so by themselves."""
        cause = self.facts.causes.get(change.act_id, "")
        if cause in SILENT_CAUSES or change.at < self.uow.now() - NEWS:
            return {}
        patch = self.facts.patches.get(change.id, {})
        whom: dict[int, tuple[Kind, str]] = {}
        kind = _FOLLOWED.get(change.kind)
        if kind is Kind.COMMENTED and (patch.get("comment") or [None, None])[0] is not None:
            kind = None  # an edited or removed comment is no news
        if kind is not None:
            listening = self.facts.followers.get(change.record_id, {})
            whom = {user_id: (kind, f"c{change.id}") for user_id, hears in listening.items() if hears}
        for user_id in self._given_to(change, patch):
            whom[user_id] = (Kind.ASSIGNED, f"c{change.id}")
            self._follow(user_id, change)
        for comment_id in _new_comments(change, patch):
            for user_id in self.facts.mentions.get(comment_id, ()):
                whom[user_id] = (Kind.MENTIONED, f"m{comment_id}")
        wrote_comment = change.kind == "comment" and kind is Kind.COMMENTED
        if change.actor_id is not None and cause == "person" and (change.kind == "create" or wrote_comment):
            self._follow(change.actor_id, change)
        return whom

    def _given_to(self, change: Change, patch: Mapping[str, Any]) -> Iterable[int]:
        """Give who is to do it from this change on."""
        if change.kind not in {"create", "update"}:
            return
        owner = (
            patch["owner"][1] if "owner" in patch else self.facts.owners.get(change.record_id) if change.kind == "create" else None
        )
        if isinstance(owner, int):
            yield owner
        record_type = self.uow.registry.by_id.get(change.type_id)
        person = patch.get(RESPONSIBLE.get(record_type.key if record_type else "", ""), [None, None])[1]
        if person in self.facts.persons:
            yield self.facts.persons[person]

    def _follow(self, user_id: int, change: Change) -> None:
        listening = self.facts.followers.setdefault(change.record_id, {})
        receiver = self.receivers.get(user_id)
        if user_id not in listening and receiver is not None and receiver.auto_follow:
            listening[user_id] = True
            self.uow.session.add(Follow(user_id=user_id, record_id=change.record_id, muted=False, at=self.uow.now()))

    def _look(self, found: Sequence[tuple[Change, int, Kind, str]]) -> None:
        """Ask once for each person what they may see of all that they would be told of."""
        wanted: dict[int, set[int]] = {}
        for change, user_id, _, _ in found:
            wanted.setdefault(user_id, set()).add(change.record_id)
        for user_id, records in wanted.items():
            receiver = self.receivers.get(user_id)
            if receiver is not None:
                self.receivers.look(receiver, records)

    def _write(self, change: Change, user_id: int, kind: Kind, key: str) -> int:
        receiver = self.receivers.get(user_id)
        title = None if receiver is None else receiver.seen.get(change.record_id)
        if receiver is None or title is None or receiver.ways[kind] is Way.OFF:
            return 0
        detail = {"state": self.facts.patches[change.id]["state"][1]} if kind is Kind.MOVED else {}
        session = self.uow.session
        before = session.scalar(_same(change, user_id, kind, key))
        if before is not None:
            if before.once_key != key:
                before.at, before.change_id, before.times, before.detail = change.at, change.id, before.times + 1, detail
            return 0
        notice = Notice(
            user_id=user_id,
            kind=kind.value,
            record_id=change.record_id,
            change_id=change.id,
            actor_id=change.actor_id,
            at=change.at,
            once_key=key,
            detail=detail,
            times=1,
        )
        session.add(notice)
        session.flush()
        if receiver.ways[kind] is Way.MAIL and self._is_fresh(change):
            self.receivers.mail(receiver, notice, title, self.facts.names.get(change.actor_id or 0, "Klynge"), change.act_id)
        return 1

    def _is_fresh(self, change: Change) -> bool:
        return change.at >= self.uow.now() - FRESH and self.facts.causes.get(change.act_id) not in UNMAILED_CAUSES


def _same(change: Change, user_id: int, kind: Kind, key: str) -> Any:
    """Find the notice that tells of it already: the same one, or an unread one that gathers such changes."""
    mine = select(Notice).where(Notice.user_id == user_id)
    if kind not in GATHERED:
        return mine.where(Notice.once_key == key)
    by = Notice.actor_id.is_(None) if change.actor_id is None else Notice.actor_id == change.actor_id
    gathered = mine.where(Notice.record_id == change.record_id, Notice.kind == kind.value, by, Notice.read_at.is_(None))
    return gathered.order_by(Notice.id.desc()).limit(1)


def _new_comments(change: Change, patch: Mapping[str, Any]) -> list[int]:
    """Give the comment that a change wrote or edited: an edit may mention somebody more, who is told once."""
    after = (patch.get("comment") or [None, None])[1] if change.kind == "comment" else None
    return [after] if isinstance(after, int) else []


def _read_facts(uow: UnitOfWork, changes: Sequence[Change]) -> _Facts:
    session = uow.session
    ids, records = [change.id for change in changes], sorted({change.record_id for change in changes})
    values = session.execute(select(ChangeValue.change_id, ChangeValue.patch).where(ChangeValue.change_id.in_(ids)))
    patches = {row.change_id: row.patch for row in values}
    causes = session.execute(select(Act.id, Act.cause).where(Act.id.in_({change.act_id for change in changes})))
    owners = session.execute(select(record_table.c.id, record_table.c.owner_id).where(record_table.c.id.in_(records)))
    actors = {change.actor_id for change in changes if change.actor_id is not None}
    people = select(user_table.c.id, user_table.c.first_name, user_table.c.last_name).where(user_table.c.id.in_(sorted(actors)))
    comments = {one for change in changes for one in _new_comments(change, patches.get(change.id, {}))}
    mentions: dict[int, list[int]] = {}
    for comment_id, user_id in session.execute(
        select(CommentMention.comment_id, CommentMention.user_id).where(CommentMention.comment_id.in_(sorted(comments)))
    ):
        mentions.setdefault(comment_id, []).append(user_id)
    accounts = session.execute(select(Account.person_id, Account.user_id).where(Account.person_id.is_not(None)))
    followers: dict[int, dict[int, bool]] = {}
    for row in session.scalars(select(Follow).where(Follow.record_id.in_(records))):
        followers.setdefault(row.record_id, {})[row.user_id] = not row.muted
    return _Facts(
        patches,
        {row.id: row.cause for row in causes},
        {row.id: row.owner_id for row in owners},
        {row.id: f"{row.first_name} {row.last_name}".strip() for row in session.execute(people)},
        mentions,
        {row.person_id: row.user_id for row in accounts},
        followers,
    )
