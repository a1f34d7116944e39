"""What the plain page makes of each kind of message: the same facts as the widget's cards, safe links, whole texts."""

from __future__ import annotations

from datetime import date
from typing import Any
from uuid import uuid4

import pytest

from api.chat.page.linked import Piece, mail, pieces, telephone, web
from api.chat.page.shown import Bubble, conversation
from api.chat.tables import Message
from tests.api.chat.conftest import Bot, message
from tests.api.chat.page.conftest import Reader

BASE = "http://localhost:8080"
TODAY = date(2026, 11, 23)

COURSE = {
    "title": "Svetsare, grund", "node": "Hagfors", "km": 45, "start": "2027-01-11", "end": "2027-06-11",
    "apply_to": "2026-11-26", "continuous": False, "pace": 100, "distance": True, "credits": 600, "status": "full",
    "url": f"{BASE}/utbildningar/1", "example": True,
}  # fmt: skip
NODE = {
    "town": "Arvika", "name": "Noden i Arvika", "km": 12, "street": "Exempelgatan 1", "phone": "031-390 60 01",
    "email": "arvika@example.org", "opening_hours": "Måndag 9–15", "example": True,
}  # fmt: skip
MEETING = {
    "reference": "IV-7K2MP", "start": "2027-01-14T13:00:00+01:00", "end": "2027-01-14T13:30:00+01:00",
    "place": "Exempelgatan 1, Arvika", "meeting_type": "on_site", "counsellor": "Vägledningen i Arvika",
    "interpreter_language": "arabiska", "manage_url": "/mote/abc", "ics_url": "/mote/abc/mote.ics",
}  # fmt: skip


def said(kind: str = "text", data: dict[str, Any] | None = None, **more: Any) -> Message:
    fields = {"sender": "bot", "text": "Hela svaret.", "turn": 1, "choices": [], "source": None}
    return Message(id=uuid4(), kind=kind, data=data or {}, **(fields | more))


def drawn(kind: str, data: dict[str, Any], **more: Any) -> Bubble:
    (bubble,) = conversation([said(kind, data, **more)], TODAY, BASE).recent
    return bubble


def facts(kind: str, data: dict[str, Any]) -> dict[str, str]:
    (card,) = drawn(kind, data).cards
    return {label: f"{value} {note}".strip() for label, value, note in (*card.facts, *card.folded)}


