"""Who the lines of a pasted list are: known, new, or unsure with candidates. Pure; what is looked up is handed in.

An address decides first. Without one that is known, the name together with the organisation does. A name alone, a spelling that
only sounds alike, or an address that belongs to someone of another name is for a person to judge.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum

from crm.events.guest_lines import GuestLine
from crm.kernel.i18n import N_, Message
from crm.records.matching import folded, sounded


@dataclass(frozen=True, slots=True)
class KnownPerson:
    """A person of ours who may be meant: addresses in small letters, and the names of where they are or were, newest first."""

    id: int
    name: str
    emails: frozenset[str] = frozenset()
    organisations: tuple[str, ...] = ()


class Verdict(StrEnum):
    """What a line is."""

    KNOWN = "known"
    NEW = "new"
    UNSURE = "unsure"
    UNUSABLE = "unusable"


@dataclass(frozen=True, slots=True)
class Match:
    """A line with who it is; the candidates of an unsure one stand in order, the likeliest first."""

    line: GuestLine
    verdict: Verdict
    person: KnownPerson | None = None
    candidates: tuple[KnownPerson, ...] = ()
    reason: Message | None = None


class Directory:
    """The persons who may be meant, by what they are found by."""

    def __init__(self, people: Iterable[KnownPerson]) -> None:
        self._people = {person.id: person for person in people}
        self._by: dict[tuple[str, str], dict[int, KnownPerson]] = {}
        for person in self._people.values():
            keys = [("email", one) for one in person.emails]
            keys += [("name", folded(person.name) or ""), ("sound", sounded(person.name) or "")]
            for key in keys:
                self._by.setdefault(key, {})[person.id] = person

    def match(self, line: GuestLine) -> Match:
        """Say who a line is."""
        if line.problem is not None:
            return Match(line, Verdict.UNUSABLE, reason=line.problem)
        by_mail = self._find("email", line.email.casefold()) if line.email else []
        if by_mail:
            return self._by_mail(line, by_mail)
        if not line.name:
            return Match(line, Verdict.UNUSABLE, reason=N_("Nobody has this e-mail address, and there is no name on the line."))
        return self._by_name(line)

    def _find(self, part: str, key: str | None) -> list[KnownPerson]:
        return list(self._by.get((part, key), {}).values()) if key else []

    def _by_mail(self, line: GuestLine, found: Sequence[KnownPerson]) -> Match:
        same = [one for one in found if not line.name or _alike(line.name, one.name)]
        if len(same) == 1:
            return Match(line, Verdict.KNOWN, same[0])
        if same:
            return Match(line, Verdict.UNSURE, candidates=tuple(same), reason=N_("Several people have this e-mail address."))
        return Match(
            line, Verdict.UNSURE, candidates=tuple(found), reason=N_("The e-mail address belongs to someone of another name.")
        )

    def _by_name(self, line: GuestLine) -> Match:
        same = self._find("name", folded(line.name))
        at_home = [one for one in same if _is_of(one, line.organisation)]
        if len(at_home) == 1 and not _speaks_against(at_home[0], line):
            return Match(line, Verdict.KNOWN, at_home[0])
        if same:
            order = sorted(same, key=lambda one: (one not in at_home, one.id))
            reason = N_("Several people have this name.") if len(same) > 1 else N_("The name alone is the same.")
            if at_home and len(at_home) == 1:
                reason = N_("Name and organisation are the same, but the e-mail address is another.")
            return Match(line, Verdict.UNSURE, candidates=tuple(order), reason=reason)
        alike = [one for one in self._find("sound", sounded(line.name)) if _is_of(one, line.organisation)]
        if alike:
            return Match(
                line, Verdict.UNSURE, candidates=tuple(alike), reason=N_("The name sounds alike, in the same organisation.")
            )
        return Match(line, Verdict.NEW)


def _alike(one: str, other: str) -> bool:
    """Whether two names may be one person's: the same sound, or all words of the shorter in the longer (a middle name less)."""
    first, second = set((sounded(one) or "").split()), set((sounded(other) or "").split())
    return first <= second or second <= first


def _is_of(person: KnownPerson, organisation: str) -> bool:
    wanted = folded(organisation) if organisation else None
    return wanted is not None and any(folded(one) == wanted for one in person.organisations)


def _speaks_against(person: KnownPerson, line: GuestLine) -> bool:
    """Whether both have an address and they differ: of two Anne Holms in one house, one has this address."""
    return bool(line.email and person.emails and line.email.casefold() not in person.emails)


def match_lines(lines: Sequence[GuestLine], people: Iterable[KnownPerson]) -> list[Match]:
    """Match every line; two lines that turn out to be the same known person are unusable from the second on."""
    directory, seen, found = Directory(people), dict[int, int](), []
    for line in lines:
        match = directory.match(line)
        if match.person is not None:
            first = seen.setdefault(match.person.id, line.number)
            if first != line.number:
                reason = N_("The same person stands on line %(number)s.", number=first)
                match = Match(line, Verdict.UNUSABLE, reason=reason)
        found.append(match)
    return found


def counts(matches: Collection[Match]) -> Mapping[Verdict, int]:
    """Give how many lines are what."""
    return {verdict: sum(one.verdict is verdict for one in matches) for verdict in Verdict}
