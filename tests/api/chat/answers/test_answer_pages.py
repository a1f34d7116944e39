"""`/personal/svar`: what staff write is what the assistant says, at once."""

from __future__ import annotations

import re
from datetime import date
from typing import Any

import pytest
from sqlalchemy import select

from api.guidance.tables import Answer
from tests.api.staff.conftest import SETTINGS, Browser, House
from tests.api.staff.desk import form_of, send, send_again

PATH = "/personal/svar"
COST = f"{PATH}/cost"
CRISIS = f"{PATH}/crisis"


def answer(house: House, topic: str = "cost") -> Answer:
    with house.database.transaction(read_only=True) as session:
        return session.get_one(Answer, topic)


async def said(house: House, topic: str, **more: Any) -> dict[str, Any]:
    """What the action server gets for a question on this topic."""
    body = {"topic": topic, "said": {}, "context": {}, **more}
    headers = {"Authorization": f"Bearer {SETTINGS['service_token']}"}
    response = await house.browser().client.post("/internal/v1/answers", json=body, headers=headers)
    assert response.status_code == 200, response.text
    message: dict[str, Any] = response.json()["answers"][0]["messages"][0]
    return message


async def test_an_edited_answer_is_what_the_assistant_says_at_once(house: House, staff: Browser) -> None:
    before = await said(house, "cost")
    saved = await send(
        staff,
        COST,
        text="Utbildningen kostar inget.\nBöcker kan kosta.",
        easy="Det kostar inget.",
        button_1_title="Se utbildningar",
        button_1_goes='/course_search{"occupation": "svetsare"}',
    )
    assert saved.status_code == 303
    after = await said(house, "cost")
    assert after["text"] == "Utbildningen kostar inget.\nBöcker kan kosta." != before["text"]
    assert (await said(house, "cost", easy=True))["text"] == "Det kostar inget."
    assert after["choices"][0]["payload"] == '/course_search{"occupation": "svetsare"}'
    assert after["choices"][1:] == before["choices"][1:]
    page = await staff.get(saved.headers["location"])
    undo = re.search(r'action="(/personal/angra/[0-9a-f]+)"', page.text)
    assert undo
    await staff.post(undo[1], here=COST)
    assert (await said(house, "cost"))["text"] == before["text"]


async def test_the_preview_shows_what_the_chat_would_say_and_stores_nothing(house: House, staff: Browser) -> None:
    before = answer(house).text
    page = await send(staff, COST, text="Helt ny text om pengar.", visa="ja")
    assert page.status_code == 200
    assert '<p class="text">Helt ny text om pengar.</p>' in page.text
    assert "Inget är sparat än." in page.text
    assert form_of(page, COST)["text"] == "Helt ny text om pengar."
    assert answer(house).text == before
    assert "answer.edit" not in house.actions()


async def test_every_answer_has_a_page_with_its_preview(house: House, staff: Browser) -> None:
    with house.database.transaction(read_only=True) as session:
        topics = list(session.scalars(select(Answer.topic)))
    assert len(topics) > 69
    for topic in topics:
        page = await staff.get(f"{PATH}/{topic}")
        assert page.status_code == 200, topic
        assert "Så visar chatten svaret" in page.text
        kept = await send_again(staff, f"{PATH}/{topic}", page)
        assert kept.headers.get("location") == f"{PATH}/{topic}?klart=utan_andring", topic


@pytest.mark.parametrize(
    ("fields", "wrong", "reason"),
    [
        ({"text": ""}, "text", "Fyll i fältet."),
        ({"easy": ""}, "easy", "Fyll i fältet."),
        ({"title": "x" * 31}, "title", "Högst 30 tecken"),
        ({"text": "Ring 19850212-1234."}, "text", "personnummer"),
        ({"button_1_title": ""}, "button_1_title", "Skriv vad som ska stå"),
        ({"button_1_goes": ""}, "button_1_goes", "Välj vart knappen leder"),
        ({"button_1_goes": "/no_such_topic"}, "button_1_goes", "finns inte längre"),
        ({"button_1_goes": "/restart{}"}, "button_1_goes", "finns inte längre"),
        ({"button_1_goes": "/nlu_fallback"}, "button_1_goes", "finns inte längre"),
        ({"button_1_goes": '/course_search{"occupation": "x"}'}, "button_1_goes", "finns inte längre"),
        ({"button_1_goes": "/cost"}, "button_1_goes", "Välj ett annat"),
        ({"button_1_goes": "/greet", "button_2_goes": "/greet"}, "button_2_goes", "Två knappar"),
        ({"source_title": ""}, "source_title", "namn, adress och datum"),
        ({"source_url": "http://example.org"}, "source_url", "https://"),
        ({"source_url": "javascript:alert(1)"}, "source_url", "https://"),
        ({"checked_on": "2026-11-24"}, "checked_on", "inte här än"),
        ({"checked_on": "2026-11-20", "review_on": "2026-11-20"}, "review_on", "efter kontrollen"),
        ({"checked_on": "2026-11-20", "review_on": "2027-11-21"}, "review_on", "20 november 2027"),
        ({"source_title": "", "source_url": "", "checked_on": ""}, "review_on", "Fyll i källan också"),
    ],
)
async def test_a_wrong_field_is_told_and_nothing_is_stored(
    house: House, staff: Browser, fields: dict[str, str], wrong: str, reason: str
) -> None:
    page = await send(staff, COST, **fields)
    assert page.status_code == 422
    assert "<title>Fel: Ändra svaret" in page.text
    assert f'href="#f-{wrong}"' in page.text
    assert reason in page.text
    assert "answer.edit" not in house.actions()


