"""Staff look after mails that did not arrive, with the keyboard alone. Needs the api only."""

from __future__ import annotations

import asyncio
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest
from playwright.sync_api import Browser, expect
from sqlalchemy import select

import api.tables  # noqa: F401 - so that foreign keys resolve
from api.booking.tables import Meeting
from api.clock import system_clock
from api.database import Database
from api.outbox import service
from api.outbox.delivery import FileMailer
from api.outbox.office import Office
from api.outbox.tables import Outbox
from tests.api.booking.mailing import PERSON, book, new
from tests.browser.staff_site import fill, judge, log_in, passwords_of, staff_site, visiting
from tests.browser.visitor import Visitor

pytestmark = pytest.mark.browser

OFFICE = Office("Industrivägledaren <boka@example.org>", "http://localhost")


@pytest.fixture
def site(tmp_path: Path) -> Iterator[str]:
    with staff_site(tmp_path) as url:
        yield url


@pytest.fixture
def database(site: str, tmp_path: Path) -> Iterator[Database]:
    database = Database(f"sqlite:///{tmp_path / 'industrivagledaren.db'}")
    yield database
    database.dispose()


@pytest.fixture
def meeting(database: Database, tmp_path: Path) -> Meeting:
    """One mail about it was refused, one waits; those of another meeting lie as files."""
    now = system_clock()
    with database.transaction() as session:
        other = new(session, counsellor="karlstad-2", email="annan@example.org")
        book(session, other, OFFICE, now)
        for claim in service.claim(session, now):
            with ThreadPoolExecutor(1) as apart:  # Playwright's event loop runs in this thread
                apart.submit(asyncio.run, FileMailer(tmp_path / "mail").deliver(claim)).result()
            service.mark_sent(session, claim.id, now)
        meeting = new(session)
        book(session, meeting, OFFICE, now)
        for claim in service.claim(session, now):
            refused = claim.recipient == PERSON
            error = "550" if refused else "unreached SMTPConnectError"
            service.mark_failed(session, claim, now, error=error, permanent=refused, jitter=0)
    return meeting


@pytest.fixture(params=[1280, 360])
def visitor(request: pytest.FixtureRequest, browser: Browser, site: str) -> Iterator[Visitor]:
    with visiting(browser, site, request.param) as visitor:
        yield visitor


def test_a_mail_that_did_not_arrive_is_sent_to_another_address(
    visitor: Visitor, database: Database, meeting: Meeting, tmp_path: Path
) -> None:
    visitor.go("/personal/utskick")
    log_in(visitor, "staff", passwords_of(tmp_path)["staff"])
    judge(visitor, "Utskick")
    visitor.go("/personal")
    visitor.press("Mejl som inte kom fram (1)")
    judge(visitor, "Utskick")
    failed = visitor.page.locator(".failed")
    expect(failed).to_contain_text(meeting.reference)
    visitor.press("Skicka till annan adress")
    row = _failed(database)
    fill(visitor, f"adress-{row}", "kim@@example")
    visitor.page.keyboard.press("Enter")
    judge(visitor, "Fel: Utskick")
    visitor.press("Skriv en e-postadress")
    visitor.page.keyboard.press("Control+A")
    visitor.page.keyboard.type("kim.ratt@example.org")
    visitor.page.keyboard.press("Enter")
    judge(visitor, "Utskick")
    expect(visitor.page.get_by_role("status")).to_contain_text("skickas till den nya adressen")
    expect(visitor.page.locator("main")).to_contain_text("kim.ratt@example.org")
    expect(visitor.page.get_by_role("heading", name="Kom inte fram (0)")).to_be_visible()


def test_a_waiting_mail_is_tried_now_and_a_file_is_read(visitor: Visitor, meeting: Meeting, tmp_path: Path) -> None:
    visitor.go("/personal/utskick")
    log_in(visitor, "staff", passwords_of(tmp_path)["staff"])
    judge(visitor, "Utskick")
    visitor.press("Försök nu")
    expect(visitor.page.get_by_role("status")).to_contain_text("Vi försöker skicka mejlet igen")
    visitor.press("Bekräftelse till den som bokade")
    judge(visitor, "Din tid hos vägledaren: torsdag 26 november kl. 13.00–13.30")
    expect(visitor.page.locator("main")).to_contain_text("annan@example.org")
    visitor.press("Utskick")


def _failed(database: Database) -> int:
    with database.transaction(read_only=True) as session:
        return session.scalars(select(Outbox.id).where(Outbox.dead_at.is_not(None))).one()
