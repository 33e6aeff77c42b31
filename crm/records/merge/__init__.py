"""Duplicates: found by keys that are drawn out of records' values, looked through pair by pair, and merged into one."""

from crm.records.merge.find import Alike, Pair, Pairs, alike_record, alike_values, pairs, set_apart
from crm.records.merge.follow import MatchFollower, matched_types
from crm.records.merge.hanging import register_hanging
from crm.records.merge.service import MOST, MergeRecords, merge_records, merged_into, survivor_of
from crm.records.merge.undo import undo_merge
from crm.records.merge.values import ALL, Pick, merged_fields, takes_all, usual_pick

__all__ = [
    "ALL",
    "MOST",
    "Alike",
    "MatchFollower",
    "MergeRecords",
    "Pair",
    "Pairs",
    "Pick",
    "alike_record",
    "alike_values",
    "matched_types",
    "merge_records",
    "merged_fields",
    "merged_into",
    "pairs",
    "register_hanging",
    "set_apart",
    "survivor_of",
    "takes_all",
    "undo_merge",
    "usual_pick",
]
