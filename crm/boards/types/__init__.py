"""The record types of the meeting work: names, fields, lists, scopes, and the functions that the store runs."""

from __future__ import annotations

from typing import Final

from crm.boards.types.agenda_item import AGENDA_ITEM
from crm.boards.types.board import BOARD
from crm.boards.types.decision import DECISION
from crm.boards.types.follow_up import FOLLOW_UP
from crm.boards.types.mandate import MANDATE
from crm.boards.types.meeting import MEETING

TYPES: Final = (BOARD, MANDATE, MEETING, AGENDA_ITEM, DECISION, FOLLOW_UP)

__all__ = ["AGENDA_ITEM", "BOARD", "DECISION", "FOLLOW_UP", "MANDATE", "MEETING", "TYPES"]
