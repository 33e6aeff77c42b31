"""Measures Klynge against the bare app: both up at once, taking turns, one client, medians and their ratios.

    python -m bench.run --engine sqlite --organisations 100000
    python -m bench.run --engine postgresql --organisations 100000

Each round asks both, in changing order, the same question with the same parameters. The table shows the median of each, and
as ratio the median of the rounds' own ratios: what else the machine does in a round slows both, so the ratio is steadier than
the milliseconds. What is measured is the whole answer as a client on this machine sees it, over a connection that is kept.
"""

from __future__ import annotations

import argparse
import json
import random
import re
import statistics
import tempfile
import time
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from http.client import HTTPConnection
from pathlib import Path
from urllib.parse import quote, urlencode

from bench import flat, servers

PASSWORD = "Maalestok-Nordlys-4711"
TWO = {"kind": "company", "municipality": "0461"}
JSON = {"Content-Type": "application/json"}
#: Lines of the timeline of the record of many changes.
CHANGES = 2_000
#: Events beside the organisations, for the calendar: about as many in two months as organisations were founded.
EVENTS = 25_000


@dataclass(frozen=True)
class Call:
    """One request."""

    method: str
    path: str
    body: bytes | None = None


@dataclass(frozen=True)
class Item:
    """A question put to both, with the most that Klynge may take in multiples of the bare app."""

    name: str
    limit: float
    klynge: Callable[[random.Random], Call]
    bare: Callable[[random.Random], Call]
    by_cookie: bool = False


@dataclass(frozen=True)
class Result:
    """Medians in milliseconds, and the median of the rounds' ratios."""

    item: Item
    klynge: float
    bare: float
    p95: float
    ratio: float


class Client:
    """A connection that is kept."""

    def __init__(self, port: int, headers: dict[str, str]) -> None:
        self.connection = HTTPConnection("127.0.0.1", port, timeout=30)
        self.headers = headers

    def ask(self, call: Call) -> float:
        """Send a request, read the answer, and give the milliseconds that took."""
        headers = {**self.headers, **JSON} if call.body is not None else self.headers
        begun = time.perf_counter()
        self.connection.request(call.method, call.path, call.body, headers)
        response = self.connection.getresponse()
        text = response.read()
        took = (time.perf_counter() - begun) * 1000
        if response.status >= 300:
            raise SystemExit(f"{call.method} {call.path}: {response.status} {text[:300]!r}")
        return took


