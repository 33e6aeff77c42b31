"""One typed line as a sparring: `anne holm 25 tlf internationalisering: sender EEN-kontakt`. A small language of its own. Pure.

Before the colon, in any order and in Danish or English: names of persons and organisations, minutes (`25`, `25 min`, `1½ time`),
the form (`tlf`, `teams`, `møde`), topics and their beginnings, a day that has been (`i går`, `mandag`, `27/4`). After the colon
stands the next step, as a task is written (`sender skabelon @mette fredag`); with an arrow (`->`) the note stands before it:
`… : drøftede vedtægter -> sender skabelon`. What is not understood is given back, never dropped.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, field, replace
from datetime import date, timedelta
from typing import Final

from crm.kernel.text import clean, sort_key
from crm.sparring.words import CHANNEL_WORDS, MINUTES_MOST, TOPIC_WORDS
from crm.tasks.line import DAY_OF, MONTH_OF, QuickTask, read_line, safe_day

MOST_SIGNS: Final = 1000
#: Words of a name at most, and runs of words that are looked up in one line.
NAME_WORDS: Final = 7
MOST_RUNS: Final = 60
_ARROW: Final = re.compile(r"\s*(?:->|→|=>)\s*")
#: The colon that ends the head: not one within a time of day or an address.
_COLON: Final = re.compile(r":(?!\d)(?!//)")
_WORD: Final = re.compile(r"[^\s,;]+")
_HOURS: Final = re.compile(
    r"(?P<h>\d{1,2}(?:[.,]\d{1,2})?)?\s*(?P<half>½)?\s*(?:t|timer?|hours?|hrs?|h)\.?(?:\s*(?:og\s+)?(?P<m>\d{1,2})(?:\s*min\.?)?)?",
    re.IGNORECASE,
)
_MINUTES: Final = re.compile(r"(?P<n>\d{1,4})\s*(?:m|min|minut(?:ter)?|minutes?)?\.?", re.IGNORECASE)
_AGO: Final = {
    "i dag": 0,
    "idag": 0,
    "today": 0,
    "i går": 1,
    "igår": 1,
    "yesterday": 1,
    "i forgårs": 2,
    "forgårs": 2,
    "iforgårs": 2,
}


@dataclass(frozen=True, slots=True)
class Known:
    """A person or organisation that a line may name. A person has the organisations where they are now."""

    id: int
    is_person: bool
    name: str
    organisations: tuple[int, ...] = ()
    #: The folded words of the name: compared many times a line.
    words: tuple[str, ...] = field(init=False, repr=False, compare=False)

    def __post_init__(self) -> None:
        object.__setattr__(self, "words", tuple(sort_key(self.name).split()))


@dataclass(frozen=True, slots=True)
class Unsure:
    """Words that may mean several."""

    words: str
    options: tuple[Known, ...]


@dataclass(frozen=True, slots=True)
class QuickSparring:
    """What a line says; None and empty where it says nothing. `unread` are the words that mean nothing, as typed."""

    person: Known | None = None
    organisations: tuple[Known, ...] = ()
    minutes: int | None = None
    channel: str | None = None
    topics: tuple[str, ...] = ()
    held: date | None = None
    note: str = ""
    step: QuickTask | None = None
    unread: tuple[str, ...] = ()
    unsure: tuple[Unsure, ...] = ()

    @property
    def is_clear(self) -> bool:
        """Whether every word of it was understood."""
        return not self.unread and not self.unsure


@dataclass(slots=True)
class _Head:
    """The words before the colon, as they are taken one after the other: what is taken leaves a gap."""

    words: list[str | None]
    found: QuickSparring = field(default_factory=QuickSparring)
    near: frozenset[int] = frozenset()

    def runs(self, longest: int, shortest: int = 1) -> Iterable[tuple[int, int, str]]:
        """Give runs of words that are still there, the longest first: where each begins and ends, and its text."""
        for size in range(min(longest, len(self.words)), shortest - 1, -1):
            for start in range(len(self.words) - size + 1):
                part = self.words[start : start + size]
                if all(word is not None for word in part):
                    yield start, start + size, " ".join(word or "" for word in part)

    def take(self, start: int, end: int) -> None:
        self.words[start:end] = [None] * (end - start)


def name_runs(text: str) -> list[str]:
    """Give the keys of all runs of words that may be a name, or its beginning: what is to be looked up."""
    head, _ = _parts(text)
    runs = _Head([*_WORD.findall(head)]).runs(NAME_WORDS)
    keys = dict.fromkeys(sort_key(run) for _start, _end, run in runs)
    return [key for key in keys if len(key) > 2 and not key.isdecimal()][:MOST_RUNS]


def read_sparring(text: str, today: date, zone: str, known: Sequence[Known], near: frozenset[int] = frozenset()) -> QuickSparring:
    """Read a line.

    Args:
        text: as typed.
        today: the office's day.
        zone: the office's.
        known: the persons and organisations that any of `name_runs` may mean.
        near: organisations that the page is about: of several people, theirs are meant.
    """
    head_text, tail = _parts(text)
    head = _Head([*_WORD.findall(head_text)], near=near)
    _take_names(head, known, whole=True)
    _take_day(head, today)
    _take_minutes(head)
    _take_words(head)
    _take_names(head, known, whole=False)
    _take_beginnings(head)
    note, step = _tail_of(tail, today, zone)
    left = tuple(word for word in head.words if word is not None)
    return replace(head.found, unread=_together(head.words) if left else (), note=note, step=step)


def _parts(text: str) -> tuple[str, str | None]:
    """Part a line at the colon that ends its head; without one it is all head."""
    line = clean(text[:MOST_SIGNS])
    found = _COLON.search(line)
    return (line, None) if found is None else (line[: found.start()], line[found.end() :].strip())


def _tail_of(tail: str | None, today: date, zone: str) -> tuple[str, QuickTask | None]:
    if not tail:
        return "", None
    parts = _ARROW.split(tail, maxsplit=1)
    note, step = (parts[0], parts[1]) if len(parts) == 2 else ("", parts[0])
    quick = read_line(step, today, zone) if step else None
    if quick is not None and not quick.title:
        quick = None
    return _upper(note), None if quick is None else replace(quick, title=_upper(quick.title))


def _upper(text: str) -> str:
    """Begin a sentence with a capital; a word that is written with one somewhere (eIDAS) is left as it is."""
    first = text.split(" ", 1)[0]
    return text[:1].upper() + text[1:] if first.islower() else text


def _together(words: Sequence[str | None]) -> tuple[str, ...]:
    """Give what is left, neighbours together."""
    groups: list[list[str]] = [[]]
    for word in words:
        if word is None:
            groups.append([])
        else:
            groups[-1].append(word)
    return tuple(" ".join(group) for group in groups if group)


# -- names -------------------------------------------------------------------------------------------------------------
def _take_names(head: _Head, known: Sequence[Known], *, whole: bool) -> None:
    """Take the names, the longest first: `whole` ones of two words or more before all else, then single words and beginnings."""
    shortest = 2 if whole else 1
    again = True
    while again:
        again = False
        for start, end, run in head.runs(NAME_WORDS, shortest):
            found = _named(sort_key(run), known, whole=whole)
            found = _nearest(found, head.found, head.near)
            if not found or not _fits(found, head.found):
                continue
            head.take(start, end)
            head.found = _with(head.found, run, found)
            again = True
            break


def _named(key: str, known: Sequence[Known], *, whole: bool) -> list[Known]:
    parts = tuple(key.split())
    exact = [one for one in known if one.words == parts]
    if exact or whole:
        return exact
    return [one for one in known if _begins(parts, one.words)] if len(key) > 2 else []


def _begins(parts: Sequence[str], name: Sequence[str]) -> bool:
    """Whether words follow each other in a name, the last of them perhaps cut short, the first ones too (`ann hol`)."""
    for start in range(len(name) - len(parts) + 1):
        if all(word.startswith(part) for part, word in zip(parts, name[start:], strict=False)):
            return True
    return False


def _nearest(found: list[Known], so_far: QuickSparring, near: frozenset[int] = frozenset()) -> list[Known]:
    """Of several, those that belong to what is named already: Anne of Fjordklyngen; an organisation of Anne's."""
    if len(found) < 2:
        return found
    organisations = {one.id for one in so_far.organisations} or near
    theirs = set(so_far.person.organisations) if so_far.person is not None else set()
    meant = [one for one in found if (one.is_person and organisations & {*one.organisations}) or one.id in theirs]
    return meant or found