async def test_the_review_is_a_year_after_the_check_when_nobody_says_else(house: House, staff: Browser) -> None:
    await send(staff, COST, checked_on="2026-11-20", review_on="")
    assert answer(house).review_on == date(2027, 11, 20)


async def test_an_answer_is_checked_with_one_click_and_that_can_be_taken_back(house: House, staff: Browser) -> None:
    before = answer(house)
    await staff.get(COST)
    done = await staff.post(f"{COST}/kontrollerat")
    now = answer(house)
    assert (now.checked_on, now.review_on) == (date(2026, 11, 23), date(2027, 11, 23))
    page = await staff.get(done.headers["location"])
    assert "Texten är kontrollerad i dag." in page.text
    undo = re.search(r'action="(/personal/angra/[0-9a-f]+)"', page.text)
    assert undo
    await staff.post(undo[1], here=COST)
    assert answer(house).checked_on == before.checked_on
    await staff.get(f"{PATH}/greet")
    await staff.post(f"{PATH}/greet/kontrollerat")
    assert answer(house, "greet").checked_on is None


async def test_an_emergency_number_does_not_go_away_without_a_question(house: House, staff: Browser) -> None:
    text = answer(house, "crisis").text
    page = await send(staff, CRISIS, text=text.replace("112", "nödnumret"))
    assert page.status_code == 422
    assert "<title>Kontrollera: Ändra svaret" in page.text
    assert "numret 112 finns inte kvar" in page.text
    assert "112" in answer(house, "crisis").text
    other = await send_again(staff, CRISIS, page, text=text.replace("112", "nödnumret").replace("1177", "vården"))
    assert other.status_code == 422
    assert "numret 1177 finns inte kvar" in other.text
    assert (await send_again(staff, CRISIS, other)).status_code == 303
    assert "nödnumret" in (await said(house, "cost", distress=True))["text"]


async def test_two_people_at_the_same_answer(house: House, staff: Browser, colleague: Browser) -> None:
    shown = form_of(await staff.get(COST), COST)
    await send(colleague, COST, easy="Kollegans lätta text.")
    page = await staff.post(COST, **{**shown, "title": "Vad kostar det?"})
    assert page.status_code == 409
    assert "Kollegans lätta text." in page.text
    assert answer(house).title != "Vad kostar det?"
    assert (await send_again(staff, COST, page)).status_code == 303
    assert (answer(house).title, answer(house).easy) == ("Vad kostar det?", "Kollegans lätta text.")


async def test_the_history_is_in_words(house: House, staff: Browser) -> None:
    await send(staff, COST, button_1_title="Hej", button_1_goes="/greet", review_on="2026-12-24")
    page = await staff.get("/personal/historik/answer/cost")
    for words in ("Knappar", "Hej: leder till Hej", "Kontrollera igen senast", "<ins>2026-12-24</ins>"):
        assert words in page.text
    restore = re.search(r'action="(/personal/historik/answer/cost/\d+)"', page.text)
    assert restore
    await staff.post(restore[1])
    assert answer(house).choices[0]["title"] != "Hej"


async def test_answers_to_check_are_on_the_start_page_and_in_a_list(house: House, staff: Browser) -> None:
    assert "Svar att kontrollera igen" not in (await staff.get("/personal")).text
    with house.database.transaction() as session:
        session.get_one(Answer, "cost").review_on = date(2026, 11, 23)
    assert "Svar att kontrollera igen (1)" in (await staff.get("/personal")).text
    page = await staff.get(f"{PATH}?visa=forsenade")
    assert "1 svar" in page.text
    assert "Dags nu" in page.text
    assert 'href="/personal/svar/cost"' in page.text
    assert "Dags att kontrollera." in (await staff.get(COST)).text


@pytest.mark.parametrize(
    ("query", "shown", "hidden"),
    [
        ("visa=utan-kalla", "greet", "cost"),
        ("visa=svara", "", "greet"),
        ("visa=utan-latt", "", "greet"),
        ("sok=omstallning", "", "greet"),
        ("sok=%FF", "", ""),
        ("sok=hej+roligt", "greet", "cost"),
        ("ordning=rubrik", "greet", ""),
    ],
)
async def test_the_list_is_searched_and_filtered(staff: Browser, query: str, shown: str, hidden: str) -> None:
    page = await staff.get(f"{PATH}?{query}")
    assert page.status_code == 200
    found = set(re.findall(r'href="/personal/svar/(\w+)"', page.text))
    assert not shown or shown in found
    assert not hidden or hidden not in found


@pytest.mark.parametrize("topic", ["no_such_topic", "%00", "x" * 300])
async def test_an_answer_that_is_not_there_is_told(staff: Browser, topic: str) -> None:
    assert (await staff.get(f"{PATH}/{topic}")).status_code in {404, 422}
