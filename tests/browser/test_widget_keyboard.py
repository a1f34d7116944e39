"""The widget by keyboard and in the accessibility tree: opening, leaving, names, stops (docs/widget-checklist.md)."""

from __future__ import annotations

import pytest
from playwright.sync_api import expect

from tests.browser.visitor import Visitor
from tests.browser.widget_kinds import KINDS
from tests.browser.widget_site import Service, message
from tests.browser.widget_tree import contrast, deep_tag, focus_style, found, launcher, stops, style_of, tree

pytestmark = pytest.mark.browser

_FOCUS_INS = """() => { window.focusIns = [];
  document.querySelector('industri-chatt').shadowRoot
    .addEventListener('focusin', (event) => window.focusIns.push(event.target.id)); }"""


@pytest.fixture(params=["reader", "small"])
def either(request: pytest.FixtureRequest) -> Visitor:
    visitor: Visitor = request.getfixturevalue(request.param)
    return visitor


def test_tab_reaches_a_real_button_that_says_chat(reader: Visitor) -> None:
    reader.go("/")
    reader.tab_to("Fråga chatten")
    assert deep_tag(reader.page) == "BUTTON"
    shown = launcher(reader).inner_text()
    (button,) = found(reader.page, "button")
    assert shown in button["name"]
    assert "chatt" in button["name"].lower()


def test_the_launcher_says_whether_the_chat_is_open(reader: Visitor) -> None:
    reader.go("/")
    assert found(reader.page, "button", "Fråga chatten")[0]["expanded"] is False
    reader.open_chat()
    assert found(reader.page, "button", "Fråga chatten")[0]["expanded"] is True
    reader.page.keyboard.press("Escape")
    assert found(reader.page, "button", "Fråga chatten")[0]["expanded"] is False


def test_opening_moves_the_focus_once_to_the_field(reader: Visitor) -> None:
    reader.go("/")
    launcher(reader).focus()
    reader.page.evaluate(_FOCUS_INS)
    reader.page.keyboard.press("Enter")
    expect(reader.replies.first).to_be_visible()
    reader.wait_until_idle()
    assert reader.page.evaluate("window.focusIns") == ["field"]
    assert reader.focused == "field"


def test_on_a_touch_screen_opening_moves_the_focus_to_the_heading(small: Visitor) -> None:
    small.go("/")
    small.open_chat()
    assert small.focused == "Industrivägledaren"


@pytest.mark.parametrize("where", ["field", "Meny", "Lätt svenska", "Hitta utbildning"])
def test_escape_closes_from_anywhere_and_gives_the_focus_back(reader: Visitor, where: str) -> None:
    reader.go("/")
    reader.open_chat()
    if where != "field":
        reader.tab_to(where, back=True)
    reader.page.keyboard.press("Escape")
    expect(reader.panel).to_be_hidden()
    assert reader.focused == "Fråga chatten"


def test_a_closed_chat_is_neither_a_tab_stop_nor_in_the_tree(either: Visitor) -> None:
    either.go("/")
    before = [(node["role"], node["name"]) for node in tree(either.page)]
    assert stops(either.page) == ["En länk på sidan", "Fråga chatten"]
    either.open_chat()
    assert len(stops(either.page)) > 2
    either.page.keyboard.press("Escape")
    expect(either.panel).to_be_hidden()
    assert stops(either.page) == ["En länk på sidan", "Fråga chatten"]
    assert [(node["role"], node["name"]) for node in tree(either.page)] == before


def test_tab_leaves_the_chat_on_a_large_screen(reader: Visitor) -> None:
    reader.go("/")
    reader.open_chat()
    reader.tab_to("Fråga chatten")
    reader.tab_to("En länk på sidan", back=True)
    (dialog,) = found(reader.page, "dialog")
    assert not dialog.get("modal")


def test_a_full_screen_chat_is_modal_and_keeps_the_focus(small: Visitor) -> None:
    small.go("/")
    small.open_chat()
    assert found(small.page, "dialog")[0]["modal"] is True
    assert found(small.page, "link", "En länk på sidan") == []
    seen = []
    for _ in range(30):
        small.page.keyboard.press("Tab")
        seen.append(small.focused)
    assert "En länk på sidan" not in seen
    assert "Fråga chatten" not in seen
    assert seen.count("Meny") >= 2
    small.page.keyboard.press("Escape")
    assert found(small.page, "link", "En länk på sidan")


def test_the_dialog_has_a_name_and_a_heading(either: Visitor) -> None:
    either.go("/")
    either.open_chat()
    (dialog,) = found(either.page, "dialog", "Industrivägledaren")
    assert dialog
    assert [node["level"] for node in found(either.page, "heading", "Industrivägledaren")] == [2]


def test_the_field_has_a_visible_label_and_no_placeholder(reader: Visitor) -> None:
    reader.go("/")
    reader.open_chat()
    label = reader.panel.locator("label[for=field]")
    expect(label).to_be_visible()
    assert label.inner_text() == "Skriv din fråga"
    assert found(reader.page, "textbox")[0]["name"] == "Skriv din fråga"
    assert reader.field.get_attribute("placeholder") is None


