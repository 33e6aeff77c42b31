"""Whatever is asked for by filter, sort, name, id or picker: an answer or a refusal in words, never a fault."""

from __future__ import annotations

from typing import Any

import pytest

from crm.boards.models import Board
from crm.filters import Condition, Filter, parse
from crm.filters.tree import OPERATORS
from crm.kernel.db import Database
from crm.kernel.errors import AccessDenied, InvalidInput, NotFound
from crm.kernel.i18n import Label
from crm.records.definitions import add_field
from crm.records.files import DiskFileStore, open_file
from crm.records.query import count, list_page, one, pick, titles
from crm.records.related import history, links
from crm.records.work import UnitOfWork, Works
from tests.support.hostile import KNOWN
from tests.support.records import SYSTEM

EXTRAS: dict[str, dict[str, Any]] = {
    "text": {},
    "number": {"decimals": 4},
    "date": {"time": "optional"},
    "user": {},
    "link": {},
    "yes_no": {},
}
IDS = [0, -1, 10**6, 2**31, 2**63 - 1, 2**63, 10**40, -(10**40)]


def asked(uow: UnitOfWork, type_key: str, where: Filter) -> str | None:
    """Ask; give the words of a refusal."""
    try:
        count(uow, type_key, where)
    except InvalidInput as refused:
        words = "".join(message(locale) for message in refused.fields.values() for locale in ("da", "en"))
        words.encode()
        return words
    return None


@pytest.fixture
def filled(works: Works) -> Works:
    """A record of each type, and extra fields in slots and in JSON."""
    with works.writing(SYSTEM, publishing=True) as uow:
        for kind, config in EXTRAS.items():
            add_field(uow, "organisation", f"x_{kind}", kind, Label(da=kind), config=config)
            add_field(uow, "organisation", f"y_{kind}", kind, Label(da=kind), config=config).slot = None
    with works.writing(SYSTEM) as uow:
        uow.records.create(
            "organisation", {"title": "Østfyn", "cvr": "1", "x_number": "1", "y_number": "1", "y_date": "2026-12-01"}
        )
        board = uow.records.create("board", {"title": "Styregruppen"})
        meeting = uow.records.create("meeting", {"board": board, "when": "2027-04-27 10.00"})
        item = uow.records.create("agenda_item", {"meeting": meeting, "title": "Punkt", "item_type": "decision"})
        uow.records.create("decision", {"agenda_item": item, "text": "Ja", "decided_on": "2027-04-27"})
        uow.records.create("follow_up", {"meeting": meeting, "title": "Ring", "due": "2027-05-01"})
    return works


def test_no_condition_breaks_the_question(filled: Works) -> None:
    plain = [raw for raw in KNOWN if raw is None or isinstance(raw, str | int | float | bool)]
    answered = refused = 0
    with filled.reading(SYSTEM) as uow:
        for record_type in uow.registry.types.values():
            for name in (*record_type.by_name, "id", "state", "owner", "created_at", "title"):
                for raw in plain:
                    for op in ("is", "contains", "lt") if isinstance(raw, str) else ("is", "gt"):
                        told = asked(uow, record_type.key, Condition(name, op, raw))
                        answered, refused = answered + (told is None), refused + (told is not None)
    assert min(answered, refused) > 300


def test_every_operator_answers_for_every_field_with_a_list_and_without_a_value(filled: Works) -> None:
    with filled.reading(SYSTEM) as uow:
        for record_type in uow.registry.types.values():
            for name in (*record_type.by_name, "nothing", "\ud800", "title.title", "parent.parent.title", "", "."):
                for op, arity in OPERATORS.items():
                    for value in ((), ("1",), ("\0", "x" * 500, None), tuple(range(3))) if arity == -1 else (None, "1", 10**30):
                        asked(uow, record_type.key, Condition(name, op, value))


@pytest.mark.parametrize(
    "raw", [*(raw for raw in KNOWN if not callable(raw)), {"field": [], "op": "is"}, {"field": "title", "op": {}}, {"all": {}}]
)
def test_no_shape_of_a_filter_breaks_its_reading(raw: Any) -> None:
    with pytest.raises(InvalidInput):
        parse(raw)


def test_ids_that_no_record_has_name_nothing(database: Database, filled: Works, tmp_path) -> None:
    store = DiskFileStore(tmp_path)
    with filled.writing(SYSTEM) as uow:
        for record_id in IDS:
            for ask in (
                lambda: one(uow, record_id),  # noqa: B023 - asked at once
                lambda: links(uow, record_id),  # noqa: B023
                lambda: history(uow, record_id),  # noqa: B023
                lambda: uow.get(Board, record_id),  # noqa: B023
                lambda: uow.records.values(record_id),  # noqa: B023
                lambda: uow.records.update(record_id, {}),  # noqa: B023
                lambda: uow.records.transition(record_id, "close"),  # noqa: B023
                lambda: uow.records.delete(record_id),  # noqa: B023
                lambda: uow.records.restore(record_id),  # noqa: B023
                lambda: uow.records.unlink(record_id),  # noqa: B023
                lambda: uow.records.link(record_id, "successors", 1),  # noqa: B023
                lambda: open_file(uow, store, record_id),  # noqa: B023
            ):
                with pytest.raises(NotFound):
                    ask()
            with pytest.raises(InvalidInput):
                uow.records.link(1, "successors", record_id)
            assert titles(uow, [record_id, 1]).keys() == {1}
            assert len(history(uow, 1, before=record_id)) == (record_id > 1)


def test_no_text_breaks_the_picker_and_danish_words_are_found_by_their_beginnings(filled: Works) -> None:
    with filled.writing(SYSTEM) as uow:
        for title in ("Faaborg Havn", "Nyt om Aarhus", "100 % vind", "a_b"):
            uow.records.create("organisation", {"title": title})
        for raw in KNOWN:
            if isinstance(raw, str):
                pick(uow, ["organisation", "board"], raw)
        for typed, found in (
            ("f", "Faaborg Havn"),
            ("fa", "Faaborg Havn"),
            ("FAA", "Faaborg Havn"),
            ("få", "Faaborg Havn"),
            ("hav", "Faaborg Havn"),
            ("om aar", "Nyt om Aarhus"),
            ("100 %", "100 % vind"),
        ):
            assert [item.title for item in pick(uow, ["organisation"], typed)] == [found]
        for typed in ("avn", "_", "%v", "_b", "aborg"):
            assert pick(uow, ["organisation"], typed) == []


def test_a_type_that_does_not_exist_or_may_not_be_read_is_refused(filled: Works) -> None:
    with filled.reading(SYSTEM) as uow:
        for ask in (list_page, count):
            for key in ("unicorn", "", "\ud800", "x" * 1000):
                with pytest.raises((NotFound, AccessDenied)) as refused:
                    ask(uow, key)
                refused.value.message("da").encode("utf-8", "replace")