def _fits(found: Sequence[Known], so_far: QuickSparring) -> bool:
    """A sparring is with one person: a second one's name is not taken in silence."""
    return so_far.person is None or not all(one.is_person for one in found)


def _with(so_far: QuickSparring, run: str, found: Sequence[Known]) -> QuickSparring:
    if len(found) > 1:
        return replace(so_far, unsure=(*so_far.unsure, Unsure(run, tuple(found))))
    one = found[0]
    if one.is_person:
        return _settled(replace(so_far, person=one))
    return _settled(replace(so_far, organisations=(*so_far.organisations, one)))


def _settled(so_far: QuickSparring) -> QuickSparring:
    """Choose among what was unsure, now that more is known: the organisation may stand after the name."""
    for unsure in so_far.unsure:
        near = _nearest([*unsure.options], so_far)
        if len(near) == 1 and _fits(near, so_far):
            rest = tuple(one for one in so_far.unsure if one is not unsure)
            return _with(replace(so_far, unsure=rest), unsure.words, near)
    return so_far


# -- days, minutes, forms, topics ------------------------------------------------------------------------------------------
def _take_first(head: _Head, longest: int, read: Callable[[str], QuickSparring | None]) -> None:
    """Take the longest run that can be read."""
    for start, end, run in head.runs(longest):
        found = read(run)
        if found is not None:
            head.take(start, end)
            head.found = found
            return


