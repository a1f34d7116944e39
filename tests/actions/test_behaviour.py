"""How a talk goes: repeats, misses, two questions, languages, crisis; through the real actions to the real api."""

from __future__ import annotations

import json
from collections.abc import Callable
from typing import Any

import pytest

from api.catalogue.tables import Occasion
from api.database import Database
from api.guidance.languages import languages
from tests.actions.conftest import Recorder
from tests.actions.conversation import Conversation
from tests.actions.test_booking import asked, until
from tests.bot.material import answers

SafeText = Callable[[Conversation, str], str]
WELDER: dict[str, str] = {"occupation": "svetsare", "place": "Arvika"}


def kinds(said: list[dict[str, Any]]) -> list[str]:
    return [message["custom"]["kind"] for message in said]


def topics(said: list[dict[str, Any]]) -> list[str]:
    return [message["custom"]["topic"] for message in said]


def query(said: list[dict[str, Any]]) -> dict[str, str]:
    return said[0]["custom"]["query"]


def buttons(said: list[dict[str, Any]]) -> list[str]:
    return [button["payload"] for button in said[-1]["buttons"]]


class TestTheSameQuestionAgain:
    async def test_another_wording_then_a_person_then_anew(self, talk: Conversation) -> None:
        first = (await talk.ask("vad kostar det", "cost"))[0]["text"]
        said = await talk.ask("men vad kostar det", "cost")
        assert said[0]["text"].endswith(answers()["cost"]["easy"])
        assert said[0]["text"] != answers()["cost"]["easy"]
        assert "/human_contact" in buttons(said)
        said = await talk.ask("vad kostar det???", "cost")
        assert kinds(said) == ["contact"]
        assert topics(said) == ["cost"]
        assert "031-" in said[0]["text"]
        assert "/book_meeting" in buttons(said)
        assert (await talk.ask("vad kostar det", "cost"))[0]["text"] == first

    async def test_who_reads_easy_swedish_gets_the_fuller_wording(self, talk: Conversation) -> None:
        talk.slots["easy"] = True
        await talk.ask("csn", "csn")
        assert (await talk.ask("csn", "csn"))[0]["text"].endswith(answers()["csn"]["text"])

    async def test_no_bubble_is_said_thrice_whatever_the_topic(self, talk: Conversation) -> None:
        for topic in (
            "cost",
            "course_search",
            "node_list",
            "job_describe",
            "out_of_scope",
            "deny",
            "feedback",
            "human_contact",
        ):
            seen = [(await talk.ask("…", topic))[0]["text"] for _ in range(3)]
            assert len(set(seen)) >= 2, topic

    async def test_a_list_comes_again_with_ways_to_change_it(self, talk: Conversation) -> None:
        first = await talk.ask("kurser", "course_search")
        said = await talk.ask("kurser", "course_search")
        assert said[0]["text"].endswith(first[0]["text"])
        assert said[0]["custom"]["data"]["lead"].endswith(first[0]["custom"]["data"]["lead"])
        assert len(said[0]["custom"]["data"]["lead"]) > len(first[0]["custom"]["data"]["lead"])
        assert {"/node_nearest", "/human_contact"} <= set(buttons(said))
        assert len(buttons(said)) <= 4

    async def test_other_questions_in_between_do_not_hide_it_but_enough_of_them_do(self, talk: Conversation) -> None:
        plain = (await talk.ask("csn", "csn"))[0]["text"]
        await talk.ask("kostnad", "cost")
        assert (await talk.ask("csn", "csn"))[0]["text"] != plain
        for topic in ("cost", "eligibility", "validation"):
            await talk.ask("…", topic)
        assert (await talk.ask("csn", "csn"))[0]["text"] == plain

    async def test_the_same_topic_about_something_else_is_another_question(self, talk: Conversation) -> None:
        await talk.ask("svets i arvika", "course_search", entities=WELDER)
        said = await talk.ask("och i hagfors", "course_search", entities={"place": "Hagfors", "follow_up": "yes"})
        assert "nyss" not in said[0]["text"]

    async def test_a_pressed_button_always_gets_its_answer(self, talk: Conversation) -> None:
        texts = {(await talk.ask("/csn", "csn"))[0]["text"] for _ in range(4)}
        assert texts == {answers()["csn"]["text"]}
        assert (await talk.ask("vad är csn", "csn"))[0]["text"] not in texts

    @pytest.mark.parametrize("topic", ["greet", "thank", "goodbye"])
    async def test_courtesies_may_be_repeated(self, talk: Conversation, topic: str) -> None:
        assert len({(await talk.ask("tack", topic))[0]["text"] for _ in range(4)}) == 1

    async def test_who_complains_again_gets_a_person_at_once(self, talk: Conversation) -> None:
        assert "/human_contact" in buttons(await talk.ask("dåligt svar", "feedback"))
        assert kinds(await talk.ask("värdelöst", "feedback")) == ["contact"]

    async def test_what_is_kept_is_small_and_holds_no_text(self, talk: Conversation) -> None:
        for number in range(12):
            await talk.ask(f"hemlig fråga {number}", sorted(answers())[number * 3], entities=WELDER)
        kept = json.dumps([talk.slots["repeats"], talk.slots["misses"]])
        assert len(kept) < 500
        assert "hemlig" not in kept


