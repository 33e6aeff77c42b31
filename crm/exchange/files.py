"""Writing rows: CSV as Danish Excel opens it, and Excel itself, both row by row."""

from __future__ import annotations

import csv
import gc
import io
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import Any, Final

import xlsxwriter

from crm.exchange.columns import DAY, FLAG, MOMENT, NUMBER, ExportColumn
from crm.exchange.safe import defused

CSV_TYPE: Final = "text/csv; charset=utf-8"
XLSX_TYPE: Final = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
#: Tells Excel that the file is UTF-8.
BOM: Final = "\ufeff"
#: What a cell of Excel holds at most, and a sheet.
LONGEST: Final = 32_767
MOST_ROWS: Final = 1_048_575


@contextmanager
def no_search_for_cycles() -> Iterator[None]:
    """Hold Python's search for cycles for the moment in which a page is made.

    A page is thousands of small objects without a cycle that go all at once; looking through them took a third of the time.
    Other threads may make garbage meanwhile: it is found a moment later.
    """
    was_on = gc.isenabled()
    gc.disable()
    try:
        yield
    finally:
        if was_on:
            gc.enable()


def csv_heading(columns: Sequence[ExportColumn]) -> str:
    """Give the first line of a CSV file."""
    return BOM + _csv([[column.heading for column in columns if not column.sheet_only]])


@no_search_for_cycles()
def csv_rows(columns: Sequence[ExportColumn], ids: Sequence[int], values: Sequence[Sequence[Any]]) -> str:
    """Give the lines of a page of rows: fields parted by semicolon, as programs in Danish read it."""
    texts = [
        ids if column.source is None else list(map(column.text, values[column.source]))
        for column in columns
        if not column.sheet_only
    ]
    return _csv(zip(*texts, strict=True))


def _csv(rows: Any) -> str:
    buffer = io.StringIO()
    csv.writer(buffer, delimiter=";", lineterminator="\r\n").writerows(rows)
    return buffer.getvalue()


class Sheet:
    """An Excel file with one sheet, written row by row: what is written lies on the disk, not in memory, until it is closed.

    Args:
        target: where the file goes.
        title: the sheet's name.
        columns: its columns.
        folder: where unfinished parts lie.
    """

    def __init__(self, target: Path, title: str, columns: Sequence[ExportColumn], folder: Path) -> None:
        self._book: Any = xlsxwriter.Workbook(str(target), {"constant_memory": True, "tmpdir": str(folder)})
        self._sheet = self._book.add_worksheet(_sheet_name(title))
        self._columns = columns
        self._row = 0
        self._writers = self._prepare()

    def _prepare(self) -> list[Callable[[int, int, Any], None]]:
        """Write the heading, and give the writer of each column."""
        bold = self._book.add_format({"bold": True, "bottom": 1})
        forms = {column.format: self._book.add_format({"num_format": column.format}) for column in self._columns if column.format}
        for at, column in enumerate(self._columns):
            self._sheet.set_column(at, at, column.width)
            self._sheet.write_string(0, at, column.heading, bold)
        self._sheet.freeze_panes(1, 0)
        self._sheet.repeat_rows(0)
        self._sheet.set_landscape()
        self._sheet.set_paper(9)
        self._sheet.fit_to_pages(1, 0)
        return [_writer(self._sheet, column, forms.get(column.format)) for column in self._columns]

    @no_search_for_cycles()
    def write(self, ids: Sequence[int], values: Sequence[Sequence[Any]]) -> None:
        """Write a page of rows; beyond the last row of a sheet nothing is written."""
        cells = [ids if column.source is None else list(map(column.typed, values[column.source])) for column in self._columns]
        pairs = list(enumerate(self._writers))
        for line in zip(*cells, strict=True):
            if self._row >= MOST_ROWS:
                return
            self._row += 1
            for at, write in pairs:
                value = line[at]
                if value is not None and value != "":
                    write(self._row, at, value)

    def drop(self) -> None:
        """Let go of an unfinished file."""
        self._sheet.row_data_fh.close()

    def close(self) -> None:
        """Put the file together."""
        if self._row:
            self._sheet.autofilter(0, 0, self._row, len(self._columns) - 1)
        self._book.close()


def _writer(sheet: Any, column: ExportColumn, form: Any) -> Callable[[int, int, Any], None]:
    """Give the function that writes a cell of a column; what has no such type in Excel is written as text."""
    text, number, moment, flag = sheet.write_string, sheet.write_number, sheet.write_datetime, sheet.write_boolean

    def words(row: int, at: int, value: Any) -> None:
        text(row, at, value[:LONGEST])

    def typed(row: int, at: int, value: Any) -> None:
        if isinstance(value, str):
            words(row, at, defused(value))
        elif column.kind == NUMBER:
            number(row, at, value, form)
        else:
            moment(row, at, value, form)

    if column.kind in {NUMBER, DAY, MOMENT}:
        return typed
    return flag if column.kind == FLAG else words


def _sheet_name(title: str) -> str:
    """Give a name that Excel takes: at most 31 signs, none of its own, no apostrophe at an end."""
    return "".join(sign for sign in title if sign not in "[]:*?/\\").strip("' ")[:31] or "Klynge"
