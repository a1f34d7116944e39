"""What failed and is tried again, and what other tabs do meanwhile: no message gets another one's words, nothing is
cancelled in silence, nothing that was removed comes back (docs/widget-checklist.md)."""

from __future__ import annotations

from typing import Any

import pytest
from playwright.sync_api import Page, expect

from tests.browser.test_widget_speech import OFFLINE, expected, send
from tests.browser.test_widget_talk import STORED, texts
from tests.browser.visitor import Visitor
from tests.browser.widget_site import Service
from tests.browser.widget_tree import launcher

pytestmark = pytest.mark.browser

MESSAGES = "**/messages"
SHOWN = "document.dispatchEvent(new Event('visibilitychange'))"


def come_back_to_a_failure(visitor: Visitor) -> None:
    """Load the page anew and open the chat while the kept talk cannot be fetched."""
    visitor.page.reload()
    visitor.page.route(
        MESSAGES, lambda route: route.fulfill(status=503) if route.request.method == "GET" else route.continue_()
    )
    visitor.press("Fråga chatten")
    expect(visitor.panel.get_by_role("alert")).to_be_visible()
    visitor.page.unroute(MESSAGES)
    expected(visitor, "503")


def expect_held(page: Page, held: list[Any]) -> None:
    """Return when a request waits."""
    for _ in range(400):
        if held:
            return
        page.wait_for_timeout(50)
    raise AssertionError("nothing was asked for")


def test_after_a_first_load_that_failed_a_message_keeps_its_own_words(reader: Visitor) -> None:
    reader.go("/")
    reader.open_chat()
    reader.say("Ett")
    come_back_to_a_failure(reader)
    send(reader, "Ny fråga")
    expect(reader.replies.last).to_contain_text("Svar på: Ny fråga")
    assert texts(reader)[1:] == ["Ett", "Svar på: Ett", "Ny fråga", "Svar på: Ny fråga"]


def test_the_same_words_once_more_are_a_message_of_their_own(reader: Visitor) -> None:
    reader.go("/")
    reader.open_chat()
    reader.say("Ja")
    come_back_to_a_failure(reader)
    send(reader, "Ja")
    expect(reader.replies).to_have_count(3)
    assert texts(reader)[1:] == ["Ja", "Svar på: Ja"] * 2


def test_when_that_load_finds_the_talk_gone_the_message_stands_there_once(reader: Visitor, service: Service) -> None:
    reader.go("/")
    reader.open_chat()
    reader.say("Ett")
    come_back_to_a_failure(reader)
    service.talks.clear()
    send(reader, "Ny fråga")
    expect(reader.replies.last).to_contain_text("Svar på: Ny fråga")
    reader.wait_until_idle()
    with reader.page.expect_response(MESSAGES):
        reader.page.evaluate(SHOWN)
    reader.wait_until_idle()
    assert texts(reader).count("Ny fråga") == 1
    expected(reader, "401")


def test_a_message_that_turns_out_to_be_answered_already_stands_there_once(reader: Visitor, service: Service) -> None:
    service.lost = 1
    reader.go("/")
    reader.open_chat()
    send(reader, "Hej")
    expect(reader.panel.get_by_role("alert")).to_be_visible()
    come_back_to_a_failure(reader)
    assert reader.field.input_value() == "Hej"
    reader.page.keyboard.press("Enter")
    expect(reader.replies).to_have_count(2)
    reader.wait_until_idle()
    assert texts(reader)[1:] == ["Hej", "Svar på: Hej"]
    assert len(service.done) == 1
    expected(reader, "504")


def test_a_masked_message_keeps_its_place_when_the_talk_is_fetched_again(reader: Visitor, service: Service) -> None:
    reader.go("/")
    reader.open_chat()
    reader.say("900101-1234")
    reader.say("Två")
    (talk,) = service.talks.values()
    talk[1]["text"] = "[personnummer]"
    with reader.page.expect_response(MESSAGES):
        reader.page.evaluate(SHOWN)
    reader.wait_until_idle()
    assert texts(reader)[1:] == ["[personnummer]", "Svar på: 900101-1234", "Två", "Svar på: Två"]


