"""“Prova en fråga”: what the page says, what it keeps (nothing), and what it says when the bot cannot answer."""

from __future__ import annotations

import logging
import re
from html import unescape

import httpx
import pytest
from fastapi import APIRouter
from sqlalchemy import func, select

from api.chat.tables import Conversation, Message
from api.privacy.tables import ContactToken
from api.staff.roles import Staff
from tests.api.chat.conftest import message
from tests.api.chat.trial.conftest import PATH, Bot, entity, understanding
from tests.api.staff.conftest import Browser, House

QUESTION = "vad kostar det att bli svetsare i Arvika"


def words(page: httpx.Response) -> str:
    """What the page says, without its mark-up."""
    main = page.text.partition("<main")[2].partition("</main>")[0]
    return " ".join(unescape(re.sub(r"<[^>]+>", " ", main)).split())


def rows(house: House) -> list[int | None]:
    with house.database.transaction(read_only=True) as session:
        return [
            session.scalar(select(func.count()).select_from(each)) for each in (Conversation, Message, ContactToken)
        ]


async def test_the_page_shows_the_topic_how_sure_what_else_it_might_be_and_the_reply(staff: Browser, bot: Bot) -> None:
    bot.understood = understanding(
        ("cost", 0.81),
        ("csn", 0.12),
        ("apply_how", 0.004),
        entities=[entity("place", "Arvika", 34, 40), entity("occupation", "svetsare", 23, 31, 0.8)],
    )
    page = await staff.post(PATH, text=QUESTION)
    assert page.status_code == 200
    said = words(page)
    assert "Ämne Kostnad (cost)" in said
    assert "Säker, 81 %" in said
    assert "Studiemedel från CSN (csn) 12 %" in said
    assert "Så söker du" not in said
    assert "Yrke: Svetsare , av svetsare (ordet är inte stavat som i registret)" in said
    assert "Ort: Arvika , av Arvika" in said
    assert "Det kostar inget." in said


async def test_the_question_stays_in_the_field_and_out_of_addresses_and_stores(staff: Browser) -> None:
    page = await staff.post(PATH, text=QUESTION)
    assert re.search(rf"<textarea[^>]*>\n{QUESTION}</textarea>", page.text)
    assert page.headers["cache-control"] == "no-store"
    assert page.history == []
    assert "?" not in str(page.url)


async def test_nothing_is_stored_or_counted_and_the_bot_forgets_at_once(staff: Browser, house: House, bot: Bot) -> None:
    before = rows(house)
    await staff.post(PATH, text=f"{QUESTION}, ring 070-174 06 05")
    assert rows(house) == before == [0, 0, 0]
    (turn,) = bot.paths("POST", "/turns")
    assert bot.paths("DELETE") == [turn.removesuffix("/turns")]


async def test_what_is_written_is_in_no_log(staff: Browser, bot: Bot, caplog: pytest.LogCaptureFixture) -> None:
    caplog.set_level(logging.DEBUG, "api")
    for failing in (None, 500):
        bot.turn_fails = failing
        await staff.post(PATH, text=QUESTION)
    logged = " ".join(str(vars(record)) for record in caplog.records if record.name.startswith("api"))
    assert caplog.records
    assert "Arvika" not in logged


async def test_numbers_and_contacts_are_masked_as_for_everybody(staff: Browser, bot: Bot) -> None:
    page = await staff.post(PATH, text="jag heter 19900101-2384, ring 070-174 06 05 eller kim@example.org")
    assert "jag heter [personnummer], ring [telefonnummer] eller [e-postadress]" in words(page)
    assert re.search(r"kontakt-[0-9a-f]{24}", bot.bodies)
    for secret in ("2384", "06 05", "kim@"):
        assert secret not in bot.bodies


