"""Every kind of message, drawn: what stands on its cards, what can be pressed, and the text that needs no cards."""

from __future__ import annotations

import pytest
from playwright.sync_api import Locator, expect

from tests.browser.visitor import Visitor
from tests.browser.widget_kinds import KINDS, in_days
from tests.browser.widget_site import Service, message

pytestmark = pytest.mark.browser


def shown(visitor: Visitor, service: Service, kind: str) -> Locator:
    """The answer of a kind, as it stands in the chat."""
    service.answer = lambda text: [KINDS[kind]]
    visitor.go("/")
    visitor.open_chat()
    visitor.say("Visa")
    return visitor.replies.last


def test_course_cards_say_when_one_must_apply_and_how_long_it_is_until_then(reader: Visitor, service: Service) -> None:
    reply = shown(reader, service, "courses")
    cards = reply.locator(".card")
    expect(cards.first).to_contain_text("Exempeldata")
    expect(cards.first).to_contain_text("11 januari 2027")
    assert cards.locator("strong:visible").all_inner_texts() == ["3 dagar kvar", "sista dagen i dag"]
    expect(cards.nth(1)).to_contain_text("Löpande")
    expect(cards.nth(2)).to_contain_text("Fullt just nu")
    expect(reply.locator(".card:visible")).to_have_count(3)
    reader.press("Visa fler (2)", back=True)
    expect(reply.locator(".card:visible")).to_have_count(5)
    assert reader.focused == "Svetsare, grund 4"
    expect(cards.nth(3).locator("strong")).to_have_text("1 dag kvar")
    expect(reply).to_contain_text("Totalt 9 resultat.")
    expect(reply.get_by_role("link", name="Svetsare, grund 1")).to_have_attribute(
        "href", f"{reader.url}/utbildningar/1"
    )


@pytest.mark.parametrize(
    ("days", "words"),
    [(-1, "har passerat"), (0, "sista dagen i dag"), (1, "1 dag kvar"), (30, "30 dagar kvar"), (31, "")],
)
def test_the_days_that_are_left(reader: Visitor, service: Service, days: int, words: str) -> None:
    item = {"title": "Svetsare", "apply_to": in_days(days)}
    service.answer = lambda text: [message("En.", kind="course", data=item)]
    reader.go("/")
    reader.open_chat()
    reader.say("Visa")
    assert "".join(reader.replies.last.locator("strong").all_inner_texts()) == words


@pytest.mark.parametrize("kind", ["nodes", "contact"])
def test_places_can_be_called_and_written_to_by_a_tap(reader: Visitor, service: Service, kind: str) -> None:
    reply = shown(reader, service, kind)
    expect(reply.get_by_role("link", name="Ring 031-390 60 01")).to_have_attribute("href", "tel:0313906001")
    expect(reply.get_by_role("link", name="arvika@example.org")).to_have_attribute("href", "mailto:arvika@example.org")
    expect(reply.locator(".card").first).to_contain_text("4 km")
    expect(reply.locator(".card:visible")).to_have_count(3)


def test_an_occupation_unfolds(reader: Visitor, service: Service) -> None:
    reply = shown(reader, service, "occupation")
    expect(reply.get_by_text("god syn")).to_be_hidden()
    reader.press("Mer om yrket", back=True)
    expect(reply.get_by_text("god syn")).to_be_visible()
    expect(reply.locator("dt")).to_have_text(["Det här krävs", "Det här ger jobbet samhället", "Vägar vidare"])
    expect(reply.get_by_text("inga broar")).to_be_visible()


def test_times_stand_under_their_day_and_are_chosen_whole(reader: Visitor, service: Service) -> None:
    reply = shown(reader, service, "slots")
    thursday = reply.get_by_role("group", name="torsdag 14 januari")
    assert thursday.get_by_role("button").all_inner_texts() == ["09.00", "13.00"]
    expect(thursday.get_by_role("button").first).to_have_attribute("aria-label", "torsdag 14 januari kl. 09.00")
    service.answer = lambda text: [message(f"Vald: {text}")]
    reader.choose("torsdag 14 januari kl. 13.00")
    assert reader.last_reply.startswith("Assistenten\n\nVald: torsdag 14 januari kl. 13.00")


def test_a_receipt_has_its_calendar_file_and_the_way_to_change_it(reader: Visitor, service: Service) -> None:
    reply = shown(reader, service, "booking")
    expect(reply).to_contain_text("IV-7K2MP")
    expect(reply).to_contain_text("torsdag 14 januari kl. 13.00–13.30")
    expect(reply.locator("dl > div").filter(has_text="Tolk")).to_have_text("Tolkarabiska")
    calendar = reply.get_by_role("link", name="Lägg till i kalendern")
    expect(calendar).to_have_attribute("href", f"{reader.url}/mote/abc/mote.ics")
    expect(reply.get_by_role("link", name="Ändra eller avboka")).to_have_attribute("href", f"{reader.url}/mote/abc")


def test_vacancies_open_elsewhere_and_say_so(reader: Visitor, service: Service) -> None:
    reply = shown(reader, service, "vacancies")
    link = reply.get_by_role("link", name="Svetsare 1 (öppnas i ny flik)")
    assert [link.get_attribute("target"), link.get_attribute("rel")] == ["_blank", "noopener"]
    expect(reply.get_by_role("button", name="Visa fler (2)")).to_be_visible()


def test_an_event_says_when_where_and_how_many_places_are_left(reader: Visitor, service: Service) -> None:
    reply = shown(reader, service, "events")
    first, full, online, cancelled = reply.locator(".card").all()
    for words in ("Informationsmöte", "onsdag 20 januari kl. 17.00–18.00", "Exempelgatan 1, Arvika", "Platser kvar4"):
        expect(first).to_contain_text(words)
    expect(first).not_to_contain_text("Sista dag")
    expect(first.get_by_role("link", name="Informationsmöte")).to_have_attribute(
        "href", f"{reader.url}/traffar/traff-1"
    )
    expect(full).to_contain_text("Platser kvarFullt, men du kan ställa dig i kö")
    expect(full).to_contain_text("Sista dag att anmäla sig")
    expect(full.locator("strong")).to_have_text("3 dagar kvar")
    expect(online).not_to_contain_text("Platser kvar")
    expect(cancelled).to_contain_text("StatusInställd")


def test_a_source_stands_small_below_with_its_day(reader: Visitor, service: Service) -> None:
    reply = shown(reader, service, "text")
    link = reply.get_by_role("link", name="Källa: CSN, studiemedel, kontrollerad 21 november 2026")
    assert link.evaluate("(node) => parseFloat(getComputedStyle(node).fontSize)") == 14
    assert reply.locator(".text a").evaluate_all("(all) => all.map((link) => link.getAttribute('href'))") == [
        "https://www.csn.se/bidrag", "mailto:vagledning@example.org"
    ]  # fmt: skip


@pytest.mark.parametrize("kind", sorted(KINDS))
def test_the_text_is_whole_where_no_card_is_drawn(reader: Visitor, service: Service, kind: str) -> None:
    service.answer = lambda text: [KINDS[kind] | {"kind": "okänd", "data": {}, "choices": []}]
    reader.go("/")
    reader.open_chat()
    reader.say("Visa")
    words = reader.replies.last.locator(".text").inner_text().replace("(öppnas i ny flik)", "")
    assert "".join(words.split()) == "".join(KINDS[kind]["text"].split())
    assert reader.replies.last.locator(".card").count() == 0
