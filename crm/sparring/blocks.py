"""What sparring puts into a pack: how often and how long by topic, and what we brought together since the last meeting."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, Final

from sqlalchemy import func, select

from crm.boards.packs import blocks
from crm.boards.packs.blocks import BlockContext
from crm.boards.packs.counting import counted, within
from crm.boards.packs.document import Paragraph, Part
from crm.boards.packs.figures import NOTHING, Cell, Counted, grid, heading, sentence
from crm.directory.models import Organisation
from crm.events.lifecycle import HELD as EVENT_HELD
from crm.filters import All, Condition, Filter
from crm.kernel import format as fmt
from crm.kernel.i18n import Label
from crm.records.models import RecordLink
from crm.records.query import matching_ids
from crm.records.work import UnitOfWork
from crm.sparring.models import Sparring

TOPIC: Final = Label(da="Emne", en="Topic")
SPARRINGS: Final = Label(da="Sparringer", en="Sparrings")
CLUSTERS: Final = Label(da="Klynger", en="Clusters")
HOURS: Final = Label(da="Timer", en="Hours")
NO_TOPIC: Final = Label(da="Uden emne", en="No topic")
TOTAL: Final = Label(da="I alt", en="In all")
LED_TO: Final = Label(da="Førte til", en="Led to")
REFERRALS: Final = Label(da="Henvisninger", en="Referrals")
UNKNOWN: Final = Label(da="Ikke oplyst", en="Not stated")
COUNTS: Final = Label(
    da="I perioden {period} er der givet {sparrings} {sparrings:sparring|sparringer} til {clusters} {clusters:klynge|klynger}, "
    "i alt {hours} {hours:time|timer}.",
    en="In the period {period}, {sparrings} {sparrings:sparring was|sparrings were} given to {clusters} "
    "{clusters:cluster|clusters}, {hours} {hours:hour|hours} in all.",
)
RULE: Final = Label(
    da="En sparring om flere emner tæller med hele sin tid i hvert; i alt tæller den én gang. Fortrolige sparringer er talt med.",
    en="A sparring on several topics counts with all its time in each; in all it counts once. Confidential ones are counted.",
)
NONE: Final = Label(da="Der er ikke givet sparring i perioden {period}.", en="No sparring was given in the period {period}.")
BRIDGED: Final = Label(
    da="I perioden {period} er der henvist {referrals} {referrals:gang|gange}, begyndt {collaborations} "
    "{collaborations:samarbejde|samarbejder} og deltaget i {meetings} {meetings:strategimøde|strategimøder}.",
    en="In the period {period}, {referrals} {referrals:referral was|referrals were} made, {collaborations} "
    "{collaborations:collaboration|collaborations} began, and we took part in {meetings} strategy {meetings:meeting|meetings}.",
)


def by_topic(uow: UnitOfWork, context: BlockContext) -> tuple[Part, ...]:
    """Draw sparrings by topic: how many, for how many clusters, how many hours."""
    locale, inside = context.locale, within("held", context)
    total = counted(uow, "sparring", inside)
    if not total.ids:
        return (Paragraph(NONE(locale).format(period=context.period)),)
    topics = uow.registry.get("sparring").by_name["topics"].options
    questions: list[tuple[Label, Filter]] = [(topic.label, Condition("topics", "has", topic.key)) for topic in topics]
    rows: list[Sequence[Cell]] = []
    for label, where in (*questions, (NO_TOPIC, Condition("topics", "empty"))):
        found = counted(uow, "sparring", inside, where)
        if found.ids:
            rows.append((label(locale), found, *_weight(uow, All((inside, where)), locale)))
    clusters, hours = _weight(uow, inside, locale)
    rows.append((TOTAL(locale), total, clusters, hours))
    numbers = (heading(name, locale, 20, numeric=True) for name in (SPARRINGS, CLUSTERS, HOURS))
    table = grid((heading(TOPIC, locale, 40), *numbers), rows, locale, (RULE(locale), context.drawn))
    parts: dict[str, Cell] = {"period": context.period, "sparrings": total, "clusters": clusters, "hours": hours}
    return (sentence(COUNTS(locale), parts, locale), table)


def _weight(uow: UnitOfWork, where: Filter, locale: str) -> tuple[Counted, str]:
    """Give the different clusters of some sparrings, and their hours: two queries."""
    ids = matching_ids(uow, "sparring", where)
    links: Any = RecordLink.__table__
    organisations: Any = Organisation.__table__
    clusters = (
        select(links.c.to_id)
        .distinct()
        .join(organisations, organisations.c.id == links.c.to_id)
        .where(links.c.from_id.in_(ids), links.c.field == "organisations", organisations.c.kind_of == "cluster")
    )
    own: Any = Sparring.__table__
    minutes = uow.session.scalar(select(func.sum(own.c.minutes)).where(own.c.id.in_(ids))) or 0
    hours = fmt.number(round(minutes / 60, 1), locale) if minutes else NOTHING
    return Counted("organisation", tuple(sorted(uow.session.scalars(clusters)))), hours


def bridges(uow: UnitOfWork, context: BlockContext) -> tuple[Part, ...]:
    """Draw what we brought together: referrals by what they led to, collaborations that began, strategy meetings."""
    locale = context.locale
    referred = All((within("held", context), Condition("referred_to", "filled")))
    referrals = counted(uow, "sparring", referred)
    began = counted(uow, "collaboration", within("period", context))
    meetings = counted(
        uow,
        "event",
        within("when", context),
        Condition("kind", "is", "strategy_meeting"),
        Condition("state", "is", EVENT_HELD),
    )
    parts: dict[str, Cell] = {
        "period": context.period,
        "referrals": referrals,
        "collaborations": began,
        "meetings": meetings,
    }
    said = sentence(BRIDGED(locale), parts, locale)
    if not referrals.ids:
        return (said, Paragraph(context.drawn, quiet=True))
    outcomes = uow.registry.get("sparring").by_name["led_to"].options
    rows: list[Sequence[Cell]] = [
        (one.label(locale), counted(uow, "sparring", referred, Condition("led_to", "is", one.key))) for one in outcomes
    ]
    rows.append((UNKNOWN(locale), counted(uow, "sparring", referred, Condition("led_to", "empty"))))
    rows.append((TOTAL(locale), referrals))
    columns = (heading(LED_TO, locale, 60), heading(REFERRALS, locale, 40, numeric=True))
    return (said, grid(columns, rows, locale, (context.drawn,)))


def install() -> None:
    """Register both."""
    blocks.register("sparring", by_topic)
    blocks.register("bridges", bridges)
