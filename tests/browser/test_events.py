"""A visitor who signs up for an event, and staff who keep one and tick people off, with the keyboard alone.

Needs the api only. Each walk is done on a large screen and on a small telephone; the visitor's also without scripts.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from playwright.sync_api import Browser, expect
from sqlalchemy import func, select

import api.tables  # noqa: F401 - so that foreign keys resolve
from api.clock import system_clock
from api.database import Database
from api.events.addresses import event_path
from api.events.tables import Event, EventSignup
from api.swedish_dates import short_time
from tests.api.events.signups import add_event, join
from tests.browser.staff_site import EXPECTED, at_the_desk, fill, judge, staff_site
from tests.browser.visitor import Visitor

pytestmark = pytest.mark.browser


@dataclass
class Scene:
    """A site with a full event in two weeks, one with places, and one that begins in an hour."""

    url: str
    folder: Path
    database: Database
    full: Event
    free: Event
    soon: Event

    def signups(self, event: Event) -> list[EventSignup]:
        with self.database.transaction(read_only=True) as session:
            rows = select(EventSignup).where(EventSignup.event_id == event.id).order_by(EventSignup.number)
            return list(session.scalars(rows))

    def stored(self, event: Event) -> Event:
        with self.database.transaction(read_only=True) as session:
            return session.get_one(Event, event.id)


@pytest.fixture(scope="module")
def site(tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[str, Path]]:
    """The address of one api for every walk, and its folder."""
    folder = tmp_path_factory.mktemp("events")
    with staff_site(folder) as url:
        yield url, folder


@pytest.fixture
def scene(site: tuple[str, Path]) -> Iterator[Scene]:
    """Events of this walk alone, told apart by their titles."""
    url, folder = site
    database = Database(f"sqlite:///{folder / 'industrivagledaren.db'}")
    now = system_clock().replace(second=0, microsecond=0)
    with database.transaction() as session:
        later, soon = now + timedelta(days=14), now + timedelta(hours=1)
        which = session.scalar(select(func.count()).select_from(Event)) or 0
        facts = {"step_free": "yes", "hearing_loop": "no", "interpreter": ["ar"], "for_whom": "Du som är vuxen"}
        full = add_event(session, title=f"Full träff {which}", capacity=1, starts_at=later, **facts)
        free = add_event(session, title=f"Träff {which} med platser", starts_at=later, capacity=5, women_only=True)
        doors = add_event(session, title=f"Träff {which} i dag", capacity=9, starts_at=now + timedelta(days=2))
        join(session, full, now)
        for number in range(1, 4):
            join(session, doors, now, number, name=f"Anna {number}x", needs="rullstol" if number == 1 else "")
        doors.starts_at, doors.ends_at = soon, soon + timedelta(hours=2)
    yield Scene(url, folder, database, full, free, doors)
    database.dispose()


class WithoutScripts(Visitor):
    """Somebody whose browser runs no scripts, and so not axe either; the same pages are judged with scripts."""

    def assert_accessible(self) -> None:
        return


@pytest.fixture(params=[(1280, True), (360, True), (360, False)], ids=["wide", "phone", "phone without scripts"])
def visitor(request: pytest.FixtureRequest, browser: Browser, scene: Scene) -> Iterator[Visitor]:
    width, scripts = request.param
    kind = Visitor if scripts else WithoutScripts
    with kind.new(browser, scene.url, width=width, java_script_enabled=scripts) as visitor:
        yield visitor
        visitor.complaints = [text for text in visitor.complaints if not any(code in text for code in EXPECTED)]
        visitor.assert_nothing_objectionable()


@pytest.fixture(params=[1280, 360])
def staff(request: pytest.FixtureRequest, browser: Browser, scene: Scene) -> Iterator[Visitor]:
    with at_the_desk(browser, scene.url, request.param, scene.folder) as visitor:
        yield visitor


def check(visitor: Visitor, title: str) -> None:
    """The page has come, fits, and axe finds nothing."""
    expect(visitor.page).to_have_title(f"{title} – Industrivägledaren")
    visitor.assert_fits()
    visitor.assert_accessible()


def test_a_visitor_finds_an_event_signs_up_and_cancels(visitor: Visitor, scene: Scene) -> None:
    visitor.go("/")
    visitor.press("Kom på besök")
    check(visitor, "Träffar och studiebesök")
    fill(visitor, "kommun", "Arvika")
    visitor.press("Visa")
    visitor.page.wait_for_url("**/traffar?*kommun=Arvika*")
    visitor.press(scene.free.title)
    title = f"{scene.free.title}, {short_time(scene.free.starts_at, scene.free.ends_at)}"
    check(visitor, title)
    expect(visitor.page.locator("main")).to_contain_text("Den här träffen är bara för kvinnor.")
    fill(visitor, "namn", "Kim")
    fill(visitor, "kontakt", "ingen adress")
    visitor.page.keyboard.press("Enter")
    check(visitor, f"Fel: {title}")
    visitor.press("E-post eller telefon:")
    assert visitor.page.locator("#namn").input_value() == "Kim"
    fill(visitor, "kontakt", "070-174 06 06")
    fill(visitor, "behov", "rullstol")
    visitor.page.keyboard.press("Enter")
    check(visitor, "Du är anmäld")
    (signup,) = scene.signups(scene.free)
    assert (signup.status, signup.needs) == ("signed", "rullstol")
    visitor.press("Avanmäl dig")
    visitor.press("Ja, avanmäl mig")
    check(visitor, "Du är avanmäld")
    assert scene.signups(scene.free)[0].status == "cancelled"


def test_a_visitor_with_an_address_is_led_to_their_mail(visitor: Visitor, scene: Scene) -> None:
    visitor.go(event_path(scene.free))
    fill(visitor, "namn", "Kim")
    fill(visitor, "kontakt", "kim@example.org")
    visitor.press("Anmäl dig")
    expect(visitor.page.get_by_role("heading", name="Tack! Titta i din e-post")).to_be_visible()
    check(visitor, f"{scene.free.title}, {short_time(scene.free.starts_at, scene.free.ends_at)}")
    assert [signup.email for signup in scene.signups(scene.free)] == ["kim@example.org"]


def test_a_visitor_waits_in_line_and_answers_an_offer(visitor: Visitor, scene: Scene) -> None:
    visitor.go(event_path(scene.full))
    expect(visitor.page.locator("main")).to_contain_text("Fullt, men du kan ställa dig i kö.")
    fill(visitor, "namn", "Kim")
    fill(visitor, "kontakt", "070-174 06 05")
    visitor.press("Ställ dig i kö")
    check(visitor, "Du står i kö")
    with scene.database.transaction() as session:
        signup = session.get_one(EventSignup, scene.signups(scene.full)[1].id)
        signup.status, signup.offered_until = "offered", datetime.now(UTC) + timedelta(hours=20)
        session.get_one(Event, scene.full.id).capacity = 2  # as if staff had raised it
    visitor.page.reload()
    check(visitor, "Du kan få en plats")
    visitor.press("Ja, jag vill ha platsen")
    check(visitor, "Du är anmäld")
    expect(visitor.page.get_by_role("status")).to_contain_text("Du har fått platsen")


def test_staff_put_up_an_event_publish_it_and_cancel_it(staff: Visitor, scene: Scene) -> None:
    staff.go("/personal/traffar")
    judge(staff, "Träffar")
    staff.press("Lägg upp en träff")
    judge(staff, "Lägg upp en träff")
    fill(staff, "f-title", "Prova att svetsa")
    staff.press("Spara som utkast")
    judge(staff, "Fel: Lägg upp en träff")
    page = staff.page
    page.locator("#f-host").fill("Exempelmekaniska")
    page.locator("#f-description").fill("Du får prova under uppsikt.")
    page.locator("#f-day").fill((system_clock() + timedelta(days=30)).date().isoformat())
    page.locator("#f-starts").fill("13:00")
    page.locator("#f-ends").fill("15:00")
    page.locator("#f-street").fill("Exempelgatan 1")
    page.locator("#f-municipality_id").select_option(label="Arvika")
    page.locator("#f-contact").fill("Vägledningen i Arvika")
    page.locator("#f-contact_email").fill("arvika@example.org")
    page.locator("#f-contact_email").focus()
    staff.press("Spara som utkast")
    judge(staff, "Prova att svetsa")
    staff.press("Publicera")
    expect(page.get_by_role("status")).to_contain_text("Nu syns den för alla")
    judge(staff, "Prova att svetsa")
    staff.press("Kopiera till ett nytt datum")
    judge(staff, "Kopiera till ett nytt datum")
    page.go_back()
    staff.press("Mejla alla anmälda")
    judge(staff, "Mejla alla anmälda")
    page.locator("#rubrik").fill("Ta med skor")
    page.locator("#text").fill("Skor som täcker tårna.")
    page.locator("#text").focus()
    staff.press("Förhandsgranska")
    judge(staff, "Granska: Mejla alla anmälda")
    staff.press("Prova att svetsa", back=True)
    judge(staff, "Prova att svetsa")
    staff.press("Ställ in träffen")
    judge(staff, "Ställ in träffen?")
    page.locator("#orsak").fill("Läraren är sjuk.")
    page.locator("#orsak").focus()
    staff.press("Ställ in träffen")
    expect(page.get_by_role("status")).to_contain_text("Träffen är inställd")
    judge(staff, "Prova att svetsa")
    staff.press("Historik")
    judge(staff, "Historik: Prova att svetsa")


def test_staff_tick_people_off_at_the_door(staff: Visitor, scene: Scene) -> None:
    staff.go(f"/personal/traffar/{scene.soon.id}/deltagare")
    judge(staff, f"Deltagare, {scene.soon.title}")
    for button in staff.page.locator(".ticks button").all():
        box = button.bounding_box()
        assert box is not None
        assert min(box["width"], box["height"]) >= 44
    fill(staff, "sok", "anna 2")
    staff.page.keyboard.press("Enter")
    expect(staff.page.get_by_role("status")).to_contain_text("1 person stämmer")
    judge(staff, f"Deltagare, {scene.soon.title}")
    staff.press("Kom")
    staff.page.wait_for_url("**/deltagare#p-*")
    judge(staff, f"Deltagare, {scene.soon.title}")
    assert [one.status for one in scene.signups(scene.soon)] == ["signed", "attended", "signed"]
    expect(staff.page.locator(".counts dd").first).to_have_text("1")
    staff.page.locator("#namn").focus()
    staff.page.keyboard.type("Bo")
    staff.page.keyboard.press("Enter")
    expect(staff.page.get_by_role("status")).to_contain_text("Personen är tillagd och har kommit")
    assert [one.status for one in scene.signups(scene.soon)][-1] == "attended"
    staff.press("Lista att skriva ut")
    judge(staff, f"Lista, {scene.soon.title}")
