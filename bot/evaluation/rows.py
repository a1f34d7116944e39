"""Reading files of messages with right answers: JSON lines `{"text", "topic", "entities", "also", "style"}`."""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from bot.evaluation.measure import Row, Values


class BadFile(Exception):
    """The file cannot be used; the message says which line and why, and repeats nothing of what stands there."""


def read_rows(path: Path) -> list[Row]:
    """All messages of the file. Empty lines are skipped. Raises BadFile."""
    try:
        lines = path.read_text("utf-8").splitlines()
    except (OSError, UnicodeDecodeError) as error:
        raise BadFile(f"{path.name} cannot be read as UTF-8 text ({type(error).__name__}).") from None
    rows = list(_parse(path.name, lines))
    if not rows:
        raise BadFile(f"{path.name} holds no messages.")
    return rows


def _parse(name: str, lines: list[str]) -> Iterator[Row]:
    for number, line in enumerate(lines, start=1):
        if not line.strip():
            continue
        try:
            data: dict[str, Any] = json.loads(line)
            yield Row(
                text=_text(data["text"]),
                topic=_text(data["topic"]),
                also=frozenset(map(_text, data.get("also") or ())),
                entities=_values(data.get("entities") or {}),
                style=_text(data.get("style") or "unknown"),
            )
        except (ValueError, TypeError, KeyError, AttributeError):
            example = '{"text": "…", "topic": "…", "entities": {"place": "Arvika"}, "also": [], "style": "…"}'
            raise BadFile(f"{name}, line {number}: not a message with its topic. Expected: {example}") from None


def _text(value: object) -> str:
    if not isinstance(value, str) or not value:
        raise TypeError("not a text")
    return value


def _values(entities: dict[str, Any]) -> Values:
    return {
        name: frozenset(map(_text, value if isinstance(value, list) else [value])) for name, value in entities.items()
    }
