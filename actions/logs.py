"""The action server's log: one JSON object a line, with ids of request and conversation, never what was written."""

from __future__ import annotations

import json
import logging
import re
import sys
import warnings
from contextvars import ContextVar
from datetime import UTC, datetime

REQUEST: ContextVar[str] = ContextVar("request", default="")
"""Id of the request to the api whose turn is worked on; the bot hands it on as the message's id."""

_REQUEST_ID = re.compile(r"[0-9a-f]{32}")
_OWN = ("request", "conversation", "action", "outcome", "reason", "error", "ms")
"""What a line may say beside its event: names and numbers."""


class JsonLines(logging.Formatter):
    """A record as one line. Of an error only its class is told: its message may repeat what somebody wrote."""

    def format(self, record: logging.LogRecord) -> str:
        line: dict[str, object] = {
            "event": record.getMessage(),
            "level": record.levelname.lower(),
            "logger": record.name,
            "timestamp": datetime.fromtimestamp(record.created, UTC).isoformat(),
        }
        if REQUEST.get():
            line["request"] = REQUEST.get()
        line |= {name: getattr(record, name) for name in _OWN if hasattr(record, name)}
        if record.exc_info and record.exc_info[0]:
            line["error"] = record.exc_info[0].__name__
        return json.dumps(line, ensure_ascii=False, default=str)


def configure_logging() -> None:
    """Send all logging and warnings of the process to standard output: warnings of all, and this package's own news."""
    # Rasa 3.6 and this SDK belong together (ADR 0001), though their numbers differ.
    warnings.filterwarnings("ignore", message="Your versions of rasa and rasa_sdk")
    handler = logging.StreamHandler(sys.stdout)
    handler.setFormatter(JsonLines())
    logging.basicConfig(level=logging.WARNING, handlers=[handler], force=True)
    logging.captureWarnings(True)
    logging.getLogger("actions").setLevel(logging.INFO)


def request_id(given: object) -> str:
    """An id as the api makes them; "" for anything else."""
    return given if isinstance(given, str) and _REQUEST_ID.fullmatch(given) else ""
