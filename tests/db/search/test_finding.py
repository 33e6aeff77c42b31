"""The same words find the same records on both databases, and each record by whatever its texts hold."""

from __future__ import annotations

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlalchemy import delete, insert, select

from crm.records.models import record_table
from crm.records.search import SearchFollower, find
from crm.records.search.index import found_records, index_query
from crm.records.search.models import SearchDoc
from crm.records.search.tokens import document, holds, read_search
from tests.support.records import SYSTEM
from tests.support.rows import fill_every_table

ORGANISATIONS = {
    "Aabenraa Værft A/S": {"note": "Mødt på messe. Vil gerne høre om life science."},
    "Ærø Klynge": {"website": "https://aeroe.example.dk", "city": "Ærøskøbing"},
    "Østfyn Netværk": {"cvr": "90 00 00 01", "street": "Åvej 7", "postcode": "5800"},
    "Café Møller": {"note": "Science for life: foredrag"},
    "Åben Vind": {"note": "Formand er Isaac Saabye."},
}
#: What is typed → what is found.
EXAMPLES = {
    "aabenraa": ["Aabenraa Værft A/S"],
    "Åbenrå": ["Aabenraa Værft A/S"],
    "aabenra": ["Aabenraa Værft A/S"],
    "å": ["Aabenraa Værft A/S", "Åben Vind", "Østfyn Netværk"],
    "åben": ["Aabenraa Værft A/S", "Åben Vind"],
    "a/s": ["Aabenraa Værft A/S"],
    "VÆRFT": ["Aabenraa Værft A/S"],
    "værft messe": ["Aabenraa Værft A/S"],
    "life science": ["Aabenraa Værft A/S", "Café Møller"],
    '"life science"': ["Aabenraa Værft A/S"],
    "”science for”": ["Café Møller"],
    '"life sci': ["Aabenraa Værft A/S"],
    '"møller science"': [],
    "cafe": ["Café Møller"],
    "café moller": [],
    "ærøsk": ["Ærø Klynge"],
    "aeroe.example.dk": ["Ærø Klynge"],
    "90000001": ["Østfyn Netværk"],
    "90 00 00 01": ["Østfyn Netværk"],
    "9000": ["Østfyn Netværk"],
    "åvej, 5800": ["Østfyn Netværk"],
    "isa": ["Åben Vind"],
    "saa": ["Åben Vind"],
    "vind ukendt": [],
    "erft": [],
    "' OR 1=1 --": [],
    'NEAR(vind) "': [],
    "title:vind": [],
    "vind*": ["Åben Vind"],
    "!!!": [],
    "": [],
}


@pytest.fixture
def organisations(add, follower: SearchFollower) -> None:
    for title, values in ORGANISATIONS.items():
        add("organisation", title=title, **values)
    follower.turn()


def test_what_is_typed_finds_the_same_on_both_databases(organisations, titles):
    assert {text: titles(text) for text in EXAMPLES} == EXAMPLES


def test_persons_are_found_by_mail_phone_and_name_in_any_order(add, titles, follower):
    add("person", given_name="Anne", family_name="Holm", email="anne.holm@example.dk", phone="+45 33 12 34 56")
    add("person", given_name="Annette", family_name="Bak", email="ab@example.dk", phone="86 54 32 10")
    follower.turn()
    assert titles("holm anne") == ["Anne Holm"]
    assert titles("anne.holm@example") == ["Anne Holm"]
    for number in ("33123456", "33 12 34 56", "3312 3456", "+4533123456", "+45 33 12 34 56"):
        assert titles(number) == ["Anne Holm"], number
    assert titles("ann") == ["Anne Holm", "Annette Bak"]


def test_hits_come_best_first_grouped_by_type_with_exact_counts(add, works, follower):
    for title, note in (("Nordlys", None), ("Nordlys Syd", None), ("Dansk Nordlys", None), ("Andet", "Kender Nordlys godt")):
        add("organisation", title=title, note=note)
    add("person", given_name="Nordlys", family_name="Jensen")
    follower.turn()
    with works.reading(SYSTEM) as uow:
        first, second = find(uow, "nordlys", each=3)
        assert [hit.title for hit in first.hits] == ["Nordlys Syd", "Nordlys", "Dansk Nordlys"]
        assert [hit.in_title for hit in first.hits] == [True, True, True]
        assert (first.type.key, first.count.number, first.count.capped) == ("organisation", 4, False)
        assert (second.type.key, second.count.number) == ("person", 1)
        rest = find(uow, "nordlys", each=3, start=3, types=["organisation"])
        assert [[hit.title for hit in group.hits] for group in rest] == [["Andet"]]
        assert rest[0].hits[0].in_title is False


WORDS = st.lists(st.sampled_from(["vind", "aa", "åse", "1e5", "3d", "a1b", "é", "日本", "ß", "0x1f", "møde", "æø"]), max_size=4)


@settings(max_examples=12, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(
    texts=st.lists(WORDS, min_size=1, max_size=4), asked=st.lists(WORDS.filter(bool), min_size=1, max_size=3), quoted=st.booleans()
)
def test_any_words_are_found_as_the_plain_reading_says(database, texts, asked, quoted):
    """Both indexes answer what `tokens.holds` says in plain Python, whatever the database's own parser makes of a word."""
    fill_every_table(database, only={"ab_user", "record_type", "record"})
    documents = {number: document([" ".join(words)]) for number, words in enumerate(texts, 1)}
    with database.writing() as session:
        record_id = session.scalar(select(record_table.c.id))
        session.execute(delete(SearchDoc))
        rows = [
            {"id": 2 * number, "record_id": record_id, "type_id": 1, "kind": 0, "title": "", "body": body}
            for number, body in documents.items()
        ]
        session.execute(insert(SearchDoc), rows)
    for words in asked:
        search = read_search(f'"{" ".join(words)}"' if quoted else " ".join(words))
        expected = sum(holds(search, [body]) for body in documents.values())
        with database.reading() as session:
            dialect = database.engine.dialect.name
            (statement,) = found_records(dialect)
            found = session.execute(statement, {"index_query": index_query(dialect, search)}).all()
            assert len(found) == expected, (search, documents)
