"""How often the running bot understands messages it has never seen, and that it has something to say on every topic.

`dev.jsonl` and `voices.jsonl` are no training data. When a change makes understanding better, write the new figure in
`recorded.json`.
"""

from __future__ import annotations

import json
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest

from deploy.local.config import ROOT
from deploy.local.environments import Environment
from deploy.local.spacy_wheel import installed_variant
from tests.stack.running import Running

pytestmark = pytest.mark.model

HERE = Path(__file__).parent
SETS = {
    name: [json.loads(line) for line in (HERE / f"{name}.jsonl").read_text("utf-8").splitlines()]
    for name in ("dev", "voices")
}
TOPICS = sorted({message["topic"] for message in SETS["dev"]})
MAY_FALL_BY = 0.02


@pytest.mark.parametrize("name", SETS)
def test_understanding_is_not_worse_than_recorded(real: Running, name: str, capsys: pytest.CaptureFixture[str]) -> None:
    recorded, messages = json.loads((HERE / "recorded.json").read_text("utf-8"))[name], SETS[name]
    with ThreadPoolExecutor(2) as two:
        answers = list(two.map(lambda message: real.ask_bot(message["text"]), messages))
    wrong = [
        f"{message['text']!r}: {answer['topic']}, not {message['topic']}"
        for message, answer in zip(messages, answers, strict=True)
        if answer["topic"] not in {message["topic"], *message["also"]}
    ]
    accuracy = 1 - len(wrong) / len(messages)
    with capsys.disabled():
        variant = installed_variant(Environment("bot", ROOT))
        print(f" understood {accuracy:.4f} of {len(messages)} in {name} (spaCy: {variant})", end=" ")
    print("\n".join(wrong))
    assert all("".join(message["text"] for message in answer["messages"]).strip() for answer in answers)
    assert accuracy >= recorded["accuracy"] - MAY_FALL_BY


@pytest.mark.parametrize("topic", TOPICS)
def test_every_topic_has_an_answer(real: Running, topic: str) -> None:
    answer = real.ask_bot(f"/{topic}")
    assert answer["topic"] == topic
    assert all(message["text"].strip() for message in answer["messages"])
    assert answer["messages"], "an empty bubble"
