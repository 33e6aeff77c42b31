"""The yardstick: a bare WSGI app that answers the same questions with one good query each, on a flat table of the same data.

No framework, no rights, no rules, no log, no ORM: the driver, one prepared statement, `json.dumps` or one joined string.
What Klynge costs above it is what rights, rules, history, languages and layout cost.

Run by `bench/run.py` under gunicorn: `BARE_DATABASE=<path or postgresql:// address> gunicorn bench.bare:app`.
"""

from __future__ import annotations

import html
import json
import os
import sqlite3
import threading
from collections.abc import Callable, Iterable
from datetime import UTC, date, datetime
from typing import Any
from urllib.parse import parse_qs

import psycopg

DATABASE = os.environ.get("BARE_DATABASE", "bare.db")
POSTGRESQL = DATABASE.startswith("postgresql")
COLUMNS = (
    "id", "title", "state", "version", "owner_id", "created_at", "updated_at", "kind_of", "parent_id", "cvr", "cvr_doubtful",
    "street", "postcode", "city", "municipality_code", "website", "email", "phone", "note", "size_class", "employees",
    "members_count", "advertising_protected", "founded", "ended", "region_rule", "region", "primary_region", "origin", "source",
    "uncertain",
)  # fmt: skip
#: The columns that Klynge's list of organisations shows, after the name.
SHOWN = tuple(COLUMNS.index(name) for name in ("kind_of", "region", "state", "city", "phone"))
WRITABLE = ("title", "kind_of", "cvr", "street", "postcode", "city", "municipality_code", "website", "email", "phone", "note")
LIST = f"SELECT {', '.join(COLUMNS)} FROM flat ORDER BY title_sort, id LIMIT 50"
TWO = (
    f"SELECT {', '.join(COLUMNS)} FROM flat WHERE kind_of = ? AND municipality_code = ? ORDER BY updated_at DESC, id DESC LIMIT 50"
)
ONE = f"SELECT {', '.join(COLUMNS)} FROM flat WHERE id = ?"
COUNT = "SELECT count(*) FROM flat WHERE kind_of = ? AND municipality_code = ?"
SUMS = "SELECT count(employees), sum(employees) FROM flat"
GROUPS = "SELECT kind_of, count(*), sum(employees) FROM flat GROUP BY kind_of"
STATES = "SELECT state, count(*) FROM flat GROUP BY state"
MONTH = "SELECT id, title, state, founded FROM flat WHERE founded >= ? AND founded < ? ORDER BY founded, id"
_WANTED = ", ".join(f"flat.{name}" for name in COLUMNS)
#: The best 50, by the database's own rank; the index is made by `bench.flat` of the same texts that Klynge's holds.
SEARCH = (
    f"SELECT {_WANTED} FROM flat_search s JOIN flat ON flat.id = s.id, to_tsquery('simple', ?) q "
    "WHERE s.vector @@ q ORDER BY ts_rank(s.vector, q) DESC LIMIT 50"
    if POSTGRESQL
    else f"SELECT {_WANTED} FROM flat_search JOIN flat ON flat.id = flat_search.rowid "
    "WHERE flat_search MATCH ? ORDER BY rank LIMIT 50"
)
INSERT = (
    f"INSERT INTO flat (title_sort, state, version, created_at, updated_at, cvr_doubtful, {', '.join(WRITABLE)}) "
    f"VALUES (?, 'active', 1, ?, ?, ?, {', '.join('?' for _ in WRITABLE)}) RETURNING id"
)
UPDATE = "UPDATE flat SET city = ?, version = version + 1, updated_at = ? WHERE id = ? RETURNING version"
CREATE = f"""
CREATE TABLE flat (id {{id}}, title TEXT NOT NULL, title_sort TEXT {{key}} NOT NULL, state TEXT, version INTEGER NOT NULL,
  owner_id INTEGER, created_at {{moment}} NOT NULL, updated_at {{moment}} NOT NULL, parent_id INTEGER, cvr_doubtful BOOLEAN,
  size_class TEXT, employees INTEGER, members_count INTEGER, advertising_protected BOOLEAN, founded DATE, ended DATE,
  region_rule TEXT, region TEXT, primary_region TEXT, origin TEXT, source TEXT, uncertain TEXT,
  {", ".join(f"{name} TEXT" for name in WRITABLE if name != "title")})
"""
INDEXES = (
    "CREATE INDEX flat_title ON flat (title_sort, id)",
    "CREATE INDEX flat_two ON flat (kind_of, municipality_code, updated_at, id)",
    "CREATE INDEX flat_updated ON flat (updated_at, id)",
    "CREATE INDEX flat_founded ON flat (founded, id)",
    "CREATE INDEX flat_state ON flat (state, id)",
)
#: Questions whose answer is a few numbers: the statement, and its parameters in the address.
NUMBERS = {"count": (COUNT, ("kind", "municipality")), "sums": (SUMS, ()), "groups": (GROUPS, ())}

Rows = list[tuple[Any, ...]]
Response = tuple[str, str, bytes]
_local = threading.local()


