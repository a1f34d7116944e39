"""A person at the page behind the link and a counsellor at theirs, with the keyboard alone. Needs the api only."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime, time, timedelta
from pathlib import Path

import pytest
from playwright.sync_api import Browser, expect
from sqlalchemy import select

import api.tables  # noqa: F401 - so that foreign keys resolve
from api.booking.tables import Availability, Counsellor, Meeting
from api.clock import STOCKHOLM, stockholm_date, system_clock
from api.database import Database
from api.outbox.office import Office
from api.staff.tables import Account
from api.swedish_dates import long_day
from tests.api.booking.mailing import book, new
from tests.browser.staff_site import fill, judge, log_in, passwords_of, staff_site, visiting
from tests.browser.visitor import MOST_TABS, Visitor

pytestmark = pytest.mark.browser

OFFICE = Office("Industrivägledaren <boka@example.org>", "http://localhost")


@dataclass
class Scene:
    """A site where the demo account is the counsellor karlstad-1, who has one meeting (tomorrow at 13)."""

    url: str
    folder: Path
    database: Database
    meeting: Meeting
    link: str

    def stored(self) -> Meeting:
        with self.database.transaction(read_only=True) as session:
            return session.get_one(Meeting, self.meeting.id)


@pytest.fixture
def scene(tmp_path: Path) -> Iterator[Scene]:
    with staff_site(tmp_path) as url:
        database = Database(f"sqlite:///{tmp_path / 'industrivagledaren.db'}")
        now = system_clock()
        tomorrow = datetime.combine(stockholm_date(now) + timedelta(days=1), time(13), STOCKHOLM)
        with database.transaction() as session:
            account = session.scalars(select(Account).where(Account.login == "counsellor")).one()
            counsellor = session.scalars(select(Counsellor).where(Counsellor.account_id == account.id)).unique().one()
            # Every day, so that the walks do not depend on what day it is.
            counsellor.hours = [Availability(weekday=day, start_time=time(9), end_time=time(16)) for day in range(7)]
            meeting = new(session, at=tomorrow.astimezone(UTC), asked_about="Yrke: svetsare")
            link = book(session, meeting, OFFICE, now).removeprefix(OFFICE.base_url)
        yield Scene(url, tmp_path, database, meeting, link)
        database.dispose()


@pytest.fixture(params=[1280, 360])
def visitor(request: pytest.FixtureRequest, browser: Browser, scene: Scene) -> Iterator[Visitor]:
    with visiting(browser, scene.url, request.param) as visitor:
        yield visitor


def test_a_person_looks_moves_and_cancels(visitor: Visitor, scene: Scene) -> None:
    visitor.go(scene.link)
    judge(visitor, "Din bokade tid")
    visitor.press("Se lediga tider")
    judge(visitor, "Byt tid")
    visitor.press("Fler tider")
    visitor.page.wait_for_url("**/tider?efter=*")
    judge(visitor, "Byt tid")
    visitor.press("Välj en annan dag")
    judge(visitor, "Välj en dag")
    day = visitor.page.locator(".slot").nth(1).inner_text()
    visitor.press(day)
    visitor.page.wait_for_url("**/tider?dag=*")
    visitor.press(visitor.page.locator(".slot").first.inner_text())
    judge(visitor, "Stämmer det?")
    visitor.press("Ja, byt tid")
    judge(visitor, "Din bokade tid")
    expect(visitor.page.get_by_role("status")).to_contain_text("Du har bytt tid")
    assert scene.stored().sequence == 1
    visitor.press("Avboka tiden")
    visitor.assert_accessible()
    visitor.press("Ja, avboka tiden")
    judge(visitor, "Tiden är avbokad")
    assert scene.stored().status == "cancelled"


def test_a_counsellor_finds_moves_and_cancels_a_meeting(visitor: Visitor, scene: Scene) -> None:
    visitor.go("/personal/moten")
    log_in(visitor, "counsellor", passwords_of(scene.folder)["counsellor"])
    judge(visitor, "Mina möten")
    fill(visitor, "sok", "öberg")
    visitor.page.keyboard.press("Enter")
    expect(visitor.page.get_by_role("heading", name="Hittade möten")).to_be_visible()
    judge(visitor, "Mina möten")
    visitor.press(visitor.page.locator(".card h3 a").first.inner_text())
    expect(visitor.page.locator("main")).to_contain_text("Yrke: svetsare")
    visitor.assert_accessible()
    visitor.assert_fits()
    fill(visitor, "note", "Ta med broschyren")
    visitor.press("Spara anteckningen")
    expect(visitor.page.get_by_role("status")).to_contain_text("Anteckningen är sparad")
    visitor.press("Flytta till en annan tid")
    judge(visitor, "Flytta mötet")
    visitor.press(visitor.page.locator(".chip").first.inner_text())
    judge(visitor, "Flytta mötet hit?")
    fill(visitor, "halsning", "Jag har fått en annan tid.")
    visitor.press("Flytta mötet")
    expect(visitor.page.get_by_role("status")).to_contain_text("Mötet är flyttat. Personen får ett mejl")
    visitor.press("Lämna till en kollega")
    judge(visitor, "Lämna mötet till en kollega")
    visitor.press("Behåll mötet")
    visitor.page.wait_for_url(f"**/{scene.meeting.id}")
    visitor.press("Avboka")
    judge(visitor, "Avboka mötet?")
    visitor.press("Avboka mötet")
    expect(visitor.page.get_by_role("status")).to_contain_text("Mötet är avbokat")
    visitor.assert_accessible()
    assert scene.stored().sequence == 2


def test_a_counsellor_books_for_a_caller(visitor: Visitor, scene: Scene) -> None:
    visitor.go("/personal/moten/boka")
    log_in(visitor, "counsellor", passwords_of(scene.folder)["counsellor"])
    judge(visitor, "Boka åt någon")
    visitor.press("Visa tider")
    visitor.page.wait_for_url("**/boka?typ=*")
    judge(visitor, "Boka åt någon")
    visitor.press(visitor.page.locator(".chip").first.inner_text())
    visitor.page.wait_for_url("**/boka?*dag=*")
    judge(visitor, "Boka åt någon")
    fill(visitor, "namn", "Bo")
    fill(visitor, "kontakt", "inte en adress")
    visitor.page.keyboard.press("Enter")
    judge(visitor, "Fel: Boka åt någon")
    visitor.press("Telefon eller e-post:")
    fill(visitor, "kontakt", "070-174 06 35")
    visitor.page.keyboard.press("Enter")
    expect(visitor.page.get_by_role("status")).to_contain_text("Läs upp tiden och bokningskoden")


def test_a_counsellor_keeps_the_hours(visitor: Visitor, scene: Scene) -> None:
    visitor.go("/personal/tider")
    log_in(visitor, "counsellor", passwords_of(scene.folder)["counsellor"])
    judge(visitor, "Mina tider")
    visitor.press("Ändra veckotiderna")
    judge(visitor, "Ändra veckotiderna")
    visitor.press("Spara veckotiderna", back=True)  # a field for a time is several stops of Tab
    judge(visitor, "Mina tider")
    visitor.press("Ledig i dag")
    expect(visitor.page.get_by_role("status")).to_contain_text("Resten av dagen är stängd")
    judge(visitor, "Mina tider")
    visitor.press("Ångra")
    expect(visitor.page.get_by_role("status")).to_contain_text("ångrad")
    for name, title in (
        ("Regler:", "Regler för bokning"),
        ("Se mötena", "Möten i din kalender"),
        ("Historik:", "Historik för tiderna"),
    ):
        visitor.press(name)
        judge(visitor, title)
        visitor.go("/personal/tider")
    visitor.go("/personal/tider/kalender")
    visitor.press("Skapa en ny adress")
    expect(visitor.page.get_by_role("status")).to_contain_text("visas inte igen")
    judge(visitor, "Möten i din kalender")
    visitor.press("Avsluta")
    expect(visitor.page.get_by_role("status")).to_contain_text("Adressen är avslutad")


def test_staff_see_the_figures_and_close_a_day(visitor: Visitor, scene: Scene) -> None:
    visitor.go("/personal/bokningar")
    log_in(visitor, "staff", passwords_of(scene.folder)["staff"])
    judge(visitor, "Bokningar")
    visitor.press("Se mötena i Arvika")
    judge(visitor, "Mötena i Arvika i en kalender")
    visitor.press("Skapa en ny adress")
    expect(visitor.page.get_by_role("status")).to_contain_text("visas inte igen")
    judge(visitor, "Mötena i Arvika i en kalender")
    visitor.press("Avsluta")
    expect(visitor.page.get_by_role("status")).to_contain_text("Adressen är avslutad")
    visitor.go("/personal/lediga-dagar?ort=karlstad")
    judge(visitor, "Lediga dagar")
    visitor.press("Öppna")
    expect(visitor.page.get_by_role("status")).to_contain_text("Dagen är öppen")
    judge(visitor, "Lediga dagar")


def test_a_counsellor_sees_what_is_booked_on_a_day_off(visitor: Visitor, scene: Scene) -> None:
    with scene.database.transaction() as session:
        running = new(session, at=system_clock())
    visitor.go("/personal/tider")
    log_in(visitor, "counsellor", passwords_of(scene.folder)["counsellor"])
    judge(visitor, "Mina tider")
    visitor.press("Ledig i dag")
    visitor.page.wait_for_url("**/bokade?*")
    judge(visitor, f"Bokade möten {long_day(stockholm_date(running.starts_at))}")
    expect(visitor.page.get_by_role("status")).to_contain_text("Ett möte är redan bokat")
    for way in ("Flytta", "Lämna till en kollega", "Avboka"):
        visitor.tab_to(way)
    visitor.press("Klar, tillbaka till tiderna")
    judge(visitor, "Mina tider")


def test_staff_choose_whose_hours_they_see(visitor: Visitor, scene: Scene) -> None:
    visitor.go("/personal/tider")
    log_in(visitor, "staff", passwords_of(scene.folder)["staff"])
    judge(visitor, "Tider")
    visitor.press("Studie- och yrkesvägledare 1, Karlstad")
    visitor.page.wait_for_url("**/tider?vagledare=karlstad-1")
    judge(visitor, "Tider")


def test_staff_close_a_counsellor_for_booking_and_see_what_is_booked(visitor: Visitor, scene: Scene) -> None:
    title = scene.meeting.counsellor.title
    visitor.go(f"/personal/orter/vagledare/{scene.meeting.counsellor_id}")
    log_in(visitor, "staff", passwords_of(scene.folder)["staff"])
    judge(visitor, f"Ändra {title}")
    tab_to_id(visitor, "f-active")
    visitor.page.keyboard.press("Space")
    visitor.press("Spara")
    judge(visitor, "Bokade möten framåt")
    expect(visitor.page.locator("main")).to_contain_text("Ett möte är redan bokat")
    visitor.press("Avboka")
    judge(visitor, "Avboka mötet?")
    visitor.go("/personal/tider")
    judge(visitor, "Tider")
    visitor.go("/personal/bokningar")
    judge(visitor, "Bokningar")


def test_staff_add_a_counsellor_and_remove_it_again(visitor: Visitor, scene: Scene) -> None:
    visitor.go("/personal/orter")
    log_in(visitor, "staff", passwords_of(scene.folder)["staff"])
    judge(visitor, "Orter")
    visitor.press("Lägg upp en vägledare")
    judge(visitor, "Lägg upp en vägledare")
    fill(visitor, "f-title", "Vägledningen")
    visitor.page.keyboard.press("Enter")
    judge(visitor, "Fel: Lägg upp en vägledare")
    fill(visitor, "f-email", "vagledningen@example.org")
    fill(visitor, "f-phone", "031-390 06 77")
    visitor.page.keyboard.press("Enter")
    judge(visitor, "Orter")
    expect(visitor.page.get_by_role("status")).to_contain_text("Ställ nu in veckotiderna")
    visitor.press("Ställ in veckotiderna")
    judge(visitor, "Ändra veckotiderna")
    visitor.go("/personal/orter")
    visitor.press("Vägledningen")
    judge(visitor, "Ändra Vägledningen")
    visitor.press("Ta bort vägledaren")
    judge(visitor, "Ta bort Vägledningen")
    visitor.press("Ta bort vägledaren")
    judge(visitor, "Orter")
    visitor.press("Ångra")
    expect(visitor.page.get_by_role("status")).to_contain_text("ångrad")
    visitor.go(f"/personal/orter/vagledare/{scene.meeting.counsellor_id}/ta-bort")
    judge(visitor, f"Ta bort {scene.meeting.counsellor.title}")


def test_an_administrator_links_an_account(visitor: Visitor, scene: Scene) -> None:
    visitor.go("/personal/vagledarkonton")
    log_in(visitor, "admin", passwords_of(scene.folder)["admin"])
    judge(visitor, "Vägledarnas konton")
    tab_to_id(visitor, "konto-")
    visitor.page.keyboard.press("ArrowDown")
    visitor.press("Spara")
    expect(visitor.page.get_by_role("status")).to_contain_text("Kontot är kopplat till vägledaren")
    judge(visitor, "Vägledarnas konton")


def tab_to_id(visitor: Visitor, beginning: str) -> None:
    """Press Tab until a field whose id begins like this has the focus."""
    for _ in range(MOST_TABS):
        visitor.page.keyboard.press("Tab")
        if visitor.page.evaluate("document.activeElement.id").startswith(beginning):
            return
    raise AssertionError(f"the keyboard does not reach {beginning!r}")
