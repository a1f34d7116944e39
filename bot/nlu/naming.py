"""Whether a message only names something new, like "och i Arvika då?". Pure."""

from __future__ import annotations

from collections.abc import Sequence

from bot.nlu.text import words_of


def only_names(text: str, spans: Sequence[tuple[int, int]], function_words: frozenset[str]) -> bool:
    """Whether every word of `text` lies in one of the spans (character offsets) or carries no meaning of its own.

    `function_words` are folded, as in `words.yml`.
    """
    rest = [w for w in words_of(text) if not any(start <= w.start and w.end <= end for start, end in spans)]
    return bool(spans) and all(word.folded in function_words for word in rest)