class TestNotUnderstood:
    async def test_two_questions_in_a_row_and_then_a_person_and_anew(self, talk: Conversation) -> None:
        likely = {"csn": 0.2, "cost": 0.15, "eligibility": 0.12}
        said = [await talk.ask("asdf", "nlu_fallback", ranking=likely) for _ in range(4)]
        assert [kinds(one) for one in said] == [["choices"], ["choices"], ["contact"], ["choices"]]
        assert said[0][0]["text"] != said[1][0]["text"]
        assert "förstår tyvärr inte" in said[2][0]["text"]
        assert "/book_meeting" in buttons(said[2])

    async def test_the_same_without_anything_likely(self, talk: Conversation) -> None:
        said = [await talk.ask("asdf", "nlu_fallback") for _ in range(3)]
        assert said[0][0]["text"] == answers()["nlu_fallback"]["text"]
        assert len({one[0]["text"] for one in said}) == 3
        assert kinds(said[2]) == ["contact"]

    async def test_an_understood_message_begins_anew(self, talk: Conversation) -> None:
        await talk.ask("asdf", "nlu_fallback")
        await talk.ask("asdf", "nlu_fallback")
        await talk.ask("csn", "csn")
        assert talk.slots["misses"] is None
        assert kinds(await talk.ask("asdf", "nlu_fallback")) == ["text"]

    async def test_no_something_else_is_no_understanding(self, talk: Conversation) -> None:
        for _ in range(2):
            await talk.ask("asdf", "nlu_fallback", ranking={"csn": 0.2})
            await talk.ask("/help_capabilities", "help_capabilities")
        assert kinds(await talk.ask("asdf", "nlu_fallback")) == ["contact"]

    async def test_two_close_topics_are_asked_about_in_words(self, talk: Conversation) -> None:
        said = await talk.ask("pengar", "nlu_fallback", ranking={"csn": 0.4, "cost": 0.38, "parenting": 0.05})
        assert said[0]["text"] == f"Menar du ”{answers()['csn']['title']}” eller ”{answers()['cost']['title']}”?"
        assert buttons(said) == ["/csn", "/cost", "/help_capabilities"]

    async def test_the_words_are_looked_up_and_hits_are_offered_beside_what_is_likely(self, talk: Conversation) -> None:
        said = await talk.ask("svetsar", "nlu_fallback", ranking={"csn": 0.14, "cost": 0.13, "prao": 0.12})
        assert buttons(said) == [
            "/csn",
            "/cost",
            '/job_describe{"occupation": "svetsare"}',
            '/course_search{"occupation": "svetsare"}',
            "/help_capabilities",
        ]
        assert said[0]["custom"]["kind"] == "choices"
        assert "fogar" not in said[0]["text"]

    async def test_a_hit_that_says_more_takes_the_place_of_its_topic(self, talk: Conversation) -> None:
        said = await talk.ask("svetsar", "nlu_fallback", ranking={"job_describe": 0.14})
        assert buttons(said).count("/job_describe") == 0
        assert buttons(said)[0] == '/job_describe{"occupation": "svetsare"}'

    async def test_a_course_that_nobody_can_join_is_not_offered(self, talk: Conversation, store: Database) -> None:
        with store.transaction() as session:
            session.query(Occasion).update({Occasion.status: "draft"})
        said = await talk.ask("svetsar", "nlu_fallback")
        assert not any("course_search" in payload and "svetsare" in payload for payload in buttons(said))

    async def test_courtesies_are_never_offered(self, talk: Conversation) -> None:
        said = await talk.ask("hm", "nlu_fallback", ranking={"greet": 0.3, "chitchat": 0.2, "csn": 0.1})
        assert buttons(said) == ["/csn", "/help_capabilities"]

    async def test_the_text_leaves_the_bot_only_then_without_contact_tokens(
        self, talk: Conversation, wire: Recorder, safe_text: SafeText
    ) -> None:
        await talk.ask("hemlig svetsfråga", "csn")
        assert "hemlig" not in wire.requests[-1].content.decode()
        await talk.ask(safe_text(talk, "hemlig svetsfråga kim@example.org"), "nlu_fallback")
        body = json.loads(wire.requests[-1].content)
        assert "hemlig" in body["text"]
        assert "kontakt-" not in body["text"]
        assert "hemlig" not in str(wire.requests[-1].url)
        assert "hemlig" not in json.dumps(talk.slots)

    @pytest.mark.parametrize(
        "text", ['"', "AND OR NEAR *", "🙂" * 500, "å" * 1000, "x y " * 250, "och att det", "'; --"]
    )
    async def test_no_text_makes_it_fail(self, talk: Conversation, text: str) -> None:
        for _ in range(3):
            said = await talk.ask(text, "nlu_fallback")
            assert said[0]["text"]
            assert said[0]["response"] is None


