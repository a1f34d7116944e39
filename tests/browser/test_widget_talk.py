"""Writing, sending, coming back: nothing is lost, doubled or kept without need (docs/widget-checklist.md)."""

from __future__ import annotations

import pytest
from playwright.sync_api import expect

from tests.browser.test_widget_speech import expected, send
from tests.browser.visitor import Visitor
from tests.browser.widget_site import Service, WidgetSite, message
from tests.browser.widget_tree import found

pytestmark = pytest.mark.browser

STORED = "[...Object.keys(localStorage), ...Object.keys(sessionStorage)]"


def texts(visitor: Visitor) -> list[str]:
    """The words of every bubble, in order."""
    return visitor.panel.locator("li > .text").all_inner_texts()


def test_enter_sends_and_shift_enter_makes_a_line(reader: Visitor, service: Service) -> None:
    reader.go("/")
    reader.open_chat()
    reader.page.keyboard.type("En rad")
    reader.page.keyboard.press("Shift+Enter")
    reader.page.keyboard.type("En till")
    assert reader.field.input_value() == "En rad\nEn till"
    assert service.received == []
    reader.page.keyboard.press("Enter")
    expect(reader.replies).to_have_count(2)
    assert [turn["text"] for turn in service.received] == ["En rad\nEn till"]


def test_enter_that_ends_a_composition_does_not_send(reader: Visitor, service: Service) -> None:
    reader.go("/")
    reader.open_chat()
    session = reader.context.new_cdp_session(reader.page)
    session.send("Input.imeSetComposition", {"text": "にほ", "selectionStart": 2, "selectionEnd": 2})
    for extra in ({"isComposing": True}, {"keyCode": 229}):
        reader.field.evaluate(
            """(field, extra) => field.dispatchEvent(new KeyboardEvent('keydown',
            {key: 'Enter', bubbles: true, cancelable: true, ...extra}))""",
            extra,
        )
    assert reader.field.input_value() == "にほ"
    session.send("Input.insertText", {"text": "日本"})
    assert service.received == []
    reader.page.keyboard.press("Enter")
    expect(reader.replies).to_have_count(2)
    assert service.received[0]["text"] == "日本"


def test_a_draft_survives_failure_and_reload(reader: Visitor, service: Service) -> None:
    service.broken = [500]
    reader.go("/")
    reader.open_chat()
    reader.page.keyboard.type("Halv men")
    reader.page.reload()
    reader.open_chat()
    assert reader.field.input_value() == "Halv men"
    reader.page.keyboard.press("End")
    send(reader, "ing")
    expect(reader.panel.get_by_role("alert")).to_be_visible()
    assert reader.field.input_value() == "Halv mening"
    reader.page.reload()
    reader.open_chat()
    assert reader.field.input_value() == "Halv mening"
    reader.page.keyboard.press("Enter")
    expect(reader.replies.last).to_contain_text("Svar på: Halv mening")
    assert len({turn["client_id"] for turn in service.received}) == 1
    expected(reader, "500")


def test_a_reload_before_the_answer_loses_and_doubles_nothing(reader: Visitor, service: Service) -> None:
    service.delay_s = 1.5
    reader.go("/")
    reader.open_chat()
    send(reader, "Hej")
    expect(reader.panel.locator("li.user")).to_have_count(1)
    reader.page.wait_for_timeout(300)
    reader.page.reload()
    reader.open_chat()
    if reader.field.input_value():  # the answer was not there yet: sent again, it is the same message
        reader.page.keyboard.press("Enter")
    expect(reader.replies).to_have_count(2)
    reader.wait_until_idle()
    assert texts(reader)[1:] == ["Hej", "Svar på: Hej"]
    assert len(service.done) == 1


def test_what_is_written_while_an_answer_is_late_is_kept_for_the_next_message(
    reader: Visitor, service: Service
) -> None:
    service.broken, service.delay_s = [503], 0.5
    reader.go("/")
    reader.open_chat()
    reader.page.route("**/messages", lambda route: (reader.page.wait_for_timeout(400), route.continue_()))
    send(reader, "Ett")
    reader.page.keyboard.type("Två")
    expect(reader.panel.get_by_role("alert")).to_be_visible()
    assert reader.field.input_value() == "Ett\nTvå"
    reader.page.keyboard.press("Enter")
    expect(reader.replies.last).to_contain_text("Svar på: Ett")
    assert reader.field.input_value() == "Två"
    reader.page.keyboard.press("Enter")
    expect(reader.replies.last).to_contain_text("Svar på: Två")
    assert [turn["text"] for turn in service.received] == ["Ett", "Ett", "Två"]
    assert service.received[0]["client_id"] == service.received[1]["client_id"]
    expected(reader, "503")


