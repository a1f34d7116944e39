"""The bot's memory of a conversation, in its own Python: what it forgets is not left in its file either."""

from __future__ import annotations

import subprocess
from pathlib import Path

import pytest

from deploy.local.config import ROOT

pytestmark = pytest.mark.model

BOT = ROOT / ".venv/bot/bin/python"
STORE = """
import asyncio, sys
from rasa.shared.core.domain import Domain
from rasa.shared.core.events import SlotSet
from rasa.shared.core.slots import AnySlot
from rasa.shared.core.trackers import DialogueStateTracker
import bot.tracker_store as module

slots = [AnySlot("booking_name", mappings=[{}])]
domain = Domain.empty()
domain.slots = slots
store = module.SnapshotTrackerStore(domain, f"sqlite:///{sys.argv[1]}")
moment = [1_800_000_000.0]
module.time.time = lambda: moment[0]


async def keep(sender, name):
    await store.save(DialogueStateTracker.from_events(sender, [SlotSet("booking_name", name)], slots=slots))

"""

ERASED = (
    STORE
    + """

async def main():
    await keep("a", "Kimzon")
    await keep("b", "Alexzon")
    print(sorted(await store.keys()))
    await store.erase("a")
    print(sorted(await store.keys()), [open(sys.argv[1] + end, "rb").read().count(b"Kimzon") for end in ("", "-wal")])
    moment[0] += 90 * 86_400 + 1
    store._saves = 0  # the next one is the one in five hundred that cleans up
    await keep("c", "Robinzon")
    print(sorted(await store.keys()))


asyncio.run(main())
"""
)

LOCKED = (
    STORE
    + """
import logging, sqlite3

logging.basicConfig(level=logging.DEBUG, stream=sys.stdout)


def tracker(name):
    return DialogueStateTracker.from_events("a", [SlotSet("booking_name", name)], slots=slots)


async def main():
    await store.save(tracker("Kimzon"))
    other = sqlite3.connect(sys.argv[1])
    other.execute("BEGIN EXCLUSIVE")
    with module.failures_of_turn() as failed:
        await store.save(tracker("Alexzon"))
        print(failed)
        other.rollback()
        await store.save(tracker("Alexzon"))
    with module.failures_of_turn() as failed:
        print(failed, (await store.retrieve("a")).get_slot("booking_name") == "Kimzon")
        other.execute("DROP TABLE snapshot")
        print(await store.retrieve("a"), failed)


asyncio.run(main())
"""
)


def run(script: str, file: Path) -> list[str]:
    return subprocess.run(
        [BOT, "-c", script, file], cwd=ROOT, capture_output=True, text=True, check=True
    ).stdout.splitlines()


def test_what_the_bot_remembers_is_overwritten_in_its_file(tmp_path: Path) -> None:
    assert run(ERASED, tmp_path / "bot.db") == ["['a', 'b']", "['b'] [0, 0]", "['c']"]


def test_a_turn_that_could_not_be_read_or_stored_overwrites_nothing_and_no_value_is_logged(tmp_path: Path) -> None:
    said = run(LOCKED, tmp_path / "bot.db")
    own = [line for line in said if not line.startswith(("DEBUG:", "INFO:", "ERROR:"))]
    assert own == ["['OperationalError']", "[] True", "None ['OperationalError']"]
    assert sum("not stored or read" in line for line in said) == 2
    assert not any("zon" in line for line in said)
