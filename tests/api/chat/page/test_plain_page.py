"""The plain page: what is begun and kept, what can go wrong, and who may send its forms."""

from __future__ import annotations

import re

import httpx
import pytest
from sqlalchemy import func, select

from api.chat.tables import Conversation, Message
from api.database import Database
from tests.api.chat.conftest import Bot, message
from tests.api.chat.page.conftest import NewReader, Reader


def rows(database: Database) -> list[int | None]:
    with database.transaction(read_only=True) as session:
        return [session.scalar(select(func.count()).select_from(each)) for each in (Conversation, Message)]


class TestBeginning:
    async def test_opening_the_page_greets_and_begins_nothing(self, reader: Reader, seeded: Database) -> None:
        assert reader.page.status_code == 200
        said = reader.words()
        assert "automatisk assistent" in said
        assert "Inget sparas förrän du skickar något." in said
        assert reader.cookies == {}
        assert rows(seeded) == [0, 0]

    async def test_the_first_message_begins_a_conversation_and_leads_to_its_answer(
        self, reader: Reader, bot: Bot
    ) -> None:
        answer = await reader.post(text="Vad kostar det?")
        assert (answer.status_code, answer.headers["location"]) == (303, "/chatt#senaste")
        await reader.open()
        assert bot.texts == ["Vad kostar det?"]
        said = reader.words()
        assert "Du Vad kostar det?" in said
        assert "Assistenten Svar från boten." in said
        assert reader.page.text.count('id="senaste"') == 1
        assert re.search(r'id="senaste" tabindex="-1">\s*<p class="who">Assistenten</p>\s*.*Svar', reader.page.text)

    async def test_a_button_of_the_greeting_does_what_it_does_in_the_chat(self, reader: Reader, bot: Bot) -> None:
        await reader.press("Boka möte")
        assert bot.texts == ["/book_meeting"]
        assert "Du Boka möte" in reader.words()

    async def test_the_cookie_is_for_this_page_alone_and_no_script_reads_it(self, reader: Reader) -> None:
        cookie = (await reader.post(text="Hej")).headers["set-cookie"]
        assert cookie.startswith("__Secure-iv_chatt=")
        parts = {part.strip().lower() for part in cookie.split(";")[1:]}
        assert parts == {"httponly", "path=/chatt", "samesite=lax", "secure"}

    @pytest.mark.parametrize("path", ["/chatt", "/chatt?klart=borta", "/chatt/samtal.txt"])
    async def test_nothing_is_kept_by_caches_or_search_engines(self, reader: Reader, path: str) -> None:
        await reader.say("Hej")
        page = await reader.open(path)
        assert page.headers["cache-control"] == "no-store"
        assert page.headers["x-robots-tag"] == "noindex"

    async def test_what_is_said_is_in_no_address(self, reader: Reader) -> None:
        answer = await reader.post(text="Hemligheten")
        assert "Hemligheten" not in answer.headers["location"]
        assert 'method="get"' not in reader.page.text


class TestTalking:
    async def test_it_goes_on_as_one_conversation_on_both_databases(
        self, new_reader: NewReader, seeded_both: Database, bot: Bot
    ) -> None:
        reader = await new_reader(seeded_both)
        bot.messages = [message("Välj.", [{"title": "Ja tack", "payload": "/affirm"}], kind="choices")]
        await reader.say("Hej")
        await reader.press("Ja tack")
        await reader.say("Mitt nummer är 070-174 06 05")
        assert bot.texts[:2] == ["Hej", "/affirm"]
        assert "070" not in bot.texts[2]
        assert "070" not in reader.words("ol")
        assert rows(seeded_both)[0] == 1
        assert (await reader.post("/chatt/ta-bort")).status_code == 303
        assert rows(seeded_both) == [0, 0]

    async def test_only_the_newest_buttons_can_be_pressed_and_the_others_stay_readable(
        self, reader: Reader, bot: Bot
    ) -> None:
        bot.messages = [message("Välj.", [{"title": "Arvika", "payload": "/a"}])]
        await reader.say("Hej")
        bot.messages = [message("Och nu?", [{"title": "Sunne", "payload": "/b"}])]
        await reader.press("Arvika")
        assert ">Sunne</button>" in reader.page.text
        assert ">Arvika</button>" not in reader.page.text
        assert "Du kunde välja: Arvika." in reader.words()

    async def test_a_form_that_is_sent_twice_is_one_message(self, reader: Reader, bot: Bot) -> None:
        await reader.say("Hej")
        key = reader.key
        for _ in range(2):
            assert (await reader.post(text="Vad kostar det?", nyckel=key)).status_code == 303
        assert bot.texts == ["Hej", "Vad kostar det?"]

    async def test_another_message_from_an_old_page_is_a_new_one(self, reader: Reader, bot: Bot) -> None:
        await reader.say("Hej")
        key = reader.key
        for text in ("Vad kostar det?", "Vilka orter finns?"):
            await reader.post(text=text, nyckel=key)
        assert bot.texts == ["Hej", "Vad kostar det?", "Vilka orter finns?"]

    async def test_a_long_conversation_shows_the_latest_turns_and_folds_the_others(self, reader: Reader) -> None:
        for number in range(1, 6):
            await reader.say(f"Fråga {number}")
        folded, _, open_ = reader.page.text.partition("</details>\n<ol")
        assert "Fråga 2" in folded
        assert "Fråga 3" in open_
        assert "Hej! Jag är Industrivägledaren" in folded

    async def test_easy_swedish_is_a_button_that_changes_with_the_mode(self, reader: Reader, bot: Bot) -> None:
        bot.messages = [message("Nu skriver jag lättare.", data={"easy": True})]
        await reader.press("Lätt svenska")
        assert bot.texts == ["Lätt svenska"]
        await reader.press("Vanlig svenska")
        assert bot.texts[1] == "Vanlig svenska"

    async def test_a_person_is_always_there_also_when_the_bot_is_not(self, reader: Reader, bot: Bot) -> None:
        bot.respond = lambda _: httpx.Response(500)
        await reader.press("Prata med en människa")
        said = reader.words()
        assert "Jag kan tyvärr inte svara ordentligt just nu." in said
        assert said.count("Ring 031-390") > 1
        assert re.search(r'id="kontakt".*href="tel:\+4631390', reader.page.text, re.DOTALL)


