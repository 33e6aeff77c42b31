"""Exporting a list: what is asked for, how many there are, and the rows page by page, under the actor's rights each time."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any, Final

from sqlalchemy import func, select

from crm.exchange.columns import ExportColumn, Names, all_names, columns_for, export_fields, read_names
from crm.exchange.files import csv_heading, csv_rows, no_search_for_cycles
from crm.filters import EVERYTHING, Filter, parse
from crm.filters.tree import dump
from crm.kernel.errors import InvalidInput
from crm.kernel.i18n import N_
from crm.kernel.paging import Place
from crm.records.models import record_table
from crm.records.query import matching_ids
from crm.records.sql import SqlFilter
from crm.records.types import Field
from crm.records.walk import Route, first_place, stretch
from crm.records.work import UnitOfWork, Works
from crm.security.actors import Actor
from crm.security.events import By, log_event

CSV: Final = "csv"
XLSX: Final = "xlsx"
FORMATS: Final = (XLSX, CSV)
#: More rows than these are written by the worker, and fetched from the job's page.
MOST_AT_ONCE: Final = 20_000
PAGE: Final = 2_000


@dataclass(frozen=True, slots=True)
class ExportOrder:
    """What to export.

    Attributes:
        type_key: the type.
        format: `csv` or `xlsx`.
        names: the fields, in order.
        where: the list's filter.
        ids: records chosen by hand; None for the whole result.
        sort, descending: the list's order.
        locale: the language of the headings.
    """

    type_key: str
    format: str
    names: tuple[str, ...]
    where: Filter = EVERYTHING
    ids: tuple[int, ...] | None = None
    sort: str = "title"
    descending: bool = False
    locale: str = "da"

    def to_json(self) -> dict[str, Any]:
        """Give it as a job keeps it."""
        return {
            "type_key": self.type_key,
            "format": self.format,
            "names": list(self.names),
            "where": dump(self.where),
            "ids": None if self.ids is None else list(self.ids),
            "sort": self.sort,
            "descending": self.descending,
            "locale": self.locale,
        }

    @classmethod
    def from_json(cls, kept: Mapping[str, Any]) -> ExportOrder:
        """Read what `to_json` gave."""
        ids = kept["ids"]
        facts = {**kept, "names": tuple(kept["names"]), "where": parse(kept["where"]), "ids": None if ids is None else tuple(ids)}
        return cls(**facts)


@dataclass(frozen=True)
class Export:
    """An export that is ready to be written, under the rights that the actor has now."""

    order: ExportOrder
    fields: tuple[Field, ...]
    columns: list[ExportColumn]
    names: Names
    file_name: str
    sheet_name: str

    @property
    def route(self) -> Route:
        """The way through the list."""
        order = self.order
        return Route(order.type_key, self.fields, order.where, order.ids, order.sort, order.descending)


def prepare(uow: UnitOfWork, order: ExportOrder) -> Export:
    """Find the fields that the actor may read among those asked for, and the columns they become.

    Raises:
        AccessDenied: the type may not be read.
        InvalidInput: no such format, or no field to sort by.
    """
    record_type = uow.registry.get(order.type_key)
    uow.access.require("read", order.type_key)
    if order.format not in FORMATS:
        raise InvalidInput({"format": N_("Choose Excel or CSV.")})
    SqlFilter(uow.registry, record_type, uow.zone, access=uow.access).sort_column(order.sort)
    allowed = set(all_names(record_type, uow.access.readable(order.type_key)))
    fields = export_fields(record_type, [name for name in order.names if name in allowed])
    names = Names()
    many = record_type.names.title(order.locale)
    return Export(
        order, fields, columns_for(fields, names, order.locale, uow.zone), names, f"{many} {uow.today()}.{order.format}", many
    )


def count_rows(uow: UnitOfWork, order: ExportOrder) -> int:
    """Count what will be exported, exactly.

    Raises:
        AccessDenied, InvalidInput: see `prepare`; or the filter does not fit the type.
    """
    statement = matching_ids(uow, order.type_key, order.where)
    if order.ids is not None:
        statement = statement.where(record_table.c.id.in_(order.ids))
    return uow.session.scalar(select(func.count()).select_from(statement.subquery())) or 0


def log_export(uow: UnitOfWork, order: ExportOrder, rows: int, address: str | None) -> None:
    """Write into the security log that records leave the product: who, what kind, how many; never values."""
    by = By(uow.now(), uow.actor.user_id, address)
    log_event(uow.session, "export", by, type=order.type_key, format=order.format, rows=rows)


@no_search_for_cycles()
def next_rows(works: Works, actor: Actor, export: Export, place: Place) -> tuple[Any, Any, Place | None]:
    """Read the next page: ids, values by field, and where to go on; a transaction of its own."""
    with works.reading(actor) as uow:
        page = stretch(uow, export.route, place, PAGE)
        read_names(uow, export.names, export.fields, page.columns)
    return page.ids, page.columns, page.place


def csv_parts(works: Works, actor: Actor, export: Export) -> Iterator[str]:
    """Give a CSV file part by part; nothing is held open between two of them."""
    heading = csv_heading(export.columns)
    place: Place | None = first_place()
    while place is not None:
        ids, columns, place = next_rows(works, actor, export, place)
        yield heading + csv_rows(export.columns, ids, columns)
        heading = ""
