"""What became of the rows of a checklist, in words."""

from __future__ import annotations

import pytest

from crm.records.fields import CheckRow
from crm.screens.checklists import row_words

AGREED = CheckRow("Aftale", done=True)
TALK, REPORT = CheckRow("Interview"), CheckRow("Rapport")


@pytest.mark.parametrize(
    ("old", "new", "words"),
    [
        ((AGREED, TALK), (AGREED, CheckRow("Interview", done=True)), "afkrydsede ”Interview”"),
        ((AGREED, TALK), (CheckRow("Aftale"), TALK), "åbnede ”Aftale” igen"),
        (None, (AGREED, TALK), "tilføjede ”Aftale”, ”Interview”"),
        ((AGREED, TALK), None, "fjernede ”Aftale”, ”Interview”"),
        ((AGREED, TALK), (TALK, AGREED), "ændrede rækkefølgen"),
        ((TALK,), (REPORT,), "ændrede ”Interview” til ”Rapport”"),
        ((TALK, REPORT), (CheckRow("Rapport", done=True),), "afkrydsede ”Rapport”; fjernede ”Interview”"),
        ((TALK, TALK), (TALK, CheckRow("Interview", done=True)), "afkrydsede ”Interview”"),
        (None, tuple(CheckRow(f"{n}") for n in range(9)), "tilføjede ”0”, ”1”, ”2”, ”3”, ”4”, ”5” og 3 mere"),
    ],
)
def test_a_change_of_rows_is_said_in_one_sentence(old, new, words):
    assert row_words(old, new, "da") == words
