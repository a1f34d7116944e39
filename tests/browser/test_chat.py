"""The chat in a real browser, by keyboard alone."""

from __future__ import annotations

import re

import pytest
from playwright.sync_api import expect

from tests.bot.material import answers
from tests.browser.visitor import Visitor
from tests.stack.booking import new_email
from tests.stack.running import Running

pytestmark = [pytest.mark.browser, pytest.mark.model]

STORED = "[localStorage.length, sessionStorage.length, document.cookie]"


def test_nothing_is_stored_or_fetched_for_the_chat_before_somebody_opens_it(visitor: Visitor) -> None:
    visitor.go("/")
    assert visitor.page.evaluate(STORED) == [0, 0, ""]
    assert visitor.context.cookies() == []
    assert [url for url in visitor.requests if "/api/" in url or url.endswith("chat.js")] == []
    assert any(url.endswith("/widget/loader.js") for url in visitor.requests)


def test_the_chat_opens_and_closes_by_keyboard_and_gives_the_focus_back(visitor: Visitor) -> None:
    visitor.go("/")
    visitor.open_chat()
    expect(visitor.panel).to_be_visible()
    assert visitor.focused == "field"
    assert "Industrivägledaren" in visitor.last_reply
    assert visitor.panel.get_by_role("button", name="Boka möte").is_visible()
    visitor.page.keyboard.press("Escape")
    expect(visitor.panel).to_be_hidden()
    assert visitor.focused == "Fråga chatten"


def test_a_button_of_the_page_opens_the_chat(visitor: Visitor) -> None:
    visitor.go("/")
    visitor.press("Boka möte")
    expect(visitor.replies.first).to_be_visible()


def test_a_course_is_found_and_its_page_opened(visitor: Visitor) -> None:
    visitor.go("/")
    visitor.open_chat()
    expect(visitor.replies.first).to_contain_text("automatisk assistent")
    visitor.say("hej")
    visitor.say("finns det nån svetsutbildning nära Torsby?")
    assert "I Torsby finns ingen utbildning till svetsare" in visitor.last_reply
    card = visitor.replies.last.locator(".card").first
    expect(card).to_contain_text("Hagfors")
    expect(card).to_contain_text("Sök senast")
    expect(card).to_contain_text("Exempeldata")
    title = card.get_by_role("link").first
    assert title.inner_text() == "Svetsare, grund"
    title.click()
    expect(visitor.page.get_by_role("heading", level=1)).to_have_text("Svetsare, grund")


def test_each_reply_enters_the_live_region_once(visitor: Visitor) -> None:
    visitor.go("/")
    visitor.open_chat()
    region = visitor.panel.locator("[role=log]")
    assert region.get_attribute("aria-live") == "polite"
    visitor.listen()
    visitor.say("vad kostar det?")
    visitor.say("vilka orter finns det?")
    visitor.wait_to_hear("Arvika, Hagfors")
    expect(region).to_be_empty()
    assert len([text for text in visitor.spoken if "vad som gäller för dig" in text]) == 1
    (towns,) = (text for text in visitor.spoken if "Arvika, Hagfors" in text)
    assert towns.startswith("Assistenten: Du kan läsa i Arvika, Hagfors")
    assert towns.endswith("Du kan välja mellan 2 svar.")


@pytest.mark.parametrize("size", ["visitor", "phone"])
def test_a_meeting_is_booked_to_the_receipt_by_keyboard_alone(
    real: Running, request: pytest.FixtureRequest, size: str
) -> None:
    visitor: Visitor = request.getfixturevalue(size)
    visitor.go("/")
    visitor.open_chat()
    visitor.say("boka tid med vägledare")
    visitor.choose("Hagfors")
    visitor.choose("Telefon")
    assert len(visitor.replies.last.locator(".choices button").all()) == 6
    visitor.choose("Fler tider")
    visitor.tab_to("Fler tider", back=True)
    first = visitor.replies.last.get_by_role("group", name="Välj en tid").get_by_role("button").first
    label = first.get_attribute("aria-label") or first.inner_text()
    visitor.choose(label)
    visitor.say("Kim")
    visitor.say(new_email())
    visitor.choose("Nej, ingen tolk")
    assert "Stämmer det?" in visitor.last_reply
    assert "IV-" not in visitor.last_reply, "a code on screen would look like a booking"
    visitor.assert_accessible()
    visitor.choose("Ja, boka")
    assert "Klart! Din tid är bokad" in visitor.last_reply
    reference = re.search(r"IV-\w{5}", visitor.last_reply)
    assert reference
    assert len(real.mailbox.wait_for(reference[0], 2)) == 2
    visitor.assert_fits()