class TestTwoQuestions:
    async def test_both_are_answered_in_order_each_with_its_topic(self, talk: Conversation) -> None:
        said = await talk.ask(
            "vad kostar det och när börjar svets?",
            "cost",
            entities={"second_topic": "course_start", "occupation": "svetsare"},
        )
        assert topics(said) == ["cost", "course_start"]
        assert said[1]["custom"]["query"] == {"occupation": "svetsare"}
        assert (talk.slots["last_topic"], talk.slots["last_answer"]) == ("course_start", "course_start")

    @pytest.mark.parametrize("second", ["book_meeting", "my_meeting", "cancel_meeting", "job_guide"])
    async def test_what_starts_something_is_offered_after_the_first_answer(
        self, talk: Conversation, second: str
    ) -> None:
        said = await talk.ask("vad kostar det, och så en sak till", "cost", entities={"second_topic": second})
        assert topics(said) == ["cost"]
        assert f"/{second}" in buttons(said)
        assert len(buttons(said)) <= 4

    @pytest.mark.parametrize("second", ["nlu_fallback", "nonsense", "cost", "crisis"])
    async def test_what_is_no_second_question_is_left_out(self, talk: Conversation, second: str) -> None:
        assert topics(await talk.ask("…", "cost", entities={"second_topic": second})) == ["cost"]

    async def test_a_wish_for_easy_words_beside_a_question_is_met_in_its_answer(self, talk: Conversation) -> None:
        said = await talk.ask("förklara csn enkelt", "csn", entities={"second_topic": "simplify"})
        assert [message["text"] for message in said] == [answers()["csn"]["easy"]]
        assert talk.slots["easy"] is True


