"""Examples of every kind of field: settings, and raw values with what they become."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, date, datetime
from decimal import Decimal
from typing import TYPE_CHECKING, Any

from crm.records.fields import AddressValue, CheckRow, DateValue, EmailValue, FileValue, MoneyValue, PhoneValue, Pick
from crm.records.models import StoredFile
from crm.security.actors import Actor

if TYPE_CHECKING:
    from crm.records.work import Works

OPTIONS = [
    {"key": "a", "label": {"da": "Æble", "en": "Apple"}},
    {"key": "b", "label": {"da": "Pære; stor", "en": "Pear"}},
    {"key": "c", "label": {"da": "Blomme", "en": "Plum"}},
]
MAIL = EmailValue("anne@havn.dk", "work", primary=True)
OTHER_MAIL = EmailValue("Anne.B@example.dk", "private", primary=False)
OPEN_ROW = CheckRow("Interview; med formanden")
BOXED = CheckRow("[ ] boks", done=True)
MORE_ROWS = (CheckRow("Ærø"), CheckRow("Rapport", done=True), CheckRow("Rapport"), CheckRow("Rapport"))
PHONE = PhoneValue("+4533112233", "work", primary=True)


@dataclass(frozen=True)
class Example:
    """One kind: its settings, two raw values in order with what they become, and what is refused."""

    config: dict[str, Any]
    first: tuple[Any, Any]
    second: tuple[Any, Any]
    refused: tuple[Any, ...]
    #: What a person reads in the history, of the first value, in Danish.
    words: str


EXAMPLES: dict[str, Example] = {
    "text": Example({}, ("  Aabenraa\0 Havn", "Aabenraa Havn"), ("Århus Ø", "Århus Ø"), (5, "x" * 201), "Aabenraa Havn"),
    "rich_text": Example(
        {},
        ("<p onclick=x>Hej <b>du</b></p><script>1</script>", "<p>Hej <b>du</b></p>"),
        ("a < b\n\nc", "<p>a &lt; b</p><p>c</p>"),
        (5, "<b>" + "x" * 50_000 + "</b>"),
        "Hej du",
    ),
    "number": Example({"decimals": 2}, ("1.234,50", Decimal("1234.5")), (5000, Decimal(5000)), ("x", "0,001"), "1.234,5"),
    "money": Example(
        {"currencies": ["DKK", "EUR"]},
        ("1.234,50 kr.", MoneyValue(Decimal("1234.5"), "DKK")),
        ({"amount": "2000", "currency": "EUR"}, MoneyValue(Decimal(2000), "EUR")),
        ("5 USD", "x", "0,001", {"amount": 1, "price": 2}, {"amount": {}, "currency": "DKK"}),
        "1.234,50\u00a0kr.",
    ),
    "progress": Example({}, ("40 %", 40), (100, 100), (101, -1, "x", 0.5), "40\u00a0%"),
    "duration": Example({}, ("1 t 30 min", 5400), (5405, 5405), ("x", -1, "1 uge", 0.5), "1 t. 30 min."),
    "rating": Example({"max": 6}, (3, 3), ("6", 6), (0, 7, "x"), "3 af 6"),
    "date": Example(
        {"time": "optional", "end": "optional"},
        ("2026-12-01", DateValue(date(2026, 12, 1))),
        (
            {"start": "2026-12-02T10:00", "end": "2026-12-02T11:30"},
            DateValue(datetime(2026, 12, 2, 9, tzinfo=UTC), datetime(2026, 12, 2, 10, 30, tzinfo=UTC), all_day=False),
        ),
        ("x", 5),
        "01.12.2026",
    ),
    "choice": Example({"options": OPTIONS}, ("a", "a"), ("b", "b"), ("x", 1), "Æble"),
    "choices": Example({"options": OPTIONS}, (["c", "a"], ("a", "c")), ("b", ("b",)), (["x"], [1], {}), "Æble, Blomme"),
    "picks": Example(
        {"options": OPTIONS},
        ([{"key": "c", "remark": "  Ikke  i år\nmen næste"}, "a"], (Pick("c", "Ikke i år\nmen næste"), Pick("a"))),
        ("Æble\n  Først\nPære; stor", (Pick("a", "Først"), Pick("b"))),
        (["x"], [1], {}, [{"key": "a", "note": "x"}], [{"key": "a", "remark": 5}], [{"key": "a", "remark": "x" * 2001}]),
        "Blomme: Ikke i år men næste, Æble",
    ),
    "checklist": Example(
        {},
        ("[x] Aftale\n\n- [ ]  Interview; med\tformanden\n[x] [ ] boks", (CheckRow("Aftale", done=True), OPEN_ROW, BOXED)),
        ([{"text": "Ærø"}, "[X] Rapport", "Rapport", "Rapport"], MORE_ROWS),
        (5, ["x" * 201], [{"text": "x", "done": "ja"}], [{"text": 5}], [{"row": "x"}], {}, ["x"] * 101),
        "2 af 3",
    ),
    "tags": Example({}, ("Vind,  ærø ,Ærø", ("Vind", "ærø")), (["brint"], ("brint",)), ([5], "x" * 61, {}), "Vind, ærø"),
    "yes_no": Example({}, ("nej", False), (True, True), ("måske", 7), "Nej"),
    "user": Example({}, (1, 1), ("2", 2), ("x", 0, True, 99), "Anne Prøve"),
    "users": Example({}, ([2, "1", 2], (2, 1)), ("1", (1,)), (["x"], [0], [99]), "Bo Prøve, Anne Prøve"),
    "link": Example({}, ("a.dk", "https://a.dk"), ("https://b.dk", "https://b.dk"), ("javascript:x", 5), "a.dk"),
    "emails": Example(
        {},
        (["anne@havn.dk", {"address": "Anne.B@example.dk", "type": "private"}], (MAIL, OTHER_MAIL)),
        ("bo@havn.dk", (EmailValue("bo@havn.dk", "work", primary=True),)),
        ("x", ["@x.dk"], [{"address": "a@x.dk", "type": "fax"}], [{"mail": "a@x.dk"}], [5]),
        "anne@havn.dk, Anne.B@example.dk",
    ),
    "phones": Example(
        {},
        ([{"number": "33 11 22 33", "type": "work"}], (PHONE,)),
        ("+46 8 506 10 000", (PhoneValue("+46850610000", "mobile", primary=True),)),
        ("x", "12", ["+4500000000"], [5]),
        "+45\u00a033\u00a011\u00a022\u00a033",
    ),
    "address": Example(
        {},
        (
            {"street": "Havnegade  1", "postcode": "5000", "city": "Odense C", "municipality": "0461"},
            AddressValue("Havnegade 1", "5000", "Odense C", "0461", "DK"),
        ),
        ({"street": "Storgatan | 2", "city": "Malmö", "country": "se"}, AddressValue("Storgatan / 2", None, "Malmö", None, "SE")),
        ({"postcode": "50"}, {"street": 5}, {"street": "x", "country": "Danmark"}, {"town": "x"}, {"municipality": "1"}, 5),
        "Havnegade 1, 5000 Odense C",
    ),
    "file": Example(
        {"max": 2, "types": ["pdf", "image"]},
        ([{"id": 1, "name": "Plan v2.pdf"}], (FileValue(1, "Plan v2.pdf"),)),
        ("2/Foto%20af%20%C3%86r%C3%B8.png", (FileValue(2, "Foto af Ærø.png"),)),
        ("x", True, 0, {"id": "1"}, {"file": 1}, [1, 2, 3], {}),
        "Plan v2.pdf",
    ),
    "relation": Example({"targets": ["organisation"]}, (1, 1), ("2", 2), ("x", 99), "Et"),
    "auto_number": Example({"prefix": "SAG-", "padding": 4}, (None, "SAG-0001"), (None, "SAG-0002"), (), "SAG-0001"),
}


def send_files(works: Works, actor: Actor, field: str = "x_file") -> None:
    """Have the two files of the examples wait for a record; in a fresh database they have the numbers 1 and 2."""
    with works.writing(actor) as uow:
        for number, (name, media_type) in enumerate((("Plan v2.pdf", "application/pdf"), ("Foto af Ærø.png", "image/png")), 1):
            uow.session.add(
                StoredFile(
                    first_id=number,
                    field=field,
                    sha256="0" * 64,
                    size=9,
                    media_type=media_type,
                    name=name,
                    created_at=uow.now(),
                    created_by=actor.user_id,
                )
            )
            uow.session.flush()
