"""The mail outbox: rolled back means never sent, once means once, a crash means once more at the most."""

from datetime import timedelta

import pytest

from crm.kernel.errors import IntegrationError, InvalidInput
from crm.ops.models import FAILED, QUEUED, SENDING, SENT, MailOutbox
from crm.ops.outbox import OutboxSender, claim
from crm.ops.ports import Attachment
from crm.ops.queries import outbox_lag
from crm.ops.services import queue_mail
from crm.ops.worker import ACTOR


class Box:
    """A mailer that keeps what it was given, or fails as told."""

    def __init__(self):
        self.sent = []
        self.failure = None

    def send(self, mail):
        if self.failure is not None:
            raise self.failure
        self.sent.append(mail)


@pytest.fixture
def box():
    return Box()


@pytest.fixture
def sender(klynge, box):
    return OutboxSender(klynge.works, box, ACTOR, daily_cap=3)


def put(klynge, to="anne@example.dk", **more):
    with klynge.works.writing(ACTOR) as uow:
        return queue_mail(uow.session, to, "Materiale", "Kære Anne", at=uow.now(), **more)


def row(klynge, number):
    with klynge.works.reading(ACTOR) as uow:
        return uow.session.get(MailOutbox, number)


def test_a_queued_mail_is_sent_once(klynge, box, sender):
    number = put(klynge, attachments=[Attachment("møde.ics", "text/calendar", b"BEGIN:VCALENDAR")])
    assert sender.waiting()
    assert sender.send_one()
    assert not sender.send_one()
    assert not sender.waiting()
    assert row(klynge, number).state == SENT
    assert [(mail.to_address, mail.attachments[0].content) for mail in box.sent] == [("anne@example.dk", b"BEGIN:VCALENDAR")]


def test_what_is_rolled_back_is_never_sent(klynge, box, sender):
    def queue_and_fail():
        with klynge.works.writing(ACTOR) as uow:
            queue_mail(uow.session, "anne@example.dk", "Materiale", "…")
            raise ZeroDivisionError

    with pytest.raises(ZeroDivisionError):
        queue_and_fail()
    assert not sender.send_one()
    assert box.sent == []


def test_the_same_key_never_sends_a_second_mail(klynge, box, sender):
    assert put(klynge, once_key="pack-9-3") is not None
    assert put(klynge, once_key="pack-9-3") is None
    while sender.send_one():
        pass
    assert len(box.sent) == 1


def test_a_crash_while_sending_sends_at_most_once_more(klynge, box, sender, clock):
    number = put(klynge)
    for _ in range(2):  # two senders take it in hand and die
        with klynge.works.writing(ACTOR) as uow:
            assert claim(uow.session, uow.now()).id == number
        assert not sender.send_one()  # while the lease runs nobody else takes it
        clock.moment += timedelta(minutes=4)
    assert not sender.send_one()
    assert row(klynge, number).state == FAILED
    assert box.sent == []


def test_a_mail_whose_sender_died_once_goes_out_with_the_same_id(klynge, box, sender, clock):
    number = put(klynge)
    with klynge.works.writing(ACTOR) as uow:
        claim(uow.session, uow.now())
    assert row(klynge, number).state == SENDING
    clock.moment += timedelta(minutes=4)
    assert sender.send_one()
    assert [mail.message_id for mail in box.sent] == [row(klynge, number).message_id]


def test_a_mail_server_that_is_away_gets_the_mail_when_it_is_back(klynge, box, sender, clock):
    number = put(klynge)
    box.failure = IntegrationError("away", retryable=True)
    assert not sender.send_one()
    assert row(klynge, number).state == QUEUED
    assert not sender.send_one()
    box.failure = None
    clock.moment += timedelta(minutes=1)
    assert sender.send_one()
    assert row(klynge, number).state == SENT


def test_a_refused_mail_fails_at_once_and_the_next_goes_out(klynge, box, sender):
    number = put(klynge)
    box.failure = IntegrationError("no such mailbox", retryable=False)
    assert sender.send_one()
    assert row(klynge, number).state == FAILED
    box.failure = None
    put(klynge, "bo@example.dk")
    assert sender.send_one()
    assert [mail.to_address for mail in box.sent] == ["bo@example.dk"]


def test_a_mail_that_cannot_be_delivered_for_a_day_is_given_up(klynge, box, sender, clock):
    number = put(klynge)
    box.failure = IntegrationError("away", retryable=True)
    for _ in range(60):
        sender.send_one()
        clock.moment += timedelta(hours=1)
    assert row(klynge, number).state == FAILED


def test_no_more_than_the_days_number_goes_out(klynge, box, sender, clock):
    for number in range(5):
        put(klynge, f"person{number}@example.dk")
    while sender.send_one():
        pass
    assert len(box.sent) == 3
    clock.moment += timedelta(days=1, minutes=1)
    while sender.send_one():
        pass
    assert len(box.sent) == 5


def test_a_mail_for_later_waits(klynge, box, sender, clock):
    put(klynge, not_before=clock.moment + timedelta(hours=1))
    assert not sender.send_one()
    clock.moment += timedelta(hours=1)
    assert sender.send_one()


@pytest.mark.parametrize(
    "bad",
    [
        {"to": "anne@example.dk\nBcc: all@example.dk"},
        {"to": "anne"},
        {"to": "@example.dk"},
        {"to": "a@b@example.dk"},
        {"to": "anne@example.dk", "to_name": "Anne\r\nBcc: all@example.dk"},
        {"to": "anne@example.dk", "reply_to": "bo@example.dk\u2028Bcc: all@example.dk"},
        {"to": "anne@example.dk", "attachments": [Attachment("stor.bin", "application/octet-stream", b"x" * 300_000)]},
    ],
)
def test_a_mail_that_would_add_headers_or_is_too_large_is_refused(klynge, bad):
    with pytest.raises(InvalidInput):
        put(klynge, **bad)


def test_a_subject_cannot_add_headers(klynge):
    with pytest.raises(InvalidInput), klynge.works.writing(ACTOR) as uow:
        queue_mail(uow.session, "anne@example.dk", "Hej\nBcc: all@example.dk", "…")


def test_the_lag_is_told(klynge, clock):
    put(klynge)
    clock.moment += timedelta(minutes=5)
    with klynge.works.reading(ACTOR) as uow:
        lag = outbox_lag(uow.session, uow.now())
    assert (lag.waiting, lag.oldest_seconds, lag.failed) == (1, 300, 0)