class TestGoingOn:
    @pytest.mark.parametrize(
        "topic",
        [
            "course_length",
            "course_start",
            "course_pace",
            "course_detail",
            "apply_deadline",
            "apply_how",
            "course_search",
        ],
    )
    async def test_occupation_and_place_are_those_of_before(self, talk: Conversation, topic: str) -> None:
        await talk.ask("svets i arvika", "course_search", entities=WELDER)
        assert query(await talk.ask("och hur är det med den?", topic)) == WELDER

    async def test_a_question_in_between_loses_nothing(self, talk: Conversation) -> None:
        await talk.ask("svets i arvika", "course_search", entities=WELDER)
        await talk.ask("vad kostar det", "cost")
        assert query(await talk.ask("hur lång är den", "course_length")) == WELDER

    async def test_another_occupation_drops_nothing_else(self, talk: Conversation) -> None:
        await talk.ask("svets i arvika", "course_search", entities=WELDER)
        for how in ({"follow_up": "yes"}, {}):
            entities = {"occupation": "industritekniker", **how}
            said = await talk.ask("och för en industritekniker?", "course_search", entities=entities)
            assert query(said) == {"occupation": "industritekniker", "place": "Arvika"}

    @pytest.mark.parametrize("topic", ["deny", "nlu_fallback"])
    async def test_a_corrected_place_takes_the_place_of_the_wrong_one(self, talk: Conversation, topic: str) -> None:
        await talk.ask("svets i arvika", "course_start", entities=WELDER)
        entities = {"place": "Sunne"} | ({"follow_up": "yes"} if topic == "nlu_fallback" else {})
        said = await talk.ask("nej, jag menade Sunne", topic, entities=entities)
        assert topics(said) == ["course_start"]
        assert query(said) == {"occupation": "svetsare", "place": "Sunne"}

    async def test_a_bare_no_stays_a_no(self, talk: Conversation) -> None:
        await talk.ask("svets i arvika", "course_start", entities=WELDER)
        assert topics(await talk.ask("nej", "deny")) == ["deny"]

    @pytest.mark.parametrize(
        ("text", "left"), [("alla orter", {"occupation": "svetsare"}), ("alla yrken", {"place": "Arvika"})]
    )
    @pytest.mark.parametrize("topic", ["nlu_fallback", "course_search", "node_list"])
    async def test_everywhere_and_every_occupation_widen_the_question(
        self, talk: Conversation, text: str, left: dict[str, str], topic: str
    ) -> None:
        await talk.ask("svets i arvika", "course_search", entities=WELDER)
        said = await talk.ask(text, topic)
        assert topics(said) == ["course_search"]
        assert query(said) == left
        assert query(await talk.ask("när börjar den", "course_start")) == left

    async def test_without_anything_before_they_are_an_ordinary_message(self, talk: Conversation) -> None:
        assert topics(await talk.ask("alla orter", "node_list")) == ["node_list"]


