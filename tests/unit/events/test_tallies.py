"""Totals by kind, region and time: what was read is summed, and nothing is counted twice."""

from __future__ import annotations

from datetime import date
from fractions import Fraction

from crm.events.tallies import NOWHERE, EventFact, Facts, PartFact

FACTS = Facts(
    events=[
        EventFact(1, "workshop", date(2026, 2, 3), "nord"),
        EventFact(2, "workshop", date(2026, 9, 3), "syd"),
        EventFact(3, "conference", date(2026, 9, 17), people=300),
    ],
    parts=[
        PartFact(1, 3, 11, True, ("nord",)),
        PartFact(1, 2, 12, True, ("nord", "syd")),
        PartFact(2, 1, 11, True, ("nord",)),
        PartFact(2, 4, 13, False, ("skaane",)),
        PartFact(2, 2, None),
    ],
)


def test_the_total_counts_each_person_and_each_cluster_once():
    total = FACTS.total()
    assert (total.events, int(total.participants), total.clusters, total.people) == (3, 12, 2, 300)


def test_a_kind_has_its_own_events_and_participants_and_kinds_without_any_are_left_out():
    lines = FACTS.by_kind(["camp", "workshop", "conference"])
    assert [(line.key, line.events, int(line.participants), line.people) for line in lines] == [
        ("workshop", 2, 12, 0),
        ("conference", 1, 0, 300),
    ]


def test_regions_share_those_whose_organisation_covers_several_and_sum_to_the_total():
    lines = {line.key: line for line in FACTS.by_region(["nord", "syd", "midt"])}
    assert list(lines) == ["nord", "syd", "midt", "skaane", NOWHERE], "a foreign one has a line only where it has something"
    assert [line.participants for line in lines.values()] == [5, 1, 0, 4, 2]
    assert [line.events for line in lines.values()] == [1, 1, 0, 0, 1]
    assert sum(line.participants for line in lines.values()) == FACTS.total().participants
    third = Facts([], [PartFact(1, 1, 9, True, ("a", "b", "c"))]).by_region(["a", "b", "c"])
    assert [line.participants for line in third] == [Fraction(1, 3)] * 3
    assert [line.clusters for line in third] == [1, 1, 1]


def test_each_part_of_the_time_has_a_line_also_an_empty_one():
    lines = FACTS.by_day(["2026-Q1", "2026-Q2", "2026-Q3"], lambda day: f"{day.year}-Q{(day.month + 2) // 3}")
    assert [(line.key, line.events, int(line.participants)) for line in lines] == [
        ("2026-Q1", 1, 5),
        ("2026-Q2", 0, 0),
        ("2026-Q3", 2, 7),
    ]