def _take_day(head: _Head, today: date) -> None:
    def read(run: str) -> QuickSparring | None:
        day = past_day(run, today)
        return None if day is None else replace(head.found, held=day)

    _take_first(head, 4, read)


def past_day(text: str, today: date) -> date | None:
    """Read a day that has been: `i går`, `i mandags`, `sidste fredag`, `for 3 dage siden`, `27/4`, `27. april 2026`."""
    words = " ".join(text.lower().strip(".").split())
    if words in _AGO:
        return today - timedelta(days=_AGO[words])
    ago = re.fullmatch(r"(?:for )?(\d{1,3}|en|et) (dage?|uger?|days?|weeks?) (?:siden|ago)", words)
    if ago is not None:
        number = int(ago[1]) if ago[1].isdecimal() else 1
        return today - timedelta(days=number * (7 if ago[2][0] in "uw" else 1))
    weekday = re.fullmatch(r"(?:i |sidste |last |på |on )?(\w+?)s?", words)
    if weekday is not None and weekday[1] in DAY_OF:
        return today - timedelta(days=(today.weekday() - DAY_OF[weekday[1]] - 1) % 7 + 1)
    return _date_of(words, today)


def _date_of(words: str, today: date) -> date | None:
    numbers = re.fullmatch(r"(?:den |d\. )?(\d{1,2})[/.](\d{1,2})(?:[-/.](\d{4}|\d{2}))?", words)
    named = re.fullmatch(r"(?:den |d\. )?(\d{1,2})\.? (\w+)\.?(?: (\d{4}))?", words)
    if numbers is not None:
        day, month, year = int(numbers[1]), int(numbers[2]), numbers[3]
    elif named is not None and named[2] in MONTH_OF:
        day, month, year = int(named[1]), MONTH_OF[named[2]], named[3]
    else:
        iso = re.fullmatch(r"(\d{4})-(\d{1,2})-(\d{1,2})", words)
        return None if iso is None else safe_day(int(iso[1]), int(iso[2]), int(iso[3]))
    if year:
        return safe_day(int(year) + (2000 if len(year) == 2 else 0), month, day)
    this = safe_day(today.year, month, day)
    return this if this is not None and this <= today else safe_day(today.year - 1, month, day)


def minutes_of(text: str) -> int | None:
    """Read a duration in minutes: `25`, `25 min.`, `1 time`, `1,5 t`, `1½ time`, `1 t 30`; from one minute to a day."""
    plain = _MINUTES.fullmatch(text)
    if plain is not None:
        found = float(plain["n"])
    else:
        hours = _HOURS.fullmatch(text)
        if hours is None or (hours["h"] is None and hours["half"] is None):
            return None
        found = 60 * float((hours["h"] or "0").replace(",", ".")) + (30 if hours["half"] else 0) + int(hours["m"] or 0)
    return round(found) if 1 <= found <= MINUTES_MOST else None


def _take_minutes(head: _Head) -> None:
    def read(run: str) -> QuickSparring | None:
        found = minutes_of(run)
        return None if found is None else replace(head.found, minutes=found)

    _take_first(head, 4, read)


def _take_words(head: _Head) -> None:
    """Take the whole words of forms and topics; a form once, topics as many as stand there."""
    for start, end, run in list(head.runs(3)):
        key = sort_key(run.strip("."))
        if any(word is None for word in head.words[start:end]):
            continue
        if key in CHANNEL_WORDS and head.found.channel is None:
            head.found = replace(head.found, channel=CHANNEL_WORDS[key])
        elif key in TOPIC_WORDS:
            head.found = _topic(head.found, TOPIC_WORDS[key])
        else:
            continue
        head.take(start, end)


def _take_beginnings(head: _Head) -> None:
    """Take what is left and begins a topic's word, and only one topic's: `komm`, `intern`."""
    for start, end, run in list(head.runs(1)):
        key = sort_key(run.strip("."))
        meant = {topic for word, topic in TOPIC_WORDS.items() if len(key) > 2 and word.startswith(key)}
        if len(meant) == 1:
            head.found = _topic(head.found, meant.pop())
            head.take(start, end)


def _topic(found: QuickSparring, topic: str) -> QuickSparring:
    return found if topic in found.topics else replace(found, topics=(*found.topics, topic))
