"""Pure decisions about notices: which there are, by which way each reaches people, and what it says."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import timedelta
from enum import StrEnum
from typing import Any, Final

from crm.kernel.i18n import N_, Label, Message


class Kind(StrEnum):
    """What a person is told of."""

    ASSIGNED = "assigned"
    MENTIONED = "mentioned"
    DUE = "due"
    COMMENTED = "commented"
    MOVED = "moved"
    CHANGED = "changed"


class Way(StrEnum):
    """How a kind reaches a person: at the bell and by mail, at the bell alone, or not at all."""

    MAIL = "mail"
    APP = "app"
    OFF = "off"


#: In the order of the switches; also what each is called there.
KIND_NAMES: Final[Mapping[Kind, Message]] = {
    Kind.ASSIGNED: N_("Somebody gives me something to do"),
    Kind.MENTIONED: N_("Somebody mentions me"),
    Kind.DUE: N_("A task of mine is due, overdue, or to be remembered"),
    Kind.COMMENTED: N_("Somebody comments on what I follow"),
    Kind.MOVED: N_("What I follow gets another status"),
    Kind.CHANGED: N_("What I follow is changed"),
}
WAY_NAMES: Final[Mapping[Way, Message]] = {Way.MAIL: N_("Here and by mail"), Way.APP: N_("Here only"), Way.OFF: N_("Not at all")}
DEFAULT_WAYS: Final[Mapping[Kind, Way]] = {
    Kind.ASSIGNED: Way.MAIL,
    Kind.MENTIONED: Way.MAIL,
    Kind.DUE: Way.APP,
    Kind.COMMENTED: Way.APP,
    Kind.MOVED: Way.APP,
    Kind.CHANGED: Way.APP,
}
#: Several of these by one person about one record are one notice until it is read.
GATHERED: Final = frozenset({Kind.COMMENTED, Kind.MOVED, Kind.CHANGED})
#: The names under which `security.preferences` keeps a person's choices.
WAYS_PREFERENCE: Final = "notice_ways"
AUTO_FOLLOW_PREFERENCE: Final = "auto_follow"
#: What is older when the worker comes to it is history: nobody is told of it.
NEWS: Final = timedelta(days=7)
#: And nobody is mailed about what happened longer ago than this: the mail server was away, or the worker.
FRESH: Final = timedelta(days=1)
#: Causes of changes that nobody is told of: they come by the thousand, and no one did them to anybody.
SILENT_CAUSES: Final = frozenset({"import", "sync"})
#: Causes that are told of, but never by mail: what a demo is filled with.
UNMAILED_CAUSES: Final = frozenset({"seed"})

#: Why a task is told of on its day, by the word that the notice keeps.
_DUE_WORDS: Final[Mapping[str, Message]] = {
    "today": N_("“%(title)s” is due today"),
    "overdue": N_("“%(title)s” is overdue"),
    "remind": N_("Remember “%(title)s”"),
}
_WORDS: Final[Mapping[Kind, Message]] = {
    Kind.MENTIONED: N_("%(who)s mentioned you in “%(title)s”"),
    Kind.COMMENTED: N_("%(who)s commented on “%(title)s”"),
    Kind.CHANGED: N_("%(who)s changed “%(title)s”"),
}


def ways_of(preferences: Mapping[str, Any]) -> dict[Kind, Way]:
    """Read how each kind reaches a person; what they never chose, and what is not understood, is as it comes."""
    chosen = preferences.get(WAYS_PREFERENCE)
    known = chosen if isinstance(chosen, Mapping) else {}
    return {kind: _way(known.get(kind.value), otherwise) for kind, otherwise in DEFAULT_WAYS.items()}


def _way(raw: Any, otherwise: Way) -> Way:
    return Way(raw) if raw in set(Way) else otherwise


def follows_by_itself(preferences: Mapping[str, Any]) -> bool:
    """Say whether a person follows what they create, comment on or are given, without asking for it."""
    return preferences.get(AUTO_FOLLOW_PREFERENCE) is not False


def short_name(name: str) -> str:
    """Give a name as colleagues write it: Mette K."""
    first, *rest = name.split() or ["Klynge"]
    return f"{first} {rest[-1][0]}." if rest else first


def sentence(kind: Kind, who: str, title: str, *, is_task: bool, state: Label | None, why: str = "today") -> Message:
    """Word a notice.

    Args:
        kind: what it tells of.
        who: the full name of the one who did it.
        title: the record's, as the reader may see it.
        is_task: whether it is a task, which is given rather than made somebody's.
        state: for a record that was moved on: where to.
        why: for a date: today, overdue or remind.
    """
    facts = {"who": short_name(who), "title": title}
    if kind is Kind.DUE:
        return Message(_DUE_WORDS.get(why, _DUE_WORDS["today"]).msgid, facts)
    if kind is Kind.ASSIGNED:
        words = N_("%(who)s gave you the task “%(title)s”") if is_task else N_("%(who)s made you responsible for “%(title)s”")
        return Message(words.msgid, facts)
    if kind is Kind.MOVED:
        words = N_("%(who)s moved “%(title)s” to “%(state)s”") if state is not None else _WORDS[Kind.CHANGED]
        return Message(words.msgid, {**facts, "state": state})
    return Message(_WORDS[kind].msgid, facts)
