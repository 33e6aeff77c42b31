"""Totals of sparrings as table, chart and Excel file; every number leads to the list that it counts."""

from __future__ import annotations

import json
import tempfile
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from fractions import Fraction
from functools import partial
from pathlib import Path
from typing import Any, Final
from urllib.parse import urlencode

from flask import make_response, render_template, request
from werkzeug.wrappers import Response

from crm.directory.regions import crossing_words, rule_words
from crm.exchange.columns import NUMBER, TEXT, ExportColumn
from crm.exchange.files import XLSX_TYPE, Sheet
from crm.exchange.safe import defused
from crm.filters import Filter
from crm.filters.tree import dump
from crm.kernel import format as forms
from crm.kernel.i18n import N_, Label, Message
from crm.kernel.text import slug
from crm.records.work import UnitOfWork
from crm.sparring.queries.totals import Asked, Line, Totals, dimensions, totals
from crm.sparring.rules import UNITS, Bucket
from crm.sparring.types import SPARRING
from crm.sparring.views.blueprint import bp
from crm.web.context import current_actor, current_locale, klynge, works
from crm.web.guard import needs

BY: Final = {
    "organisation": N_("Organisation"),
    "topic": N_("Topic"),
    "adviser": N_("Adviser"),
    "region": N_("Region"),
}
UNIT_NAMES: Final = {"month": N_("By month"), "quarter": N_("By quarter"), "year": N_("By year")}
#: So many bars of the largest lines; the table has them all.
MOST_BARS: Final = 12


@dataclass(frozen=True, slots=True)
class Shown:
    """A line as the page shows it: words, numbers, and where they lead."""

    name: str
    number: str
    minutes: str
    hours: str
    url: str | None
    record_id: int | None = None


@bp.get("/sparring/totals")
@needs("@crm")
def show_totals() -> str:
    """Show them."""
    with works().reading(current_actor()) as uow:
        asked, problem = _asked(uow)
        found = totals(uow, asked)
        offered = dimensions(uow)
    locale = current_locale()
    lines, periods = [_shown(line, locale) for line in found.lines], [_shown(line, locale) for line in found.periods]
    facts: dict[str, Any] = {
        "asked": asked,
        "problem": problem,
        "found": found,
        "total": _shown(found.total, locale),
        "lines": lines,
        "periods": periods,
        "by_names": {key: BY[key] for key in offered},
        "unit_names": UNIT_NAMES,
        "notes": [note for note in _notes(found, locale) if note is not None],
        "query": _query(asked),
        "charts": _charts(found, lines, periods, locale),
    }
    return render_template("sparring/totals.html", **facts)


@bp.get("/sparring/totals.xlsx")
@needs("@crm")
def export_totals() -> Response:
    """Give the table as a file for Excel, with the period, the rule of the regions and the sum in lines of their own."""
    with works().reading(current_actor()) as uow:
        found = totals(uow, _asked(uow)[0])
    locale = current_locale()
    rows: list[Sequence[Any]] = [(_name(line, locale), line.number, line.minutes) for line in (*found.lines, *found.periods)]
    rows.append((N_("In all")(locale), found.total.number, found.total.minutes))
    rows += [(note(locale), None, None) for note in _notes(found, locale) if note is not None]
    content = _workbook(found, rows, locale)
    response = make_response(content)
    response.headers["Content-Type"] = XLSX_TYPE
    name = f"sparring-{found.asked.by}-{found.asked.first}-{found.asked.last}.xlsx"
    response.headers["Content-Disposition"] = f'attachment; filename="{name}"'
    return response


def _workbook(found: Totals, rows: Sequence[Sequence[Any]], locale: str) -> bytes:
    title = f"{SPARRING.names.title(locale)} {found.asked.first:%d.%m.%Y}-{found.asked.last:%d.%m.%Y}"
    figure = partial(ExportColumn, text=str, typed=_figure, kind=NUMBER)
    columns = [
        ExportColumn(BY[found.asked.by](locale), 0, str, defused, TEXT, width=44),
        figure(N_("Sparrings")(locale), 1, format="#,##0.##", width=14),
    ]
    if found.shows_minutes:
        columns += [
            figure(N_("Minutes")(locale), 2, format="#,##0.##", width=12),
            figure(N_("Hours")(locale), 3, format="#,##0.0", width=12),
        ]
    values = [[row[0] for row in rows], [row[1] for row in rows], [row[2] for row in rows]]
    values.append([None if row[2] is None else Fraction(row[2]) / 60 for row in rows])
    with tempfile.TemporaryDirectory(dir=klynge().settings.home) as folder:
        path = Path(folder) / "totals.xlsx"
        sheet = Sheet(path, slug(title), columns, Path(folder))
        sheet.write(range(len(rows)), values)
        sheet.close()
        return path.read_bytes()


