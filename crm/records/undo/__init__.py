"""Undo: an act taken back by a new act, through the store; see `design.md`, "The change log: one log, many readers"."""

from crm.records.changes import UNDO
from crm.records.undo.acts import all_past, undo_act, undo_part
from crm.records.undo.inverses import Inverse, Remains, register_inverse, register_remains
from crm.records.undo.job import AT_ONCE, order_undo
from crm.records.undo.past import OWN_ACTS, Past, act_to_undo, changes_in, is_undone, takes_back
from crm.records.undo.report import Skipped, Undone, UndoReport

__all__ = [
    "AT_ONCE",
    "OWN_ACTS",
    "UNDO",
    "Inverse",
    "Past",
    "Remains",
    "Skipped",
    "UndoReport",
    "Undone",
    "act_to_undo",
    "all_past",
    "changes_in",
    "is_undone",
    "order_undo",
    "register_inverse",
    "register_remains",
    "takes_back",
    "undo_act",
    "undo_part",
]