class TestMistakes:
    @pytest.mark.parametrize(
        ("text", "sentence"),
        [
            ("", "Meddelandet är tomt. Skriv din fråga och skicka igen."),
            (" \r\n\u200b", "Meddelandet är tomt. Skriv din fråga och skicka igen."),
            ("å" * 1001, "Meddelandet är för långt. Skriv högst 1000 tecken åt gången."),
        ],
    )
    async def test_what_is_wrong_is_said_at_the_field_which_keeps_the_text(
        self, reader: Reader, bot: Bot, seeded: Database, text: str, sentence: str
    ) -> None:
        page = await reader.say(text)
        assert page.status_code == 422
        assert "<title>Fel: Chatt" in page.text
        assert page.text.index('id="fel" role="alert"') < page.text.index("<h2")
        assert f'<a class="tall" href="#text">{sentence}</a>' in page.text
        assert re.search(
            r'<textarea id="text"[^>]*aria-invalid="true" aria-describedby="text-error text-help"', page.text
        )
        assert f'id="text-error" class="field-error">{sentence}<' in page.text
        assert f">\n{text}</textarea>" in page.text
        assert (bot.texts, rows(seeded)) == ([], [0, 0])

    async def test_a_line_break_of_a_form_counts_once(self, reader: Reader, bot: Bot) -> None:
        await reader.say("a\r\n" * 400)
        assert len(bot.texts[0]) == 799

    async def test_a_button_that_is_none_is_refused_in_words(self, reader: Reader, bot: Bot) -> None:
        await reader.say("Hej")
        for choice in ("nonsense", "00000000-0000-4000-8000-000000000000"):
            page = await reader.post(val=choice)
            assert page.status_code == 422
            assert "Det valet finns inte längre. Skriv vad du vill med egna ord." in page.text
        assert bot.texts == ["Hej"]

    async def test_too_many_messages_are_refused_and_the_text_stays(self, new_reader: NewReader) -> None:
        reader = await new_reader(rate_limit_enabled=True, rate_limit_messages="1/day")
        await reader.say("Hej")
        page = await reader.say("Vad kostar det?")
        assert page.status_code == 429
        assert "Vänta en minut och försök igen." in reader.words()
        assert "\nVad kostar det?</textarea>" in page.text

    async def test_too_many_new_conversations_are_refused(self, new_reader: NewReader, bot: Bot) -> None:
        reader = await new_reader(rate_limit_enabled=True, rate_limit_conversations="1/hour")
        await reader.say("Hej")
        reader.client.cookies.clear()
        assert (await reader.say("Hej igen")).status_code == 429
        assert reader.cookies == {}
        assert bot.texts == ["Hej"]

    async def test_a_full_conversation_says_how_to_keep_it_and_begin_anew(self, new_reader: NewReader) -> None:
        reader = await new_reader(turn_cap=10)
        for _ in range(10):
            await reader.say("Hej")
        assert (await reader.say("Hej igen")).status_code == 409
        assert "Ta sedan bort det, så kan du börja ett nytt." in reader.words()

    async def test_who_writes_in_a_conversation_that_is_gone_gets_a_new_one_and_the_answer(
        self, reader: Reader, bot: Bot, seeded: Database
    ) -> None:
        await reader.say("Hej")
        with seeded.transaction() as session:
            session.delete(session.scalars(select(Conversation)).one())
        await reader.say("Vad kostar det?")
        assert bot.texts == ["Hej", "Vad kostar det?"]
        said = reader.words()
        assert "Det tidigare samtalet finns inte längre. Här är ett nytt." in said
        assert "Svar från boten." in said

    async def test_what_is_gone_is_said_everywhere_and_the_cookie_goes(self, reader: Reader, seeded: Database) -> None:
        await reader.say("Hej")
        cookies = reader.cookies
        with seeded.transaction() as session:
            session.delete(session.scalars(select(Conversation)).one())
        some = "00000000-0000-4000-8000-000000000000"
        for path, fields in (
            ("/chatt", {"val": some}),
            ("/chatt/betyg", {"svar": some, "betyg": "up"}),
            ("/chatt/ta-bort", {}),
        ):
            reader.client.cookies.update(cookies)
            answer = await reader.post(path, **fields)
            assert (answer.status_code, answer.headers["location"]) == (303, "/chatt?klart=borta#klart")
            assert "Max-Age=0" in answer.headers["set-cookie"]
        await reader.open()
        assert "Inget sparas förrän" in reader.words()
        assert (await reader.open("/chatt/samtal.txt")).headers["location"] == "/chatt?klart=borta#klart"

    @pytest.mark.parametrize("cookie", ["", "x", "x.y", "00000000-0000-4000-8000-000000000000.wrong", "å.ä"])
    async def test_a_cookie_that_is_none_of_ours_shows_the_greeting(self, reader: Reader, cookie: str) -> None:
        page = await reader.client.get("/chatt", headers={"Cookie": f"__Secure-iv_chatt={cookie}".encode()})
        assert page.status_code == 200
        assert "Inget sparas förrän" in page.text


