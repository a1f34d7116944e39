"""How the widget looks for people who need it otherwise: size, spacing, contrast, motion, scripts
(docs/widget-checklist.md)."""

from __future__ import annotations

import pytest
from playwright.sync_api import Browser, expect

from tests.browser.test_widget_speech import expected, send
from tests.browser.visitor import Visitor
from tests.browser.widget_kinds import KINDS
from tests.browser.widget_site import Service, WidgetSite, message
from tests.browser.widget_tree import clipped, contrast, outside, style_of

pytestmark = pytest.mark.browser

THEMES = {
    "municipal blue": ("#0b4f8a", "#ffffff", "#ffffff", "#1a1a1a"),
    "yellow on black": ("#ffdd00", "#000000", "#101010", "#ffffff"),
    "green": ("#12603a", "#ffffff", "#f4faf6", "#10241a"),
}
_SPACE = """() => {
  const sheet = new CSSStyleSheet();
  sheet.replaceSync(`* { line-height: 1.5 !important; letter-spacing: .12em !important; word-spacing: .16em !important }
    p { margin-bottom: 2em !important }`);
  const root = document.querySelector('industri-chatt').shadowRoot;
  root.adoptedStyleSheets = [...root.adoptedStyleSheets, sheet];
}"""


def every_kind(service: Service) -> None:
    """One answer with all kinds in it."""
    service.answer = lambda text: list(KINDS.values())


def theme(names: tuple[str, str, str, str], service: Service) -> None:
    """Colours of the page's own, as its style sheet would set them."""
    accent, accent_text, surface, text = names
    service.page = {
        "csp": "",
        "head": f"<style>industri-chatt {{ --iv-accent: {accent}; --iv-accent-text: {accent_text};"
        f" --iv-surface: {surface}; --iv-text: {text} }}</style>",
    }


@pytest.mark.parametrize("width", [1280, 360])
@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_axe_finds_nothing_in_any_state(
    browser: Browser, widget: WidgetSite, service: Service, width: int, scheme: str
) -> None:
    with Visitor.new(browser, widget.url, width=width, color_scheme=scheme) as visitor:
        visitor.go("/")
        visitor.assert_accessible()
        visitor.open_chat()
        visitor.assert_accessible()
        every_kind(service)
        visitor.say("Visa allt")
        visitor.press("Visa fler", back=True)
        visitor.assert_accessible()
        visitor.panel.locator(".choices button:not([aria-disabled=true])").last.click()
        visitor.wait_until_idle()
        visitor.panel.get_by_role("button", name="Bra svar", exact=True).last.click()
        expect(visitor.panel.get_by_label("Berätta gärna varför")).to_be_visible()
        visitor.assert_accessible()
        visitor.panel.get_by_role("button", name="Meny").click()
        visitor.assert_accessible()
        visitor.panel.get_by_role("button", name="Ta bort samtalet").click()
        visitor.assert_accessible()
        visitor.panel.get_by_role("button", name="Nej, behåll").click()
        service.broken = [500]
        visitor.field.focus()
        send(visitor, "Fel")
        expect(visitor.panel.get_by_role("alert")).to_be_visible()
        visitor.assert_accessible()
        visitor.context.set_offline(True)
        visitor.press("Försök igen", back=True)
        expect(visitor.panel.get_by_role("alert")).to_contain_text("Vi når inte assistenten")
        visitor.assert_accessible()
        expected(visitor, "500", "ERR_INTERNET_DISCONNECTED")
        visitor.assert_nothing_objectionable()


def test_a_low_window_scrolls_to_everything_and_never_sideways(
    browser: Browser, widget: WidgetSite, service: Service
) -> None:
    every_kind(service)
    with Visitor.new(browser, widget.url, width=320, height=256) as visitor:
        visitor.go("/")
        visitor.open_chat()
        visitor.say("Visa allt")
        visitor.assert_fits()
        assert outside(visitor.page) == []
        for part in (visitor.field, visitor.panel.locator(".send"), visitor.panel.get_by_label("Stäng chatten")):
            part.scroll_into_view_if_needed()
            box = part.bounding_box()
            assert box
            assert box["x"] >= 0
            assert box["x"] + box["width"] <= 320
            assert box["y"] >= -1
            assert box["y"] + box["height"] <= 257
        visitor.assert_accessible()
        visitor.assert_nothing_objectionable()


