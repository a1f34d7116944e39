"""A model that is damaged, half-written or unfit: the real bot takes another one or ends with a sentence."""

from __future__ import annotations

import gzip
import os
from collections.abc import Callable, Iterator
from pathlib import Path

import httpx
import pytest

from deploy.local.model import newest
from deploy.local.ports import Ports
from deploy.local.progress import SetupError
from deploy.local.stack import Stack

pytestmark = pytest.mark.model

ROOT = Path(__file__).resolve().parents[3]

WithModel = Callable[[Path], Stack]


@pytest.fixture
def with_model(tmp_path: Path) -> Iterator[WithModel]:
    """A stack whose bot is told to take this model; only the bot is started."""
    made: list[Stack] = []

    def start(model: Path) -> Stack:
        outside = {name: value for name, value in os.environ.items() if not name.startswith("IV_")}
        made.append(Stack(Ports.free(), tmp_path, base_env=outside, model=model))
        (tmp_path / "log").mkdir(exist_ok=True)
        made[-1].write_gazetteer()
        made[-1].start("bot")
        return made[-1]

    yield start
    for stack in made:
        stack.stop()


def test_instead_of_a_half_written_model_the_newest_whole_one_is_used_and_it_is_said(
    with_model: WithModel, tmp_path: Path
) -> None:
    whole = newest(ROOT)
    assert whole is not None
    half = tmp_path / "half.tar.gz"
    half.write_bytes(whole.read_bytes()[:-100_000])
    stack = with_model(half)
    stack.wait_ready("bot")
    said = f"WARNING The model half.tar.gz is damaged or gone; {whole.name} is used instead."
    assert said in stack.logs["bot"].read_text("utf-8")
    understood = httpx.post(
        f"{stack.bot_url}/webhooks/gateway/understanding",
        json={"text": "vad kostar det?"},
        headers={"Authorization": f"Bearer {stack.env['IV_SERVICE_TOKEN']}"},
        timeout=60,
        trust_env=False,
    )
    assert understood.json()["topic"] == "cost"


def test_a_bot_that_cannot_load_its_model_ends_with_a_sentence(with_model: WithModel, tmp_path: Path) -> None:
    """Whole as a file, and no model: such as one of another version of Rasa."""
    unfit = tmp_path / "unfit.tar.gz"
    with gzip.open(unfit, "wb") as file:
        file.write(b"no model")
    stack = with_model(unfit)
    with pytest.raises(SetupError, match=r"bot stopped while it was starting .*The model could not be loaded") as told:
        stack.wait_ready("bot")
    assert str(stack.logs["bot"]) in str(told.value)