class TestCards:
    def test_a_course_says_all_that_is_known_and_the_days_left_to_apply(self) -> None:
        assert facts("courses", {"items": [COURSE]}) == {
            "Ort": "Hagfors, 45 km",
            "Start": "11 januari 2027",
            "Slut": "11 juni 2027",
            "Sök senast": "26 november 2026 3 dagar kvar",
            "Takt": "Heltid (100 %)",
            "Distans": "Ja",
            "Omfattning": "600 poäng",
            "Status": "Fullt just nu",
        }
        (card,) = drawn("courses", {"items": [COURSE]}).cards
        assert (card.title, card.address, card.example) == ("Svetsare, grund", f"{BASE}/utbildningar/1", True)

    @pytest.mark.parametrize(
        ("last_day", "words"),
        [
            ("2026-11-22", "22 november 2026 har passerat"),
            ("2026-11-23", "23 november 2026 sista dagen i dag"),
            ("2026-11-24", "24 november 2026 1 dag kvar"),
            ("2026-12-24", "24 december 2026"),
            ("snart", "snart"),
        ],
    )
    def test_days_left_are_said_when_they_are_few(self, last_day: str, words: str) -> None:
        assert facts("course", {"title": "Svetsare", "apply_to": last_day}) == {"Sök senast": words}

    def test_a_town_close_by_has_no_distance_and_a_course_without_a_day_begins_at_any_time(self) -> None:
        found = facts(
            "course", COURSE | {"km": 2, "start": None, "continuous": True, "pace": 50, "status": "published"}
        )
        assert (found["Ort"], found["Start"], found["Takt"]) == (
            "Hagfors",
            "Löpande, du kan börja när det passar",
            "50 %",
        )
        assert "Status" not in found

    def test_a_course_for_people_in_work_says_so(self) -> None:
        assert facts("course", COURSE | {"for_work": True})["För"] == "Dig som har ett jobb"
        assert "För" not in facts("course", COURSE | {"for_work": "ja"})

    def test_a_place_can_be_called_and_mailed(self) -> None:
        (card,) = drawn("contact", {"items": [NODE], "lead": "Ring gärna."}).cards
        assert card.actions == (
            Piece("Ring 031-390 60 01", "tel:+46313906001"),
            Piece("Mejla arvika@example.org", "mailto:arvika@example.org"),
        )
        assert facts("nodes", {"items": [NODE]}) == {
            "Namn": "Noden i Arvika", "Avstånd": "12 km", "Adress": "Exempelgatan 1", "Öppettider": "Måndag 9–15",
        }  # fmt: skip

    def test_an_occupation_a_vacancy_and_an_event_say_what_is_known(self) -> None:
        assert facts("occupation", {"title": "Svetsare", "demands": "God syn.", "paths": "Lärare."}) == {
            "Det här krävs": "God syn.", "Vägar vidare": "Lärare.",
        }  # fmt: skip
        vacancy = {"title": "Svetsare", "employer": "Verkstaden", "place": "Arvika", "deadline": "2026-12-01"}
        assert facts("vacancies", {"items": [vacancy]}) == {
            "Arbetsgivare": "Verkstaden", "Plats": "Arvika", "Sök senast": "1 december 2026 8 dagar kvar",
        }  # fmt: skip
        event = {
            "title": "Öppet hus",
            "start": MEETING["start"],
            "end": MEETING["end"],
            "place": "På nätet",
            "places_left": 4,
            "signup_until": "2026-11-26T12:00:00+01:00",
            "status": "published",
            "text": "Kom!",
        }
        assert facts("events", {"items": [event]}) == {
            "När": "torsdag 14 januari kl. 13.00–13.30", "Plats": "På nätet", "Platser kvar": "4",
            "Sista dag att anmäla sig": "26 november 2026 3 dagar kvar",
        }  # fmt: skip

    @pytest.mark.parametrize(
        ("more", "words"),
        [
            ({"places_left": None}, {}),
            ({"places_left": 0}, {"Platser kvar": "Fullt just nu"}),
            ({"places_left": 0, "waiting_list": True}, {"Platser kvar": "Fullt, men du kan ställa dig i kö"}),
            ({"signup_until": MEETING["start"]}, {}),
            ({"status": "cancelled"}, {"Status": "Inställd"}),
        ],
    )
    def test_an_event_that_is_full_open_to_all_or_cancelled_says_so(
        self, more: dict[str, Any], words: dict[str, str]
    ) -> None:
        event = {"title": "Öppet hus", "start": MEETING["start"], "end": MEETING["end"]}
        assert facts("events", {"items": [event | more]}) == {"När": "torsdag 14 januari kl. 13.00–13.30"} | words

    def test_a_receipt_has_the_code_the_calendar_file_and_the_way_to_change_it(self) -> None:
        assert facts("booking", MEETING) == {
            "Bokningskod": "IV-7K2MP", "När": "torsdag 14 januari kl. 13.00–13.30", "Plats": "Exempelgatan 1, Arvika",
            "Mötesform": "På plats", "Vägledare": "Vägledningen i Arvika", "Tolk": "arabiska",
        }  # fmt: skip
        (card,) = drawn("booking", MEETING).cards
        assert [action.address for action in card.actions] == [f"{BASE}/mote/abc/mote.ics", f"{BASE}/mote/abc"]

    def test_long_lists_fold_and_say_how_many_there_are(self) -> None:
        bubble = drawn("courses", {"items": [COURSE] * 5, "total": 9, "lead": "Jag hittade 9."})
        assert (len(bubble.cards), len(bubble.more_cards), bubble.total) == (3, 2, 9)
        assert bubble.text == (Piece("Jag hittade 9."),)

    @pytest.mark.parametrize("kind", ["courses", "course", "nodes", "occupation", "events", "booking", "slots", "nytt"])
    @pytest.mark.parametrize(
        "data",
        [
            {},
            {"items": None},
            {"items": "x"},
            {"items": [1, None, {}]},
            {"items": [{"start": 1, "km": "x", "url": []}]},
        ],
    )
    def test_data_that_is_not_understood_leaves_the_whole_text(self, kind: str, data: dict[str, Any]) -> None:
        assert drawn(kind, data | {"lead": ""}).text == (Piece("Hela svaret."),)


class TestButtons:
    CHOICES = tuple({"id": str(n), "title": f"Val {n}", "payload": "/x"} for n in range(1, 4))

    def test_times_stand_under_their_day_and_other_buttons_after_them(self) -> None:
        times = [{"start": f"2027-01-14T{hour}:00:00+01:00"} for hour in ("09", "13")]
        groups = drawn("slots", {"items": times, "lead": "Välj."}, choices=list(self.CHOICES)).groups
        assert [(group.heading, [button.id for button in group.buttons]) for group in groups] == [
            ("torsdag 14 januari", ["1", "2"]),
            ("", ["3"]),
        ]

    @pytest.mark.parametrize("items", [[{}], [{"start": "snart"}], [None], [{"start": MEETING["start"]}] * 4])
    def test_times_that_fit_no_buttons_leave_one_group(self, items: list[Any]) -> None:
        (group,) = drawn("slots", {"items": items}, choices=list(self.CHOICES)).groups
        assert group.heading == ""


