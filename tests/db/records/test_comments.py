"""Comments: whose they are, whom they mention, what they leave in the log, and how they are undone; on both databases."""

from __future__ import annotations

import pytest
from sqlalchemy import select

from crm.kernel.db import Database
from crm.kernel.errors import AccessDenied, InvalidInput, NotFound
from crm.records import comments
from crm.records.changes import read_changes
from crm.records.comments.models import CommentMention
from crm.records.models import ChangeValue
from crm.records.readers import readers_among
from crm.records.search.models import SearchPart
from crm.records.undo import undo_act
from crm.records.work import UnitOfWork, Works
from crm.security.actors import Actor
from tests.support.queries import counting
from tests.support.records import SYSTEM, add_actor

STAFF = [("@crm", "use"), ("*", "*")]


@pytest.fixture(autouse=True)
def _known_to_undo() -> None:
    comments.install()


@pytest.fixture
def eva(database: Database) -> Actor:
    return add_actor(database, "eva", STAFF)


@pytest.fixture
def bo(database: Database) -> Actor:
    return add_actor(database, "bo", STAFF)


@pytest.fixture
def record(works: Works) -> int:
    with works.writing(SYSTEM) as uow:
        return uow.records.create("organisation", {"title": "Havvind"})


def say(works: Works, actor: Actor, record: int, text: str, answers: int | None = None) -> tuple[int, str]:
    with works.writing(actor) as uow:
        return comments.write_comment(uow, record, text, answers=answers), uow.act.id


def read(works: Works, actor: Actor, record: int) -> list[comments.CommentLine]:
    with works.reading(actor) as uow:
        return comments.comments_of(uow, record)


def mentioned(uow: UnitOfWork, comment_id: int) -> list[int]:
    return list(uow.session.scalars(select(CommentMention.user_id).where(CommentMention.comment_id == comment_id)))


def test_a_comment_is_read_with_its_author_and_what_it_answers(works: Works, record: int, eva: Actor, bo: Actor) -> None:
    first, _ = say(works, eva, record, "  Skal vi ringe?\n\nI morgen  ")
    second, _ = say(works, bo, record, "Ja", first)
    third, _ = say(works, eva, record, "Godt", second)
    lines = read(works, bo, record)
    assert [(line.id, line.author, line.mine) for line in lines] == [
        (third, "Eva Prøve", False),
        (second, "Bo Prøve", True),
        (first, "Eva Prøve", False),
    ]
    assert lines[2].text == "Skal vi ringe?\n\nI morgen"
    answered = lines[0].answers
    assert answered is not None
    assert (answered.id, answered.author, answered.text) == (first, "Eva Prøve", "Skal vi ringe?\n\nI morgen")


def test_the_log_holds_ids_only_and_the_version_stays(works: Works, record: int, eva: Actor) -> None:
    made, _ = say(works, eva, record, "Hemmeligt")
    with works.writing(eva) as uow:
        comments.edit_comment(uow, made, "Andet")
    with works.writing(eva) as uow:
        comments.delete_comment(uow, made)
    with works.reading(SYSTEM) as uow:
        changes = [change for change in read_changes(uow.session, "x") if change.kind == "comment"]
        patches = [uow.session.get_one(ChangeValue, change.id).patch for change in changes]
        assert patches == [{"comment": [None, made]}, {"comment": [made, made]}, {"comment": [made, None]}]
        assert uow.records.values(record)["version"] == 1


def test_users_are_mentioned_by_name_and_kept_by_number(works: Works, record: int, eva: Actor, bo: Actor) -> None:
    made, _ = say(works, eva, record, "@bo prøve, ring til a@bo.dk og @Boss; @[1] (@Eva Prøve)")
    with works.reading(bo) as uow:
        line = comments.one_comment(uow, made)
        assert line.text == f"@[{bo.user_id}], ring til a@bo.dk og @Boss; @(1) (@[{eva.user_id}])"
        assert line.names == {bo.user_id: "Bo Prøve", eva.user_id: "Eva Prøve"}
        assert sorted(mentioned(uow, made)) == sorted([bo.user_id or 0, eva.user_id or 0])
        found = comments.mentions_of_me(uow)
        assert [(item.comment.id, item.title.title) for item in found] == [(made, "Havvind")]
    with works.reading(eva) as uow:
        assert comments.mentions_of_me(uow) == []
    with works.writing(bo) as uow:
        comments.settle_mention(uow, made)
        assert comments.mentions_of_me(uow) == []


def test_whoever_may_not_read_the_record_cannot_be_mentioned(database: Database, works: Works, record: int, eva: Actor) -> None:
    add_actor(database, "ole", [("@crm", "use"), ("organisation", "read", "own")])
    add_actor(database, "ida", [("@portal", "use"), ("organisation", "read")])
    reader = add_actor(database, "pia", [("@crm", "use"), ("organisation", "read")])
    for name in ("Ole", "Ida"):
        with pytest.raises(InvalidInput, match=f"{name} Prøve does not have access"):
            say(works, eva, record, f"Hej @{name} Prøve")
    say(works, eva, record, "Hej @Pia Prøve")
    with works.writing(SYSTEM) as uow:
        mine = uow.records.create("organisation", {"title": "Oles"}, owner_id=None)
        assert readers_among(uow, mine, {reader.user_id or 0, eva.user_id or 0}) == {reader.user_id, eva.user_id}