class TestEasySwedish:
    async def test_it_stays_on_until_it_is_switched_off_by_the_button(self, talk: Conversation) -> None:
        await talk.ask("csn", "csn")
        talk.said = []
        await talk.run("action_simplify", "lättare tack", "simplify")
        assert talk.text == answers()["csn"]["easy"]
        off = next(b for b in talk.buttons if b["title"] == "Vanlig svenska")
        assert off["payload"] == '/simplify{"easy": "off"}'
        assert (await talk.ask("kostnad", "cost"))[0]["text"] == answers()["cost"]["easy"]
        await talk.run("action_simplify", off["payload"], "simplify", entities={"easy": "off"})
        assert (await talk.ask("prao", "prao"))[0]["text"] == answers()["prao"]["text"]

    @pytest.mark.parametrize("topic", ["simplify", "nlu_fallback", "feedback"])
    async def test_it_is_switched_off_in_words(self, talk: Conversation, topic: str) -> None:
        talk.slots["easy"] = True
        talk.said = []
        await talk.run("action_simplify" if topic == "simplify" else "action_answer", "svara som vanligt", topic)
        assert "vanlig svenska" in talk.text
        assert not talk.slots["easy"]

    async def test_words_for_ordinary_swedish_mean_nothing_while_it_is_on(self, talk: Conversation) -> None:
        assert topics(await talk.ask("går det som vanligt", "course_pace")) == ["course_pace"]

    async def test_who_still_does_not_understand_is_offered_a_person(self, talk: Conversation) -> None:
        talk.slots["easy"] = True
        await talk.ask("csn", "csn")
        talk.said = []
        await talk.run("action_simplify", "förstår inte", "simplify")
        assert kinds(talk.said) == ["contact"]

    async def test_a_composed_answer_is_repeated_about_the_same_thing(self, talk: Conversation) -> None:
        await talk.ask("svets på halvfart i höst", "course_pace", entities=WELDER | {"pace": "50"})
        first = talk.said[0]["custom"]["data"].get("total")
        talk.said = []
        await talk.run("action_simplify", "lättare", "simplify")
        assert talk.said[0]["custom"]["data"].get("total") == first
        assert talk.said[0]["custom"]["query"] == WELDER | {"pace": "50"}


class TestOtherLanguages:
    async def test_the_answer_is_in_the_language_and_the_next_has_telephone_numbers(self, talk: Conversation) -> None:
        said = await talk.ask("مرحبا", "other_language", entities={"language": "ar"})
        assert said[0]["text"] == languages()["ar"].text
        assert (said[0]["custom"]["data"]["lang"], said[0]["custom"]["data"]["dir"]) == ("ar", "rtl")
        assert buttons(said) == ["/book_meeting", "/human_contact", "/simplify"]
        said = await talk.ask("مرحبا", "other_language", entities={"language": "ar"})
        assert said[0]["text"].startswith(languages()["ar"].contact)
        assert "031-" in said[0]["text"]
        assert said[0]["custom"]["data"]["lang"] == "ar"

    async def test_without_a_language_it_is_the_stored_answer(self, talk: Conversation) -> None:
        assert (await talk.ask("other", "other_language"))[0]["text"] == answers()["other_language"]["text"]


class TestCrisis:
    @pytest.mark.parametrize("topic", ["human_contact", "csn", "nlu_fallback", "course_search", "feedback"])
    async def test_it_comes_before_everything_else_and_asks_nothing(self, talk: Conversation, topic: str) -> None:
        said = await talk.ask("…", topic, entities={"distress": "yes", "second_topic": "cost"})
        assert len(said) == 1
        assert said[0]["text"].startswith(answers()["crisis"]["text"])
        assert "031-" in said[0]["text"]
        assert said[0]["custom"]["source"]["url"] == answers()["crisis"]["source"]["url"]
        assert buttons(said) == ["/human_contact"]

    async def test_it_has_an_easy_version_and_a_line_in_the_persons_language(self, talk: Conversation) -> None:
        talk.slots["easy"] = True
        said = await talk.ask("…", "human_contact", entities={"distress": "yes", "language": "en"})
        assert said[0]["text"].startswith(f"{languages()['en'].crisis}\n{answers()['crisis']['easy']}")

    async def test_it_can_be_had_in_easy_swedish_with_the_telephone_numbers(self, talk: Conversation) -> None:
        await talk.ask("vad kostar det", "cost")
        await talk.ask("…", "human_contact", entities={"distress": "yes"})
        said = await talk.ask("lättare", "simplify")
        assert said[0]["text"].startswith(answers()["crisis"]["easy"])
        assert "031-" in said[0]["text"]

    async def test_it_is_said_as_often_as_it_is_needed(self, talk: Conversation) -> None:
        said = [await talk.ask("…", "human_contact", entities={"distress": "yes"}) for _ in range(4)]
        assert len({one[0]["text"] for one in said}) == 1

    @pytest.mark.parametrize("step", ["booking_node", "booking_time", "booking_name", "booking_confirmed"])
    async def test_in_a_booking_it_is_answered_and_nothing_more_is_asked(
        self, talk: Conversation, safe_text: SafeText, wire: Recorder, step: str
    ) -> None:
        await until(talk, step, safe_text)
        await talk.book("vill dö", "human_contact", entities={"distress": "yes"})
        assert talk.said[0]["text"].startswith(answers()["crisis"]["text"])
        assert [message["response"] for message in talk.said[1:]] == ["utter_booking_put_aside"]
        assert talk.form is None
        assert not any(value for name, value in talk.slots.items() if name.startswith("booking_"))
        held = step in {"booking_name", "booking_confirmed"}
        assert any(request.url.path.endswith("/release") for request in wire.requests) == held


