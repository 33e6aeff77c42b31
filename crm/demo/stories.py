"""Stories of the demo written by hand: batches of orders with days counted from the day of loading. Pure: reads files, words days.

The files lie in `seeds/demo/stories`, in order of their names; `docs` and tests name their keys. A batch that was once released
is never changed afterwards (what is loaded is recognised by it); a new one is added instead.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from datetime import date
from pathlib import Path
from typing import Any, Final

import yaml

from crm.demo.batches import VERBS, Batch, moment_of, story_day
from crm.kernel.errors import ConfigError
from crm.kernel.settings import ROOT
from crm.kernel.typed import parse_time

DEMO: Final = ROOT / "seeds" / "demo"
STORIES: Final = DEMO / "stories"


def read_stories(load_day: date, zone: str, folder: Path = STORIES) -> list[Batch]:
    """Read all batches in order.

    Raises:
        ConfigError: a batch has no key of its own, or an order no verb.
    """
    batches = [_batch(raw, path, load_day, zone) for path in sorted(folder.glob("*.yaml")) for raw in _documents(path)]
    keys = [batch.key for batch in batches]
    if len(set(keys)) != len(keys):
        raise ConfigError("two batches of seeds/demo/stories have the same key")
    return batches


def _documents(path: Path) -> Iterator[Mapping[str, Any]]:
    yield from yaml.load_all(path.read_text(encoding="utf-8"), Loader=getattr(yaml, "CSafeLoader", yaml.SafeLoader))


def _batch(raw: Mapping[str, Any], path: Path, load_day: date, zone: str) -> Batch:
    offset, _, at = str(raw["at"]).partition(" ")
    orders = tuple(raw["orders"])
    for order in orders:
        if sum(verb in order for verb in VERBS) != 1:
            raise ConfigError(f"{path.name}: an order of batch {raw['batch']} needs one of {', '.join(VERBS)}")
    moment = moment_of(story_day(load_day, int(offset)), parse_time(at), zone)
    return Batch(key=raw["batch"], moment=moment, by=raw["by"], orders=orders)
