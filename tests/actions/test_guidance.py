"""Questions through the real actions to the real api: what is asked, what it is about, and what is remembered."""

from __future__ import annotations

from typing import Any

import pytest

from tests.actions.conversation import Conversation
from tests.bot.material import answers


def query(said: list[dict[str, Any]]) -> dict[str, str]:
    return said[0]["custom"]["query"]


@pytest.mark.parametrize("topic", sorted(answers()))
async def test_every_topic_gets_an_answer_in_words(talk: Conversation, topic: str) -> None:
    said = await talk.ask("…", topic)
    assert said
    for message in said:
        assert message["text"]
        assert "\n\n" not in message["text"]
        assert message["custom"]["topic"] == topic
        assert all(button["title"] and button["payload"].startswith("/") for button in message["buttons"])


async def test_a_search_says_what_it_is_about_and_it_is_remembered(talk: Conversation) -> None:
    said = await talk.ask("svets i Arvika", "course_search", entities={"occupation": "svetsare", "place": "Arvika"})
    assert said[0]["custom"]["kind"] == "courses"
    assert query(said) == {"occupation": "svetsare", "place": "Arvika"}
    assert (talk.slots["occupation"], talk.slots["place"]) == ("svetsare", "Arvika")
    assert (talk.slots["last_topic"], talk.slots["last_answer"]) == ("course_search", "course_search")


async def test_a_follow_up_keeps_the_topic_and_changes_what_was_named(talk: Conversation) -> None:
    await talk.ask("svets i Arvika", "course_search", entities={"occupation": "svetsare", "place": "Arvika"})
    said = await talk.ask("och i Hagfors då?", "node_detail", entities={"place": "Hagfors", "follow_up": "yes"})
    assert said[0]["custom"]["topic"] == "course_search"
    assert query(said) == {"occupation": "svetsare", "place": "Hagfors"}
    assert talk.slots["place"] == "Hagfors"


async def test_a_follow_up_without_anything_before_is_an_ordinary_question(talk: Conversation) -> None:
    said = await talk.ask("Hagfors", "node_detail", entities={"place": "Hagfors", "follow_up": "yes"})
    assert said[0]["custom"]["topic"] == "node_detail"


async def test_a_question_without_names_is_about_what_was_talked_about(talk: Conversation) -> None:
    await talk.ask("svets i Arvika", "course_search", entities={"occupation": "svetsare", "place": "Arvika"})
    said = await talk.ask("när börjar den?", "course_start")
    assert query(said) == {"occupation": "svetsare", "place": "Arvika"}


async def test_an_answer_that_cannot_be_followed_up_leaves_the_topic_before(talk: Conversation) -> None:
    await talk.ask("svets i Arvika", "course_search", entities={"occupation": "svetsare", "place": "Arvika"})
    await talk.ask("vad kostar det", "cost")
    assert (talk.slots["last_topic"], talk.slots["last_answer"]) == ("course_search", "cost")


async def test_what_was_not_understood_is_not_remembered_and_offers_what_was_likely(talk: Conversation) -> None:
    await talk.ask("vad kostar det", "cost")
    said = await talk.ask(
        "pengar?", "nlu_fallback", ranking={"nlu_fallback": 0.3, "csn": 0.28, "cost": 0.27, "greet": 0.01}
    )
    payloads = [button["payload"] for button in said[0]["buttons"]]
    assert payloads == ["/csn", "/cost", "/help_capabilities"]
    assert talk.slots["last_answer"] == "cost"


async def test_a_message_without_any_topic_is_not_understood(talk: Conversation) -> None:
    said = await talk.ask("asdf", None)
    assert said[0]["text"] == answers()["nlu_fallback"]["text"]


async def test_easy_swedish_repeats_the_latest_answer_and_stays_on(talk: Conversation) -> None:
    await talk.ask("vad kostar det", "cost")
    talk.said = []
    await talk.run("action_simplify", "lättare svenska", "simplify")
    assert talk.text == answers()["cost"]["easy"]
    assert (await talk.ask("och csn?", "csn"))[0]["text"] == answers()["csn"]["easy"]


async def test_easy_swedish_before_any_answer_stays_on_too(talk: Conversation) -> None:
    await talk.run("action_simplify", "lättare svenska", "simplify")
    assert talk.text == answers()["simplify"]["easy"]
    assert (await talk.ask("vad kostar det", "cost"))[0]["text"] == answers()["cost"]["easy"]


async def test_starting_over_forgets_what_the_talk_was_about(talk: Conversation) -> None:
    await talk.ask("svets i Arvika", "course_search", entities={"occupation": "svetsare", "place": "Arvika"})
    await talk.run("action_restart", "börja om", "restart")
    assert {talk.slots[name] for name in ("occupation", "place", "last_topic", "last_answer")} == {None}
    assert talk.text.endswith(answers()["restart"]["text"].strip())


async def test_a_source_comes_along(talk: Conversation) -> None:
    said = await talk.ask("csn", "csn")
    assert said[0]["custom"]["source"]["url"] == answers()["csn"]["source"]["url"]


async def test_without_meetings_one_is_told_so(talk: Conversation) -> None:
    for action in ("action_my_meeting", "action_cancel_meeting"):
        talk.said = []
        await talk.run(action, "min tid", "my_meeting")
        assert "ingen bokad tid" in talk.text