class TestInABooking:
    async def test_two_misses_and_then_a_person_and_the_step_is_asked_again(
        self, talk: Conversation, safe_text: SafeText
    ) -> None:
        await until(talk, "booking_node", safe_text)
        for _ in range(3):
            await talk.book("asdf qwer zxcv", "nlu_fallback", confidence=0.2)
        assert talk.said[0]["custom"]["kind"] == "contact"
        assert asked(talk) == "booking_node"

    async def test_a_filled_step_begins_anew(self, talk: Conversation, safe_text: SafeText) -> None:
        await until(talk, "booking_node", safe_text)
        await talk.book("asdf qwer zxcv", "nlu_fallback", confidence=0.2)
        assert talk.slots["misses"] == 1
        await talk.press("Karlstad")
        assert talk.slots["misses"] is None

    async def test_a_repeated_question_is_reworded(self, talk: Conversation, safe_text: SafeText) -> None:
        await until(talk, "booking_type", safe_text)
        await talk.book("vad kostar mötet?", "cost")
        await talk.book("vad kostar mötet?", "cost")
        assert talk.said[0]["text"].endswith(answers()["cost"]["easy"])
        assert asked(talk) == "booking_type"

    async def test_easy_swedish_can_be_asked_for(self, talk: Conversation, safe_text: SafeText) -> None:
        await until(talk, "booking_type", safe_text)
        await talk.book("lätt svenska tack", "simplify")
        assert talk.slots["easy"] is True
        assert asked(talk) == "booking_type"

    async def test_two_questions_are_both_answered(self, talk: Conversation, safe_text: SafeText) -> None:
        await until(talk, "booking_type", safe_text)
        await talk.book("vad kostar det och får man csn?", "cost", entities={"second_topic": "csn"})
        assert topics(talk.said)[:2] == ["cost", "csn"]
        assert asked(talk) == "booking_type"

    async def test_a_booking_that_has_begun_is_not_offered_again(self, talk: Conversation, safe_text: SafeText) -> None:
        await until(talk, "booking_type", safe_text)
        await talk.book("får man csn? jag vill boka", "prao", entities={"second_topic": "book_meeting"})
        assert talk.said[0]["text"] == answers()["prao"]["text"]
        assert "/book_meeting" not in [button["payload"] for button in talk.said[0]["buttons"]]

    async def test_another_language_is_answered_in_it(self, talk: Conversation, safe_text: SafeText) -> None:
        await until(talk, "booking_type", safe_text)
        await talk.book("what is this", "other_language", entities={"language": "en"})
        assert talk.said[0]["text"] == languages()["en"].text
        assert asked(talk) == "booking_type"


async def test_starting_over_forgets_repeats_and_misses(talk: Conversation) -> None:
    await talk.ask("csn", "csn")
    await talk.ask("asdf", "nlu_fallback")
    await talk.run("action_restart", "börja om", "restart")
    assert (talk.slots["repeats"], talk.slots["misses"]) == (None, None)
