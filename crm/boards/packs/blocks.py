"""The blocks that a pack can draw from the records under an item: by key, in the order in which they are offered.

What a block is called and what it asks for stands here; the feature whose records it reads draws it (`<feature>/blocks.py`,
registered in `crm.wiring`). So the agenda item can offer all of them and knows none of the features.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import date, datetime
from typing import TYPE_CHECKING, Final

from crm.boards.packs import words
from crm.boards.packs.document import Paragraph, Part
from crm.kernel import format as fmt
from crm.kernel.i18n import Label

if TYPE_CHECKING:
    from crm.records.work import UnitOfWork


@dataclass(frozen=True, slots=True)
class Audience:
    """Who reads: an advisory board *is* the clusters, so its packs do not name them (*Navngiv klynger* on the board)."""

    names_clusters: bool = True


@dataclass(frozen=True, slots=True)
class BlockContext:
    """What a block is drawn for: the meeting, the days from the first to the last of the period, the readers, the language."""

    meeting_id: int
    board_id: int
    #: The day after the board's previous meeting, and the day on which the pack is assembled.
    first: date
    last: date
    #: When the figures are drawn, in UTC.
    at: datetime
    zone: str = "Europe/Copenhagen"
    locale: str = "da"
    audience: Audience = Audience()

    @property
    def drawn(self) -> str:
        """Give the line under every table: Tal pr. 12.04.2027 kl. 09.14."""
        return words.FIGURES(self.locale).format(moment=fmt.moment(self.at, self.locale, zone=self.zone))

    @property
    def period(self) -> str:
        """Word the period: 2. oktober 2026 – 12. april 2027."""
        return fmt.day_span(self.first, self.last, self.locale)


Draw = Callable[["UnitOfWork", BlockContext], tuple[Part, ...]]


@dataclass(frozen=True, slots=True)
class Block:
    """A block as it is offered: its name, which is its heading in the pack, and what it shows."""

    key: str
    label: Label
    help: Label


_ALL: Final = (
    Block(
        "follow_ups",
        Label(da="Opfølgningspunkter siden sidst", en="Follow-ups since last time"),
        Label(
            da="De åbne fra udvalgets tidligere møder, og de udførte siden sidst.",
            en="Those still open from the board's earlier meetings, and those done since the last.",
        ),
    ),
    Block(
        "activities",
        Label(da="Aktiviteter og deltagere siden sidst", en="Activities and participants since last time"),
        Label(da="Afholdte arrangementer efter art, med deltagere.", en="Events held, by kind, with participants."),
    ),
    Block(
        "activities_by_region",
        Label(da="Aktiviteter og deltagere efter region", en="Activities and participants by region"),
        Label(da="Deltagere og klynger efter region på dagen.", en="Participants and clusters by the region of the day."),
    ),
    Block(
        "certificates",
        Label(da="Certifikater", en="Certificates"),
        Label(
            da="Gældende efter niveau, og dem, der udløber i de næste seks måneder.",
            en="Valid ones by level, and those that expire in the next six months.",
        ),
    ),
    Block(
        "sparring",
        Label(da="Sparring efter emne siden sidst", en="Sparring by topic since last time"),
        Label(da="Sparringer, klynger og timer efter emne.", en="Sparrings, clusters and hours by topic."),
    ),
    Block(
        "cases",
        Label(da="Sager", en="Cases"),
        Label(da="Åbne sager efter art, og de afsluttede siden sidst.", en="Open cases by kind, and those closed since last time."),
    ),
    Block(
        "appearances",
        Label(da="Deltagelse i klyngers strategimøder", en="Appearances at clusters' strategy meetings"),
        Label(da="Strategimøder siden sidst, efter vores rolle.", en="Strategy meetings since last time, by our role."),
    ),
    Block(
        "bridges",
        Label(da="Brobygninger og strategimøder siden sidst", en="Bridges built and strategy meetings since last time"),
        Label(
            da="Henvisninger og hvad de førte til, nye samarbejder, strategimøder.",
            en="Referrals and what they led to, new collaborations, strategy meetings.",
        ),
    ),
    Block(
        "international",
        Label(da="EEN og internationale aktiviteter siden sidst", en="EEN and international work since last time"),
        Label(da="Aktiviteter, klynger og virksomheder efter land.", en="Activities, clusters and companies by country."),
    ),
)
#: By key, in the order in which they are offered.
BLOCKS: Final[Mapping[str, Block]] = {block.key: block for block in _ALL}
_draws: dict[str, Draw] = {}


def register(key: str, draw: Draw) -> None:
    """Say how a block is drawn; a later word replaces an earlier one.

    Raises:
        KeyError: no block of this key is offered.
    """
    _draws[BLOCKS[key].key] = draw


def draw(uow: UnitOfWork, key: str, context: BlockContext) -> tuple[Part, ...]:
    """Draw a block as it is now; a block that the product no longer has says so in its place."""
    found = _draws.get(key)
    if found is None:
        return (Paragraph(words.NO_BLOCK(context.locale), quiet=True),)
    return found(uow, context)


def undrawn() -> list[str]:
    """Give the keys of blocks that nobody draws: none, once the product is wired."""
    return [key for key in BLOCKS if key not in _draws]
