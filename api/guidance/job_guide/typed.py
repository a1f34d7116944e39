"""Which answer to a question of the guide somebody means who writes in words of their own. Pure."""

from __future__ import annotations

from collections.abc import Collection

from api.folding import fold, folded_words
from api.guidance.job_guide.questions import QUESTIONS, Option

_LONGEST = 12
"""Words; a longer text tells a story or asks something else."""


def title_meant(text: str, titles: Collection[str], asking: Collection[str]) -> str | None:
    """The title of the answer that `text` means, of the question whose buttons are `titles`.

    None when no question of the guide has these buttons, when the text itself asks something (it begins with one of
    `asking`, folded), or when it fits two answers equally well.
    """
    question = next((q for q in QUESTIONS if {option.title for option in q.options} <= set(titles)), None)
    words = folded_words(text)
    if question is None or not words or len(words) > _LONGEST or "?" in text or words[0] in asking:
        return None
    spoken = f" {' '.join(words)}"
    fits = sorted(((_fit(option, spoken), option.title) for option in question.options), reverse=True)
    (best, title), (next_best, _) = fits[:2]
    return title if best > next_best else None


def _fit(option: Option, spoken: str) -> int:
    """Letters of the option's longest word that begins a word of the text; 0 for none."""
    return max((len(word) for word in (*option.words, fold(option.title)) if f" {word}" in spoken), default=0)