def items(ids: list[int], busy: int = 0) -> list[Item]:
    """Give what is measured; `busy` is the record of many changes."""
    tree = {"all": [{"field": name, "op": "is", "value": value} for name, value in TWO.items()]}
    rest_two = urlencode({"filter": json.dumps(tree), "sort": "updated_at", "order": "desc"})
    page_two = urlencode({**{f"f.{name}": value for name, value in TWO.items()}, "sort": "updated_at", "dir": "desc"})
    bare_two = urlencode(TWO)

    def get(path: str) -> Callable[[random.Random], Call]:
        return lambda _dice: Call("GET", path)

    def one(template: str) -> Callable[[random.Random], Call]:
        return lambda dice: Call("GET", template.format(dice.choice(ids)))

    def write(method: str, template: str, body: Callable[[random.Random], dict[str, str]]) -> Callable[[random.Random], Call]:
        return lambda dice: Call(method, template.format(dice.choice(ids)), json.dumps(body(dice)).encode())

    def new(dice: random.Random) -> dict[str, str]:
        return {"title": f"Ny organisation {dice.randrange(10**9)}", "city": "Odense", "phone": "33112233", "email": "x@example.dk"}

    def town(dice: random.Random) -> dict[str, str]:
        return {"city": f"By {dice.randrange(10**9)}"}

    def found(template: str, most: int = 10_000) -> Callable[[random.Random], Call]:
        """A company's number: one record has it."""
        return lambda dice: Call("GET", template.format(90_000_000 + dice.randint(1, most)))

    records, table = "/api/v1/records/organisation", "/t/organisation"
    sums = "cols=title%2Cemployees"
    days, span = "first=2001-01-01&after=2001-03-01", "layout=calendar&from=2001-01-01&to=2001-03-01"
    shut = "authority~cluster~company~knowledge~network~partner"
    search, common = "/api/v1/search?limit=50&types=organisation&q={}", "nordisk"
    return [
        Item("list of 50 by name, REST", 3, get(f"{records}?limit=50"), get("/list")),
        Item("list of 50 by name, fragment", 3, get("/t/organisation/rows"), get("/list.html"), by_cookie=True),
        Item("list of 50 by name, full page", 6, get("/t/organisation"), get("/list.html"), by_cookie=True),
        Item("two filters, newest first, REST", 4, get(f"{records}?{rest_two}"), get(f"/two?{bare_two}")),
        Item("two filters, newest first, fragment", 4, get(f"/t/organisation/rows?{page_two}"), get(f"/two.html?{bare_two}"), True),
        Item("two filters, newest first, full page", 8, get(f"/t/organisation?{page_two}"), get(f"/two.html?{bare_two}"), True),
        Item("one record, REST", 4, one(f"{records}/{{}}"), one("/one?id={}")),
        Item("one record, full page with timeline", 8, one("/r/{}/x"), one("/one.html?id={}"), by_cookie=True),
        Item("one record of 2,000 lines, full page", 8, get(f"/r/{busy}/x"), get(f"/one.html?id={busy}"), by_cookie=True),
        Item("board, full page", 8, get(f"{table}?layout=board"), get("/board.html"), by_cookie=True),
        Item("calendar, two months' records", 4, get(f"/t/event/calendar/events?{span}"), get(f"/month?{days}"), by_cookie=True),
        Item("likely duplicates, full page", 8, get("/duplicates/organisation"), get("/list.html"), by_cookie=True),
        Item("sum of a column", 2, get(f"{table}/foot?{sums}"), get("/sums.html"), by_cookie=True),
        Item("count and sum by a field", 2, get(f"{table}/rows?{sums}&by=kind&shut={shut}"), get("/groups.html"), by_cookie=True),
        Item("search, rare word, REST", 3, found(search), found("/search?q={}")),
        Item("search, common name, REST", 2, get(search.format(common)), get(f"/search?q={common}")),
        Item("search, rare word, palette", 3, found("/palette/find?q={}"), found("/search?q={}"), by_cookie=True),
        Item("search, common name, palette", 2, get(f"/palette/find?q={common}"), get(f"/search?q={common}"), by_cookie=True),
        Item("create, REST", 4, write("POST", records, new), write("POST", "/create", new)),
        Item("change one field, REST", 4, write("PATCH", f"{records}/{{}}", town), write("PATCH", "/one?id={}", town)),
    ]


def measure(item: Item, klynge: Client, bare: Client, rounds: int) -> Result:
    """Take turns."""
    for client in (klynge, bare):
        client.connection.close()  # it may have been idle for too long; the first request opens it again
    took: dict[str, list[float]] = {"klynge": [], "bare": []}
    for number in range(rounds + 10):
        order = [("klynge", klynge, item.klynge), ("bare", bare, item.bare)]
        for name, client, make in order if number % 2 else reversed(order):
            spent = client.ask(make(random.Random(number)))
            if number >= 10:  # the first ones warm up
                took[name].append(spent)
    p95 = statistics.quantiles(took["klynge"], n=20)[-1]
    ratio = statistics.median(ours / theirs for ours, theirs in zip(took["klynge"], took["bare"], strict=True))
    return Result(item, statistics.median(took["klynge"]), statistics.median(took["bare"]), p95, ratio)


def sign_in(port: int) -> dict[str, str]:
    """Sign in by the form once, and give the cookie."""
    connection = HTTPConnection("127.0.0.1", port, timeout=30)
    connection.request("GET", "/login/")
    response = connection.getresponse()
    page, cookie = response.read().decode(), cookies(response.getheader("Set-Cookie"))
    token = re.search(r'name="csrf_token"[^>]*value="([^"]+)"', page)
    if token is None:
        raise SystemExit("the sign-in page has no token")
    form = urlencode({"username": "bench", "password": PASSWORD, "csrf_token": token[1]})
    headers = {"Content-Type": "application/x-www-form-urlencoded", "Cookie": cookie}
    connection.request("POST", "/login/", form, headers)
    response = connection.getresponse()
    response.read()
    if response.status not in {302, 303}:
        raise SystemExit(f"sign-in failed: {response.status}")
    return {"Cookie": cookies(response.getheader("Set-Cookie")) or cookie}


def cookies(header: str | None) -> str:
    """Give the name and value of a Set-Cookie header."""
    return (header or "").partition(";")[0]