def test_after_thirty_seconds_offline_nothing_is_lost_or_doubled(reader: Visitor, service: Service) -> None:
    reader.go("/")
    reader.open_chat()
    reader.say("Ett")
    reader.page.clock.install()
    reader.context.set_offline(True)
    send(reader, "Två")
    expect(reader.panel.get_by_role("alert")).to_be_visible()
    reader.page.clock.fast_forward(30_000)
    assert reader.field.input_value() == "Två"
    reader.context.set_offline(False)
    reader.page.clock.fast_forward(60_000)
    expect(reader.replies).to_have_count(3)
    reader.page.clock.resume()
    assert texts(reader)[1:] == ["Ett", "Svar på: Ett", "Två", "Svar på: Två"]
    assert len(service.done) == 2
    expected(reader, "ERR_INTERNET_DISCONNECTED")


def test_an_answer_that_was_lost_on_the_way_is_fetched_and_not_asked_for_twice(
    reader: Visitor, service: Service
) -> None:
    service.lost = 1
    reader.go("/")
    reader.open_chat()
    send(reader, "Hej")
    expect(reader.replies).to_have_count(2)  # unasked, three seconds later
    assert texts(reader)[1:] == ["Hej", "Svar på: Hej"]
    assert len(service.received) == 2
    assert len(service.done) == 1
    expect(reader.panel.get_by_role("alert")).to_have_count(0)
    expected(reader, "504")


def test_a_choice_is_tried_again_as_the_same_message(reader: Visitor, service: Service) -> None:
    service.lost = 1
    reader.go("/")
    reader.open_chat()
    reader.press("Boka möte", back=True)
    expect(reader.replies).to_have_count(2)
    assert texts(reader)[1:] == ["Boka möte", "Svar på: Boka möte"]
    assert len({turn["client_id"] for turn in service.received}) == 1
    expected(reader, "504")


def test_a_service_that_forgot_the_talk_gets_a_new_one_and_says_so(reader: Visitor, service: Service) -> None:
    reader.go("/")
    reader.open_chat()
    reader.say("Ett")
    service.talks.clear()
    reader.say("Två")
    expect(reader.panel).to_contain_text("Det tidigare samtalet finns inte längre")
    assert texts(reader)[-1] == "Svar på: Två"
    assert texts(reader).count("Två") == 1
    expected(reader, "401")


def test_a_talk_goes_on_after_a_page_load_and_in_a_second_tab_until_it_is_removed(
    reader: Visitor, service: Service
) -> None:
    reader.go("/")
    reader.open_chat()
    reader.say("Ett")
    reader.go("/sida")
    reader.open_chat()
    assert texts(reader)[1:] == ["Ett", "Svar på: Ett"]
    first = reader.new_tab()
    reader.go("/")
    reader.open_chat()
    reader.say("Två")
    assert len(texts(reader)) == 5
    second, reader.page = reader.page, first
    expect(reader.replies).to_have_count(3)  # without a click
    reader.press("Meny", back=True)
    reader.press("Större text")
    reader.press("Ta bort samtalet")
    assert reader.focused == "Ja, ta bort"
    reader.page.keyboard.press("Enter")
    expect(reader.panel).to_contain_text("Samtalet är borttaget")
    reader.wait_until_idle()
    assert service.talks.keys() == {"t" + key[1:] for key in service.talks}
    assert reader.page.evaluate(STORED) == []
    reader.page = second
    expect(reader.panel).not_to_contain_text("Svar på: Ett")
    assert reader.page.evaluate(STORED) == []


def test_the_talk_is_downloaded_as_readable_text(reader: Visitor, service: Service) -> None:
    reader.go("/")
    reader.open_chat()
    reader.say("Vad kostar det?")
    reader.press("Meny", back=True)
    with reader.page.expect_download() as download:
        reader.press("Ladda ner samtalet")
    assert download.value.suggested_filename == "samtal-industrivagledaren.txt"
    text = download.value.path().read_text("utf-8")
    assert text.endswith("Du: Vad kostar det?\n\nAssistenten: Svar på: Vad kostar det?")
    assert reader.focused == "Meny"


def test_easy_swedish_is_a_switch_that_follows_what_the_service_says(reader: Visitor, service: Service) -> None:
    words = {"Lätt svenska": True, "Vanlig svenska": False}
    service.answer = lambda text: [message("Ja.", data={"easy": words[text]} if text in words else {})]
    reader.go("/")
    reader.open_chat()
    assert found(reader.page, "switch", "Lätt svenska")[0]["checked"] == "false"
    reader.choose("Lätt svenska")
    assert found(reader.page, "switch", "Lätt svenska")[0]["checked"] == "true"
    reader.say("Hej")
    reader.page.reload()
    reader.open_chat()
    assert found(reader.page, "switch", "Lätt svenska")[0]["checked"] == "true"
    reader.choose("Lätt svenska")
    assert found(reader.page, "switch", "Lätt svenska")[0]["checked"] == "false"
    assert [turn["text"] for turn in service.received] == ["Lätt svenska", "Hej", "Vanlig svenska"]