def test_a_mention_goes_when_the_right_to_read_goes(database: Database, works: Works, eva: Actor) -> None:
    ole = add_actor(database, "ole", [("@crm", "use"), ("organisation", "read", "own")])
    with works.writing(SYSTEM) as uow:
        record = uow.records.create("organisation", {"title": "Oles"}, owner_id=ole.user_id)
    made, _ = say(works, eva, record, "@Ole Prøve se her")
    with works.reading(ole) as uow:
        assert [item.comment.id for item in comments.mentions_of_me(uow)] == [made]
    with works.writing(SYSTEM) as uow:
        uow.records.update(record, {"owner": eva.user_id})
    with works.reading(ole) as uow:
        assert comments.mentions_of_me(uow) == []
        with pytest.raises(NotFound):
            comments.one_comment(uow, made)
        with pytest.raises(NotFound):
            comments.comments_of(uow, record)


def test_two_of_one_name_are_told_apart(database: Database, works: Works, record: int, eva: Actor) -> None:
    from crm.security.models import user_table

    other = add_actor(database, "eva2", STAFF)
    with database.writing() as session:
        session.execute(user_table.update().where(user_table.c.id == other.user_id).values(first_name="Eva"))
    with pytest.raises(InvalidInput, match="several called Eva Prøve"):
        say(works, eva, record, "Hej @Eva Prøve")
    made, _ = say(works, eva, record, "Hej @Eva Prøve (eva2)")
    with works.reading(eva) as uow:
        assert mentioned(uow, made) == [other.user_id]


def test_only_the_author_edits_and_only_they_or_an_administrator_delete(
    database: Database, works: Works, record: int, eva: Actor, bo: Actor
) -> None:
    chief = add_actor(database, "chief", [*STAFF, ("@admin", "use")])
    made, _ = say(works, eva, record, "Hej")
    for actor in (bo, chief):
        with works.writing(actor) as uow, pytest.raises(AccessDenied):
            comments.edit_comment(uow, made, "Andet")
    with works.writing(bo) as uow, pytest.raises(AccessDenied):
        comments.delete_comment(uow, made)
    with works.writing(chief) as uow:
        comments.delete_comment(uow, made)
    assert read(works, eva, record) == []
    with works.writing(eva) as uow, pytest.raises(NotFound):
        comments.edit_comment(uow, made, "Andet")


def test_who_only_reads_does_not_comment_unless_granted(database: Database, works: Works, record: int) -> None:
    reader = add_actor(database, "pia", [("@crm", "use"), ("organisation", "read")])
    speaker = add_actor(database, "ole", [("@crm", "use"), ("organisation", "read"), ("organisation", "comment")])
    with pytest.raises(AccessDenied):
        say(works, reader, record, "Hej")
    assert say(works, speaker, record, "Hej")
    stranger = add_actor(database, "ida", [("@crm", "use")])
    with pytest.raises(NotFound):
        say(works, stranger, record, "Hej")


@pytest.mark.parametrize("text", ["", "  \n ", "\0", "x" * 10_001])
def test_an_empty_or_endless_comment_is_refused_in_words(works: Works, record: int, eva: Actor, text: str) -> None:
    with pytest.raises(InvalidInput) as refused:
        say(works, eva, record, text)
    assert list(refused.value.fields) == ["text"]


def test_writing_editing_and_deleting_are_undone_and_done_again(works: Works, record: int, eva: Actor, bo: Actor) -> None:
    def undo(act: str) -> str:
        with works.writing(eva) as uow:
            report = undo_act(uow, act)
            assert report.skipped == []
            return report.undo_id

    made, wrote = say(works, eva, record, "Hej @Bo Prøve")
    with works.writing(eva) as uow:
        edited = uow.act.id
        comments.edit_comment(uow, made, "Hej alle")
        assert mentioned(uow, made) == []
    again = undo(edited)
    assert [line.text for line in read(works, eva, record)] == [f"Hej @[{bo.user_id}]"]
    undo(again)
    assert [line.text for line in read(works, eva, record)] == ["Hej alle"]
    with works.writing(eva) as uow:
        deleted = uow.act.id
        comments.delete_comment(uow, made)
    undo(deleted)
    assert [line.id for line in read(works, eva, record)] == [made]
    back = undo(wrote)
    assert read(works, eva, record) == []
    undo(back)
    assert [line.id for line in read(works, eva, record)] == [made]
    with works.writing(eva) as uow:
        report = undo_act(uow, edited)
        assert [str(item.reason) for item in report.skipped] == ["The comment has been changed since."]


def test_the_search_is_given_the_words_and_the_names_and_loses_them(works: Works, record: int, eva: Actor, bo: Actor) -> None:
    def parts() -> list[tuple[int, int, str]]:
        with works.reading(SYSTEM) as uow:
            return [(part.ref_id, part.record_id, part.text) for part in uow.session.scalars(select(SearchPart))]

    made, _ = say(works, eva, record, "Ring til @Bo Prøve")
    assert parts() == [(made, record, "Ring til @Bo Prøve")]
    with works.writing(eva) as uow:
        comments.edit_comment(uow, made, "Ring selv")
    assert parts() == [(made, record, "Ring selv")]
    with works.writing(eva) as uow:
        comments.delete_comment(uow, made)
    assert parts() == []
    assert bo.user_id


def test_a_pinned_comment_stands_above_until_it_is_loosened(works: Works, record: int, eva: Actor) -> None:
    made, _ = say(works, eva, record, "Vigtigt")
    for pinned in (True, False):
        with works.writing(eva) as uow:
            comments.pin_comment(uow, made, pinned=pinned)
            assert [line.id for line in comments.pinned_on(uow, record)] == ([made] if pinned else [])


def test_reading_comments_asks_the_same_number_of_questions(database: Database, works: Works, record: int, eva: Actor) -> None:
    counts = []
    read(works, eva, record)  # what is asked once a process
    for number in (1, 10):
        for n in range(number):
            say(works, eva, record, f"Nr. {n} @Eva Prøve")
        with counting(database) as asked:
            read(works, eva, record)
        counts.append(len(asked))
    assert counts[0] == counts[1]