@contextmanager
def both(engine: str, organisations: int, persons: int) -> Iterator[tuple[int, int, str, str, list[int]]]:
    """Fill a database, start both servers, and give their ports, a token, a note on the data, and ids to ask for.

    The last id is the record of many changes.
    """
    with ExitStack() as stack:
        home = Path(stack.enter_context(tempfile.TemporaryDirectory(prefix="klynge-bench-")))
        plain = stack.enter_context(servers.postgresql()) if engine == "postgresql" else f"sqlite:///{home / 'klynge.db'}"
        environment = servers.klynge_environment(home, plain, servers.free_port())
        servers.klynge_command(environment, "db", "upgrade")
        begun = time.monotonic()
        servers.klynge_command(environment, "bench", "seed", "--organisations", str(organisations), "--persons", str(persons))
        seeded = time.monotonic() - begun
        servers.klynge_command(environment, "bench", "seed", "--organisations", "0", "--events", str(EVENTS))
        servers.klynge_command(environment, "bench", "changes", "--number", str(CHANGES))
        servers.klynge_command(environment, "search", "reindex")
        speed = f"{(organisations + persons) / seeded:,.0f} rows/s through the store"
        servers.klynge_command(environment, "user", "add", "bench", "--role", "staff", "--password-stdin", typed=PASSWORD + "\n")
        token = servers.klynge_command(environment, "token", "add", "bench").split()[-1]
        if engine == "postgresql":
            flat.fill_postgresql(plain)
        else:
            flat.fill_sqlite(home / "klynge.db", home / "bare.db")
        bare = stack.enter_context(servers.bare_web(plain if engine == "postgresql" else str(home / "bare.db")))
        klynge = stack.enter_context(servers.klynge_web(environment))
        yield klynge, bare, token, speed, [*sample(klynge, token), busiest(klynge, token)]


def sample(port: int, token: str) -> list[int]:
    """Give ids of some organisations, from all over the list."""
    found: list[int] = []
    cursor = ""
    for _page in range(5):
        connection = HTTPConnection("127.0.0.1", port, timeout=30)
        path = f"/api/v1/records/organisation?limit=200&fields=id&sort=updated_at{f'&cursor={quote(cursor)}' if cursor else ''}"
        connection.request("GET", path, headers={"Authorization": f"Bearer {token}"})
        body = json.loads(connection.getresponse().read())
        connection.close()
        found += [item["id"] for item in body["items"]]
        cursor = body["next"] or ""
    return found


def busiest(port: int, token: str) -> int:
    """Give the id of the record that `klynge bench changes` has made last."""
    connection = HTTPConnection("127.0.0.1", port, timeout=30)
    path = "/api/v1/records/organisation?limit=1&fields=id&sort=updated_at&order=desc"
    connection.request("GET", path, headers={"Authorization": f"Bearer {token}"})
    found: list[dict[str, int]] = json.loads(connection.getresponse().read())["items"]
    connection.close()
    return found[0]["id"]


def table(engine: str, results: list[Result]) -> str:
    """Word the results."""
    lines = ["| work | bare ms | Klynge ms | p95 ms | ratio | limit | |", "|---|---:|---:|---:|---:|---:|---|"]
    for one in results:
        mark = "holds" if one.ratio <= one.item.limit else "**too slow**"
        times = f"{one.bare:.2f} | {one.klynge:.2f} | {one.p95:.2f} | **{one.ratio:.1f}**"
        lines.append(f"| {one.item.name} | {times} | {one.item.limit:g} | {mark} |")
    return f"### {engine}\n\n" + "\n".join(lines)


def main() -> None:
    """Measure and print."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--engine", choices=["sqlite", "postgresql", "both"], default="both")
    parser.add_argument("--organisations", type=int, default=100_000)
    parser.add_argument("--persons", type=int, default=20_000, help="records of another type beside them")
    parser.add_argument("--rounds", type=int, default=150)
    parser.add_argument("--only", default="", help="part of an item's name")
    options = parser.parse_args()
    for engine in ("sqlite", "postgresql") if options.engine == "both" else (options.engine,):
        with both(engine, options.organisations, options.persons) as (klynge, bare, token, speed, ids):
            by_token, by_cookie = Client(klynge, {"Authorization": f"Bearer {token}"}), Client(klynge, sign_in(klynge))
            yardstick = Client(bare, {})
            chosen = [item for item in items(ids[:-1], ids[-1]) if options.only in item.name]
            results = [measure(item, by_cookie if item.by_cookie else by_token, yardstick, options.rounds) for item in chosen]
        print(
            table(f"{engine}, {options.organisations:,} organisations, {options.persons:,} persons ({speed})", results), flush=True
        )
        print()


if __name__ == "__main__":
    main()
