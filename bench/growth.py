"""Measures how Klynge slows down as records grow: the same questions at 10,000 and at 300,000 organisations.

    python -m bench.growth --engine postgresql

The growth is that of Klynge's own medians, each size in a database of its own. The limit (design) is < 1.5 × on indexed work;
search by a common name is excepted.
"""

from __future__ import annotations

import argparse

from bench.run import Client, both, items, measure, sign_in

LIMIT = 1.5
EXCEPTED = ("common",)


def medians(engine: str, organisations: int, rounds: int) -> dict[str, float]:
    """Give Klynge's median milliseconds by item."""
    with both(engine, organisations, 1_000) as (klynge, bare, token, _speed, ids):
        by_token, by_cookie = Client(klynge, {"Authorization": f"Bearer {token}"}), Client(klynge, sign_in(klynge))
        yardstick = Client(bare, {})
        return {
            item.name: measure(item, by_cookie if item.by_cookie else by_token, yardstick, rounds).klynge
            for item in items(ids[:-1], ids[-1])
            if not any(word in item.name for word in EXCEPTED)
        }


def main() -> None:
    """Measure and print."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--engine", choices=["sqlite", "postgresql", "both"], default="both")
    parser.add_argument("--small", type=int, default=10_000)
    parser.add_argument("--large", type=int, default=300_000)
    parser.add_argument("--rounds", type=int, default=60)
    options = parser.parse_args()
    for engine in ("sqlite", "postgresql") if options.engine == "both" else (options.engine,):
        small, large = (medians(engine, size, options.rounds) for size in (options.small, options.large))
        columns = f"work | {options.small:,} ms | {options.large:,} ms | growth | limit | "
        print(f"### {engine}\n\n| {columns}|\n|---|---:|---:|---:|---:|---|")
        for name, before in small.items():
            growth = large[name] / before
            mark = "holds" if growth < LIMIT else "**too slow**"
            print(f"| {name} | {before:.2f} | {large[name]:.2f} | **{growth:.2f}** | {LIMIT} | {mark} |", flush=True)
        print()


if __name__ == "__main__":
    main()