class TestLanguages:
    def test_an_answer_in_another_language_says_so_and_so_does_what_it_answers(self) -> None:
        question = said(sender="user", text="مرحبا")
        talk = conversation([question, said(data={"lang": "ar", "dir": "rtl"})], TODAY, BASE)
        assert [(bubble.lang, bubble.rtl) for bubble in talk.recent] == [("ar", False), ("ar", True)]

    async def test_a_button_says_which_part_of_it_is_in_that_language(self, reader: Reader, bot: Bot) -> None:
        titles = ("حجز لقاء (Boka ett möte)", "Lätt svenska")
        buttons = [{"title": title, "payload": "/x"} for title in titles]
        bot.messages = [message("مرحبا", buttons, data={"lang": "ar", "dir": "rtl"})]
        await reader.say("مرحبا")
        assert '><span lang="ar">حجز لقاء</span> (Boka ett möte)</button>' in reader.page.text
        assert ">Lätt svenska</button>" in reader.page.text
        bot.messages = [message("Och nu?")]
        await reader.say("Hej")
        assert '<bdi><span lang="ar">حجز لقاء</span> (Boka ett möte)</bdi>, Lätt svenska.' in reader.page.text

    def test_a_swedish_button_with_a_parenthesis_is_swedish(self) -> None:
        choices = [{"id": "1", "title": "Svetsare (Arvika)", "payload": "/x"}]
        (group,) = drawn("text", {}, choices=choices).groups
        assert group.buttons[0].foreign == ""


class TestLinks:
    def test_addresses_in_a_text_are_links_without_the_sentences_own_marks(self) -> None:
        text = "Läs https://www.csn.se/bidrag. Mejla (råd@example.org)!"
        assert pieces(text, BASE) == (
            Piece("Läs "),
            Piece("https://www.csn.se/bidrag", "https://www.csn.se/bidrag"),
            Piece(". Mejla ("),
            Piece("råd@example.org", "mailto:råd@example.org"),
            Piece(")!"),
        )

    @pytest.mark.parametrize(
        "address",
        ["javascript:alert(1)", "data:text/html,x", "http://elak.example.org", "//[", "http://x:y/", "", None, 3, {}],
    )
    def test_nothing_else_than_safe_addresses_is_led_to(self, address: object) -> None:
        assert web(address, BASE) == ""

    def test_this_installation_may_be_led_to_without_https(self) -> None:
        assert web("/mote/x", BASE) == web(f"{BASE}/mote/x", BASE) == f"{BASE}/mote/x"

    def test_numbers_and_mail_addresses_are_checked(self) -> None:
        assert (telephone("031-390 60 01"), telephone("ring"), telephone(None)) == ("tel:+46313906001", "", "")
        assert (mail("a@example.org"), mail("a@example.org?bcc=x"), mail("a b@c")) == ("mailto:a@example.org", "", "")


async def test_hostile_text_and_data_are_shown_as_they_were_written(reader: Reader, bot: Bot) -> None:
    evil = '<img src=x onerror="alert(1)">'
    item = COURSE | {"title": evil, "url": "javascript:alert(1)", "node": evil}
    buttons = [{"title": evil, "payload": "/x"}]
    source = {"title": evil, "url": "javascript:alert(1)", "checked_on": "2026-11-21"}
    bot.messages = [message(evil, buttons, kind="courses", data={"items": [item]}, source=source)]
    page = await reader.say(evil)
    assert page.status_code == 200
    assert "<img" not in page.text
    assert "javascript:" not in page.text
    assert page.text.count("&lt;img src=x onerror") >= 5


async def test_all_of_a_card_stands_on_the_page(reader: Reader, bot: Bot) -> None:
    bot.messages = [message("Text", kind="courses", data={"items": [COURSE] * 4, "total": 9, "lead": "Jag hittade 9."})]
    await reader.say("svetsutbildning")
    words = reader.words("ol")
    assert words.count("Svetsare, grund Exempeldata Ort Hagfors, 45 km Start 11 januari 2027") == 4
    assert "Sök senast 26 november 2026 3 dagar kvar" in words
    assert "Visa fler (1)" in words
    assert "Totalt 9 resultat." in words
