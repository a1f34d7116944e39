"""What the widget lets a screen reader hear, and when; what it says when something fails (docs/widget-checklist.md)."""

from __future__ import annotations

import pytest
from playwright.sync_api import expect

from tests.browser.visitor import PATIENCE_MS, Visitor
from tests.browser.widget_kinds import KINDS
from tests.browser.widget_site import GREETING, Service, message
from tests.browser.widget_tree import deep_tag, found, launcher

pytestmark = pytest.mark.browser

OFFLINE = "Vi når inte assistenten"


def send(visitor: Visitor, text: str) -> None:
    """Type and press Enter, without waiting for an answer."""
    visitor.page.keyboard.type(text)
    visitor.page.keyboard.press("Enter")


def expected(visitor: Visitor, *words: str) -> None:
    """Take away complaints of the browser that the test itself caused."""
    visitor.complaints = [text for text in visitor.complaints if not any(word in text for word in words)]


def test_one_polite_live_region_is_there_before_the_first_message(reader: Visitor, service: Service) -> None:
    held: list[object] = []
    reader.page.route("**/conversations", lambda route: held.append(route))
    reader.go("/")
    reader.press("Fråga chatten")
    expect(reader.panel).to_be_visible()
    (log,) = found(reader.page, "log")
    assert log["live"] == "polite"
    live = reader.panel.locator("[aria-live], [role=log], [role=status], [role=alert]")
    assert live.count() == 1
    reader.listen()
    held[0].continue_()  # type: ignore[attr-defined]
    reader.wait_to_hear("automatisk assistent")
    assert reader.spoken == [f"Assistenten: {service.greeting[0]['text']} Du kan välja mellan 2 svar."]


def test_each_reply_is_heard_once_whole_as_plain_text_with_its_sender(reader: Visitor, service: Service) -> None:
    replies = [KINDS["text"], KINDS["courses"], message("Kort.")]
    service.answer = lambda text: replies
    reader.go("/")
    reader.open_chat()
    reader.listen()
    reader.say("Fråga")
    reader.wait_to_hear("Kort.")
    reader.page.wait_for_timeout(1200)
    assert [text for text in reader.spoken if GREETING not in text] == [
        f"Assistenten: {KINDS['text']['text']} Du kan välja mellan 2 svar.",
        f"Assistenten: {KINDS['courses']['text']}",
        "Assistenten: Kort.",
    ]
    expect(reader.panel.locator("[role=log]")).to_be_empty()
    assert reader.panel.locator("[role=log] *").count() == 0


def test_what_was_said_before_a_reload_is_not_heard_again(reader: Visitor) -> None:
    reader.go("/")
    reader.open_chat()
    reader.say("Hej")
    reader.page.reload()
    reader.page.evaluate(
        """() => { window.spoken = [];
        const root = document.querySelector('industri-chatt').shadowRoot;
        new MutationObserver((changes) => changes.forEach((change) => {
          if (change.target.matches && change.target.matches('[role=log]'))
            change.addedNodes.forEach((node) => window.spoken.push(node.textContent));
        })).observe(root, {childList: true, subtree: true}); }"""
    )
    reader.open_chat()
    expect(reader.replies).to_have_count(2)
    reader.page.wait_for_timeout(1800)
    assert reader.spoken == []


def test_a_reply_does_not_move_the_focus(reader: Visitor, service: Service) -> None:
    service.delay_s = 0.6
    reader.go("/")
    reader.open_chat()
    send(reader, "Hej")
    reader.tab_to("Lätt svenska", back=True)
    expect(reader.replies.nth(1)).to_be_visible()
    reader.wait_until_idle()
    assert reader.focused == "Lätt svenska"


@pytest.mark.parametrize(("seconds", "times"), [(0.5, 0), (3.5, 1)])
def test_typing_is_said_once_after_a_second_and_not_at_all_before(
    reader: Visitor, service: Service, seconds: float, times: int
) -> None:
    service.delay_s = seconds
    reader.go("/")
    reader.open_chat()
    reader.listen()
    reader.say("Hej")
    reader.wait_to_hear("Svar på: Hej")
    assert len([text for text in reader.spoken if "skriver" in text]) == times
    assert reader.panel.locator(".typing").is_hidden()


def test_an_answer_is_heard_only_when_it_is_whole(reader: Visitor, service: Service) -> None:
    """The contract has no streaming: an answer that comes in pieces over the wire is shown and said once, whole."""
    reader.page.add_init_script(
        """const fetched = window.fetch; window.fetch = async (url, init) => {
          const answer = await fetched(url, init);
          if (!init || !init.body || !init.body.includes('Berätta')) return answer;
          const text = await answer.text();
          const pieces = [...Array(8).keys()].map((i) => text.slice(i * text.length / 8, (i + 1) * text.length / 8));
          const stream = new ReadableStream({async start(sink) {
            for (const piece of pieces) {
              sink.enqueue(new TextEncoder().encode(piece)); await new Promise((r) => setTimeout(r, 40)); }
            sink.close(); }});
          return new Response(stream, {status: 200}); };"""
    )
    whole = "En lång historia med många ord. " * 20
    service.answer = lambda text: [message(whole)]
    reader.go("/")
    reader.open_chat()
    reader.listen()
    reader.say("Berätta")
    reader.wait_to_hear("En lång historia")
    assert [text for text in reader.spoken if GREETING not in text] == [f"Assistenten: {whole.strip()}"]


