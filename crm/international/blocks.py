"""What the work abroad puts into a pack: activities, clusters and companies helped since the last meeting, by country."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final

from crm.boards.packs import blocks
from crm.boards.packs.blocks import BlockContext
from crm.boards.packs.counting import counted, within
from crm.boards.packs.document import Paragraph, Part
from crm.boards.packs.figures import NOTHING, Cell, Counted, grid, heading, sentence
from crm.filters import Condition
from crm.international.countries import countries
from crm.international.queries import een_between
from crm.kernel import format as fmt
from crm.kernel.i18n import Label
from crm.records.work import UnitOfWork

COUNTRY: Final = Label(da="Land", en="Country")
ACTIVITIES: Final = Label(da="Aktiviteter", en="Activities")
CLUSTERS: Final = Label(da="Klynger", en="Clusters")
COMPANIES: Final = Label(da="Virksomheder", en="Companies")
OTHERS: Final = Label(da="Øvrige virksomheder", en="Other companies")
TOTAL: Final = Label(da="I alt", en="In all")
NO_COUNTRY: Final = Label(da="Uden land", en="No country")
COUNTS: Final = Label(
    da="I perioden {period} er {clusters} {clusters:klynge|klynger} og {companies} {companies:virksomhed|virksomheder} hjulpet ved "
    "{activities} {activities:aktivitet|aktiviteter} i {countries} {countries:land|lande}.",
    en="In the period {period}, {clusters} {clusters:cluster|clusters} and {companies} {companies:company|companies} were "
    "helped by {activities} {activities:activity|activities} in {countries} {countries:country|countries}.",
)
RULE: Final = Label(
    da="Hver klynge og virksomhed tæller én gang i hvert land og én gang i alt. Øvrige virksomheder er opgjort som antal.",
    en="Each cluster and company counts once in each country and once in all. Other companies are figures only.",
)
NONE: Final = Label(
    da="Der er ingen internationale aktiviteter i perioden {period}.", en="There is no work abroad in the period {period}."
)


def international(uow: UnitOfWork, context: BlockContext) -> tuple[Part, ...]:
    """Draw the work abroad by country."""
    locale, totals = context.locale, een_between(uow, context.first, context.last)
    if not totals.activities:
        return (Paragraph(NONE(locale).format(period=context.period)),)
    names = {option.key: option.label for option in countries()}
    inside = within("held", context)
    rows: list[Sequence[Cell]] = []
    for line in totals.countries:
        where = Condition("country", "empty") if line.country is None else Condition("country", "is", line.country)
        name = NO_COUNTRY if line.country is None else names.get(line.country, Label(da=line.country))
        found = counted(uow, "international_activity", inside, where)
        rows.append(
            (name(locale), found, _organisations(line.clusters), _organisations(line.companies), _figure(line.others, locale))
        )
    every = counted(uow, "international_activity", inside)
    clusters, companies = _organisations(totals.clusters), _organisations(totals.companies)
    rows.append((TOTAL(locale), every, clusters, companies, _figure(totals.others, locale)))
    parts: dict[str, Cell] = {
        "period": context.period,
        "clusters": clusters,
        "companies": fmt.number(len(totals.companies) + totals.others, locale) if totals.others else companies,
        "activities": every,
        "countries": fmt.number(totals.country_count, locale),
    }
    numbers = (heading(name, locale, 17, numeric=True) for name in (ACTIVITIES, CLUSTERS, COMPANIES, OTHERS))
    table = grid((heading(COUNTRY, locale, 32), *numbers), rows, locale, (RULE(locale), context.drawn))
    return (sentence(COUNTS(locale), parts, locale), table)


def _organisations(ids: frozenset[int]) -> Counted:
    return Counted("organisation", tuple(sorted(ids)))


def _figure(number: int, locale: str) -> str:
    return fmt.number(number, locale) if number else NOTHING


def install() -> None:
    """Register it."""
    blocks.register("international", international)
