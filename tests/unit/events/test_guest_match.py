"""Who a line is: the address first, then name and organisation together; what is not sure is for a person to judge."""

from __future__ import annotations

import pytest

from crm.events.guest_lines import GuestLine
from crm.events.guest_match import KnownPerson, Verdict, counts, match_lines

ANNE = KnownPerson(1, "Anne Holm", frozenset({"anne@nord.example"}), ("Grøn Energi Nord", "Aqua Klyngen"))
JENS = KnownPerson(2, "Jens Bak", frozenset(), ("Aabenraa Erhverv A/S",))
TWO = (KnownPerson(3, "Bo Lund", frozenset({"a@x.dk"}), ("X",)), KnownPerson(4, "Bo Lund", frozenset({"b@x.dk"}), ("X",)))
SHARED = (KnownPerson(5, "Eva Friis", frozenset({"info@y.dk"})), KnownPerson(6, "Ib Lind", frozenset({"info@y.dk"})))
PEOPLE = (ANNE, JENS, *TWO, *SHARED)


def verdict(name: str, organisation: str = "", email: str = "") -> tuple[Verdict, int | None, list[int]]:
    (found,) = match_lines([GuestLine(1, name, organisation, email)], PEOPLE)
    return found.verdict, found.person.id if found.person else None, [one.id for one in found.candidates]


@pytest.mark.parametrize(
    ("line", "expected"),
    [
        (("Anne Holm", "Et helt andet sted", "ANNE@nord.example"), (Verdict.KNOWN, 1, [])),
        (("Anne Kirstine Holm", "", "anne@nord.example"), (Verdict.KNOWN, 1, [])),
        (("", "", "anne@nord.example"), (Verdict.KNOWN, 1, [])),
        (("Kirsten Toft", "", "anne@nord.example"), (Verdict.UNSURE, None, [1])),
        (("anne holm", "grøn energi nord"), (Verdict.KNOWN, 1, [])),
        (("Anne Holm", "Aqua Klyngen"), (Verdict.KNOWN, 1, [])),
        (("Jens Bak", "Aabenraa Erhverv", "jens@ny.dk"), (Verdict.KNOWN, 2, [])),
        (("Jens Back", "Åbenrå Erhverv"), (Verdict.UNSURE, None, [2])),
        (("Jens Back", "Et andet sted"), (Verdict.NEW, None, [])),
        (("Anne Holm", "Grøn Energi Nord", "anne.holm@nord.example"), (Verdict.UNSURE, None, [1])),
        (("Anne Holm", "Et andet sted"), (Verdict.UNSURE, None, [1])),
        (("Anne Holm",), (Verdict.UNSURE, None, [1])),
        (("Bo Lund", "X"), (Verdict.UNSURE, None, [3, 4])),
        (("Bo Lund", "X", "b@x.dk"), (Verdict.KNOWN, 4, [])),
        (("Ib Lind", "", "info@y.dk"), (Verdict.KNOWN, 6, [])),
        (("", "", "info@y.dk"), (Verdict.UNSURE, None, [5, 6])),
        (("Dorte Dam", "X"), (Verdict.NEW, None, [])),
        (("", "", "ukendt@z.dk"), (Verdict.UNUSABLE, None, [])),
    ],
)
def test_a_line_is_known_new_or_unsure(line: tuple[str, ...], expected: tuple[Verdict, int | None, list[int]]):
    assert verdict(*line) == expected


def test_two_lines_that_are_one_known_person_count_once():
    lines = [GuestLine(1, "Anne Holm", "Grøn Energi Nord"), GuestLine(2, "Anne H.", "", "anne@nord.example")]
    found = match_lines([lines[0], GuestLine(3, "Anne Holm", "", "anne@nord.example"), GuestLine(4, "Ny Mand")], PEOPLE)
    assert [one.verdict for one in found] == [Verdict.KNOWN, Verdict.UNUSABLE, Verdict.NEW]
    assert "line 1" in str(found[1].reason)
    assert counts(found)[Verdict.NEW] == 1
