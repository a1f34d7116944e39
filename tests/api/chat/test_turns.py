"""What one message is answered with and what the bot shall remember, over HTTP as the action server asks."""

from __future__ import annotations

import json
from collections.abc import AsyncIterator, Callable
from pathlib import Path
from typing import Any

import httpx
import pytest
from sqlalchemy import delete

from api.booking.tables import Availability, Counsellor
from api.catalogue.tables import Course, Node, Occasion
from api.database import Database
from api.events.tables import Event, EventSignup
from api.main import create_app
from api.settings import Settings
from tests.conftest import MovableClock

Ask = Callable[..., Any]
Json = dict[str, Any]


@pytest.fixture
async def ask(seeded_both: Database, clock: MovableClock, tmp_path: Path) -> AsyncIterator[Ask]:
    """A question with the service token; gives `answers` and `slots`."""
    settings = Settings(data_dir=tmp_path, rate_limit_enabled=False, jobsearch_url="")
    app = create_app(settings, clock=clock, database=seeded_both)
    headers = {"Authorization": f"Bearer {settings.service_token}"}
    async with httpx.AsyncClient(transport=httpx.ASGITransport(app), base_url="http://api", headers=headers) as client:

        async def question(topic: str, **more: Any) -> Json:
            response = await client.post("/internal/v1/answers", json={"topic": topic, **more})
            assert response.status_code == 200, response.text
            return response.json()

        yield question


def payloads(answer: Json) -> list[str]:
    return [choice["payload"] for choice in answer["messages"][-1]["choices"]]


async def test_an_answer_comes_with_its_topic_and_what_to_remember(ask: Ask) -> None:
    result = await ask("course_search", said={"occupation": "svetsare", "place": "Arvika"})
    (answer,) = result["answers"]
    assert (answer["topic"], answer["query"]["place"]) == ("course_search", "Arvika")
    assert result["slots"] == {
        "occupation": "svetsare",
        "place": "Arvika",
        "last_topic": "course_search",
        "last_answer": "course_search",
        "guide_left": None,
        "misses": None,
        "repeats": [{"topic": "course_search", "query": {"occupation": "svetsare", "place": "Arvika"}, "count": 1}],
    }


async def test_what_is_remembered_can_be_handed_back_as_it_is(ask: Ask) -> None:
    memory: Json = {}
    kinds = []
    for _ in range(4):
        result = await ask("csn", memory=memory)
        memory = {name: result["slots"][name] or 0 for name in ("repeats", "misses")} | {"last_answer": "csn"}
        kinds.append(result["answers"][0]["messages"][0]["kind"])
    assert kinds == ["text", "text", "contact", "text"]


async def test_hits_are_offered_and_never_told(ask: Ask) -> None:
    (answer,) = (await ask("nlu_fallback", text="svetsar truckkort"))["answers"]
    assert payloads(answer)[-1] == "/help_capabilities"
    assert '/job_describe{"occupation": "svetsare"}' in payloads(answer)
    assert len(payloads(answer)) <= 5
    assert answer["messages"][0]["kind"] == "choices"


async def test_candidates_and_hits_are_at_most_four_and_each_stands_once(ask: Ask) -> None:
    candidates = ["csn", "cost", "parenting", "prao"]
    (answer,) = (await ask("nlu_fallback", text="csn kostnad busskort dyslexi", candidates=candidates))["answers"]
    assert len(payloads(answer)) == len(set(payloads(answer))) == 5


@pytest.mark.parametrize("text", ["", "🙂", '"', "AND", "och", "*" * 1000, "\u0000", "x" * 2000])
@pytest.mark.parametrize("misses", [0, 1, 2, 7])
async def test_any_text_gets_an_answer_at_any_point(ask: Ask, text: str, misses: int) -> None:
    result = await ask("nlu_fallback", text=text, memory={"misses": misses})
    assert result["answers"][0]["messages"][0]["text"]
    assert result["slots"]["misses"] == (misses + 1 if misses < 2 else None)


@pytest.mark.parametrize("easy", [False, True])
async def test_a_region_without_nodes_still_has_words_for_everybody(
    ask: Ask, seeded_both: Database, easy: bool
) -> None:
    with seeded_both.transaction() as session:
        for table in (EventSignup, Event, Occasion, Course, Availability, Counsellor, Node):
            session.execute(delete(table))
    again = [{"topic": "csn", "query": {}, "count": 2}]
    for result in (
        await ask("human_contact", easy=easy, distress=True),
        await ask("nlu_fallback", easy=easy, memory={"misses": 2}),
        await ask("csn", easy=easy, memory={"repeats": again}),
        await ask("other_language", easy=easy, language="so"),
    ):
        text = result["answers"][0]["messages"][0]["text"]
        assert text
        assert "None" not in json.dumps(result)
        assert "  " not in text


async def test_words_in_easy_swedish_are_short_sentences(ask: Ask) -> None:
    said = [
        await ask("nlu_fallback", easy=True, text="svetsar"),
        await ask("nlu_fallback", easy=True, memory={"misses": 1}),
        await ask("nlu_fallback", easy=True, memory={"misses": 2}),
        await ask("csn", easy=True, memory={"repeats": [{"topic": "csn", "query": {}, "count": 2}]}),
        await ask("human_contact", easy=True, distress=True),
        await ask("node_nearest", easy=True, said={"place": "Eda"}),
        await ask("simplify", easy=True, memory={"last_answer": "csn"}),
    ]
    for result in said:
        for line in result["answers"][0]["messages"][0]["text"].splitlines():
            if "@" not in line and "031-" not in line:
                assert all(len(sentence.split()) <= 12 for sentence in line.split(". ")), line


async def test_a_pair_is_asked_about_only_when_both_can_be_offered(ask: Ask) -> None:
    both = await ask("nlu_fallback", candidates=["csn", "cost"], a_pair=True)
    assert payloads(both["answers"][0]) == ["/csn", "/cost", "/help_capabilities"]
    one_is_a_greeting = await ask("nlu_fallback", candidates=["greet", "cost", "csn"], a_pair=True)
    assert one_is_a_greeting["answers"][0]["messages"][0]["text"] != both["answers"][0]["messages"][0]["text"]
    for candidates in (["csn"], ["nonsense", "csn"], []):
        assert (await ask("nlu_fallback", candidates=candidates, a_pair=True))["answers"]


async def test_a_question_keeps_all_its_answers_when_it_is_asked_in_easy_swedish(ask: Ask) -> None:
    first = await ask("job_guide")
    memory = {"last_answer": "job_guide", "guide": first["slots"]["guide"]}
    again = await ask("simplify", memory=memory)
    offered = payloads(first["answers"][0])
    assert payloads(again["answers"][0]) == [*offered, '/simplify{"easy": "off"}']


async def test_clients_learn_when_easy_swedish_goes_on_and_off(ask: Ask) -> None:
    def marks(result: dict) -> list[object]:
        return [message["data"].get("easy") for answer in result["answers"] for message in answer["messages"]]

    assert marks(await ask("simplify", memory={"last_answer": "csn"}))[-1] is True
    assert marks(await ask("simplify", memory={"last_answer": "csn"}, lasting=False))[-1] is None
    assert marks(await ask("simplify", easy=True, plain=True)) == [False]
    assert marks(await ask("csn", second="simplify"))[-1] is True
    assert marks(await ask("csn")) == [None]
