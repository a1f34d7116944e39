"""Staff keep places, occupations and answers in a real browser, with the keyboard alone. Needs the api only."""

from __future__ import annotations

from pathlib import Path

import pytest
from playwright.sync_api import Browser, expect

from tests.browser.staff_site import fill, judge, passwords_of
from tests.browser.visitor import Visitor

pytestmark = pytest.mark.browser


def width(desk: Visitor) -> int:
    """To keep the walks of the two windows apart: they share a database."""
    return desk.page.viewport_size["width"] if desk.page.viewport_size else 0


def save(desk: Visitor) -> None:
    desk.press("Spara")


def done(desk: Visitor, sentence: str) -> None:
    expect(desk.page.get_by_role("status").first).to_contain_text(sentence)


def test_a_node_is_put_right_doubted_and_taken_back(desk: Visitor) -> None:
    desk.go("/personal/orter")
    judge(desk, "Orter")
    desk.press("Industrinoden i Sunne")
    judge(desk, "Ändra Industrinoden i Sunne")
    before = desk.page.locator("#f-email").input_value()
    fill(desk, "f-phone", "ring oss")
    desk.page.keyboard.press("Enter")
    judge(desk, "Fel: Ändra Industrinoden i Sunne")
    desk.press("Telefon: Skriv ett telefonnummer")
    assert desk.page.evaluate("document.activeElement.id") == "f-phone"
    desk.page.keyboard.press("Control+A")
    desk.page.keyboard.type("031-390 06 15")
    fill(desk, "f-email", f"maria.{width(desk)}@example.org")
    desk.page.keyboard.press("Enter")
    judge(desk, "Kontrollera: Ändra Industrinoden i Sunne")
    expect(desk.page.get_by_role("alert")).to_contain_text("ser ut som ett personnamn")
    save(desk)
    judge(desk, "Ändra Industrinoden i Sunne")
    done(desk, "Ändringarna är sparade.")
    desk.press("Ångra")
    done(desk, "Ändringen är ångrad.")
    judge(desk, "Ändra Industrinoden i Sunne")
    assert desk.page.locator("#f-email").input_value() == before
    desk.press("Historik")
    judge(desk, "Historik: Industrinoden i Sunne")


def test_a_node_is_put_up_and_removed(desk: Visitor) -> None:
    name = f"Provnoden {width(desk)}"
    desk.go("/personal/orter/ny-nod")
    judge(desk, "Lägg upp en nod")
    save(desk)
    judge(desk, "Fel: Lägg upp en nod")
    for field, text in (
        ("f-name", name),
        ("f-town", "Grums"),
        ("f-municipality_id", "Grums"),
        ("f-profile", "Här provar du."),
        ("f-equipment", "En provbänk."),
        ("f-phone", "031-390 06 30"),
        ("f-email", "prov@example.org"),
        ("f-opening_hours", "Måndag 8.00–12.00"),
        ("f-lat", "59,35"),
        ("f-lon", "13,11"),
    ):
        fill(desk, field, text)
    save(desk)
    judge(desk, "Orter")
    done(desk, "Det är upplagt.")
    desk.press(name)
    judge(desk, f"Ändra {name}")
    desk.press("Ta bort noden")
    judge(desk, f"Ta bort {name}")
    desk.press("Ta bort noden")
    judge(desk, "Orter")
    done(desk, "Det är borttaget.")
    expect(desk.page.get_by_role("link", name=name)).to_have_count(0)


def test_names_of_a_municipality_and_a_counsellors_function(desk: Visitor) -> None:
    desk.go("/personal/orter/ny-kommun")
    judge(desk, "Lägg upp en kommun")
    desk.go("/personal/orter")
    desk.press("Filipstad")
    judge(desk, "Ändra Filipstad")
    fill(desk, "f-misspellings", "Karlstad")
    save(desk)
    judge(desk, "Fel: Ändra Filipstad")
    fill(desk, "f-misspellings", f"filipstadd{'a' * (width(desk) // 300)}")
    save(desk)
    judge(desk, "Ändra Filipstad")
    done(desk, "Ändringarna är sparade.")
    desk.go("/personal/orter")
    desk.press("Studie- och yrkesvägledare, Hagfors")
    judge(desk, "Ändra Studie- och yrkesvägledare, Hagfors")
    fill(desk, "f-title", "Kim Exempelsson")
    desk.page.keyboard.press("Enter")
    judge(desk, "Kontrollera: Ändra Studie- och yrkesvägledare, Hagfors")
    fill(desk, "f-title", "Studie- och yrkesvägledare, Hagfors")
    desk.page.keyboard.press("Enter")
    judge(desk, "Ändra Studie- och yrkesvägledare, Hagfors")


