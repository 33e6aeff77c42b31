"""Cases of the stories and others, most of them closed; and what the office wrote on its list along the way."""

from __future__ import annotations

import random
from collections.abc import Mapping
from datetime import timedelta
from typing import Any, Final

from crm.cases.rules import case_kinds
from crm.demo.plan.texts import texts
from crm.demo.plan.world import STAFF, World, next_open_day, open_day

#: Kinds of the other cases, in turns.
_TURNS: Final = ("certification", "funding", "other", "international", "collaboration", "certification", "funding", "startup")
#: So many of the others are still running.
RUNNING: Final = 0.24


def add_cases(world: World) -> None:
    """Write down the cases, their rows and their ends."""
    stories = texts("cases")["stories"]
    for story in stories:
        _add_story(world, story)
    dice = world.dice("cases")
    for number in range(world.measure.cases - len(stories)):
        _add_other(world, dice, number)


def _rows(done: list[str], left: list[str]) -> list[dict[str, Any]]:
    return [{"text": text, "done": True} for text in done] + [{"text": text, "done": False} for text in left]


def _add_story(world: World, story: Mapping[str, Any]) -> None:
    opened = world.office_day(world.load_day + timedelta(days=story["opened"]))
    values = {
        "title": story["title"],
        "kind": story["kind"],
        "organisation": story["organisation"],
        "owner": story["owner"],
        "opened": opened,
        "due": open_day(world.load_day + timedelta(days=story["due"])),
        "checklist": _rows([], [*story["done"], *story["left"]]),
        "description": story["description"].strip(),
    }
    by = story["owner"]
    world.create(opened, by, story["key"], "case", values)
    if "person" in story:
        world.note(opened, by, {"link": story["key"], "field": "persons", "to": story["person"], "role": "Klyngechef"})
    world.note(opened + timedelta(days=4), by, {"step": "start", "record": story["key"]})
    ticked = {"update": story["key"], "values": {"checklist": _rows(story["done"], story["left"])}}
    world.note(max(opened + timedelta(days=9), world.ago(20)), by, ticked)
    if story["state"] == "waiting":
        world.note(world.ago(18), by, {"step": "wait", "record": story["key"], "comment": "Afventer den anden part."})
    for number, (owner, title, due) in enumerate(story.get("tasks", ())):
        task = {"title": title, "about": story["key"], "owner": owner, "due": open_day(world.load_day + timedelta(days=due))}
        world.create(world.ago(8), by, f"{story['key']}_task{number}", "task", task)


def _add_other(world: World, dice: random.Random, number: int) -> None:
    """One of the many: opened, worked on, and closed within some months, unless it is of late."""
    kind, by = _TURNS[number % len(_TURNS)], dice.choice(STAFF)
    running = dice.random() < RUNNING
    first, last = (world.ago(150), world.ago(12)) if running else (world.start + timedelta(days=40), world.ago(130))
    opened = world.any_day(dice, first, last)
    places = [org for org in world.clusters if org.since < opened] if kind != "startup" else world.known(opened, "network")
    org = dice.choice(places)
    title, description = dice.choice(texts("cases")[kind])
    rows = list(next(one.rows for one in case_kinds() if one.key == kind)) or ["Første samtale", "Forslag sendt", "Opfølgning"]
    done = dice.randint(1, len(rows) - 1) if running else len(rows)
    key = f"case{number}"
    values = {
        "title": title,
        "kind": kind,
        "organisation": org.key,
        "owner": by,
        "opened": opened,
        "due": open_day(opened + timedelta(days=dice.randint(60, 170))),
        "checklist": _rows([], rows),
        "description": description,
    }
    world.create(opened, by, key, "case", values)
    if org.people and org.people[0].since < opened:
        world.note(opened, by, {"link": key, "field": "persons", "to": org.people[0].key, "role": "Kontaktperson"})
    started = opened + timedelta(days=dice.randint(1, 6))
    world.note(started, by, {"step": "start", "record": key})
    worked = started + timedelta(days=dice.randint(5, 40))
    if worked < world.ago(3):
        world.note(worked, by, {"update": key, "values": {"checklist": _rows(rows[:done], rows[done:])}})
    if not running:
        ended = worked + timedelta(days=dice.randint(6, 60))
        if dice.random() < 0.08:
            world.note(ended, by, {"step": "drop", "record": key, "comment": "Klyngen har valgt at vente."})
        else:
            world.note(ended, by, {"step": "close", "record": key})


def add_tasks(world: World) -> None:
    """Small things to do, nearly all of them done; the open ones are of the last days."""
    dice = world.dice("tasks")
    told = texts("cases")["tasks"]
    for number in range(world.measure.tasks):
        by, made = dice.choice(STAFF), world.any_day(dice, world.start + timedelta(days=25), world.ago(3))
        about = dice.choice([org for org in world.clusters if org.since < made]).key if dice.random() < 0.7 else None
        due = open_day(made + timedelta(days=dice.randint(3, 21)))
        values = {
            "title": dice.choice(told["cluster" if about else "office"]),
            "about": about,
            "owner": by,
            "due": due,
            "priority": "high" if dice.random() < 0.1 else None,
        }
        world.create(made, by, f"todo{number}", "task", values)
        done = next_open_day(max(made + timedelta(days=1), due - timedelta(days=dice.randint(0, 4))))
        if done < world.ago(2):
            world.note(done, by, {"step": "complete", "record": f"todo{number}"})