async def test_easy_swedish_is_asked_for_first_and_can_be_switched(staff: Browser, bot: Bot) -> None:
    page = await staff.post(PATH, text=QUESTION, easy="ja")
    sent = [body for method, path, body in bot.calls if path.endswith("/turns")]
    assert b'"/simplify"' in sent[0].replace(b" ", b"").replace(b'"text":', b"")
    assert QUESTION.encode() in sent[1]
    assert "Du ser svaret på lätt svenska" in words(page)
    assert "Visa på vanlig svenska" in words(page)
    assert 'name="easy" value="ja">\n' not in page.text.partition('class="undo"')[2]
    assert "Visa på lätt svenska" in words(await staff.post(PATH, text=QUESTION))


async def test_cards_buttons_and_source_are_shown_as_text(staff: Browser, bot: Bot) -> None:
    item = {"title": "Svetsare, grund", "node": "Arvika", "start": "2027-01-11", "pace": 50, "example": True}
    bot.messages = [
        message(
            "Här är en:\nSvetsare, grund i Arvika.",
            [{"title": "Så söker du", "payload": "/apply_how"}, {"title": "Pengar", "payload": "/csn"}],
            kind="courses",
            topic="course_search",
            data={"lead": "Här är en:", "items": [item], "total": 4},
            source={"title": "Skolverket", "url": "https://www.skolverket.se", "checked_on": "2026-11-01"},
        )
    ]
    said = words(await staff.post(PATH, text=QUESTION))
    assert "Här är en: Visas som kort: Svetsare, grund Exempeldata Ort: Arvika · Start: 11 januari 2027" in said
    assert "Takt: 50 %" in said
    assert "Sammanlagt finns 4." in said
    assert "Samma svar som ren text Här är en: Svetsare, grund i Arvika." in said
    assert "Källa: Skolverket , kontrollerad 2026-11-01" in said
    assert "Så söker du Pengar (ämnet Studiemedel från CSN)" in said


@pytest.mark.parametrize("text", ["", "  \n ", "\u200b"])
async def test_nothing_written_is_an_error_at_the_field(staff: Browser, bot: Bot, text: str) -> None:
    page = await staff.post(PATH, text=text)
    assert page.status_code == 422
    assert "<title>Fel: Prova en fråga" in page.text
    assert '<a href="#text">Meddelandet är tomt.' in page.text
    assert 'aria-invalid="true"' in page.text
    assert bot.calls == []


async def test_more_than_a_thousand_characters_are_an_error_at_the_field_and_stay_there(
    staff: Browser, bot: Bot
) -> None:
    assert (await staff.post(PATH, text="å" * 1000)).status_code == 200
    calls = len(bot.calls)
    page = await staff.post(PATH, text="å" * 1001)
    assert page.status_code == 422
    assert '<a href="#text">Meddelandet är för långt.' in page.text
    assert "å" * 1001 in page.text
    assert len(bot.calls) == calls


async def test_a_command_is_answered_as_in_the_chat_and_never_reaches_the_bot(staff: Browser, bot: Bot) -> None:
    said = words(await staff.post(PATH, text="/restart"))
    assert "Text som börjar med snedstreck tolkas aldrig" in said
    assert "Jag förstår bara vanlig text" in said
    assert bot.calls == []


async def test_what_stands_on_a_button_of_the_greeting_presses_it(staff: Browser, bot: Bot) -> None:
    bot.understood = understanding(("book_meeting", 1.0))
    said = words(await staff.post(PATH, text="boka möte"))
    assert "Texten står på en knapp i chattens hälsning" in said
    assert "/book_meeting" in bot.bodies
    assert "boka möte" not in bot.bodies


@pytest.mark.parametrize("failure", [500, 503, 401, 404, httpx.ConnectError, httpx.ReadTimeout])
async def test_without_the_bot_the_page_says_so_and_keeps_the_question(
    staff: Browser, bot: Bot, failure: int | type[httpx.HTTPError]
) -> None:
    bot.understanding_fails = failure
    page = await staff.post(PATH, text=QUESTION)
    assert page.status_code == 503
    assert "Det gick inte. Assistenten svarar inte just nu. Försök igen om en stund." in words(page)
    assert QUESTION in page.text
    assert "Så förstod assistenten" not in page.text
    assert bot.paths("POST", "/turns") == []