def test_messages_are_list_items_with_their_sender_in_words(reader: Visitor) -> None:
    reader.go("/")
    reader.open_chat()
    reader.say("Hej")
    nodes = tree(reader.page)
    lists = [node for node in nodes if node["role"] == "list"]
    items = [node for node in nodes if node["role"] == "listitem"]
    assert len(lists) == 1
    assert len(items) == 3
    by_id = {node["id"]: node for node in nodes}

    def words(node: dict) -> str:
        inner = " ".join(words(by_id[each]) for each in node["children"] if each in by_id)
        return f"{node['name']} {inner}" if node["role"] in {"StaticText", "button"} else inner

    assert [words(item).split()[0] for item in items] == ["Assistenten", "Du", "Assistenten"]


def test_ready_answers_are_buttons_in_a_named_group_and_stay_readable(reader: Visitor) -> None:
    reader.go("/")
    reader.open_chat()
    assert found(reader.page, "group", "Välj ett svar")
    reader.choose("Boka möte")
    used = reader.panel.locator(".choices").first.get_by_role("button", name="Boka möte")
    expect(used).to_be_visible()
    expect(used).to_have_attribute("aria-disabled", "true")
    assert (
        contrast(style_of(reader.page, ".choices button", "color"), style_of(reader.page, ".panel", "backgroundColor"))
        >= 4.5
    )
    assert "Boka möte" in reader.panel.locator("li.user").last.inner_text()
    used.click(force=True)
    assert reader.panel.locator("li.user").count() == 1


def test_after_a_ready_answer_the_focus_is_in_the_field(reader: Visitor) -> None:
    reader.go("/")
    reader.open_chat()
    reader.choose("Boka möte")
    assert reader.focused == "field"


def test_on_a_touch_screen_a_ready_answer_raises_no_keyboard(small: Visitor) -> None:
    small.go("/")
    small.open_chat()
    small.panel.get_by_role("button", name="Boka möte").tap()
    expect(small.replies.nth(1)).to_be_visible()
    assert deep_tag(small.page) == "DIV"
    assert small.focused.startswith("Samtalet")


def test_tab_stops_are_only_what_does_something_and_a_long_talk(reader: Visitor, service: Service) -> None:
    reader.go("/")
    reader.open_chat()
    assert stops(reader.page) == [
        "En länk på sidan", "Meny", "Stäng chatten", "Lätt svenska", "Prata med en människa",
        "Hitta utbildning", "Boka möte", "field", "Skicka", "Fråga chatten",
    ]  # fmt: skip
    service.answer = lambda text: [message("En rad.\n" * 60)]
    reader.say("Berätta")
    reader.tab_to("Samtalet", back=True)
    log = reader.panel.locator(".scroll")
    at = log.evaluate("(log) => log.scrollTop")
    reader.page.keyboard.press("PageDown")
    for _ in range(40):
        if log.evaluate("(log) => log.scrollTop") > at:
            return
        reader.page.wait_for_timeout(50)
    raise AssertionError("the talk does not scroll by keyboard")


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_every_stop_shows_a_ring_that_nothing_hides(reader: Visitor, service: Service, scheme: str) -> None:
    reader.page.emulate_media(color_scheme=scheme)  # type: ignore[arg-type]  # one of two literals
    service.answer = lambda text: [KINDS["courses"], KINDS["slots"]]
    reader.go("/")
    reader.open_chat()
    reader.say("Visa allt")
    header, panel = (style_of(reader.page, name, "backgroundColor") for name in ("header", ".panel"))
    seen = set()
    for _ in range(24):
        reader.page.keyboard.press("Shift+Tab")
        name = reader.focused
        if name == "En länk på sidan":
            break
        ring = focus_style(reader.page)
        behind = header if name in {"Meny", "Stäng chatten"} else panel
        assert ring["style"] == "solid", name
        assert ring["width"] >= 2, name
        assert ring["seen"], f"{name} is covered"
        assert contrast(ring["colour"], behind) >= 3, name
        seen.add(name)
    assert {"Meny", "Lätt svenska", "Visa fler (2)"} <= seen


def test_targets_are_44_px_high(either: Visitor, service: Service) -> None:
    service.answer = lambda text: [KINDS["contact"], KINDS["slots"], KINDS["occupation"]]
    either.go("/")
    either.open_chat()
    either.field.focus()
    either.say("Visa allt")
    either.panel.get_by_role("button", name="Meny").click()
    boxes = either.panel.locator("button:visible, .tap:visible, summary:visible").evaluate_all(
        "(all) => all.map((node) => [node.innerText, node.getBoundingClientRect().height])"
    )
    assert len(boxes) > 15
    assert [box for box in boxes if box[1] < 43.9] == []


def test_it_says_at_once_what_it_is_and_never_opens_by_itself(reader: Visitor) -> None:
    reader.go("/")
    reader.page.clock.install()
    reader.page.clock.fast_forward(60_000)
    expect(reader.panel).to_be_hidden()
    reader.open_chat()
    assert "automatisk assistent, inte en människa" in reader.last_reply
    expect(reader.panel.locator("header")).to_contain_text("Automatisk assistent (AI)")
    for name in ("Prata med en människa", "Stäng chatten"):
        expect(reader.panel.get_by_role("button", name=name)).to_be_visible()
