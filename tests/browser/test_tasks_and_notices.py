"""Two colleagues at work, in Chromium and Danish: tasks written and ticked off; a bell and a mail for what one gives the other."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from email import message_from_bytes, policy
from typing import TYPE_CHECKING, Any

import pytest
from aiosmtpd.controller import Controller
from playwright.sync_api import Page, expect
from pydantic import SecretStr

from crm.notices.receivers import Desk
from crm.notices.services import tell_changes, tell_due
from crm.ops.outbox import OutboxSender
from crm.ops.worker import ACTOR
from crm.records.comments.services import write_comment
from crm.security.callers import actor_for
from integrations.mail.smtp import SmtpMailer
from tests.support.browser import barriers
from tests.support.people import add_user
from tests.support.ports import free_port
from tests.support.screens import make, session_cookie

if TYPE_CHECKING:
    from crm.wiring import Klynge
    from tests.support.servers import LiveServer


@pytest.fixture
def enter(sqlite_klynge: Klynge, server: LiveServer, app: object) -> Callable[[Page, str], int]:
    """Sign a page in, past the form."""

    def sign_in(page: Page, username: str) -> int:
        user_id = add_user(sqlite_klynge, "staff", username, locale="da")
        page.context.add_cookies([session_cookie(sqlite_klynge, app, user_id)])
        return user_id

    return sign_in


@pytest.fixture
def post(sqlite_klynge: Klynge, make_settings: Callable[..., Any]) -> Iterator[Callable[[], list[Any]]]:
    """The worker's turn: tell people, and send the mails through a server that keeps them; gives all that arrived."""
    received: list[Any] = []

    class Sink:
        async def handle_DATA(self, server: Any, session: Any, envelope: Any) -> str:  # noqa: N802 - aiosmtpd's name
            received.append(message_from_bytes(envelope.content, policy=policy.default))
            return "250 OK"

    controller = Controller(Sink(), hostname="127.0.0.1", port=free_port(), enable_SMTPUTF8=True)
    controller.start()
    works, desk = sqlite_klynge.works, Desk.of(sqlite_klynge.settings, sqlite_klynge.mandates)
    mailer = SmtpMailer(make_settings(smtp_url=SecretStr(f"smtp://127.0.0.1:{controller.port}")), clock=sqlite_klynge.clock)
    sender = OutboxSender(works, mailer, ACTOR)

    def turn() -> list[Any]:
        tell_changes(works, desk)
        tell_due(works, desk)
        while sender.send_one():
            pass
        return received

    yield turn
    controller.stop()


def write_line(page: Page, line: str) -> None:
    """Type a task and press Enter."""
    page.get_by_label("Ny opgave på én linje").fill(line)
    page.keyboard.press("Enter")


def comment_on(klynge: Klynge, user_id: int, record_id: int) -> None:
    """Somebody asks Lone for help."""
    with klynge.database.reading() as session:
        actor = actor_for(session, user_id)
    with klynge.works.writing(actor) as uow:
        write_comment(uow, record_id, "Kan du hjælpe her, @Lone Prøve?")


def fits(page: Page) -> bool:
    return bool(page.evaluate("document.documentElement.scrollWidth <= window.innerWidth"))


@pytest.mark.parametrize("width", [1440, 360])
def test_a_line_is_refused_corrected_and_becomes_a_task(
    page: Page, server: LiveServer, enter: Callable[[Page, str], int], width: int
):
    page.set_viewport_size({"width": width, "height": 900})
    enter(page, "mette")
    page.goto(server.url("/tasks/mine"))
    expect(page.get_by_text("Intet venter på dig.")).to_be_visible()
    write_line(page, "Ring til Anne @ingen i morgen kl. 10 !")
    expect(page.get_by_text("Der er ingen, eller flere, der hedder ”@ingen”.")).to_be_visible()
    expect(page.get_by_label("Ny opgave på én linje")).to_be_focused()
    expect(page.get_by_label("Ny opgave på én linje")).to_have_value("Ring til Anne @ingen i morgen kl. 10 !")
    write_line(page, "Ring til Anne i morgen kl. 10 !")
    expect(page.get_by_role("region", name="Denne uge")).to_contain_text("Ring til Anne")
    expect(page.get_by_role("region", name="Denne uge")).to_contain_text("02.12.2026 kl. 10.00")
    expect(page.get_by_label("Ny opgave på én linje")).to_have_value("")
    write_line(page, "Send brev 27/4")
    expect(page.get_by_role("region", name="Senere")).to_contain_text("Send brev")
    expect(page.locator("#count-mine")).to_have_text("2")
    assert barriers(page) == []
    assert fits(page)


