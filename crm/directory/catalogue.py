"""The public catalogue as data: real cluster organisations, read from `seeds/catalogue`, checked, and made into orders.

Public facts only. What a source leaves open is kept with the record (`uncertain`), never filled in: a row without a day has no
day, a level without a day is no certificate.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import Any, Final

from crm.directory.places import municipality_names, read_rows, region_rows
from crm.kernel.errors import ConfigError
from crm.kernel.settings import ROOT

CATALOGUE: Final = ROOT / "seeds" / "catalogue"
_CERTAINTY: Final = {"high": "høj", "medium": "middel", "low": "lav"}
_LEVELS: Final = {"gold": "guld", "silver": "sølv", "bronze": "bronze", "none": "intet"}


@dataclass(frozen=True, slots=True)
class CatalogueFiles:
    """The files as they are: rows by column name."""

    clusters: tuple[dict[str, str], ...]
    same: tuple[dict[str, str], ...]
    lineage: tuple[dict[str, str], ...]
    names: tuple[dict[str, str], ...]
    days: tuple[dict[str, str], ...]
    certificates: tuple[dict[str, str], ...]
    theme_words: tuple[dict[str, str], ...]
    remarks: tuple[dict[str, str], ...]

    @classmethod
    def read(cls, folder: Path = CATALOGUE) -> CatalogueFiles:
        """Read a folder."""
        return cls(*(read_rows(folder / f"{name}.csv") for name in cls.__dataclass_fields__))


@dataclass(frozen=True, slots=True)
class Entry:
    """An organisation of the catalogue: its values, what belongs to it, and the state it has come to."""

    name: str
    values: Mapping[str, Any]
    sites: tuple[Mapping[str, Any], ...] = ()
    names: tuple[Mapping[str, Any], ...] = ()
    certificates: tuple[Mapping[str, Any], ...] = ()
    #: merged, or None while it is not known to have ended.
    state: str | None = None
    #: The name of the one that carries it.
    parent: str | None = None


@dataclass(frozen=True, slots=True)
class Passing:
    """That one of the catalogue went on in another."""

    predecessor: str
    successor: str
    role: str
    on: date | None
    note: str


def entries(files: CatalogueFiles) -> list[Entry]:
    """Give the organisations, in the order of the file; rows of one organisation are put together, the latest era last.

    Raises:
        ConfigError: a file names an organisation, a theme, a place or a region that does not exist.
    """
    aliases = {row["row"]: row["organisation"] for row in files.same}
    offices = {row["row"] for row in files.same if row["as"] == "site"}
    grouped: dict[str, list[dict[str, str]]] = {}
    for row in sorted(files.clusters, key=lambda row: row["era"]):
        grouped.setdefault(aliases.get(row["name"], row["name"]), []).append(row)
    order = list(dict.fromkeys(aliases.get(row["name"], row["name"]) for row in files.clusters))
    _check_names(files, set(order))
    return [_entry(name, grouped[name], offices, files) for name in order]


def passings(files: CatalogueFiles) -> list[Passing]:
    """Give what went on in what."""
    return [
        Passing(row["predecessor"], row["successor"], row["role"], _day(row["on"]), _sentences(row["uncertain"], row["source"]))
        for row in files.lineage
    ]


def _check_names(files: CatalogueFiles, known: set[str]) -> None:
    named = {row[column] for rows, column in _NAMING for row in getattr(files, rows)} - {""}
    if named - known:
        raise ConfigError(f"seeds/catalogue names what is not in clusters.csv: {sorted(named - known)}")


#: Which columns of which files name an organisation.
_NAMING: Final = (
    ("same", "organisation"),
    ("lineage", "predecessor"),
    ("lineage", "successor"),
    ("names", "organisation"),
    ("days", "organisation"),
    ("days", "parent"),
    ("certificates", "organisation"),
)


def _entry(name: str, rows: Sequence[dict[str, str]], offices: set[str], files: CatalogueFiles) -> Entry:
    main = [row for row in rows if row["name"] not in offices]
    latest, towns = main[-1], _towns(main[-1])
    days = next((row for row in files.days if row["organisation"] == name), {})
    successors = [row for row in files.lineage if row["predecessor"] == name and row["role"] == "Fusion"]
    ended = _day(days.get("ended", "")) or _before(next((row["on"] for row in successors if row["on"]), ""))
    values: dict[str, Any] = {
        "title": name,
        "kind": "cluster",
        "origin": "catalogue",
        "themes": _themes(latest["theme"], files),
        "city": towns[0] if towns else None,
        "municipality": _municipality(latest["municipality"]),
        **_regions(latest),
        "founded": _day(days.get("founded", "")),
        "ended": ended,
        "source": "\n".join(dict.fromkeys(row["source"] for row in (*rows, *([days] if days else [])))),
        "uncertain": _uncertain(main),
        "note": _note(rows, {(row["row"], row["era"]): row["da"] for row in files.remarks}),
    }
    state = days.get("state") or ("merged" if successors else None)
    return Entry(
        name,
        {key: value for key, value in values.items() if value not in (None, "", [])},
        tuple(_sites(name, rows, offices)),
        tuple(_name_values(row) for row in files.names if row["organisation"] == name),
        tuple(_certificate(row) for row in files.certificates if row["organisation"] == name),
        state,
        days.get("parent") or None,
    )


def _towns(row: Mapping[str, str]) -> list[str]:
    return [part.strip() for part in row["city"].split("/") if part.strip()]


def _municipality(text: str) -> str | None:
    """Give the code of the first municipality named: the head office's."""
    first = text.split("/", maxsplit=1)[0].strip()
    codes = {name: code for code, name in municipality_names()}
    if first and first not in codes:
        raise ConfigError(f"seeds/catalogue/clusters.csv: there is no municipality {first}")
    return codes.get(first)


