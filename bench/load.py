"""Measures Klynge with eight clients at once: how much slower is the slow twentieth, and how does it stand beside the bare app?

    python -m bench.load --engine sqlite
    python -m bench.load --engine postgresql --clients 8 --blocks 6

The clients are threads, each with a connection that is kept and one request under way at a time. Klynge and the bare app take
turns in blocks, so that what else the machine does meets both. Two limits (design): p95 < 3 × median, and the item's own ratio.
"""

from __future__ import annotations

import argparse
import random
import statistics
import threading
from collections.abc import Callable, Sequence
from dataclasses import dataclass

from bench.run import Call, Client, Item, both, items, sign_in

SPREAD_LIMIT = 3.0
#: Requests of each client in a block.
BLOCK = 25


@dataclass(frozen=True)
class Loaded:
    """Milliseconds under load."""

    item: Item
    klynge: float
    p95: float
    bare: float

    @property
    def spread(self) -> float:
        """The slow twentieth in multiples of the median."""
        return self.p95 / self.klynge

    @property
    def ratio(self) -> float:
        """Median in multiples of the bare app's."""
        return self.klynge / self.bare


def block(clients: Sequence[Client], make: Callable[[random.Random], Call], seed: int) -> list[float]:
    """Let all clients ask at once, each `BLOCK` times, and give every request's milliseconds."""
    took: list[list[float]] = [[] for _ in clients]
    start = threading.Barrier(len(clients))

    def work(number: int) -> None:
        dice = random.Random(f"{seed} {number}")
        start.wait()
        took[number] = [clients[number].ask(make(dice)) for _ in range(BLOCK)]

    threads = [threading.Thread(target=work, args=(number,)) for number in range(len(clients))]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    if any(len(one) < BLOCK for one in took):
        raise SystemExit("a client stopped: see its error above")
    return [one for times in took for one in times]


def measure(item: Item, klynge: Sequence[Client], bare: Sequence[Client], blocks: int) -> Loaded:
    """Take turns in blocks; the first of each warms up."""
    ours: list[float] = []
    theirs: list[float] = []
    for client in (*klynge, *bare):
        client.connection.close()  # it may have been idle for too long; the first request opens it again
    for number in range(blocks + 1):
        mine, yardstick = block(klynge, item.klynge, number), block(bare, item.bare, number)
        if number:
            ours += mine
            theirs += yardstick
    return Loaded(item, statistics.median(ours), statistics.quantiles(ours, n=20)[-1], statistics.median(theirs))


def table(heading: str, results: Sequence[Loaded]) -> str:
    """Word the results."""
    lines = ["| work | bare ms | Klynge ms | p95 ms | p95 ÷ median | ratio | limit | |", "|---|---:|---:|---:|---:|---:|---:|---|"]
    for one in results:
        faults = [word for word, fault in (("p95", one.spread > SPREAD_LIMIT), ("ratio", one.ratio > one.item.limit)) if fault]
        mark = f"**too slow: {', '.join(faults)}**" if faults else "holds"
        figures = f"{one.bare:.2f} | {one.klynge:.2f} | {one.p95:.2f} | **{one.spread:.1f}** | **{one.ratio:.1f}**"
        lines.append(f"| {one.item.name} | {figures} | {one.item.limit:g} | {mark} |")
    return f"### {heading}\n\n" + "\n".join(lines)


def main() -> None:
    """Measure and print."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--engine", choices=["sqlite", "postgresql", "both"], default="both")
    parser.add_argument("--organisations", type=int, default=100_000)
    parser.add_argument("--persons", type=int, default=20_000)
    parser.add_argument("--clients", type=int, default=8)
    parser.add_argument("--blocks", type=int, default=4)
    parser.add_argument("--only", default="", help="part of an item's name")
    options = parser.parse_args()
    for engine in ("sqlite", "postgresql") if options.engine == "both" else (options.engine,):
        with both(engine, options.organisations, options.persons) as (klynge, bare, token, _speed, ids):
            cookie = sign_in(klynge)
            by_token = [Client(klynge, {"Authorization": f"Bearer {token}"}) for _ in range(options.clients)]
            by_cookie = [Client(klynge, cookie) for _ in range(options.clients)]
            yardsticks = [Client(bare, {}) for _ in range(options.clients)]
            chosen = [item for item in items(ids[:-1], ids[-1]) if options.only in item.name]
            results = [measure(item, by_cookie if item.by_cookie else by_token, yardsticks, options.blocks) for item in chosen]
        print(table(f"{engine}, {options.clients} clients, {options.organisations:,} organisations", results), flush=True)
        print()


if __name__ == "__main__":
    main()
