"""Making a person's text fit to pass on. Pure."""

from __future__ import annotations

import unicodedata

from api.chat.errors import MessageEmpty, MessageTooLong

MESSAGE_LIMIT = 1000
"""Characters; the chat contract's limit."""

_COMMAND = "/"


def clean(text: str) -> str:
    """`text` without control characters and half surrogate pairs (no database takes them), trimmed.

    Raises MessageEmpty or MessageTooLong.
    """
    whole = text.encode("utf-16", "surrogatepass").decode("utf-16", "replace")
    cleaned = "".join(char for char in whole if char in "\n\t" or unicodedata.category(char) != "Cc").strip()
    if not any(_is_visible(char) for char in cleaned):
        raise MessageEmpty
    if len(cleaned) > MESSAGE_LIMIT:
        raise MessageTooLong(limit=MESSAGE_LIMIT)
    return cleaned


def looks_like_command(text: str) -> bool:
    """Whether Rasa could take the text as a payload (`/intent{…}`): its first visible character is a slash."""
    first = next((char for char in text if _is_visible(char)), "")
    return unicodedata.normalize("NFKC", first) == _COMMAND


def _is_visible(char: str) -> bool:
    return not char.isspace() and unicodedata.category(char) not in {"Cf", "Cc", "Zs"}
