"""One suite over all ways of delivering mail; the SMTP one speaks to a real server on loopback."""

from __future__ import annotations

import email
import io
import ssl
import subprocess
from email import policy

import pytest
from aiosmtpd.controller import Controller
from aiosmtpd.smtp import AuthResult
from pydantic import SecretStr

from crm.kernel.clock import FixedClock
from crm.kernel.errors import ConfigError, IntegrationError, InvalidInput
from crm.ops.ports import Attachment, OutgoingMail
from integrations.mail.console import ConsoleMailer
from integrations.mail.file import FileMailer
from integrations.mail.smtp import SmtpMailer
from tests.support.ports import free_port

MAIL = OutgoingMail(
    to_address="åse@example.dk",
    to_name="Åse Lindholm",
    subject="Materiale til Styregruppen tirsdag den 27. april kl. 10.00",
    text="Kære Åse.\n\nMaterialet ligger klar.\n",
    html="<p>Kære Åse.</p>",
    message_id="<0123456789abcdef@klynge>",
    reply_to="mette@example.dk",
    attachments=(Attachment("møde.ics", "text/calendar", "BEGIN:VCALENDAR\r\nSUMMARY:Møde\r\nEND:VCALENDAR\r\n".encode()),),
)


class Sink:
    """What a receiving server keeps, or how it refuses."""

    def __init__(self):
        self.received = []
        self.answer = "250 OK"

    async def handle_DATA(self, server, session, envelope):  # noqa: N802 - aiosmtpd's name
        if self.answer.startswith("250"):
            self.received.append(envelope.content)
        return self.answer


@pytest.fixture
def sink():
    return Sink()


@pytest.fixture
def smtp_port(sink):
    controller = Controller(sink, hostname="127.0.0.1", port=free_port(), enable_SMTPUTF8=True)
    controller.start()
    yield controller.port
    controller.stop()


@pytest.fixture(params=["file", "console", "smtp"])
def delivery(request, make_settings, clock: FixedClock, sink):
    """A mailer, and what has arrived by it."""
    if request.param == "file":
        mailer = FileMailer(make_settings(), clock=clock)
        return mailer, lambda: [path.read_bytes() for path in sorted(mailer.folder.glob("*.eml"))]
    if request.param == "console":
        out = io.StringIO()
        return ConsoleMailer(make_settings(), out=out, clock=clock), lambda: [out.getvalue().encode()] if out.getvalue() else []
    port = request.getfixturevalue("smtp_port")
    settings = make_settings(smtp_url=SecretStr(f"smtp://127.0.0.1:{port}"))
    return SmtpMailer(settings, clock=clock), lambda: sink.received


def test_a_mail_arrives_with_its_words(delivery):
    mailer, arrived = delivery
    mailer.send(MAIL)
    assert len(arrived()) == 1
    assert "0123456789abcdef@klynge" in arrived()[0].decode("utf-8", "replace")


@pytest.mark.parametrize(
    "change",
    [
        {"subject": "Hej\nBcc: alle@example.dk"},
        {"to_name": "Åse\r\nBcc: alle@example.dk"},
        {"to_address": "aase@example.dk\nBcc: alle@example.dk"},
        {"reply_to": "mette@example.dk\r\nX-Evil: 1"},
        {"message_id": "<a@klynge>\nBcc: alle@example.dk"},
        {"attachments": (Attachment('a.ics"\nX-Evil: 1', "text/calendar", b""),)},
        {"to_address": "aase"},
    ],
)
def test_a_header_that_would_bring_another_is_refused_and_nothing_is_sent(delivery, change):
    from dataclasses import replace

    mailer, arrived = delivery
    with pytest.raises(InvalidInput):
        mailer.send(replace(MAIL, **change))
    assert arrived() == []


@pytest.fixture(params=["file", "smtp"])
def whole(request, make_settings, clock, sink):
    if request.param == "file":
        mailer = FileMailer(make_settings(), clock=clock)
        return mailer, lambda: next(mailer.folder.glob("*.eml")).read_bytes()
    port = request.getfixturevalue("smtp_port")
    return SmtpMailer(make_settings(smtp_url=SecretStr(f"smtp://127.0.0.1:{port}")), clock=clock), lambda: sink.received[0]