def test_when_the_network_is_lost_it_says_so_and_offers_another_try(reader: Visitor, service: Service) -> None:
    reader.go("/")
    reader.open_chat()
    reader.context.set_offline(True)
    send(reader, "Hej")
    alert = reader.panel.get_by_role("alert")
    expect(alert).to_contain_text(OFFLINE)
    assert found(reader.page, "alert")
    assert reader.field.input_value() == "Hej"
    assert reader.panel.get_by_role("link", name="Öppna den enkla chatten").is_visible()
    reader.assert_accessible()
    reader.context.set_offline(False)
    expect(reader.replies).to_have_count(2, timeout=PATIENCE_MS)
    expect(alert).to_have_count(0)
    expected(reader, "ERR_INTERNET_DISCONNECTED")


def test_when_the_service_fails_a_button_tries_again(reader: Visitor, service: Service) -> None:
    service.broken = [500]
    reader.go("/")
    reader.open_chat()
    send(reader, "Hej")
    expect(reader.panel.get_by_role("alert")).to_have_text("Tjänsten svarar inte just nu.")
    reader.press("Försök igen", back=True)
    expect(reader.replies.last).to_contain_text("Svar på: Hej")
    reader.wait_until_idle()
    assert reader.focused == "field"
    assert len({turn["client_id"] for turn in service.received}) == 1
    expected(reader, "500")


def test_a_refusal_that_no_second_try_helps_offers_none(reader: Visitor, service: Service) -> None:
    service.broken = [422]
    reader.go("/")
    reader.open_chat()
    send(reader, "Hej")
    expect(reader.panel.get_by_role("alert")).to_have_text("Det gick inte.")
    expect(reader.panel.get_by_role("button", name="Försök igen")).to_have_count(0)
    assert reader.field.input_value() == "Hej"
    expected(reader, "422")


def test_an_answer_that_comes_while_the_chat_is_closed_is_counted_on_the_launcher_and_heard_on_opening(
    reader: Visitor, service: Service
) -> None:
    service.delay_s = 0.6
    service.answer = lambda text: [message("En."), message("Två.")]
    reader.go("/")
    reader.open_chat()
    reader.listen()
    send(reader, "Hej")
    reader.page.keyboard.press("Escape")
    expect(launcher(reader)).to_contain_text("2 nya svar")
    reader.page.wait_for_timeout(1200)
    assert [text for text in reader.spoken if GREETING not in text] == [], "nothing is heard of a hidden region"
    assert found(reader.page, "button", "Fråga chatten 2 nya svar")
    reader.assert_accessible()
    reader.page.keyboard.press("Enter")
    expect(launcher(reader)).to_have_text("Fråga chatten")
    expect(reader.replies.last).to_contain_text("Två.")
    assert deep_tag(reader.page) == "TEXTAREA"
    reader.wait_to_hear("Två.")
    reader.page.wait_for_timeout(1200)
    assert [text for text in reader.spoken if GREETING not in text] == ["Assistenten: En.", "Assistenten: Två."]


def test_the_announcer_can_stand_in_the_page_s_own_dom(reader: Visitor, service: Service) -> None:
    service.page = {"attributes": 'data-announcer="page"'}
    reader.go("/")
    reader.open_chat()
    assert found(reader.page, "log")
    region = reader.page.locator("industri-chatt > [role=log]")
    region.evaluate(
        """(region) => { window.spoken = []; new MutationObserver((changes) => changes.forEach((change) =>
        change.addedNodes.forEach((node) => window.spoken.push(node.textContent))))
        .observe(region, {childList: true}); }"""
    )
    reader.say("Hej")
    reader.wait_to_hear("Svar på: Hej")


_VOICES = """() => {
  const voices = [{name: 'Alva', lang: 'sv-SE', localService: true}, {name: 'Moln', lang: 'ar', localService: false}];
  window.read = [];
  const synth = new EventTarget();
  Object.assign(synth, {speaking: false, getVoices: () => voices,
    speak: (words) => { window.read.push([words.lang, words.text]); synth.speaking = true; },
    cancel: () => { synth.speaking = false; window.read.push('tyst'); }});
  Object.defineProperty(window, 'speechSynthesis', {value: synth});
  window.SpeechSynthesisUtterance = class { constructor(text) { this.text = text; } };
}"""


def test_without_a_swedish_voice_nothing_offers_to_read_aloud(reader: Visitor) -> None:
    reader.go("/")
    reader.open_chat()
    reader.press("Meny", back=True)
    expect(reader.panel.get_by_role("button", name="Större text")).to_be_visible()
    expect(reader.panel.get_by_role("button", name="Läs upp svaren")).to_be_hidden()


def test_answers_are_read_aloud_when_wished_for_by_a_voice_of_the_device(reader: Visitor, service: Service) -> None:
    reader.context.add_init_script(f"({_VOICES})()")
    reader.go("/")
    reader.open_chat()
    reader.press("Meny", back=True)
    reader.press("Läs upp svaren")
    reader.press("Meny", back=True)
    reader.tab_to("field")
    reader.say("Hej")
    assert reader.page.evaluate("window.read") == [["sv-SE", "Svar på: Hej"]]
    reader.press("Lyssna på svaret", back=True)
    reader.page.keyboard.press("Enter")
    assert reader.page.evaluate("window.read.slice(1)") == ["tyst", ["sv-SE", "Svar på: Hej"]]
    service.answer = lambda text: [KINDS["arabic"]]  # no voice of the device's own: nothing leaves it
    reader.tab_to("field")
    reader.say("marhaba")
    assert len(reader.page.evaluate("window.read")) == 3
    reader.page.keyboard.press("Escape")
    assert reader.page.evaluate("window.read[3]") == "tyst"
    reader.page.reload()
    reader.open_chat()
    reader.press("Meny", back=True)
    expect(reader.panel.get_by_role("button", name="Läs upp svaren")).to_have_attribute("aria-pressed", "true")
