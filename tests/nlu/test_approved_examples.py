"""What staff approved is among what Rasa trains with, once; hostile lines are not."""

from __future__ import annotations

import json
import os
import subprocess
from pathlib import Path

import pytest

from deploy.local.environments import Environment
from deploy.local.model import rasa_env
from tests.bot.material import ROOT, phrases

pytestmark = pytest.mark.model

NEW = "får hunden följa med in på nodens verkstad"
IMPORT = """
import json, sys
from bot.importer import TopicImporter

importer = TopicImporter("config.yml", "bot/domain", ["data"])
data = importer.get_nlu_data()
texts = [(example.get("text"), example.get("intent")) for example in data.intent_examples]
print(json.dumps({"approved": importer.approved, "texts": texts, "topics": sorted(data.intents)}))
"""


def test_the_training_takes_approved_examples_in(tmp_path: Path) -> None:
    there = phrases()["cost"][0]
    rows = [(NEW, "cost"), (NEW, "csn"), (there, "cost"), (f"[{NEW}](place)", "cost"), (f"{NEW} nu", "no_such_topic")]
    file = tmp_path / "examples.json"
    file.write_text(json.dumps({"examples": [{"text": text, "topic": topic} for text, topic in rows]}), "utf-8")
    env = rasa_env(ROOT, {"PATH": os.environ["PATH"]}, tmp_path / "gazetteer.json")
    done = subprocess.run(
        [Environment("bot", ROOT).python, "-W", "ignore", "-c", IMPORT],
        cwd=ROOT,
        env=env,
        capture_output=True,
        text=True,
        timeout=300,
    )
    assert done.returncode == 0, done.stderr
    found = json.loads(done.stdout.splitlines()[-1])
    assert found["approved"] == [[NEW, "cost"]]
    assert found["texts"].count([NEW, "cost"]) == 1
    assert len(found["texts"]) == sum(map(len, phrases().values())) + 1
    assert found["topics"] == sorted(phrases())