class TestOthersForms:
    @pytest.mark.parametrize("path", ["/chatt", "/chatt/betyg", "/chatt/ta-bort"])
    @pytest.mark.parametrize(
        "headers",
        [
            {"Sec-Fetch-Site": "cross-site"},
            {"Sec-Fetch-Site": "same-site"},
            {"Sec-Fetch-Site": "", "Origin": "https://elak.example.org"},
        ],
    )
    async def test_a_form_on_another_site_changes_nothing(
        self, reader: Reader, seeded: Database, bot: Bot, path: str, headers: dict[str, str]
    ) -> None:
        await reader.say("Hej")
        before = rows(seeded)
        answer = await reader.post(path, headers=headers, text="Elakt", svar="x", betyg="up")
        assert answer.status_code == 403
        assert (rows(seeded), bot.texts) == (before, ["Hej"])

    async def test_a_browser_that_says_nothing_of_where_a_form_stands_is_served(self, reader: Reader, bot: Bot) -> None:
        form = {"Content-Type": "application/x-www-form-urlencoded"}
        await reader.client.post("/chatt", data={"text": "Hej"}, headers=form)
        assert bot.texts == ["Hej"]


class TestOnesOwnConversation:
    async def test_an_answer_is_rated_with_a_comment_that_is_masked(self, reader: Reader, seeded: Database) -> None:
        await reader.say("Hej")
        (answer_id,) = re.findall(r'name="svar" value="([^"]+)"', reader.page.text)
        comment = "Fel. Ring 070-174 06 05"
        answer = await reader.post("/chatt/betyg", svar=answer_id, betyg="down", kommentar=comment)
        assert answer.headers["location"] == f"/chatt#betyg-{answer_id}"
        with seeded.transaction(read_only=True) as session:
            kept = session.scalars(select(Message).where(Message.feedback.is_not(None))).one()
        assert kept.feedback == "down"
        assert kept.feedback_comment
        assert "070" not in kept.feedback_comment
        await reader.open()
        assert "Du tyckte: inte bra svar . Tack, vi har sparat det." in reader.words()

    async def test_somebody_elses_answer_cannot_be_rated(self, new_reader: NewReader) -> None:
        one, other = await new_reader(), await new_reader()
        await one.say("Hej")
        await other.say("Hej")
        (answer_id,) = re.findall(r'name="svar" value="([^"]+)"', one.page.text)
        assert (await other.post("/chatt/betyg", svar=answer_id, betyg="up")).status_code == 404

    async def test_it_is_downloaded_as_text(self, reader: Reader) -> None:
        await reader.say("Vad kostar det?")
        file = await reader.open("/chatt/samtal.txt")
        assert file.headers["content-disposition"] == 'attachment; filename="samtal.txt"'
        assert "Vad kostar det?\n" in file.text
        assert "Svar från boten." in file.text

    async def test_removing_it_removes_it_here_in_the_bot_and_in_the_browser(
        self, reader: Reader, bot: Bot, seeded: Database
    ) -> None:
        await reader.say("Hej")
        await reader.open("/chatt")
        assert "skickat till oss från chatten tas också bort, även om ingen har svarat." in reader.words()
        answer = await reader.post("/chatt/ta-bort")
        await reader.open(answer.headers["location"].partition("#")[0])
        assert "Samtalet är borttaget." in reader.words()
        assert rows(seeded) == [0, 0]
        assert len(bot.forgotten) == 1
        assert reader.cookies == {}

    async def test_removing_what_was_never_begun_is_no_mistake(self, reader: Reader) -> None:
        assert (await reader.post("/chatt/ta-bort")).headers["location"] == "/chatt?klart=borttaget#klart"
