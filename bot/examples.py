"""Examples that staff approved for the training, read from the file that the api wrote. Needs nothing of Rasa.

The api has refused what cannot be an example; here it is refused once more, because this is where it would do harm.
"""

from __future__ import annotations

import json
import logging
import os
import re
from collections.abc import Collection
from pathlib import Path
from typing import Any

NAME = "examples.json"
LONGEST = 300
_BRACKETS = re.compile(r"[\[\]{}<>|\\`]")
_FIRST = re.compile(r"[-/*#>]")

log = logging.getLogger(__name__)


def examples_file() -> Path | None:
    """Where the examples are: beside the names that the bot knows (`IV_GAZETTEER`). None when there are no names."""
    names = os.environ.get("IV_GAZETTEER", "")
    return Path(names).with_name(NAME) if names else None


def plain(text: str) -> str:
    """The text as it is compared: its words in lower case, without signs."""
    return " ".join(re.findall(r"\w+", text.casefold()))


def read_examples(path: Path | None, topics: Collection[str], phrases: Collection[str]) -> list[tuple[str, str]]:
    """(text, topic) of every example that can be used. `topics`: those that exist; `phrases`: the examples there are.

    A line that is broken, hostile, about a topic that is gone, or there already is left out; a file that cannot be
    read gives none. How many are left out is logged, never what they say.
    """
    rows = _rows(path)
    seen = {plain(phrase) for phrase in phrases}
    found: list[tuple[str, str]] = []
    for row in rows:
        text, topic = (row.get("text"), row.get("topic")) if isinstance(row, dict) else (None, None)
        if not isinstance(text, str) or not isinstance(topic, str):
            continue
        if topic not in topics or not usable(text) or plain(text) in seen:
            continue
        seen.add(plain(text))
        found.append((text, topic))
    if len(found) < len(rows):
        log.warning("%d approved examples are left out of the training", len(rows) - len(found))
    return found


def usable(text: str) -> bool:
    """Whether a text can stand among the training phrases: one line of words, without Rasa's markup."""
    return (
        0 < len(text) <= LONGEST
        and text.isprintable()
        and text == text.strip()
        and bool(plain(text))
        and not _BRACKETS.search(text)
        and not _FIRST.match(text)
    )


def _rows(path: Path | None) -> list[Any]:
    """Any: what the file holds, looked at one by one."""
    if path is None or not path.is_file():
        return []
    try:
        data = json.loads(path.read_text("utf-8"))
    except (OSError, ValueError) as error:
        log.warning("the approved examples cannot be read: %s", type(error).__name__)
        return []
    rows = data.get("examples") if isinstance(data, dict) else None
    return rows if isinstance(rows, list) else []