def test_what_waits_to_be_sent_is_not_cancelled_by_another_app_or_by_closing(reader: Visitor, service: Service) -> None:
    reader.go("/")
    reader.open_chat()
    reader.say("Ett")
    reader.context.set_offline(True)
    send(reader, "Två")
    alert = reader.panel.get_by_role("alert")
    expect(alert).to_contain_text(OFFLINE)
    reader.page.evaluate(SHOWN)
    reader.page.wait_for_timeout(300)
    expect(alert).to_contain_text(OFFLINE)
    reader.page.keyboard.press("Escape")
    reader.page.keyboard.press("Enter")
    reader.page.wait_for_timeout(300)
    expect(alert).to_contain_text(OFFLINE)
    reader.context.set_offline(False)
    expect(reader.replies.last).to_contain_text("Svar på: Två")
    expect(alert).to_have_count(0)
    expected(reader, "ERR_INTERNET_DISCONNECTED")


def test_a_button_that_is_tried_again_by_itself_leaves_the_focus_where_it_is(reader: Visitor, service: Service) -> None:
    service.broken = [503]
    reader.go("/")
    reader.open_chat()
    reader.press("Boka möte", back=True)
    expect(reader.panel.get_by_role("alert")).to_be_visible()
    reader.tab_to("Meny", back=True)
    expect(reader.replies.last).to_contain_text("Svar på: Boka möte")
    reader.wait_until_idle()
    assert reader.focused == "Meny"
    assert len(service.received) == 2
    expected(reader, "503")


def test_an_answer_that_another_tab_removed_unread_is_neither_counted_nor_heard(
    reader: Visitor, service: Service
) -> None:
    reader.go("/")
    reader.open_chat()
    reader.listen()
    service.delay_s = 0.5
    send(reader, "Hej")
    reader.page.keyboard.press("Escape")
    expect(launcher(reader)).to_contain_text("1 nytt svar")
    first = reader.new_tab()
    service.delay_s = 0
    reader.go("/sida")
    reader.open_chat()
    reader.press("Meny", back=True)
    reader.press("Ta bort samtalet")
    reader.page.keyboard.press("Enter")
    expect(reader.panel).to_contain_text("Samtalet är borttaget")
    reader.page = first
    expect(launcher(reader)).to_have_text("Fråga chatten")
    reader.page.bring_to_front()
    reader.page.keyboard.press("Enter")
    reader.wait_to_hear("Samtalet ändrades i en annan flik")
    assert "Svar på: Hej" not in str(reader.spoken)


@pytest.mark.parametrize("is_answered", [True, False])
def test_a_talk_that_another_tab_removed_while_an_answer_was_awaited_stays_removed(
    reader: Visitor, service: Service, is_answered: bool
) -> None:
    """`is_answered`: the service had answered before the removal, and the answer is on its way."""
    held: list[Any] = []

    def hold(route: Any) -> None:
        held.append((route, route.fetch() if is_answered else None))

    reader.go("/")
    reader.open_chat()
    reader.say("Ett")
    reader.page.route(MESSAGES, hold)
    send(reader, "Två")
    waiting: Page = reader.new_tab()
    expect_held(waiting, held)
    reader.go("/sida")
    reader.open_chat()
    reader.press("Meny", back=True)
    reader.press("Ta bort samtalet")
    reader.page.keyboard.press("Enter")
    expect(reader.panel).to_contain_text("Samtalet är borttaget")
    reader.wait_until_idle()
    reader.page = waiting
    route, answer = held[0]
    if answer:
        route.fulfill(response=answer)
    else:
        route.continue_()
    expect(reader.panel).to_contain_text("Samtalet ändrades i en annan flik")
    reader.wait_until_idle()
    assert "Två" not in reader.panel.inner_text()
    expect(reader.panel.get_by_role("alert")).to_have_count(0)
    assert reader.field.input_value() == ""
    assert reader.page.evaluate(STORED) == []
    assert "Två" not in str(service.talks)
    expected(reader, "401")
