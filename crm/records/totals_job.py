"""Sums over a list that is too long for a page: a job, which adds up one stretch of records after the other."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date
from decimal import Decimal
from typing import Any, Final

from sqlalchemy import func, select

from crm.filters import Filter, parse
from crm.filters.tree import dump
from crm.kernel.i18n import Label
from crm.records.jobs import Batch, enqueue, register_job
from crm.records.models import record_table
from crm.records.totals import HOW, Asker, Figure
from crm.records.types import Field
from crm.records.work import UnitOfWork, Works
from crm.security.actors import Actor

TOTALS: Final = "totals"
#: Records of all types in one stretch: far below what a transaction may take.
STRETCH: Final = 100_000


def order_totals(uow: UnitOfWork, type_key: str, where: Filter, names: Sequence[str], back: str) -> int:
    """Order the sums of a list's columns as a job; gives the job's id."""
    return enqueue(uow, TOTALS, {"type_key": type_key, "where": dump(where), "names": list(names)}, back=back)


def run(works: Works, actor: Actor, batch: Batch) -> int | None:
    """Add up the next stretches; holds no transaction between them."""
    after = int(batch.place or 0)
    while True:
        with works.reading(actor) as uow:
            last = uow.session.scalar(select(func.max(record_table.c.id))) or 0
            asker = Asker(uow, batch.order["type_key"], parse(batch.order["where"]))
            asker.conditions += [record_table.c.id > after, record_table.c.id <= after + STRETCH]
            (found,) = asker.totals(batch.order["names"])
            known = batch.result.setdefault("figures", {})
            for name, figure in found.figures.items():
                item = asker.compiler.field(name)
                known[name] = _kept(item, _added(figure, figure_of(known[name]) if name in known else Figure()))
        batch.done += found.number
        batch.result["number"] = batch.result.get("number", 0) + found.number
        after += STRETCH
        if after >= last:
            return None
        if batch.time_is_up():
            return after


def _added(one: Figure, other: Figure) -> Figure:
    sums = {key: one.sums.get(key, Decimal(0)) + other.sums.get(key, Decimal(0)) for key in {*one.sums, *other.sums}}
    days = [day for day in (one.first, one.last, other.first, other.last) if day is not None]
    filled = one.filled + other.filled
    average = sums.get("", Decimal(0)) / filled if filled and (one.average is not None or other.average is not None) else None
    return Figure(sums, average, min(days, default=None), max(days, default=None), filled)


def _kept(item: Field, figure: Figure) -> dict[str, Any]:
    """Give a figure as JSON holds it, with what wording it needs of its field."""
    return {
        "kind": item.kind,
        "label": item.label.as_dict(),
        "unit": item.config.get("unit"),
        "sums": {key: str(amount) for key, amount in sorted(figure.sums.items())},
        "first": None if figure.first is None else figure.first.isoformat(),
        "last": None if figure.last is None else figure.last.isoformat(),
        "filled": figure.filled,
    }


def figure_of(kept: Mapping[str, Any]) -> Figure:
    """Read what a job has kept of one column."""
    sums = {key: Decimal(amount) for key, amount in kept["sums"].items()}
    is_average = HOW[kept["kind"]] == "average" and kept["filled"]
    first, last = (None if kept[name] is None else date.fromisoformat(kept[name]) for name in ("first", "last"))
    return Figure(sums, sums.get("", Decimal(0)) / kept["filled"] if is_average else None, first, last, kept["filled"])


def install() -> None:
    """Make the kind known."""
    register_job(TOTALS, Label("Summer af en liste", "Sums of a list"), outside=run, template="records/_totals_job.html")
