"""The report, that training twice gives the same, and that Rasa finds no fault with the data."""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path

import pytest

from deploy.local.config import ROOT
from deploy.local.environments import Environment
from deploy.local.model import rasa_env
from tests.bot.material import load
from tests.stack.running import Running

pytestmark = pytest.mark.model

MESSAGES = [
    {"text": "Har ni någon kurs för svetsare i Hagfors?", "topic": "course_search", "style": "plain"}
    | {"entities": {"occupation": "svetsare", "place": "Hagfors"}},
    {"text": "När är sista dagen att söka?", "topic": "apply_deadline", "style": "plain"},
    {"text": "Vem vann slalomtävlingen i helgen?", "topic": "out_of_scope", "style": "odd"},
    {"text": "hej på er därute", "topic": "goodbye", "also": ["greet"], "style": "odd"},
]
FIGURES = {
    *("messages", "accuracy", "top3", "macro_f1", "false_fallback", "out_of_scope_recall"),
    *("occupation_f1", "place_f1", "median_ms", "p95_ms"),
}
TWICE = """
import json, sys
from bot.nlu.topic_model import TopicModel

phrases, questions = json.load(sys.stdin)
for _ in range(2):
    model = TopicModel.train([text for text, _ in phrases], [topic for _, topic in phrases], 1.0)
    print(json.dumps([model.rank(question) for question in questions]))
"""
"""Trains twice in one process; prints what each of the models thinks of the questions."""


def bots_python(*arguments: str | Path, env: dict[str, str], given: str = "") -> subprocess.CompletedProcess[str]:
    """The bot's Python at work in the project."""
    command = [str(part) for part in (Environment("bot", ROOT).python, "-W", "ignore", *arguments)]
    return subprocess.run(command, input=given, env=env, cwd=ROOT, capture_output=True, text=True, timeout=300)


@pytest.fixture
def env(real: Running) -> dict[str, str]:
    """What the launcher gives to Rasa's commands."""
    return {**rasa_env(ROOT, real.stack.env, real.stack.gazetteer), "IV_DATA_DIR": str(real.stack.data_dir)}


def report(real: Running, env: dict[str, str], file: Path) -> subprocess.CompletedProcess[str]:
    """What `make nlu-report` runs, with the stack's model."""
    assert real.stack.model
    return bots_python("-m", "bot.evaluation", real.stack.model, file, env=env)


def test_the_report_prints_tables_and_ends_with_all_figures_as_json(
    real: Running, env: dict[str, str], tmp_path: Path
) -> None:
    file = tmp_path / "messages.jsonl"
    file.write_text("\n".join(json.dumps(message, ensure_ascii=False) for message in MESSAGES), "utf-8")
    done = report(real, env, file)
    assert done.returncode == 0, done.stderr
    *tables, last = done.stdout.splitlines()
    numbers = json.loads(last)
    assert numbers.keys() == FIGURES | {"by_style"}
    assert numbers["by_style"].keys() == {"plain", "odd"}
    assert all(column.keys() == FIGURES for column in numbers["by_style"].values())
    assert numbers["messages"] == len(MESSAGES)
    assert numbers["accuracy"] == numbers["top3"] == 1.0
    assert numbers["occupation_f1"] == numbers["place_f1"] == 1.0
    assert numbers["median_ms"] > 0
    (accuracy,) = [line for line in tables if line.startswith("| accuracy ")]
    assert accuracy.count("1.000") == 3, "for all, and for each style"
    assert not any(message["text"] in done.stdout for message in MESSAGES), "messages are not repeated"


@pytest.mark.parametrize("content", ['{"text": "hej"}', "hej", ""])
def test_a_file_that_cannot_be_used_ends_with_a_sentence_and_code_2(
    real: Running, env: dict[str, str], tmp_path: Path, content: str
) -> None:
    file = tmp_path / "messages.jsonl"
    file.write_text(content, "utf-8")
    done = report(real, env, file)
    assert done.returncode == 2
    assert done.stdout == ""
    (sentence,) = [line for line in done.stderr.splitlines() if line.strip()]
    assert sentence.startswith("messages.jsonl")
    assert sentence.endswith(("}", "."))


def test_a_file_that_is_not_there_is_named_without_starting_anything() -> None:
    command = [sys.executable, "-m", "deploy.local", "nlu-report", "--", "no-such-file.jsonl"]
    done = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, timeout=60)
    assert done.returncode == 1
    assert "no-such-file.jsonl" in done.stdout + done.stderr
    assert "Traceback" not in done.stdout + done.stderr


def test_training_twice_from_the_same_data_gives_the_same_decisions(env: dict[str, str]) -> None:
    topics = ("cost", "csn", "course_start", "apply_deadline", "greet", "out_of_scope")
    blocks = [block for path in sorted((ROOT / "data/nlu").rglob("*.yml")) for block in load(path)["nlu"]]
    phrases = [
        (line[2:], block["intent"])
        for block in blocks
        if block["intent"] in topics
        for line in block["examples"].splitlines()[:60]
    ]
    assert {topic for _, topic in phrases} == set(topics)
    questions = [message["text"] for message in MESSAGES]
    done = bots_python("-c", TWICE, env=env, given=json.dumps((phrases, questions)))
    assert done.returncode == 0, done.stderr
    first, second = map(json.loads, done.stdout.splitlines())
    assert first == second
    assert all(ranking for ranking in first)


def test_nothing_in_the_pipeline_but_rasas_fallback_is_of_others() -> None:
    names = [component["name"] for component in load(ROOT / "config.yml")["pipeline"]]
    assert [name for name in names if not name.startswith("bot.nlu.")] == ["FallbackClassifier"]


def test_our_components_do_not_import_tensorflow() -> None:
    sources = (path.read_text("utf-8") for path in (ROOT / "bot/nlu").glob("*.py"))
    assert not any("tensorflow" in source or "keras" in source for source in sources)


def test_rasa_finds_no_fault_with_data_and_domain(env: dict[str, str]) -> None:
    done = bots_python(
        *("-m", "rasa", "data", "validate", "--fail-on-warnings"),
        *("--config", ROOT / "config.yml", "--domain", ROOT / "bot/domain", "--data", ROOT / "data"),
        env=env,
    )
    assert done.returncode == 0, done.stdout + done.stderr
