"""A conversation as plain text, for the person to keep."""

from __future__ import annotations

from collections.abc import Sequence

from api.chat.service import BOT
from api.chat.tables import Message
from api.clock import STOCKHOLM
from api.texts import Texts

_texts = Texts.beside(__file__)


def transcript_text(messages: Sequence[Message]) -> str:
    """Who said what and when (Stockholm time), with sources."""
    parts = [_texts("transcript_title"), _texts("transcript_note"), ""]
    for message in messages:
        sender = _texts("transcript_bot" if message.sender == BOT else "transcript_user")
        parts.append(f"{sender} {message.created_at.astimezone(STOCKHOLM):%Y-%m-%d %H.%M}")
        parts.append(message.text)
        if message.source:
            parts.append(_texts("transcript_source", **message.source))
        parts.append("")
    return "\n".join(parts)
