"""The bot's log: one JSON object a line. What Rasa would add of messages, slots and variables is left out."""

from __future__ import annotations

import json
import logging
import re
import sys
from contextvars import ContextVar
from datetime import datetime, timezone
from typing import Any

REQUEST: ContextVar[str] = ContextVar("request", default="")
"""Id of the request to the api whose turn is worked on."""

_REQUEST_ID = re.compile(r"[0-9a-f]{32}")
_OWN = ("conversation", "ms")
"""What a line of ours may say beside its event."""


class JsonLines(logging.Formatter):
    """A record as one line. Rasa's own structured lines keep their event alone: the rest may be what somebody wrote."""

    def format(self, record: logging.LogRecord) -> str:
        line: dict[str, object] = {
            "event": _event(record.getMessage()),
            "level": record.levelname.lower(),
            "logger": record.name,
            "timestamp": datetime.fromtimestamp(record.created, timezone.utc).isoformat(),
        }
        if REQUEST.get():
            line["request"] = REQUEST.get()
        line |= {name: getattr(record, name) for name in _OWN if hasattr(record, name)}
        if hasattr(record, "error"):
            line["error"] = record.error
        if record.exc_info and record.exc_info[0]:
            line["error"] = record.exc_info[0].__name__
        return json.dumps(line, ensure_ascii=False, default=str)


def configure_logging() -> None:
    """Send Rasa's warnings and this package's own news to standard output, instead of what Rasa has set up before."""
    handler = logging.StreamHandler(sys.stdout)
    handler.setFormatter(JsonLines())
    logging.basicConfig(level=logging.WARNING, handlers=[handler], force=True)
    logging.getLogger("bot").setLevel(logging.INFO)


def request_id(given: object) -> str:
    """An id as the api makes them; "" for anything else."""
    return given if isinstance(given, str) and _REQUEST_ID.fullmatch(given) else ""


def _event(message: str) -> str:
    if not message.startswith("{"):
        return message
    try:
        found: Any = json.loads(message)  # Any: a line that Rasa has already made JSON of
    except ValueError:
        return message
    return str(found.get("event", "")) if isinstance(found, dict) else message
