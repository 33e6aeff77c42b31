"""The index follows whatever writes a record; what it has not come to yet is found by its title."""

from __future__ import annotations

from sqlalchemy import delete, func, select, text, update

from crm.kernel.i18n import Label
from crm.records import changes
from crm.records.definitions import add_field
from crm.records.models import FieldRow, StoredFile, record_table
from crm.records.search import SearchFollower, drop_text, put_text, waits_since
from crm.records.search.models import SearchDoc, SearchPart
from crm.records.store import Create
from crm.security.models import PlatformState
from tests.support.records import SYSTEM


def documents(works) -> int:
    with works.reading(SYSTEM) as uow:
        return uow.session.scalar(select(func.count()).select_from(SearchDoc)) or 0


def test_a_new_record_is_found_at_once_by_title_and_soon_by_text(add, titles, follower, works):
    add("organisation", title="Nordisk Vind", note="Vil gerne høre om fyrtårne")
    assert titles("vind nordisk") == ["Nordisk Vind"]
    assert titles("fyrtårn") == []
    with works.reading(SYSTEM) as uow:
        late = waits_since(uow.session)
        assert late is not None
        assert (late.changes, late.types, late.since) == (1, 0, uow.now())
    assert follower.turn() == 1
    assert titles("fyrtårn") == ["Nordisk Vind"]
    with works.reading(SYSTEM) as uow:
        assert waits_since(uow.session) is None
    assert follower.turn() == 0


def test_changes_the_trash_and_restoring_are_followed(add, titles, follower, works):
    record_id = add("organisation", title="Nordisk Vind", note="fyrtårne")
    follower.turn()
    with works.writing(SYSTEM) as uow:
        uow.records.update(record_id, {"note": "havmøller", "title": "Sydlig Vind"})
    follower.turn()
    assert (titles("fyrtårn"), titles("havmøl"), titles("nordisk")) == ([], ["Sydlig Vind"], [])
    with works.writing(SYSTEM) as uow:
        uow.records.delete(record_id)
    assert titles("havmøl") == []  # at once, before the index has followed
    follower.turn()
    with works.writing(SYSTEM) as uow:
        uow.records.restore(record_id)
    assert titles("havmøl") == ["Sydlig Vind"]


def test_a_batch_of_an_import_is_followed_in_short_transactions(titles, follower, works):
    with works.writing(SYSTEM, cause="import") as uow:
        uow.records.save_many([Create("organisation", {"title": f"Nr. {n}", "note": f"seriel{n}"}) for n in range(1200)])
    assert follower.turn() == 1200
    assert titles("seriel1199") == ["Nr. 1199"]


def test_a_comment_and_a_file_name_are_found_with_the_record_and_with_its_words(add, titles, follower, works):
    record_id = add("organisation", title="Nordisk Vind", note="fyrtårne")

    def tell(kind: str, act) -> None:
        with works.writing(SYSTEM) as uow:
            act(uow)
            found = uow.session.execute(select(record_table.c.type_id).where(record_table.c.id == record_id)).scalar_one()
            changes.log(uow, [changes.LogEntry(record_id, found, 1, kind, {kind: [None, 7]})])
        follower.turn()

    tell("comment", lambda uow: put_text(uow, "comment", 7, record_id, "Ring til Åse om budgettet"))
    tell("file", lambda uow: put_text(uow, "file", 7, record_id, "referat-2027.docx"))
    assert titles("budget fyrtårn") == titles("referat-2027") == ["Nordisk Vind"]
    tell("comment", lambda uow: put_text(uow, "comment", 7, record_id, "Ring i morgen"))
    assert (titles("budget"), titles("morgen")) == ([], ["Nordisk Vind"])
    tell("comment", lambda uow: drop_text(uow, "comment", 7))
    assert (titles("morgen"), titles("referat")) == ([], ["Nordisk Vind"])