def test_an_occupation_is_previewed_and_stored(desk: Visitor) -> None:
    desk.go("/personal/yrken")
    judge(desk, "Yrken")
    desk.press("Slipare")
    judge(desk, "Ändra Slipare")
    text = f"Du slipar metall i {width(desk)} timmar."
    fill(desk, "f-summary", text)
    desk.press("Förhandsgranska")
    judge(desk, "Ändra Slipare")
    expect(desk.page.get_by_role("heading", name="Så svarar assistenten")).to_be_visible()
    expect(desk.page.locator(".preview")).to_contain_text(text)
    save(desk)
    done(desk, "Ändringarna är sparade.")
    desk.press("Ta bort yrket")
    expect(desk.page).to_have_title("Ta bort Slipare – Industrivägledaren")
    judge(desk, "Ta bort Slipare")
    desk.go("/personal/yrken/nytt")
    judge(desk, "Lägg upp ett yrke")
    save(desk)
    judge(desk, "Fel: Lägg upp ett yrke")


def test_an_answer_is_found_previewed_stored_and_taken_back(desk: Visitor) -> None:
    desk.go("/personal/svar")
    judge(desk, "Svar")
    fill(desk, "sok", "betyg intyg")
    desk.page.keyboard.press("Enter")
    judge(desk, "Svar")
    desk.press("Betyg och intyg")
    judge(desk, "Ändra svaret: Betyg och intyg")
    fill(desk, "f-button_1_title", " ")
    desk.press("Förhandsgranska")
    judge(desk, "Fel: Ändra svaret: Betyg och intyg")
    fill(desk, "f-button_1_title", "Så söker jag")
    fill(desk, "f-easy", "Du får ett papper.")
    desk.press("Förhandsgranska")
    judge(desk, "Ändra svaret: Betyg och intyg")
    expect(desk.page.locator(".preview")).to_contain_text("Så söker jag")
    expect(desk.page.locator(".preview")).to_contain_text("Du får ett papper.")
    save(desk)
    done(desk, "Ändringarna är sparade.")
    desk.press("Ångra")
    done(desk, "Ändringen är ångrad.")
    desk.press("Jag har kontrollerat texten i dag")
    done(desk, "Texten är kontrollerad i dag.")
    desk.press("Ångra")
    done(desk, "Ändringen är ångrad.")
    judge(desk, "Ändra svaret: Betyg och intyg")


def test_the_answer_for_a_crisis_is_guarded(desk: Visitor) -> None:
    desk.go("/personal/svar/crisis")
    judge(desk, "Ändra svaret: Om du mår mycket dåligt")
    fill(desk, "f-text", "Berätta för någon.")
    save(desk)
    judge(desk, "Kontrollera: Ändra svaret: Om du mår mycket dåligt")
    expect(desk.page.get_by_role("alert")).to_contain_text("numret 112 finns inte kvar")
    expect(desk.page.get_by_role("alert")).to_contain_text("numret 1177 finns inte kvar")


def test_two_people_at_the_same_answer(desk: Visitor) -> None:
    desk.go("/personal/svar/greet")
    title = f"Hej {width(desk)}"
    first = desk.new_tab()
    desk.go("/personal/svar/greet")
    fill(desk, "f-title", title)
    desk.page.keyboard.press("Enter")
    done(desk, "Ändringarna är sparade.")
    desk.page.close()
    desk.page = first
    fill(desk, "f-button_1_title", f"Sök {width(desk)}")
    desk.page.keyboard.press("Enter")
    expect(desk.page).to_have_title(f"Fel: Ändra svaret: {title} – Industrivägledaren")
    judge(desk, f"Fel: Ändra svaret: {title}")
    expect(desk.page.get_by_role("alert")).to_contain_text("Någon annan har ändrat här medan du skrev.")
    save(desk)
    judge(desk, f"Ändra svaret: {title}")
    assert desk.page.locator("#f-button_1_title").input_value() == f"Sök {width(desk)}"


def test_everything_works_without_scripts(browser: Browser, site: str, data_dir: Path) -> None:
    context = browser.new_context(java_script_enabled=False)
    page = context.new_page()
    page.goto(f"{site}/personal/svar/thank")
    page.fill("#login", "staff")
    page.fill("#password", passwords_of(data_dir)["staff"])
    page.keyboard.press("Enter")
    page.fill("#f-easy", "Tack själv!")
    page.get_by_role("button", name="Förhandsgranska").click()
    expect(page.locator(".preview")).to_contain_text("Tack själv!")
    page.get_by_role("button", name="Spara").click()
    expect(page.get_by_role("status")).to_contain_text("Ändringarna är sparade.")
    context.close()
