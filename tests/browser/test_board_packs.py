"""The secretariat and a member around one pack, in Chromium: build with live progress, approve, read on a tablet; axe."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from threading import Event, Thread

import pytest
from playwright.sync_api import Page, expect
from sqlalchemy import select

from crm.boards.models import PackBuild, PackVersion
from crm.boards.services import assemble_pack, publish_pack
from crm.ops.models import DONE, OPEN_STATES, FlowRequest
from crm.ops.services import finish
from crm.wiring import Klynge
from integrations.documents.word import WordRenderer
from tests.support.boards import SEED, World, make_world, submitted
from tests.support.browser import barriers
from tests.support.people import PASSWORD
from tests.support.servers import LiveServer


@pytest.fixture
def world(sqlite_klynge: Klynge) -> World:
    return make_world(sqlite_klynge)


@pytest.fixture
def flows(sqlite_klynge: Klynge, world: World) -> Iterator[None]:
    """Carry out orders as the worker and the flows would: same services, no Prefect."""
    stop = Event()

    def run() -> None:
        while not stop.wait(0.2):
            _carry_out(sqlite_klynge, world)

    thread = Thread(target=run, daemon=True)
    thread.start()
    yield
    stop.set()
    thread.join(10)


def _carry_out(klynge: Klynge, world: World) -> None:
    assert world.office is not None
    with klynge.database.reading() as session:
        order = session.scalars(select(FlowRequest).where(FlowRequest.state.in_(OPEN_STATES)).limit(1)).first()
    if order is None:
        return
    if order.flow == "meeting-pack":
        build_id = order.parameters["build_id"]
        assemble_pack(klynge.works, WordRenderer(), klynge.files, world.meeting, world.office, build_id=build_id)
    else:
        publish_pack(klynge.works, order.parameters["version_id"], world.office)
    with klynge.works.writing(SEED) as uow:
        finish(uow, order.id, DONE, None)


def sign_in(page: Page, server: LiveServer, username: str) -> None:
    page.goto(server.url("/login/"))
    page.locator("input[name=username]").fill(username)
    page.locator("input[name=password]").fill(PASSWORD)
    page.locator("main form button").first.click()
    page.wait_for_url(lambda address: "/login" not in address)


@pytest.mark.usefixtures("flows")
def test_staff_build_submit_and_approve_a_pack(
    page: Page, server: LiveServer, world: World, add_user: Callable[..., int], sqlite_klynge: Klynge
) -> None:
    add_user("staff", "mette")
    sign_in(page, server, "mette")
    page.goto(server.url(f"/r/{world.meeting}/x"))
    page.get_by_role("button", name="Saml materialet").click()
    expect(page.get_by_role("heading", name="Materialet er samlet på")).to_be_visible()
    expect(page.get_by_text("Data samlet")).to_be_visible()
    assert barriers(page) == []
    page.get_by_role("button", name="Skift status").click()
    page.get_by_role("button", name="Send til godkendelse").click()
    expect(page.get_by_text("Venter på godkendelse")).to_be_visible()
    page.get_by_role("link", name="Godkend og send").click()
    assert barriers(page) == []
    page.get_by_role("button", name="Godkend og send").click()
    expect(page.get_by_role("heading", name="Version 1 er udsendt")).to_be_visible()
    with sqlite_klynge.database.reading() as session:
        assert session.scalars(select(PackVersion)).one().published_at is not None
        assert session.scalars(select(PackBuild)).one().state == "done"


@pytest.mark.usefixtures("flows")
def test_a_member_reads_it_on_a_tablet_item_by_item(
    page: Page, server: LiveServer, world: World, add_user: Callable[..., int], sqlite_klynge: Klynge
) -> None:
    page.set_viewport_size({"width": 820, "height": 1180})
    add_user("staff", "mette")
    add_user("board_member", "anne", person_id=world.anne)
    submitted(sqlite_klynge, world)
    sign_in(page, server, "mette")
    page.goto(server.url(f"/r/{world.meeting}/pack/approval"))
    page.get_by_role("button", name="Godkend og send").click()
    expect(page.get_by_role("heading", name="Version 1 er udsendt")).to_be_visible()
    page.context.clear_cookies()
    sign_in(page, server, "anne")
    expect(page).to_have_url(server.url("/b/"))
    assert barriers(page) == []
    page.get_by_role("link", name="Styregruppemøde 1/2027").click()
    assert barriers(page) == []
    page.get_by_role("link", name="Første punkt").click()
    for heading in ("1. Godkendelse af dagsorden", "2. Opfølgning siden sidst", "3. Aktivitetsplan 2. halvår 2027"):
        expect(page.get_by_role("heading", level=1)).to_have_text(heading)
        if not heading.startswith("3."):
            page.get_by_role("link", name="Næste punkt").click()
    assert barriers(page) == []
    assert page.evaluate("document.documentElement.scrollWidth <= window.innerWidth")
    page.get_by_role("link", name="Forrige punkt").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("2. Opfølgning siden sidst")
    page.goto(server.url("/b/follow-ups"))
    page.get_by_role("button", name="Udført").click()
    expect(page.get_by_text("Du har ingen åbne opfølgningspunkter.")).to_be_visible()
    assert barriers(page) == []


def test_the_preview_and_the_reading_page_fit_a_phone(
    page: Page, server: LiveServer, world: World, add_user: Callable[..., int], sqlite_klynge: Klynge
) -> None:
    page.set_viewport_size({"width": 360, "height": 740})
    add_user("staff", "mette")
    submitted(sqlite_klynge, world)
    sign_in(page, server, "mette")
    for path in (
        f"/r/{world.meeting}/x",
        f"/r/{world.meeting}/pack/member",
        f"/r/{world.meeting}/pack/member?item={world.items[2]}",
    ):
        page.goto(server.url(path))
        assert page.evaluate("document.documentElement.scrollWidth <= window.innerWidth"), path