def connection() -> Any:
    """Give this thread's connection, opened once, as durable as Klynge's."""
    found = getattr(_local, "connection", None)
    if found is None:
        if POSTGRESQL:
            found = psycopg.connect(DATABASE)
        else:
            found = sqlite3.connect(DATABASE, timeout=5, isolation_level=None)
            for pragma in ("journal_mode=WAL", "synchronous=FULL", "busy_timeout=5000"):
                found.execute(f"PRAGMA {pragma}")
        _local.connection = found
    return found


def read(statement: str, *values: Any) -> Rows:
    """Run one query."""
    opened = connection()
    rows: Rows = opened.execute(statement.replace("?", "%s") if POSTGRESQL else statement, values).fetchall()
    if POSTGRESQL:
        opened.rollback()
    return rows


def write(statement: str, *values: Any) -> Rows:
    """Run one statement and commit it."""
    opened = connection()
    if POSTGRESQL:
        rows: Rows = opened.execute(statement.replace("?", "%s"), values).fetchall()
        opened.commit()
        return rows
    opened.execute("BEGIN IMMEDIATE")
    rows = opened.execute(statement, values).fetchall()
    opened.execute("COMMIT")
    return rows


def as_json(value: Any) -> Any:
    """Word a moment or a day; psycopg gives one, sqlite3 gives text."""
    return value.isoformat() if isinstance(value, date) else value


def record(row: tuple[Any, ...]) -> dict[str, Any]:
    """Give a row as an object."""
    return {name: as_json(value) for name, value in zip(COLUMNS, row, strict=True)}


def json_answer(body: Any, status: str = "200 OK") -> Response:
    """Answer with JSON."""
    return status, "application/json", json.dumps(body, ensure_ascii=False, separators=(",", ":")).encode()


def html_answer(title: str, lines: Iterable[str]) -> Response:
    """Answer with a small page."""
    head = f'<!doctype html><html lang="da"><meta charset="utf-8"><title>{title}</title><h1>{title}</h1>'
    return "200 OK", "text/html; charset=utf-8", f"{head}<table>{''.join(lines)}</table>".encode()


def line(row: tuple[Any, ...]) -> str:
    """Give a row of an HTML table: the columns that Klynge's list shows."""
    link = f'<td><a href="/one.html?id={row[0]}">{html.escape(row[1])}</a></td>'
    rest = "".join(f"<td>{html.escape(str(row[place] or ''))}</td>" for place in SHOWN)
    return f"<tr>{link}{rest}</tr>"


def details(row: tuple[Any, ...]) -> list[str]:
    """Give one record as an HTML table."""
    return [f"<tr><th>{name}</th><td>{html.escape(str(value or ''))}</td></tr>" for name, value in zip(COLUMNS, row, strict=True)]


def create(body: dict[str, Any]) -> Response:
    """Insert one row."""
    now = moment()
    values = [body.get(name) for name in WRITABLE]
    rows = write(INSERT, str(body["title"]).casefold(), now, now, False, *values)
    return json_answer({"id": rows[0][0]}, "201 Created")


def update(body: dict[str, Any], record_id: int) -> Response:
    """Change one column."""
    rows = write(UPDATE, body["city"], moment(), record_id)
    return json_answer({"id": record_id, "version": rows[0][0]})


def moment() -> Any:
    """Give now as the column holds it."""
    now = datetime.now(UTC)
    return now if POSTGRESQL else now.strftime("%Y-%m-%dT%H:%M:%S.%fZ")


def app(environ: dict[str, Any], start_response: Callable[[str, list[tuple[str, str]]], Any]) -> list[bytes]:
    """Answer a request."""
    path = environ["PATH_INFO"]
    query = {name: values[0] for name, values in parse_qs(environ["QUERY_STRING"]).items()}
    if environ["REQUEST_METHOD"] == "GET":
        status, kind, body = answer(path, query)
    else:
        sent = json.loads(environ["wsgi.input"].read(int(environ["CONTENT_LENGTH"] or 0)))
        status, kind, body = create(sent) if path == "/create" else update(sent, int(query["id"]))
    start_response(status, [("Content-Type", kind), ("Content-Length", str(len(body)))])
    return [body]


def answer(path: str, query: dict[str, str]) -> Response:
    """Answer a GET."""
    name, _dot, form = path.strip("/").partition(".")
    if name == "one":
        row = read(ONE, int(query["id"]))[0]
        return html_answer(html.escape(row[1]), details(row)) if form else json_answer(record(row))
    if name == "board":
        numbers = [f"<th>{state}</th><td>{number}</td>" for state, number in read(STATES)]
        return html_answer("Tavle", [*numbers, *map(line, read(LIST))])
    if name == "month":
        found = read(MONTH, query["first"], query["after"])
        return json_answer([{"id": row[0], "title": row[1], "state": row[2], "start": as_json(row[3])} for row in found])
    if name == "search":
        return json_answer({"items": [record(row) for row in read(SEARCH, query["q"] + (":*" if POSTGRESQL else "*"))]})
    if name in NUMBERS:
        statement, parameters = NUMBERS[name]
        rows = read(statement, *(query[one] for one in parameters))
        return html_answer(name, ["".join(f"<td>{cell}</td>" for cell in row) for row in rows])
    rows = read(LIST) if name == "list" else read(TWO, query["kind"], query["municipality"])
    return html_answer("Organisationer", map(line, rows)) if form else json_answer({"items": [record(row) for row in rows]})