def test_danish_letters_both_texts_and_the_invitation_come_through(whole):
    mailer, arrived = whole
    mailer.send(MAIL)
    message = email.message_from_bytes(arrived(), policy=policy.default)
    assert message["From"] == '"Klyngesekretariatet (demo)" <sekretariatet@example.dk>'
    assert message["Reply-To"] == "mette@example.dk"
    assert message["Subject"] == MAIL.subject
    assert message["Message-ID"] == MAIL.message_id
    assert "Materialet ligger klar." in message.get_body(("plain",)).get_content()
    assert "<p>Kære Åse.</p>" in message.get_body(("html",)).get_content()
    (attached,) = message.iter_attachments()
    assert (attached.get_filename(), attached.get_content_type()) == ("møde.ics", "text/calendar")
    assert "SUMMARY:Møde" in attached.get_content()


def test_the_same_mail_again_writes_the_same_file(make_settings, clock):
    from datetime import timedelta

    mailer = FileMailer(make_settings(), clock=clock)
    mailer.send(MAIL)
    clock.moment += timedelta(hours=1)
    mailer.send(MAIL)
    (path,) = mailer.folder.glob("*.eml")
    assert path.stat().st_mode & 0o077 == 0


@pytest.mark.parametrize(("answer", "retryable"), [("451 busy", True), ("554 no such mailbox", False), ("552 too large", False)])
def test_a_refusing_server_says_whether_to_try_again(sink, smtp_port, make_settings, answer, retryable):
    sink.answer = answer
    mailer = SmtpMailer(make_settings(smtp_url=SecretStr(f"smtp://127.0.0.1:{smtp_port}")))
    with pytest.raises(IntegrationError) as caught:
        mailer.send(MAIL)
    assert caught.value.retryable is retryable


def test_no_server_at_all_is_worth_another_try(make_settings):
    with pytest.raises(IntegrationError) as caught:
        SmtpMailer(make_settings(smtp_url=SecretStr(f"smtp://127.0.0.1:{free_port()}"))).send(MAIL)
    assert caught.value.retryable


@pytest.mark.parametrize("url", [None, "", "http://mail.example.dk", "smtp://"])
def test_a_wrong_address_of_the_server_is_told_at_start(make_settings, url):
    with pytest.raises(ConfigError):
        SmtpMailer(make_settings(smtp_url=None if url is None else SecretStr(url)))


@pytest.fixture(scope="session")
def certificate(tmp_path_factory):
    """A certificate for localhost of the tests' own."""
    folder = tmp_path_factory.mktemp("tls")
    command = ["openssl", "req", "-x509", "-newkey", "rsa:2048", "-nodes", "-days", "2", "-subj", "/CN=localhost"]
    names = [
        "-addext",
        "subjectAltName=DNS:localhost,IP:127.0.0.1",
        "-keyout",
        str(folder / "key.pem"),
        "-out",
        str(folder / "cert.pem"),
    ]
    subprocess.run(command + names, check=True, capture_output=True)
    return folder


def test_a_password_travels_only_encrypted(sink, make_settings, certificate):
    context = ssl.create_default_context(ssl.Purpose.CLIENT_AUTH)
    context.load_cert_chain(certificate / "cert.pem", certificate / "key.pem")
    given = []

    def authenticate(server, session, envelope, mechanism, data):
        given.append((data.login, data.password))
        return AuthResult(success=True)

    port = free_port()
    controller = Controller(
        sink,
        hostname="127.0.0.1",
        port=port,
        tls_context=context,
        authenticator=authenticate,
        auth_required=True,
        auth_require_tls=True,
        enable_SMTPUTF8=True,
    )
    controller.start()
    try:
        trusted = ssl.create_default_context(cafile=str(certificate / "cert.pem"))
        settings = make_settings(smtp_url=SecretStr(f"smtp://klynge:hemmelig%40ord@localhost:{port}"))
        SmtpMailer(settings, tls=trusted).send(MAIL)
        with pytest.raises(IntegrationError):
            SmtpMailer(settings).send(MAIL)  # a certificate that nobody vouches for
    finally:
        controller.stop()
    assert given == [(b"klynge", b"hemmelig@ord")]
    assert len(sink.received) == 1


def test_a_server_that_cannot_encrypt_gets_no_password(sink, smtp_port, make_settings):
    mailer = SmtpMailer(make_settings(smtp_url=SecretStr(f"smtp://klynge:hemmelig@127.0.0.1:{smtp_port}")))
    with pytest.raises(IntegrationError) as caught:
        mailer.send(MAIL)
    assert not caught.value.retryable
    assert sink.received == []
