"""Reading a pasted list of participants: name, organisation and e-mail, however the sheet, mail or programme wrote them. Pure.

Columns are parted by tabs, semicolons or commas; a line of headings is understood and may be missing. Without one an address
is known by its @, the first other cell is the name and the second the organisation.
"""

from __future__ import annotations

import csv
import re
from collections.abc import Callable, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass, replace
from typing import Final

from email_validator import EmailNotValidError, validate_email

from crm.kernel.errors import InvalidInput
from crm.kernel.i18n import N_, Message
from crm.kernel.text import clean, fold
from crm.records.matching import as_is, folded

MOST_SIGNS: Final = 200_000
MOST_LINES: Final = 2_000
#: What the columns of a person and an organisation hold.
NAME_LENGTH: Final = 100
TITLE_LENGTH: Final = 200
ADDRESS_LENGTH: Final = 200
#: Anne Holm <anne@example.dk>, as mail programmes write it.
_NAMED_ADDRESS: Final = re.compile(r"(?P<name>[^<>]*)<\s*(?:mailto:)?(?P<address>[^<>\s]+@[^<>\s]+)\s*>")
_ADDRESS: Final = re.compile(r"(?:mailto:)?(?P<address>[^\s<>@,;:\"]+@[^\s<>@,;:\"]+)", re.IGNORECASE)
#: Headings by what they stand for, folded.
_HEADINGS: Final[Mapping[str, frozenset[str]]] = {
    "name": frozenset({"navn", "name", "deltager", "deltagere", "participant", "fulde navn", "full name", "person"}),
    "given": frozenset({"fornavn", "first name", "given name", "fornavne"}),
    "family": frozenset({"efternavn", "last name", "family name", "surname"}),
    "organisation": frozenset(
        {"organisation", "organization", "virksomhed", "firma", "klynge", "company", "arbejdsplads", "organisationsnavn"}
    ),
    "email": frozenset(
        {"e-mail", "email", "mail", "e-mailadresse", "mailadresse", "e-mail address", "email address", "emailadresse"}
    ),
    "": frozenset(
        {"stilling", "titel", "title", "telefon", "phone", "mobil", "nr", "nr.", "tilmeldt", "status", "bemærkning", "note"}
    ),
}


@dataclass(frozen=True, slots=True)
class GuestLine:
    """A line of the list. `number` is its line in what was pasted, from 1; `problem` says why it cannot be used."""

    number: int
    name: str = ""
    organisation: str = ""
    email: str = ""
    problem: Message | None = None
    #: What could not be read of a line that can be used all the same.
    remark: Message | None = None

    @property
    def key(self) -> tuple[str, ...]:
        """Give what two lines about the same person share."""
        return (self.email.casefold(),) if self.email else (folded(self.name) or "", folded(self.organisation) or "")


@dataclass(frozen=True, slots=True)
class GuestNames:
    """A name in its two parts, as a person is written down."""

    given: str
    family: str


def read_lines(text: str) -> list[GuestLine]:
    """Read a pasted list; of lines about the same person the first is kept, the others say so.

    Raises:
        InvalidInput: there is nothing, or more than a list can be.
    """
    if len(text) > MOST_SIGNS:
        raise InvalidInput({"text": N_("That is too much at once: at most %(most)s characters.", most=MOST_SIGNS)})
    rows = [(number, row) for number, row in enumerate(_rows(clean(text, multiline=True)), 1) if row.strip()]
    if not rows:
        raise InvalidInput({"text": N_("Paste the list first: one person on each line.")})
    if len(rows) > MOST_LINES:
        raise InvalidInput({"text": N_("At most %(most)s lines at once. Paste the list in parts.", most=MOST_LINES)})
    delimiter = _delimiter([row for _number, row in rows])
    cells = [(number, _cells(row, delimiter)) for number, row in rows]
    columns = _columns(cells[0][1])
    read: Callable[[int, Sequence[str]], GuestLine] = _read_freely
    if columns is not None:
        cells, read = cells[1:], lambda number, row: _read_columns(number, row, columns)
    if not cells:
        raise InvalidInput({"text": N_("There is a line of headings, but nobody under it.")})
    return _once([_checked(read(number, row)) for number, row in cells])


