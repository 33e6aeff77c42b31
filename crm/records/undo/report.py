"""What undoing an act did: what came back, what was left alone and why, and what nobody can take back."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime

from crm.kernel.i18n import N_, Label, Message


@dataclass(frozen=True, slots=True)
class Skipped:
    """Something that was left as it is.

    Attributes:
        record_id: the record.
        reason: why, worded for people.
        field: the field's label; None for the whole record.
        who: the name of the one who changed it since, when that is the reason.
        at: when they did, in UTC.
    """

    record_id: int
    reason: Message
    field: Label | None = None
    who: str | None = None
    at: datetime | None = None

    def words(self) -> Message:
        """Say it in one sentence, without the record's name and the moment."""
        if self.who is not None and self.field is not None:
            return N_("“%(field)s” was changed since by %(who)s.", field=self.field, who=self.who)
        if self.who is not None:
            return N_("%(who)s has worked on it since.", who=self.who)
        if self.field is not None:
            return N_("%(field)s: %(reason)s", field=self.field, reason=self.reason)
        return self.reason


@dataclass(frozen=True, slots=True)
class Undone:
    """One change that was taken back: its record, type and kind, and the fields that came back."""

    record_id: int
    type_key: str
    kind: str
    fields: tuple[str, ...] = ()


@dataclass(slots=True)
class UndoReport:
    """What came of undoing an act, or a part of a large one.

    Attributes:
        act_id: the act that was undone.
        undo_id: the act that undid it; undoing that one is the redo.
        undone: what came back.
        skipped: what was left alone, with reason, and who changed it since.
        remains: what cannot be taken back (mails that were sent, flows that ran).
        titles: the names of the records spoken of that the actor may see, by id.
    """

    act_id: str
    undo_id: str
    undone: list[Undone] = field(default_factory=list)
    skipped: list[Skipped] = field(default_factory=list)
    remains: list[Message] = field(default_factory=list)
    titles: dict[int, str] = field(default_factory=dict)

    def add(self, other: UndoReport) -> None:
        """Take in the report of a further part of the same act."""
        self.undone += other.undone
        self.skipped += other.skipped
        self.remains += other.remains
        self.titles.update(other.titles)

    def records(self) -> set[int]:
        """Give the ids of the records that changed."""
        return {item.record_id for item in self.undone}

    def count(self, kinds: Sequence[str] = ()) -> int:
        """Count the records that changed, or those by changes of some kinds."""
        return len({item.record_id for item in self.undone if not kinds or item.kind in kinds})
