"""The forms and pages of every kind of field: what is typed is kept, saved and shown, and nothing in it runs."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from crm.kernel.i18n import Label
from crm.records.definitions import add_field
from crm.records.fields import KINDS
from tests.support.kinds import EXAMPLES
from tests.support.records import SYSTEM
from tests.support.screens import Desk, desk, value_in, words

if TYPE_CHECKING:
    from flask import Flask

    from crm.wiring import Klynge

TYPED = {
    "x_rich_text": "<p onclick=x>Hej <b>du</b></p><script>alert(1)</script>",
    "x_money.amount": "1.234,50",
    "x_money.currency": "EUR",
    "x_progress": "40",
    "x_duration": "1 t 30 min",
    "x_rating": "4",
    "x_choices": ["a", "c"],
    "x_tags": "Vind, brint",
    "x_emails.0.value": "anne@havn.dk",
    "x_emails.0.type": "work",
    "x_emails.3.value": "bo@havn.dk",
    "x_emails.3.type": "private",
    "x_emails.primary": "3",
    "x_phones.0.value": "33 11 22 33",
    "x_phones.0.type": "work",
    "x_address.street": "Havnegade 1",
    "x_address.postcode": "5000",
    "x_address.city": "Odense C",
}


@pytest.fixture
def staff(app: Flask, sqlite_klynge: Klynge) -> Desk:
    with sqlite_klynge.works.writing(SYSTEM, publishing=True) as uow:
        for kind, example in EXAMPLES.items():
            add_field(uow, "organisation", f"x_{kind}", kind, Label(da=kind), config=example.config)
    return desk(app, sqlite_klynge)


def test_a_form_of_every_kind_is_shown_saved_and_read(staff: Desk):
    assert staff.get("/t/organisation/new").status_code == 200
    answer = staff.post("/t/organisation/new", title="Havnen", x_users=[str(staff.user_id)], **TYPED)
    assert answer.status_code == 303, words(answer)
    page = staff.get(answer.headers["Location"])
    text = words(page)
    for shown in ("1.234,50 €", "40 %", "1 t. 30 min.", "4 af 6", "Æble", "Blomme", "Vind", "brint", "Havnegade 1, 5000 Odense C"):
        assert shown in text.replace("\u00a0", " "), shown
    assert 'href="mailto:bo@havn.dk"' in page.text
    assert 'href="tel:+4533112233"' in page.text
    assert '<progress class="bar" max="100" value="40"' in page.text
    assert "Hej <b>du</b>" in page.text
    assert "alert(1)" not in page.text
    assert "onclick" not in page.text


def test_saving_a_form_unchanged_changes_nothing(staff: Desk):
    where = staff.post("/t/organisation/new", title="Havnen", **TYPED).headers["Location"]
    record_id = int(where.split("/")[2])
    with_all = {name: value for name, value in TYPED.items() if not name.startswith(("x_emails", "x_rich"))}
    mails = {
        "x_emails.0.value": "anne@havn.dk",
        "x_emails.1.value": "bo@havn.dk",
        "x_emails.1.type": "private",
        "x_emails.primary": "1",
    }
    edit = staff.get(f"/r/{record_id}/edit")
    for name in ("x_duration", "x_emails.1.value", "x_money.amount"):
        assert value_in(edit, name) == {"x_duration": "1:30", "x_emails.1.value": "bo@havn.dk", "x_money.amount": "1234,5"}[name]
    answer = staff.post(
        f"/r/{record_id}/edit", title="Havnen", seen_version="1", x_rich_text="<p>Hej <b>du</b></p>", **with_all, **mails
    )
    assert answer.status_code == 303
    assert "Intet er ændret." in words(staff.get(answer.headers["Location"]))


def test_a_refused_form_keeps_every_part_that_was_typed(staff: Desk):
    typed = {
        "x_money.amount": "mange",
        "x_progress": "200",
        "x_duration": "længe",
        "x_emails.4.value": "ikke en adresse",
        "x_phones.0.value": "12",
        "x_address.postcode": "50",
        "x_tags": "a, b",
    }
    page = staff.post("/t/organisation/new", title="Ny", **typed)
    assert page.status_code == 422
    for name, value in typed.items():
        assert value_in(page, name) == value
    text = words(page)
    for refusal in (
        "er ikke et tal",
        "Højst 100",
        "er ikke en varighed",
        "er ikke en e-mailadresse",
        "er ikke et telefonnummer",
        "fire cifre",
    ):
        assert refusal in text, refusal


def test_every_kind_has_a_form_control(app: Flask):
    for kind in KINDS:
        assert app.jinja_env.get_template(f"fields/{kind}.html").name