def _rows(text: str) -> list[str]:
    """Give the lines; a row of recipients of a mail (Anne <a@b.dk>; Jens <j@b.dk>) has a line for each."""
    found: list[str] = []
    for line in text.split("\n"):
        parts = [part.strip() for part in re.split(r"[;,](?=[^<>]*<[^<>]*@)", line)]
        found += parts if len(parts) > 1 and all(_NAMED_ADDRESS.fullmatch(part.strip(" ;,")) for part in parts) else [line]
    return found


def _delimiter(rows: Sequence[str]) -> str:
    """Give the sign that parts the columns: a tab if there is one, else the one that stands on most lines."""
    if any("\t" in row.strip("\n ") for row in rows):
        return "\t"
    return ";" if sum(";" in row for row in rows) * 2 >= len(rows) else ","


def _cells(row: str, delimiter: str) -> list[str]:
    found = row.split(delimiter)
    if row.count('"') % 2 == 0:
        with suppress(csv.Error):  # a cell longer than the reader takes
            found = next(csv.reader([row], delimiter=delimiter, skipinitialspace=True), [])
    return [" ".join(cell.split()) for cell in found]


def _columns(cells: Sequence[str]) -> list[str] | None:
    """Give what each column holds, if the line is one of headings: none of its cells is anything else."""
    if any("@" in cell for cell in cells):
        return None
    found = [_heading(cell) for cell in cells if cell]
    if None in found or not {"name", "given", "email"} & set(found):
        return None
    return [_heading(cell) or "" for cell in cells]


def _heading(cell: str) -> str | None:
    text = fold(cell.strip(" :*"))
    return next((meaning for meaning, words in _HEADINGS.items() if text in {fold(word) for word in words}), None)


def _read_columns(number: int, cells: Sequence[str], columns: Sequence[str]) -> GuestLine:
    held: dict[str, str] = {}
    for meaning, cell in zip(columns, cells, strict=False):
        if meaning and cell and meaning not in held:
            held[meaning] = cell
    name = held.get("name") or " ".join(part for part in (held.get("given"), held.get("family")) if part)
    line = GuestLine(number, name, held.get("organisation", ""), held.get("email", ""))
    named = _NAMED_ADDRESS.fullmatch(line.email)
    return line if named is None else replace(line, email=named["address"], name=line.name or named["name"].strip(' "'))


def _read_freely(number: int, cells: Sequence[str]) -> GuestLine:
    rest, email, name = [], "", ""
    for cell in cells:
        named, bare = _NAMED_ADDRESS.fullmatch(cell), _ADDRESS.fullmatch(cell)
        if named is not None and not email:
            email, name = named["address"], named["name"].strip(' "')
        elif bare is not None and not email:
            email = bare["address"]
        elif "@" in cell and not email:
            email = cell
        elif cell:
            rest.append(cell)
    if not name and rest:
        name = rest.pop(0)
    return GuestLine(number, name, rest[0] if rest else "", email)


def _checked(line: GuestLine) -> GuestLine:
    """Tidy a line: Holm, Anne is Anne Holm; an address that is none is left out and named."""
    family, comma, given = line.name.partition(",")
    name = f"{given.strip()} {family.strip()}".strip() if comma and given.strip() else line.name.strip(" ,")
    line = replace(line, name=name[: 2 * NAME_LENGTH], organisation=line.organisation[:TITLE_LENGTH])
    if line.email:
        line = _with_address(line)
    if not line.name and not line.email:
        return replace(line, problem=N_("There is neither a name nor an e-mail address on the line."))
    return line


def _with_address(line: GuestLine) -> GuestLine:
    typed = as_is(line.email) or ""
    try:
        found = validate_email(typed, check_deliverability=False).normalized
    except EmailNotValidError:
        found = ""
    if not found or len(found) > ADDRESS_LENGTH:
        return replace(line, email="", remark=N_("“%(raw)s” is not an e-mail address, and is left out.", raw=typed[:60]))
    return replace(line, email=found)


def _once(lines: Sequence[GuestLine]) -> list[GuestLine]:
    first: dict[tuple[str, ...], int] = {}
    found = []
    for line in lines:
        known = line.number if line.problem else first.setdefault(line.key, line.number)
        said = N_("The same person stands on line %(number)s.", number=known)
        found.append(line if known == line.number else replace(line, problem=said))
    return found


def split_name(name: str) -> GuestNames:
    """Give a name in two: the last word is the family's, as in Danish; what is too long is cut."""
    given, _space, family = name.rpartition(" ")
    return GuestNames((given or family)[:NAME_LENGTH].strip(), (family if given else "")[:NAME_LENGTH].strip())