def test_a_reload_and_a_second_tab_keep_the_talk_and_removing_it_removes_it_everywhere(visitor: Visitor) -> None:
    visitor.go("/")
    visitor.open_chat()
    visitor.say("svetsutbildning i Arvika")
    count = visitor.replies.count()
    visitor.page.reload()
    visitor.open_chat()
    expect(visitor.replies).to_have_count(count)
    assert "svetsutbildning i Arvika" in visitor.panel.inner_text()

    first = visitor.new_tab()
    visitor.go("/utbildningar")
    visitor.open_chat()
    expect(visitor.replies).to_have_count(count)
    visitor.say("när börjar den?")
    assert "Då börjar utbildningarna till svetsare i Arvika" in visitor.last_reply

    other, visitor.page = visitor.page, first
    visitor.page.keyboard.press("Escape")
    visitor.open_chat()
    expect(visitor.panel).to_contain_text("Då börjar utbildningarna till svetsare i Arvika")

    visitor.press("Meny", back=True)
    visitor.press("Ta bort samtalet")
    visitor.press("Nej, behåll")
    assert visitor.focused == "Meny"
    visitor.page.keyboard.press("Enter")
    visitor.press("Ta bort samtalet")
    assert visitor.focused == "Ja, ta bort"
    visitor.page.keyboard.press("Enter")
    expect(visitor.panel).to_contain_text("Samtalet är borttaget")
    expect(visitor.panel).not_to_contain_text("svetsutbildning i Arvika")
    assert visitor.page.evaluate("localStorage.length") == 0
    visitor.page = other
    expect(visitor.panel).not_to_contain_text("svetsutbildning i Arvika")


def test_markup_in_a_message_is_shown_as_it_was_typed(visitor: Visitor) -> None:
    visitor.go("/")
    visitor.open_chat()
    visitor.say('<img src=x onerror="document.title=1"><b>fet</b>')
    shown = visitor.panel.locator("li.user").last
    expect(shown).to_contain_text('<img src=x onerror="document.title=1"><b>fet</b>')
    assert shown.locator("img, b").count() == 0


def test_a_person_is_one_button_away_and_a_thumb_is_thanked_for(visitor: Visitor) -> None:
    visitor.go("/")
    visitor.open_chat()
    visitor.choose("Prata med en människa")
    assert "031-390" in visitor.last_reply
    visitor.tab_to("Bra svar", back=True)
    visitor.page.keyboard.press("Enter")
    expect(visitor.replies.last).to_contain_text("Tack")


def test_easy_swedish_is_a_switch_that_shows_what_the_assistant_does_also_after_a_reload(visitor: Visitor) -> None:
    visitor.go("/")
    visitor.open_chat()
    switch = visitor.panel.get_by_role("switch", name="Lätt svenska")
    expect(switch).to_have_attribute("aria-checked", "false")
    visitor.say("vad kostar det?")
    assert answers()["cost"]["text"].strip() in visitor.last_reply
    visitor.choose("Lätt svenska")
    expect(switch).to_have_attribute("aria-checked", "true")
    assert answers()["cost"]["easy"].strip() in visitor.last_reply, "the latest answer once more, in easy words"
    visitor.say("kan jag få csn?")
    assert answers()["csn"]["easy"].strip() in visitor.last_reply
    visitor.assert_accessible()

    visitor.page.reload()
    visitor.open_chat()
    expect(switch).to_have_attribute("aria-checked", "true")
    visitor.choose("Lätt svenska")
    expect(switch).to_have_attribute("aria-checked", "false")
    visitor.say("får jag läsa om jag inte har gymnasiet?")
    assert answers()["eligibility"]["text"].strip() in visitor.last_reply
    visitor.say("skriv på lätt svenska")
    expect(switch).to_have_attribute("aria-checked", "true")