def _figure(value: Any) -> float | int | None:
    return None if value is None else int(value) if Fraction(value).denominator == 1 else float(value)


def _asked(uow: UnitOfWork) -> tuple[Asked, Message | None]:
    """Read the question out of the address; a day that is none is said, and this year stands instead."""
    args, today = request.args, uow.today()
    offered = dimensions(uow)
    by = args.get("by", "")
    unit = args.get("unit", "")
    problem: Message | None = None
    first, last = date(today.year, 1, 1), today
    try:
        first = date.fromisoformat(args["from"]) if args.get("from") else first
        last = date.fromisoformat(args["to"]) if args.get("to") else max(last, first)
    except ValueError:
        problem = N_("Write the days as 2026-01-31.")
    if last < first:
        first, last, problem = last, first, N_("The days stood the wrong way round; they are turned.")
    if first.year < 1900 or last.year > 2200:
        first, last, problem = date(today.year, 1, 1), today, N_("The days lie too far off.")
    chosen = by if by in offered else next(iter(offered), "organisation")
    return Asked(chosen, unit if unit in UNITS else "month", first, last, bool(args.get("catalogue"))), problem


def _query(asked: Asked, **more: Any) -> str:
    parts = {"by": asked.by, "unit": asked.unit, "from": asked.first.isoformat(), "to": asked.last.isoformat()}
    return urlencode({**parts, **({"catalogue": 1} if asked.with_catalogue else {}), **more})


def _list_url(where: Filter | None) -> str | None:
    return None if where is None else f"/t/sparring?{urlencode({'where': json.dumps(dump(where), ensure_ascii=False)})}"


def _shown(line: Line, locale: str) -> Shown:
    """Word a line; what is zero leads nowhere."""
    hours = Fraction(line.minutes) / 60
    url = _list_url(line.where) if line.number else None
    return Shown(
        _name(line, locale),
        _words(line.number, locale),
        _words(line.minutes, locale),
        _words(hours, locale, 1),
        url,
        line.record_id,
    )


def _words(value: Fraction | int, locale: str, decimals: int | None = None) -> str:
    exact = Fraction(value)
    whole = exact.denominator == 1 and decimals is None
    number = Decimal(exact.numerator) / Decimal(exact.denominator)
    return forms.number(number, locale, decimals=0 if whole else (decimals or 2))


def _name(line: Line, locale: str) -> str:
    if line.bucket is not None:
        return _bucket_name(line.bucket, locale)
    return line.name(locale) if isinstance(line.name, Label) else line.name


def _bucket_name(bucket: Bucket, locale: str) -> str:
    if bucket.unit == "year":
        return str(bucket.year)
    if bucket.unit == "quarter":
        return N_("Q%(number)s %(year)s", number=bucket.number, year=bucket.year)(locale)
    return forms.month(bucket.first, locale)


def _notes(found: Totals, locale: str) -> list[Message | None]:
    """Give what must be said under the table: how several are counted, by which rule and whose regions, what is left out."""
    asked, last = found.asked, forms.day(found.asked.last, locale)
    notes: list[Message | None] = []
    if asked.by == "organisation":
        notes.append(N_("A sparring for several organisations counts with each of them."))
    if asked.by == "topic":
        notes.append(N_("A sparring on several topics counts with each of them."))
    if asked.by == "region":
        notes += [rule_words(found.rules), crossing_words(asked.first, asked.last, last)]
        notes.append(N_("A sparring for organisations in several regions counts once in each."))
    if not asked.with_catalogue:
        notes.append(N_("Organisations of the public catalogue are left out."))
    return notes


def _charts(found: Totals, lines: Sequence[Shown], periods: Sequence[Shown], locale: str) -> dict[str, str]:
    """Give the two charts as data: the largest lines as bars, and the time as columns."""
    most = list(zip(lines, found.lines, strict=False))[:MOST_BARS]
    bars = {"kind": "bars", "names": [shown.name for shown, _ in most], "values": [float(line.number) for _, line in most]}
    columns = {"kind": "columns", "names": [one.name for one in periods], "values": [float(line.number) for line in found.periods]}
    unit = N_("sparrings")(locale)
    return {"by": json.dumps({**bars, "unit": unit}), "time": json.dumps({**columns, "unit": unit})}