def test_a_thumb_is_thanked_for_and_may_be_explained(reader: Visitor, service: Service) -> None:
    reader.go("/")
    reader.open_chat()
    expect(reader.panel.get_by_role("group", name="Var svaret bra?")).to_have_count(0)
    reader.say("Hej")
    reader.tab_to("Inte bra svar", back=True)
    reader.page.keyboard.press("Enter")
    expect(reader.replies.last).to_contain_text("Tack")
    reader.assert_accessible()
    reader.panel.get_by_label("Berätta gärna varför").fill("För kort")
    reader.press("Skicka kommentar")
    expect(reader.panel.get_by_label("Berätta gärna varför")).to_have_count(0)
    assert reader.focused == "Inte bra svar"
    assert [(said["value"], said.get("comment")) for said in service.feedback] == [("down", None), ("down", "För kort")]


def test_a_thumb_is_still_there_after_a_reload(reader: Visitor, service: Service) -> None:
    reader.go("/")
    reader.open_chat()
    reader.say("Hej")
    reader.tab_to("Inte bra svar", back=True)
    reader.page.keyboard.press("Enter")
    expect(reader.replies.last).to_contain_text("Tack")
    reader.page.reload()
    reader.open_chat()
    down = reader.panel.get_by_role("button", name="Inte bra svar")
    expect(down).to_have_attribute("aria-pressed", "true")
    expect(reader.panel.get_by_role("button", name="Bra svar", exact=True)).to_have_attribute("aria-pressed", "false")
    assert len(service.feedback) == 1


def test_a_too_long_message_is_counted_and_not_sent(reader: Visitor, service: Service) -> None:
    reader.go("/")
    reader.open_chat()
    reader.field.fill("å" * 950)
    expect(reader.panel.locator("#counter")).to_have_text("50 tecken kvar")
    reader.field.fill("å" * 1002)
    expect(reader.panel.locator("#counter")).to_contain_text("2 tecken för långt")
    assert reader.field.get_attribute("aria-invalid") == "true"
    reader.page.keyboard.press("Enter")
    assert service.received == []


def test_the_page_tells_what_it_is_about(reader: Visitor, service: Service, widget: WidgetSite) -> None:
    service.page = {
        "attributes": 'data-start-topic="csn" data-start-occupation="svetsare" data-start-place="Arvika"',
        "body": "<button data-industri-chatt>Fråga om kursen</button>",
    }
    reader.go("/")
    reader.press("Fråga om kursen")
    expect(reader.replies.first).to_be_visible()
    assert service.started == [{"topic": "csn", "occupation": "svetsare", "place": "Arvika"}]
    reader.page.keyboard.press("Escape")
    assert reader.focused == "Fråga om kursen"


def test_the_text_grows_in_steps_and_stays_so(reader: Visitor) -> None:
    reader.go("/")
    reader.open_chat()
    size = "(panel) => parseFloat(getComputedStyle(panel).fontSize)"
    assert reader.panel.evaluate(size) == 16
    reader.press("Meny", back=True)
    reader.press("Större text")
    for _ in range(5):
        reader.page.keyboard.press("Enter")
    assert reader.panel.evaluate(size) == 32
    reader.page.reload()
    reader.open_chat()
    assert reader.panel.evaluate(size) == 32
    reader.assert_fits()


def test_the_menu_leads_to_what_is_stored_and_to_the_accessibility_statement(reader: Visitor) -> None:
    reader.go("/")
    reader.open_chat()
    reader.press("Meny", back=True)
    links = reader.panel.get_by_role("link").evaluate_all("(all) => all.map((one) => [one.innerText, one.pathname])")
    assert [link for link in links if link[1] in {"/integritet", "/tillganglighet"}] == [
        ["Dina uppgifter", "/integritet"],
        ["Tillgänglighet", "/tillganglighet"],
    ]


def test_the_menu_leads_to_the_voluntary_questions_after_a_talk(reader: Visitor) -> None:
    reader.go("/")
    reader.open_chat()
    reader.press("Meny", back=True)
    link = reader.panel.get_by_role("link", name="Svara på tre frågor om dig (frivilligt)")
    expect(link).to_have_attribute("href", f"{reader.url}/om-dig?efter=chatt")
