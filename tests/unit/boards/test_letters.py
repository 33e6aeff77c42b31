"""Mail texts: fields by name, values as data."""

from __future__ import annotations

from pathlib import Path

import pytest

from crm.boards.letters import merge, read_template
from crm.kernel.errors import ConfigError
from crm.kernel.settings import ROOT

FIELDS = {"navn": "Anne Holm", "møde": "Styregruppemøde 1/2027", "sted": ""}


def test_fields_are_put_in_by_name() -> None:
    letter = merge("Emne: Materiale til {møde}\n\nKære {navn}\n", FIELDS)
    assert letter.subject == "Materiale til Styregruppemøde 1/2027"
    assert letter.text == "Kære Anne Holm\n"


def test_a_line_with_an_empty_field_is_left_out() -> None:
    assert merge("Emne: x\n\nSted: {sted}\nKære {navn}", FIELDS).text == "Kære Anne Holm\n"


def test_a_value_is_never_read_as_template() -> None:
    letter = merge("Emne: {navn}\n\n{navn}", {"navn": "{møde} {{7*7}} {% x %}\nBcc: alle@example.dk"})
    assert letter.subject == "{møde} {{7*7}} {% x %} Bcc: alle@example.dk"
    assert "{møde} {{7*7}}" in letter.text


def test_an_unknown_field_is_a_slip_that_is_named() -> None:
    with pytest.raises(ConfigError, match="mødet"):
        merge("Emne: x\n\n{mødet}", FIELDS)


def test_a_text_without_subject_is_refused() -> None:
    with pytest.raises(ConfigError, match="Emne"):
        merge("Kære {navn}", FIELDS)


def test_the_offices_own_text_wins(tmp_path: Path) -> None:
    (tmp_path / "pack_published.da.txt").write_text("Emne: vores\n\nTekst", encoding="utf-8")
    shipped = ROOT / "seeds" / "templates" / "mail"
    assert read_template("pack_published", "da", (tmp_path, shipped)).startswith("Emne: vores")
    assert read_template("pack_published", "en", (tmp_path, shipped)).startswith("Subject: Material")
    with pytest.raises(ConfigError, match="no mail text"):
        read_template("nothing", "da", (tmp_path,))
