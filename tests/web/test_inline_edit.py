"""One field edited where it stands: every kind, rights, refusals, conflicts, and without a script."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest

from crm.kernel.i18n import Label
from crm.records.definitions import add_field
from crm.security.actors import Actor
from crm.security.models import Grant
from tests.support.forms import token
from tests.support.kinds import EXAMPLES, send_files
from tests.support.people import add_role
from tests.support.records import SYSTEM
from tests.support.screens import SEED, Desk, desk, make, make_meeting, value_in, words

if TYPE_CHECKING:
    from flask import Flask
    from werkzeug.test import TestResponse

    from crm.wiring import Klynge

SCRIPT = {"HX-Request": "true"}


@pytest.fixture
def staff(app: Flask, sqlite_klynge: Klynge) -> Desk:
    return desk(app, sqlite_klynge)


def save(who: Desk, record_id: int, name: str, **values: Any) -> TestResponse:
    data = {"csrf_token": token(who.client), **values}
    return who.client.post(f"/r/{record_id}/field/{name}", data=data, headers=SCRIPT)


def stored(klynge: Klynge, record_id: int) -> dict[str, Any]:
    with klynge.works.reading(SEED) as uow:
        return uow.records.values(record_id)


TYPED: dict[str, dict[str, Any]] = {
    "text": {"x_text": "Nordhavn"},
    "rich_text": {"x_rich_text": "<p>Hej <b>du</b><script>x</script></p>"},
    "number": {"x_number": "1.234,5"},
    "money": {"x_money.amount": "12,50", "x_money.currency": "EUR"},
    "progress": {"x_progress": "40"},
    "duration": {"x_duration": "1 t 30 min"},
    "rating": {"x_rating": "4"},
    "date": {"x_date.start": "24.12.2026"},
    "choice": {"x_choice": "b"},
    "choices": {"x_choices": ["a", "c"]},
    "picks": {
        "x_picks.0.key": "a",
        "x_picks.0.place": "2",
        "x_picks.1.key": "c",
        "x_picks.1.remark": "Først",
        "x_picks.1.place": "1",
    },
    "checklist": {"x_checklist": "[x] Aftale\n[ ] Rapport"},
    "tags": {"x_tags": "vind, brint"},
    "yes_no": {"x_yes_no": "true"},
    "user": {"x_user": "me"},
    "users": {"x_users": ["me"]},
    "link": {"x_link": "havn.dk"},
    "emails": {"x_emails.0.value": "anne@havn.dk", "x_emails.0.type": "work"},
    "phones": {"x_phones.0.value": "33 11 22 33", "x_phones.0.type": "work"},
    "address": {"x_address.street": "Havnegade 1", "x_address.postcode": "5000", "x_address.city": "Odense C"},
    "file": {"x_file": "1"},
    "relation": {"x_relation": "self"},
}
SHOWN = {
    "text": "Nordhavn",
    "rich_text": "Hej du",
    "number": "1.234,5",
    "money": "12,50\u00a0€",
    "progress": "40\u00a0%",
    "duration": "1 t. 30 min.",
    "rating": "4 af 6",
    "date": "24.12.2026",
    "choice": "Pære; stor",
    "choices": "Æble, Blomme",
    "picks": "Blomme: Først, Æble",
    "checklist": "1 af 2",
    "tags": "vind, brint",
    "yes_no": "Ja",
    "user": "Staff Prøve",
    "users": "Staff Prøve",
    "link": "havn.dk",
    "emails": "anne@havn.dk",
    "phones": "+45\u00a033\u00a011\u00a022\u00a033",
    "address": "Havnegade 1, 5000 Odense C",
    "file": "Plan v2.pdf",
    "relation": "Havnen",
}


def test_every_kind_is_edited_where_it_stands(staff: Desk, sqlite_klynge: Klynge):
    with sqlite_klynge.works.writing(SYSTEM, publishing=True) as uow:
        for kind, example in EXAMPLES.items():
            add_field(uow, "organisation", f"x_{kind}", kind, Label(da=kind), config=example.config)
    send_files(sqlite_klynge.works, Actor(staff.user_id, "staff"))
    record = make(sqlite_klynge, "organisation", title="Havnen")
    assert set(TYPED) | {"auto_number"} == set(EXAMPLES), "every kind has an example here"
    special = {"me": str(staff.user_id), "self": str(record)}
    for version, (kind, typed) in enumerate(TYPED.items(), 1):
        editor = staff.get(f"/r/{record}/field/x_{kind}", headers=SCRIPT)
        assert editor.status_code == 200, kind
        assert "<html" not in editor.text
        assert f'name="seen_version" value="{version}"' in editor.text
        values = {
            name: [special.get(one, one) for one in given] if isinstance(given, list) else special.get(given, given)
            for name, given in typed.items()
        }
        answer = save(staff, record, f"x_{kind}", seen_version=str(version), **values)
        assert answer.status_code == 200, (kind, words(answer))
        facts = answer.get_json()
        assert facts["version"] == version + 1
        assert facts["fields"][f"x_{kind}"]["text"] == SHOWN[kind]
        assert facts["undo"].startswith("/acts/")
        assert "<script" not in facts["fields"][f"x_{kind}"]["html"]
    refused = staff.get(f"/r/{record}/field/x_auto_number", headers=SCRIPT)
    assert (refused.status_code, "udfyldes af systemet" in refused.text) == (422, True)


def test_what_follows_from_a_field_comes_along(staff: Desk, sqlite_klynge: Klynge):
    person = make(sqlite_klynge, "person", given_name="Anne", family_name="Holm")
    facts = save(staff, person, "given_name", given_name="<b>Ane</b>", seen_version="1").get_json()
    assert facts["title"] == "<b>Ane</b> Holm"
    assert facts["fields"]["title"]["cell"] == f'<a href="{facts["url"]}">&lt;b&gt;Ane&lt;/b&gt; Holm</a>'
    again = save(staff, person, "given_name", given_name="<b>Ane</b>", seen_version="2").get_json()
    assert (again["undo"], again["version"], again["message"]) == (None, 2, "Intet er ændret.")


def test_a_refusal_stands_at_the_field_and_keeps_what_was_typed(staff: Desk, sqlite_klynge: Klynge):
    record = make(sqlite_klynge, "organisation", title="Havvind")
    answer = save(staff, record, "website", website="java script", seen_version="1")
    assert answer.status_code == 422
    assert value_in(answer, "website") == "java script"
    assert 'aria-invalid="true"' in answer.text
    empty = save(staff, record, "title", title="", seen_version="1")
    assert "”Navn” skal udfyldes" in words(empty)
    assert stored(sqlite_klynge, record)["version"] == 1


@pytest.mark.parametrize(
    ("name", "status", "reason"),
    [
        ("cvr_doubtful", 422, "udfyldes af systemet"),
        ("updated_at", 422, "udfyldes af systemet"),
        ("successors", 422, "én ad gangen"),
        ("nothing", 404, "intet felt, der hedder"),
    ],
)
def test_what_cannot_be_edited_says_why(staff: Desk, sqlite_klynge: Klynge, name: str, status: int, reason: str):
    record = make(sqlite_klynge, "organisation", title="Havvind")
    for answer in (staff.get(f"/r/{record}/field/{name}", headers=SCRIPT), save(staff, record, name, **{name: "x"})):
        assert answer.status_code == status
        assert reason in words(answer)
    assert stored(sqlite_klynge, record)["version"] == 1


def test_rights_hold_field_by_field(app: Flask, sqlite_klynge: Klynge):
    record = make(sqlite_klynge, "organisation", title="Havvind", city="Ribe", note="Fortroligt")
    crm = Grant(type_key="@crm", act="use")
    read = Grant(type_key="organisation", act="read", read_fields=["title", "city", "kind"])
    write = Grant(type_key="organisation", act="update", write_fields=["city"])
    add_role(sqlite_klynge, "town", crm, read, write)
    clerk = desk(app, sqlite_klynge, "town")
    assert save(clerk, record, "city", city="Odense", seen_version="1").status_code == 200
    assert save(clerk, record, "kind", kind="company").status_code == 403
    hidden = save(clerk, record, "note", note="x")
    assert hidden.status_code == 404
    assert "Fortroligt" not in hidden.text
    reader = desk(app, sqlite_klynge, "reader")
    assert reader.get(f"/r/{record}/field/city", headers=SCRIPT).status_code == 403
    assert save(reader, record, "city", city="x").status_code == 403
    assert save(reader, 999_999, "city", city="x").status_code == 404
    assert stored(sqlite_klynge, record)["city"] == "Odense"


def test_nothing_is_saved_by_a_get_or_without_a_token(staff: Desk, sqlite_klynge: Klynge):
    record = make(sqlite_klynge, "organisation", title="Havvind")
    staff.get(f"/r/{record}/field/city?city=Ribe", headers=SCRIPT)
    assert staff.client.post(f"/r/{record}/field/city", data={"city": "Ribe"}).status_code == 400
    assert stored(sqlite_klynge, record)["version"] == 1


def clash(staff: Desk, klynge: Klynge) -> tuple[int, TestResponse]:
    record = make(klynge, "organisation", title="Havvind", city="Esbjerg", street="Kajen 1")
    with klynge.works.writing(SEED) as uow:
        uow.records.update(record, {"city": "Odense", "street": "Kajen 2"})
    return record, save(staff, record, "city", city="Ribe", seen_version="1")


@pytest.mark.parametrize(("keep", "kept"), [("mine", "Ribe"), ("theirs", "Odense"), ("original", "Esbjerg")])
def test_a_conflict_lays_out_three_values_and_any_of_them_may_be_kept(staff: Desk, sqlite_klynge: Klynge, keep: str, kept: str):
    record, answer = clash(staff, sqlite_klynge)
    assert answer.status_code == 409
    text = words(answer)
    for piece in ("Rettet samtidig", "Dit: Ribe", "Gemt nu: Odense", "Da du begyndte: Esbjerg", "Klynge (seed)"):
        assert piece in text
    assert stored(sqlite_klynge, record)["city"] == "Odense"
    seen, began = value_in(answer, "seen_version"), value_in(answer, "began")
    again = save(staff, record, "city", city=value_in(answer, "city"), seen_version=seen, began=began, keep=keep)
    assert again.status_code == 200
    now = stored(sqlite_klynge, record)
    assert (now["city"], now["street"]) == (kept, "Kajen 2")


def test_different_fields_merge_in_silence(staff: Desk, sqlite_klynge: Klynge):
    record, _ = clash(staff, sqlite_klynge)
    assert save(staff, record, "cvr", cvr="12345674", seen_version="1").status_code == 200


def test_the_owner_is_chosen_like_a_field(staff: Desk, sqlite_klynge: Klynge):
    record = make(sqlite_klynge, "organisation", title="Havvind")
    facts = save(staff, record, "owner", owner=str(staff.user_id), seen_version="1").get_json()
    assert facts["fields"]["owner"]["text"] == "Staff Prøve"
    assert stored(sqlite_klynge, record)["owner"] == staff.user_id


def test_the_state_offers_its_steps_and_names_what_stands_in_the_way(staff: Desk, sqlite_klynge: Klynge):
    record = make(sqlite_klynge, "organisation", title="Havvind")
    editor = staff.get(f"/r/{record}/field/state", headers=SCRIPT)
    assert 'value="close"' in editor.text
    facts = save(staff, record, "state", step="close", comment="Lukket ved årsskiftet", seen_version="1").get_json()
    assert facts["fields"]["state"]["text"] == "Ophørt"
    nothing = save(staff, record, "state", seen_version="2")
    assert (nothing.status_code, "Vælg et trin først" in words(nothing)) == (422, True)
    _, meeting = make_meeting(sqlite_klynge)
    with sqlite_klynge.works.writing(SEED) as uow:
        uow.records.transition(meeting, "assemble")
    blocked = staff.get(f"/r/{meeting}/field/state", headers=SCRIPT)
    assert "Send til godkendelse Mødet har ingen punkter på dagsordenen." in words(blocked)
    assert 'value="reopen"' in blocked.text
    assert 'value="submit"' not in blocked.text
    refused = save(staff, meeting, "state", step="submit", seen_version="2")
    assert refused.status_code == 422


def test_it_works_without_a_script(staff: Desk, sqlite_klynge: Klynge):
    record = make(sqlite_klynge, "organisation", title="Havvind")
    page = staff.get(f"/r/{record}/field/city")
    assert "<html" in page.text
    answer = staff.post(f"/r/{record}/field/city", city="Ribe", seen_version="1")
    assert answer.headers["Location"] == f"/r/{record}/havvind"
    shown = staff.get(answer.headers["Location"])
    assert "”By” er gemt." in words(shown)
    assert 'action="/acts/' in shown.text