def _regions(row: Mapping[str, str]) -> dict[str, Any]:
    """Give the regions: several are those it covers; one is declared where no municipality says so."""
    known = {one["name"]: one["key"] for one in region_rows()}
    named = [part.strip() for part in row["region"].split("+") if part.strip()]
    if set(named) - known.keys():
        raise ConfigError(f"seeds/catalogue/clusters.csv: there is no {row['region']}")
    keys = [known[one] for one in named]
    if len(keys) > 1:
        return {"regions": keys}
    return {"primary_region": keys[0]} if keys and not row["municipality"] else {}


def _themes(text: str, files: CatalogueFiles) -> list[str]:
    found = next((row["themes"] for row in files.theme_words if row["words"] == text), None)
    if found is None:
        raise ConfigError(f"seeds/catalogue/theme_words.csv does not know the theme {text}")
    return found.split(";")


def _uncertain(rows: Sequence[Mapping[str, str]]) -> str:
    """Word what the sources leave open: how sure they are, what is missing, and that the old ones say nothing of today."""
    lines = [f"{row['era']}: sikkerheden er {_CERTAINTY[row['certainty']]}." for row in rows]
    lines += [f"{row['era']}: hjemsted er ikke oplyst." for row in rows if not row["city"]]
    lines += [
        f"{row['era']}: dækker {row['region']}; hvilken der er den primære, er ikke oplyst." for row in rows if "+" in row["region"]
    ]
    if rows[-1]["era"] == "2014-2017":
        lines.append("Kilderne gælder 2014–2017; om klyngen findes i dag, er ikke undersøgt.")
    return "\n".join(lines)


def _note(rows: Sequence[Mapping[str, str]], danish: Mapping[tuple[str, str], str]) -> str:
    """Word what else a row says: its theme in the source's own words, its level, and the row's remark."""
    lines = []
    for row in rows:
        level = _LEVELS.get(row["label_2017"])
        label = f"; certifikat i 2017 ifølge kilden: {level}" if level else ""
        lines.append(f"{row['era']}, {row['name']}: {row['theme']}{label}")
        lines += [danish.get((row["name"], row["era"]), row["note"])] if row["note"] else []
    return "\n".join(lines)


def _sites(name: str, rows: Sequence[Mapping[str, str]], offices: set[str]) -> list[dict[str, Any]]:
    """Give the offices: those of rows that are an office, and the towns of a row that names several."""
    found: dict[str, dict[str, Any]] = {}
    for row in rows:
        towns, places = _towns(row), [part.strip() for part in row["municipality"].split("/")]
        if row["name"] not in offices and len(towns) < 2:
            continue
        for town, place in zip(towns, places, strict=True):
            title = row["name"] if row["name"] in offices else f"{name} {town}"
            found.setdefault(town, {"title": title, "city": town, "municipality": _municipality(place)})
    return list(found.values())


def _name_values(row: Mapping[str, str]) -> dict[str, Any]:
    return {"title": row["name"], "period": {"start": row["first"], "end": row["last"] or None}}


def _certificate(row: Mapping[str, str]) -> dict[str, Any]:
    note = f"Gyldig til ifølge {row['source']}. Vurderingens dag er regnet tilbage efter datidens regel: to år til dagen."
    return {"level": row["level"], "assessed": row["assessed"], "valid_until": row["valid_until"], "note": note}


def _sentences(*parts: str) -> str:
    return ". ".join(part for part in parts if part)


def _day(text: str) -> date | None:
    return date.fromisoformat(text) if text else None


def _before(text: str) -> date | None:
    """Give the day before a merger: the last day of what went into it."""
    day = _day(text)
    return None if day is None else date.fromordinal(day.toordinal() - 1)