@pytest.mark.parametrize("width", [1280, 360])
def test_text_of_double_size_is_not_clipped(browser: Browser, widget: WidgetSite, service: Service, width: int) -> None:
    every_kind(service)
    service.page = {"csp": "", "head": "<style>html { font-size: 32px }</style>"}
    with Visitor.new(browser, widget.url, width=width) as visitor:
        visitor.go("/")
        visitor.open_chat()
        assert style_of(visitor.page, ".text", "fontSize") == "32px", "sizes follow the root's"
        visitor.say("Visa allt")
        visitor.panel.get_by_role("button", name="Meny").click()
        assert clipped(visitor.page) == []
        assert outside(visitor.page) == []


@pytest.mark.parametrize("width", [1280, 360])
def test_text_with_wide_spacing_is_not_clipped(
    browser: Browser, widget: WidgetSite, service: Service, width: int
) -> None:
    every_kind(service)
    with Visitor.new(browser, widget.url, width=width) as visitor:
        visitor.go("/")
        visitor.open_chat()
        visitor.say("Visa allt")
        visitor.panel.get_by_role("button", name="Meny").click()
        visitor.page.evaluate(_SPACE)
        assert clipped(visitor.page) == []
        assert outside(visitor.page) == []


@pytest.mark.parametrize("name", THEMES)
@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_a_readable_theme_is_used_and_has_contrast(reader: Visitor, service: Service, name: str, scheme: str) -> None:
    reader.page.emulate_media(color_scheme=scheme)  # type: ignore[arg-type]  # one of two literals
    theme(THEMES[name], service)
    every_kind(service)
    reader.go("/")
    reader.open_chat()
    reader.say("Visa allt")
    red, green, blue = (int(THEMES[name][0][i : i + 2], 16) for i in (1, 3, 5))
    assert style_of(reader.page, "header", "backgroundColor") == f"rgb({red}, {green}, {blue})"
    reader.assert_accessible()
    panel = style_of(reader.page, ".panel", "backgroundColor")
    for part in (".choices button", "textarea", ".card"):
        assert contrast(style_of(reader.page, part, "borderTopColor"), panel) >= 3, part


def test_colours_can_be_set_by_attributes_of_the_script(reader: Visitor, service: Service) -> None:
    accent, accent_text, surface, text = THEMES["yellow on black"]
    colours = f'data-accent="{accent}" data-accent-text="{accent_text}" data-surface="{surface}" data-text="{text}"'
    service.page = {"attributes": colours}
    reader.go("/")
    assert style_of(reader.page, ".launcher", "backgroundColor") == "rgb(255, 221, 0)"
    assert style_of(reader.page, ".launcher", "color") == "rgb(0, 0, 0)"
    reader.open_chat()
    assert style_of(reader.page, ".panel", "backgroundColor") == "rgb(16, 16, 16)"
    assert style_of(reader.page, ".panel", "color") == "rgb(255, 255, 255)"
    reader.assert_accessible()


def test_colours_of_attributes_that_cannot_be_read_are_refused_as_well(reader: Visitor, service: Service) -> None:
    service.page = {"attributes": 'data-accent="#ffcc00" data-accent-text="#ffffff"'}
    reader.go("/")
    assert style_of(reader.page, ".launcher", "backgroundColor") == "rgb(122, 42, 32)"
    expected(reader, "default colours")


@pytest.mark.parametrize(
    "bad",
    [
        pytest.param(("#0b4f8a", "#ffffff", "#ffffff", "#767676"), id="the text, where an answer stands"),
        pytest.param(("#0b4f8a", "#ffffff", "#444444", "#ffffff"), id="the field's border"),
        ("#ffcc00", "#ffffff", "#ffffff", "#1a1a1a"),
        ("#0b4f8a", "#ffffff", "#ffffff", "#999999"),
        ("#0b4f8a80", "#ffffff", "#ffffff", "#1a1a1a"),
        ("inget", "#ffffff", "#ffffff", "#1a1a1a"),
    ],
)
def test_a_theme_that_cannot_be_read_is_refused(
    reader: Visitor, service: Service, bad: tuple[str, str, str, str]
) -> None:
    theme(bad, service)
    reader.go("/")
    assert style_of(reader.page, ".launcher", "backgroundColor") == "rgb(122, 42, 32)"
    assert any("default colours are used" in text for text in reader.complaints)
    expected(reader, "default colours")