def test_a_field_made_in_the_browser_is_searched_and_one_taken_away_is_not(add, titles, follower, works):
    with works.writing(SYSTEM, publishing=True) as uow:
        add_field(uow, "organisation", "nick", "text", Label(da="Kaldenavn", en="Nickname"))
    add("organisation", title="Nordisk Vind", nick="Blæsten")
    follower.turn()
    assert titles("blæst") == ["Nordisk Vind"]
    with works.writing(SYSTEM, publishing=True) as uow:
        uow.session.execute(update(FieldRow).values(deleted_at=uow.now()))
        uow.session.execute(update(PlatformState).values(registry_epoch=PlatformState.registry_epoch + 1))
    follower.turn()
    assert titles("blæst") == []


def test_what_was_there_before_the_search_is_found_after_the_first_turn(add, titles, works):
    add("organisation", title="Nordisk Vind", note="fyrtårne")
    assert titles("nordisk") == ["Nordisk Vind"]
    assert titles("fyrtårn") == []
    with works.reading(SYSTEM) as uow:
        assert waits_since(uow.session).types > 0
    assert SearchFollower(works).turn() > 0
    assert titles("fyrtårn") == ["Nordisk Vind"]


def test_rewriting_all_puts_right_what_was_lost_and_a_purged_record_leaves_nothing(add, titles, follower, works):
    record_id = add("organisation", title="Nordisk Vind", note="fyrtårne")
    follower.turn()
    with works.writing(SYSTEM) as uow:
        put_text(uow, "comment", 1, record_id, "hvalros")
        uow.session.execute(delete(SearchDoc))
    assert titles("fyrtårn") == []
    follower.rewrite_all()
    follower.turn()
    assert titles("fyrtårn hvalros") == ["Nordisk Vind"]
    with works.database.writing() as session:
        session.execute(delete(record_table).where(record_table.c.id == record_id))
    assert documents(works) == 0
    with works.reading(SYSTEM) as uow:
        assert uow.session.scalars(select(SearchPart)).all() == []
    assert titles("hvalros") == []


def test_two_followers_take_turns(add, titles, works):
    first, second = SearchFollower(works), SearchFollower(works)
    add("organisation", title="Nordisk Vind", note="fyrtårne")
    first.turn()
    add("organisation", title="Sydlig Vind", note="fyrtårne")
    assert (second.turn(), first.turn()) == (1, 0)
    assert titles("fyrtårn") == ["Nordisk Vind", "Sydlig Vind"]


def test_files_that_were_there_before_the_search_are_found_but_old_versions_and_deleted_ones_are_not(add, titles, works):
    record_id = add("organisation", title="Nordisk Vind")
    with works.writing(SYSTEM) as uow:
        common = {"record_id": record_id, "sha256": "0" * 64, "size": 1, "media_type": "text/plain", "created_at": uow.now()}
        new = StoredFile(name="bilag-nyt.docx", **common)
        uow.session.add_all([new, StoredFile(name="bilag-slettet.docx", deleted_at=uow.now(), **common)])
        uow.session.flush()
        uow.session.add(StoredFile(name="bilag-gammelt.docx", replaced_by=new.id, **common))
    SearchFollower(works).turn()
    assert [titles(f"bilag-{word}") for word in ("nyt", "slettet", "gammelt")] == [["Nordisk Vind"], [], []]


def test_the_index_forgets_the_words_of_a_purged_record_for_good(add, follower, works):
    record_id = add("organisation", title="Nordisk Vind", note="hvalrossen Bent")
    add("organisation", title="Sydlig Vind", note="fyrtårne")
    follower.turn()
    with works.database.writing() as session:
        session.execute(delete(record_table).where(record_table.c.id == record_id))
    follower.tidy()
    with works.database.reading() as session:
        assert session.scalar(select(func.count()).select_from(SearchDoc).where(SearchDoc.body.contains("hvalros"))) == 0
        if works.database.is_sqlite:
            blocks = session.execute(text("SELECT block FROM search_fts_data")).scalars().all()
            assert any(b"fyrt" in block for block in blocks)
            assert not any(b"hvalros" in block for block in blocks)
