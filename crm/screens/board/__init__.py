"""A list as a board: what its columns are (`columns`) and hold (`load`), and what moves a card (`moving`)."""

from crm.screens.board.columns import board_field, board_fields, columns_of, held_values, key_of
from crm.screens.board.load import fits, load, more_cards, numbers, one_card

__all__ = [
    "board_field",
    "board_fields",
    "columns_of",
    "fits",
    "held_values",
    "key_of",
    "load",
    "more_cards",
    "numbers",
    "one_card",
]