def test_with_reduced_motion_nothing_moves(reader: Visitor, service: Service) -> None:
    reader.page.emulate_media(reduced_motion="reduce")
    every_kind(service)
    service.delay_s = 1.6
    reader.go("/")
    reader.open_chat()
    send(reader, "Visa allt")
    expect(reader.panel.locator(".typing")).to_be_visible()
    assert reader.page.evaluate("document.getAnimations().length") == 0
    assert reader.page.evaluate("document.querySelector('industri-chatt').shadowRoot.getAnimations().length") == 0
    assert style_of(reader.page, ".scroll", "scrollBehavior") == "auto"
    expect(reader.replies.nth(1)).to_be_visible()


def test_forced_colours_keep_borders_focus_and_the_switch(reader: Visitor, service: Service) -> None:
    reader.page.emulate_media(forced_colors="active")
    service.answer = lambda text: [message("Ja.", choices=("Mer",), data={"easy": True})]
    reader.go("/")
    reader.open_chat()
    reader.choose("Lätt svenska")
    for part in (
        ".panel",
        ".launcher",
        ".bare",
        ".switch",
        ".human",
        ".choices button",
        "textarea",
        ".send",
        ".bot > .text",
    ):
        width, style, colour = (style_of(reader.page, part, f"borderTop{name}") for name in ("Width", "Style", "Color"))
        behind = style_of(reader.page, ".panel", "backgroundColor")
        if part != ".panel":
            assert contrast(colour, behind) >= 3, part
        assert (float(width[:-2]) >= 1, style) == (True, "solid") or style == "dashed", part
    reader.tab_to("Meny", back=True)
    assert style_of(reader.page, ".bare", "outlineStyle") == "solid"
    knob = reader.panel.locator(".switch").evaluate("(node) => getComputedStyle(node, '::before').backgroundColor")
    assert contrast(knob, style_of(reader.page, ".panel", "backgroundColor")) >= 3


@pytest.mark.parametrize(("kind", "lang"), [("arabic", "ar"), ("persian", "fa")])
def test_an_answer_in_another_language_carries_it_and_is_written_from_the_right(
    reader: Visitor, service: Service, kind: str, lang: str
) -> None:
    service.answer = lambda text: [KINDS[kind]] if text == "سلام" else [message("Svar.")]
    reader.go("/")
    reader.open_chat()
    assert reader.page.locator("industri-chatt").get_attribute("lang") == "sv"
    reader.listen()
    reader.say("سلام")
    bubble = reader.replies.last.locator(".text")
    assert [bubble.get_attribute("lang"), bubble.get_attribute("dir")] == [lang, "rtl"]
    assert bubble.evaluate("(node) => getComputedStyle(node).direction") == "rtl"
    own = reader.panel.locator("li.user .text").last
    assert own.get_attribute("lang") == lang
    assert own.evaluate("(node) => getComputedStyle(node).direction") == "rtl"
    reader.wait_to_hear(KINDS[kind]["text"])
    assert reader.panel.locator("[role=log] > [lang]").count() <= 1
    reader.say("Hej")
    bubble = reader.replies.last.locator(".text")
    assert bubble.get_attribute("lang") == "sv"
    assert bubble.evaluate("(node) => getComputedStyle(node).direction") == "ltr"
    reader.assert_accessible()


def test_the_part_of_a_button_that_is_in_another_language_carries_it(reader: Visitor, service: Service) -> None:
    service.answer = lambda text: [KINDS["arabic"], message("Svar.", choices=("Svetsare (Arvika)",))]
    reader.go("/")
    reader.open_chat()
    reader.say("سلام")
    button = reader.panel.get_by_role("button", name="حجز موعد (Boka möte)", exact=True)
    assert button.locator("span").evaluate("(node) => [node.lang, node.innerText]") == ["ar", "حجز موعد"]
    assert button.evaluate("(node) => getComputedStyle(node).direction") == "rtl"
    swedish = reader.panel.get_by_role("button", name="Svetsare (Arvika)")
    assert swedish.locator("[lang]").count() == 0