async def test_an_understanding_that_cannot_be_read_counts_as_none(staff: Browser, bot: Bot) -> None:
    bot.understood = {"topic": 7}
    assert (await staff.post(PATH, text=QUESTION)).status_code == 503


@pytest.mark.parametrize("failure", [500, httpx.ReadError, "empty", "hangs"])
async def test_understood_but_not_answered_shows_both_and_what_a_visitor_gets(
    staff: Browser, bot: Bot, failure: int | str | type[httpx.HTTPError]
) -> None:
    if failure == "empty":
        bot.messages = []
    elif failure == "hangs":
        bot.hangs = True
    else:
        bot.turn_fails = failure  # type: ignore[assignment]  # the two strings are dealt with above
    page = await staff.post(PATH, text=QUESTION)
    assert page.status_code == 200
    said = words(page)
    assert "Ämne Kostnad (cost)" in said
    assert "Svaret gick inte att hämta." in said
    assert "Jag kan tyvärr inte svara ordentligt just nu." in said
    assert "Ändra svaret" not in page.text
    assert len(bot.paths("DELETE")) == 1, "what it had begun is erased"


async def test_markup_in_a_question_is_shown_as_it_was_typed(staff: Browser) -> None:
    page = await staff.post(PATH, text="<b>fet</b></textarea><script>alert(1)</script>")
    assert "<b>fet</b>" not in page.text
    assert "&lt;b&gt;fet&lt;/b&gt;" in page.text
    assert "<script>alert" not in page.text


class TestTheLinkToTheAnswer:
    @pytest.fixture
    def answer_pages(self, house: House) -> None:
        """A page for each answer, as staff get one."""
        router = APIRouter()

        @router.get("/personal/svar/{topic}")
        def edit(topic: str, account: Staff) -> None:
            """Stands where the page will be."""

        house.app.include_router(router)

    async def test_leads_to_the_page_of_the_reply_s_topic(self, answer_pages: None, staff: Browser) -> None:
        assert 'href="/personal/svar/cost"' in (await staff.post(PATH, text=QUESTION)).text

    async def test_leads_to_the_crisis_answer_when_that_was_given(
        self, answer_pages: None, staff: Browser, bot: Bot
    ) -> None:
        bot.understood = understanding(("human_contact", 1.0), entities=[entity("distress", "yes")])
        bot.messages = [message("Ring 112.", topic="human_contact")]
        page = await staff.post(PATH, text="x")
        assert 'href="/personal/svar/crisis"' in page.text
        assert "akut kris" in words(page)

    async def test_is_not_there_when_the_reply_asks_back(self, answer_pages: None, staff: Browser, bot: Bot) -> None:
        bot.understood = understanding(("nlu_fallback", 0.25), ("cost", 0.2), ("csn", 0.1))
        bot.messages = [message("Menade du?", topic="nlu_fallback", kind="choices")]
        page = await staff.post(PATH, text=QUESTION)
        assert "/personal/svar/" not in page.text.replace('href="/personal/svar"', "")
        assert "Inget ämne valdes" in words(page)

    async def test_is_not_there_when_there_is_no_such_answer(
        self, answer_pages: None, staff: Browser, bot: Bot
    ) -> None:
        bot.understood = understanding(("invented", 0.9))
        bot.messages = [message("Hej", topic="invented")]
        page = await staff.post(PATH, text=QUESTION)
        assert "/personal/svar/invented" not in page.text
        assert "Ämne invented" in words(page)


@pytest.mark.parametrize(("role", "status"), [("admin", 200), ("staff", 200), ("counsellor", 403)])
async def test_only_staff_may_try(house: House, role: str, status: int) -> None:
    browser = house.signed_in(house.account(role=role))
    assert (await browser.get(PATH)).status_code == status
    assert (await browser.get("/personal")).text.count(f'href="{PATH}"') == (1 if status == 200 else 0)
