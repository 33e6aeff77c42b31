"""Numbers that are too small to be told, and those that would give them away."""

from __future__ import annotations

import pytest

from crm.kernel.small_cells import telling


@pytest.mark.parametrize(
    ("counts", "told"),
    [
        ((12, 7, 0), (12, 7, 0)),
        ((12, 3, 2), (12, None, None)),
        ((12, 7, 3), (12, None, None)),  # 3 alone would be the sum less 19
        ((7, 12, 0, 4), (None, 12, 0, None)),
        ((4,), (None,)),
        ((4, 0), (None, 0)),
        ((), ()),
        ((5, 5), (5, 5)),
    ],
)
def test_what_few_did_is_not_told_and_cannot_be_worked_out(counts: tuple[int, ...], told: tuple[int | None, ...]) -> None:
    assert telling(counts) == told
