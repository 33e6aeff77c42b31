"""Words: how a text is cut for the index, and what a person's search means.

All folding is ours (`kernel.text`: aa and å alike, æ and ø kept, foreign accents off), so that both databases find the same.
A search is a list of clauses that must all hold. A clause is a word, found by its beginning; several words in quotation marks, or
a word with signs in it (an address, `A/S`), are found as they stand beside each other. Figures are found with or without spaces.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Final

from crm.kernel.text import clean, fold, words

LONGEST_WORD: Final = 60
MOST_CLAUSES: Final = 12
#: Signs of a search that are read.
LONGEST_SEARCH: Final = 200
#: Signs of one record's texts that are kept: a book pasted into a note is found by its beginning.
LONGEST_BODY: Final = 200_000
#: Stands between two texts, so that no phrase reaches from one into the next; nobody types it.
BREAK: Final = "ꜳ"

_QUOTES: Final = str.maketrans(dict.fromkeys("”“„«»″", '"'))
_PART: Final = re.compile(r'"([^"]*)("?)|([^\s",;|]+)')
#: Figures in groups, as phones and company numbers are written.
_FIGURES: Final = re.compile(r"\+?\d(?:[ .\-]?\d){5,14}(?!\d)")
_HOME: Final = ("45", "0045")
_CODE: Final = re.compile(r"[a-zæøå]{1,4}(\d{4,})")


@dataclass(frozen=True, slots=True)
class Term:
    """Words that stand beside each other; with `prefix` the last is the beginning of a word."""

    words: tuple[str, ...]
    prefix: bool = True

    def endings(self) -> tuple[str, ...]:
        """Give the last word as the index may hold it: a last `a` may be the first half of `aa`, which is kept as å."""
        last = self.words[-1]
        return (last, f"{last[:-1]}å") if self.prefix and last.endswith("a") else (last,)


#: Alternatives, each a list of terms that must all hold.
Clause = tuple[tuple[Term, ...], ...]


@dataclass(frozen=True, slots=True)
class Search:
    """What is searched for; empty when nothing in it is a word."""

    clauses: tuple[Clause, ...] = ()

    def __bool__(self) -> bool:
        return bool(self.clauses)

    def terms(self) -> list[Term]:
        """Give every term, whichever clause it stands in: what is marked in a snippet."""
        return [term for clause in self.clauses for alternative in clause for term in alternative]


def tokens(text: str) -> list[str]:
    """Cut a text into folded words."""
    return [word[:LONGEST_WORD] for word in words(text) if word != BREAK]


def document(texts: Iterable[str]) -> str:
    """Give several texts as the index keeps them: folded words, a break between two texts, figures also in one piece."""
    parts: list[str] = []
    length = 0
    for text in texts:
        found = tokens(text)
        extra = joined_figures(text, found)
        if not found:
            continue
        part = " ".join([*found, BREAK, *extra]) if extra else " ".join(found)
        length += len(part) + 3
        if length > LONGEST_BODY:
            parts.append(part[: max(0, LONGEST_BODY - length + len(part))].rpartition(" ")[0])
            break
        parts.append(part)
    return f" {BREAK} ".join(part for part in parts if part)


def joined_figures(text: str, found: list[str]) -> list[str]:
    """Give grouped figures in one piece, without the country's code too; and the figures of a code such as DK12345678."""
    joined = []
    for match in _FIGURES.finditer(text):
        figures = re.sub(r"\D", "", match[0])
        joined.append(figures)
        if match[0].startswith(("+45", "0045")):
            joined.append(figures.removeprefix(_HOME[1]).removeprefix(_HOME[0]))
    joined += [match[1] for match in map(_CODE.fullmatch, found) if match]
    known = set(found)
    return [one for one in dict.fromkeys(joined) if one and one not in known]


def read_search(text: str) -> Search:
    """Read what a person typed."""
    text = clean(text[: 2 * LONGEST_SEARCH])[:LONGEST_SEARCH].translate(_QUOTES)
    clauses: list[Clause] = []
    figures: list[str] = []
    for match in _PART.finditer(text):
        quoted, closed, word = match[1], match[2], match[3]
        found = tokens(word if quoted is None else quoted)
        if quoted is None and len(found) == 1 and found[0].isdecimal():
            figures.append(found[0])
            continue
        clauses += _of_figures(figures)
        figures = []
        if found:
            clauses.append(((Term(tuple(found[:MOST_CLAUSES]), prefix=quoted is None or not closed),),))
    clauses += _of_figures(figures)
    return Search(tuple(clauses[:MOST_CLAUSES]))


def _of_figures(groups: list[str]) -> list[Clause]:
    """Several groups of figures are the groups, or all of them in one piece."""
    terms = tuple(Term((group,)) for group in groups)
    joined = "".join(groups)
    if len(groups) > 1 and 5 <= len(joined) <= 20:
        return [(terms, (Term((joined,)),))]
    return [((term,),) for term in terms]


def holds(search: Search, documents: Iterable[str]) -> bool:
    """Whether documents (of one record) hold what is searched for: what an index must answer, in plain Python."""
    padded = f" {BREAK} ".join(documents).split(" ")
    return bool(search) and all(
        any(all(_stands(term, padded) for term in alternative) for alternative in clause) for clause in search.clauses
    )


def _stands(term: Term, found: list[str]) -> bool:
    size = len(term.words)
    head, endings = list(term.words[:-1]), term.endings()
    for start in range(len(found) - size + 1):
        last = found[start + size - 1]
        if found[start : start + size - 1] == head and any(last.startswith(one) if term.prefix else last == one for one in endings):
            return True
    return False


_WORDS: Final = re.compile(r"[^\W_]+")


def marked(text: str, search: Search) -> list[tuple[str, bool]]:
    """Cut a text at what was found in it: (piece, whether it is a hit)."""
    spots = hits(text, search)
    pieces: list[tuple[str, bool]] = []
    at = 0
    for start, end in spots:
        if start > at:
            pieces.append((text[at:start], False))
        pieces.append((text[start:end], True))
        at = end
    if at < len(text):
        pieces.append((text[at:], False))
    return pieces


def hits(text: str, search: Search) -> list[tuple[int, int]]:
    """Give where a text holds words of the search: (start, end), in order."""
    spans = [(match.start(), match.end(), fold(match[0])[:LONGEST_WORD]) for match in _WORDS.finditer(text)]
    found = [folded for _start, _end, folded in spans]
    spots: set[tuple[int, int]] = set()
    for term in search.terms():
        size = len(term.words)
        for index in range(len(found) - size + 1):
            if _stands(term, found[index : index + size]):
                spots.update((start, end) for start, end, _word in spans[index : index + size])
    return sorted(spots)
