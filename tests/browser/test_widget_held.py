"""How long a chosen time is still held for somebody: it can be seen, it is heard once, and it goes when it is over."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest
from playwright.sync_api import expect

from tests.browser.visitor import Visitor
from tests.browser.widget_site import Json, Service, message

pytestmark = pytest.mark.browser

NOW = datetime(2027, 1, 14, 9, 0, tzinfo=UTC)
MINUTE_MS = 60_000


def held_until(moment: datetime, **more: object) -> Json:
    return message("Tiden är din.", data={"held_until": moment.isoformat()}, **more)


def test_the_minutes_that_are_left_can_be_seen_and_are_heard_once(reader: Visitor, service: Service) -> None:
    until = NOW + timedelta(minutes=10)
    service.answer = lambda text: [held_until(until)]
    reader.page.clock.install(time=NOW)
    reader.go("/")
    reader.open_chat()
    line = reader.panel.locator(".held")
    expect(line).to_be_hidden()
    reader.listen()
    reader.say("13.00")
    expect(line).to_have_text("Tiden är reserverad för dig i 10 minuter till.")
    assert not line.evaluate("(node) => node.closest('[aria-live], [role=log], [role=status], [role=alert]')")
    reader.page.clock.fast_forward(MINUTE_MS)
    expect(line).to_have_text("Tiden är reserverad för dig i 9 minuter till.")
    reader.assert_accessible()
    reader.page.clock.fast_forward(7 * MINUTE_MS)
    expect(line).to_have_text("Tiden är reserverad för dig i 2 minuter till.")
    reader.wait_to_hear("i 2 minuter till")
    reader.say("Kim")  # what is read back has the same time
    reader.page.clock.fast_forward(MINUTE_MS)
    expect(line).to_have_text("Tiden är reserverad för dig i 1 minut till.")
    reader.page.clock.fast_forward(MINUTE_MS)
    expect(line).to_be_hidden()
    assert [text for text in reader.spoken if "reserverad" in text] == ["Tiden är reserverad för dig i 2 minuter till."]


@pytest.mark.parametrize("kind", ["slots", "booking", "text"])
def test_it_goes_when_the_service_says_that_no_time_is_held(reader: Visitor, service: Service, kind: str) -> None:
    until = datetime.now(UTC) + timedelta(minutes=10)
    service.answer = lambda text: {
        "13.00": [held_until(until)],
        "Vad kostar det?": [message("Inget.")],
    }.get(text, [message("Klart.", kind=kind, data={"held_until": None})])
    reader.go("/")
    reader.open_chat()
    line = reader.panel.locator(".held")
    reader.say("13.00")
    reader.say("Vad kostar det?")
    expect(line).to_be_visible()
    reader.page.reload()
    reader.open_chat()
    expect(line).to_be_visible()
    reader.say("Klart")
    expect(line).to_be_hidden()


@pytest.mark.parametrize("moment", ["snart", "2020-01-01T10:00:00+01:00", ""])
def test_a_moment_that_is_over_or_none_shows_nothing(reader: Visitor, service: Service, moment: str) -> None:
    service.answer = lambda text: [message("Tiden är din.", data={"held_until": moment})]
    reader.go("/")
    reader.open_chat()
    reader.say("13.00")
    expect(reader.panel.locator(".held")).to_be_hidden()


def test_it_goes_with_the_talk(reader: Visitor, service: Service) -> None:
    until = datetime.now(UTC) + timedelta(minutes=10)
    service.answer = lambda text: [held_until(until)]
    reader.go("/")
    reader.open_chat()
    reader.say("13.00")
    expect(reader.panel.locator(".held")).to_be_visible()
    reader.press("Meny", back=True)
    reader.press("Ta bort samtalet")
    reader.page.keyboard.press("Enter")
    expect(reader.panel).to_contain_text("Samtalet är borttaget")
    expect(reader.panel.locator(".held")).to_be_hidden()
