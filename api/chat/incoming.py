"""Making a person's text fit to pass on. Pure."""

from __future__ import annotations

import unicodedata

from api.chat.errors import MessageEmpty, MessageTooLong

MESSAGE_LIMIT = 1000
"""Characters; the chat contract's limit."""

_COMMAND = "/"
_BLANK = "\u115f\u1160\u2800\u3164\uffa0"
"""Letters and signs by category that show nothing: Hangul fillers and the empty Braille pattern."""


def clean(text: str) -> str:
    """`text` tidied up and of the right length. Raises MessageEmpty or MessageTooLong."""
    cleaned = tidy(text)
    if not cleaned:
        raise MessageEmpty
    if len(cleaned) > MESSAGE_LIMIT:
        raise MessageTooLong(limit=MESSAGE_LIMIT)
    return cleaned


def tidy(text: str) -> str:
    """`text` without control characters and half surrogate pairs (no database takes them), trimmed.

    Empty when nothing in it can be seen.
    """
    whole = text.encode("utf-16", "surrogatepass").decode("utf-16", "replace")
    cleaned = "".join(char for char in whole if char in "\n\t" or unicodedata.category(char) != "Cc").strip()
    return cleaned if any(_is_visible(char) for char in cleaned) else ""


def looks_like_command(text: str) -> bool:
    """Whether Rasa could take the text as a payload (`/intent{…}`): its first visible character is a slash."""
    first = next((char for char in text if _is_visible(char)), "")
    return unicodedata.normalize("NFKC", first) == _COMMAND


def _is_visible(char: str) -> bool:
    return not (char.isspace() or char in _BLANK or unicodedata.category(char) in {"Cf", "Cc", "Zs", "Mn", "Me"})