def test_tasks_are_ticked_off_and_taken_back_by_keyboard(
    page: Page, server: LiveServer, enter: Callable[[Page, str], int], sqlite_klynge: Klynge
):
    mette = enter(page, "mette")
    make(sqlite_klynge, "task", title="Ring til Anne", due="2026-12-02", owner=mette)
    make(sqlite_klynge, "task", title="Send brev", due="2027-04-27", owner=mette)
    page.goto(server.url("/tasks/mine"))
    page.get_by_role("button", name="Udført: Ring til Anne").focus()
    page.keyboard.press("ArrowDown")
    expect(page.get_by_role("button", name="Udført: Send brev")).to_be_focused()
    page.keyboard.press("Enter")
    expect(page.get_by_role("status")).to_contain_text("”Send brev” er udført.")
    expect(page.get_by_role("button", name="Udført: Ring til Anne")).to_be_focused()
    expect(page.locator("#count-mine")).to_have_text("1")
    page.get_by_role("button", name="Fortryd").click()
    expect(page.get_by_role("region", name="Senere")).to_contain_text("Send brev")

    page.get_by_role("button", name="Udført: Send brev").click()
    expect(page.get_by_role("region", name="Senere")).to_have_count(0)
    page.get_by_role("link", name="Vis de udførte").click()
    page.get_by_role("button", name="Åbn igen: Send brev").click()
    expect(page.get_by_text("Intet er udført endnu.")).to_be_visible()
    assert barriers(page) == []


def test_tasks_about_a_record_are_made_and_ticked_on_its_page(
    page: Page, server: LiveServer, enter: Callable[[Page, str], int], sqlite_klynge: Klynge
):
    enter(page, "mette")
    about = make(sqlite_klynge, "organisation", title="Klynge Fyn")
    page.goto(server.url(f"/r/{about}"))
    page.locator("#tabs nav").get_by_role("link", name="Opgaver").click()
    expect(page.get_by_text("Ingen opgaver her.")).to_be_visible()
    write_line(page, "Aftal møde fredag")
    tab = page.locator("#tabs nav a[aria-current]")
    expect(tab).to_contain_text("1")
    assert barriers(page) == []
    page.get_by_role("button", name="Udført: Aftal møde").click()
    expect(page.get_by_role("button", name="Åbn igen: Aftal møde")).to_be_visible()
    expect(tab).not_to_contain_text("1")
    page.get_by_role("link", name="Aftal møde").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("Aftal møde")
    expect(page.get_by_role("button", name="Udført", exact=True)).to_have_count(0)


def test_what_one_gives_the_other_is_mailed_once(
    page: Page, server: LiveServer, enter: Callable[[Page, str], int], post: Callable[[], list[Any]], sqlite_klynge: Klynge
):
    mette = enter(page, "mette")
    add_user(sqlite_klynge, "staff", "lone", locale="da")
    about = make(sqlite_klynge, "organisation", title="Forberedelse af guld")
    page.goto(server.url("/tasks/mine"))
    line = page.get_by_label("Ny opgave på én linje")
    line.press_sequentially("Find lokale @lo")
    expect(page.get_by_role("option", name="Lone Prøve")).to_be_visible()
    assert barriers(page) == []
    page.keyboard.press("Enter")
    expect(line).to_have_value("Find lokale @Lone Prøve ")
    line.press_sequentially("i dag")
    page.keyboard.press("Enter")
    expect(page.get_by_role("status")).to_contain_text("”Find lokale” er givet til en kollega.")
    comment_on(sqlite_klynge, mette, about)
    mails = post()
    assert [(mail["To"], mail["Subject"]) for mail in mails] == [
        ("Lone Prøve <lone@example.dk>", "Mette P. gav dig opgaven ”Find lokale”"),
        ("Lone Prøve <lone@example.dk>", "Mette P. nævnte dig i ”Forberedelse af guld”"),
    ]
    assert f"/r/{about}/forberedelse-af-guld" in mails[1].get_content()
    assert len(post()) == 2, "sent once"
    page.goto(server.url("/notices"))
    expect(page.get_by_text("Ikke noget endnu.")).to_be_visible()


@pytest.mark.parametrize("width", [1440, 360])
def test_what_one_gives_the_other_rings_a_bell(
    page: Page,
    server: LiveServer,
    enter: Callable[[Page, str], int],
    post: Callable[[], list[Any]],
    sqlite_klynge: Klynge,
    width: int,
):
    page.set_viewport_size({"width": width, "height": 900})
    lone, mette = enter(page, "lone"), add_user(sqlite_klynge, "staff", "mette")
    about = make(sqlite_klynge, "organisation", title="Forberedelse af guld")
    make(sqlite_klynge, "task", title="Find lokale", due="2026-12-01", owner=lone)
    comment_on(sqlite_klynge, mette, about)
    post()
    page.goto(server.url("/"))
    expect(page.locator("#count-bell")).to_have_text("3")
    page.get_by_role("button", name="Beskeder").press("Enter")
    latest = page.locator("#bell-list")
    expect(latest).to_contain_text("”Find lokale” har frist i dag")
    assert barriers(page) == []
    assert fits(page)
    latest.get_by_role("link", name="nævnte dig i").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("Forberedelse af guld")
    expect(page.locator("#count-bell")).to_have_text("2")
    page.get_by_role("button", name="Beskeder").click()
    page.get_by_role("button", name="Markér alle som læst").click()
    expect(page.locator("#count-bell")).to_be_empty()

    page.goto(server.url("/notices"))
    expect(page.locator(".notice-line")).to_have_count(3)
    page.get_by_label("Hvad det handler om").select_option(label="Nogen nævner mig")
    expect(page.locator(".notice-line")).to_have_count(1)
    assert barriers(page) == []
