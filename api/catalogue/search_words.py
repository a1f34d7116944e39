"""Free words in the search box: what they ask for, and which hits they fit. Pure but for the look-up of names."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path

import yaml
from sqlalchemy.orm import Session

from api.catalogue.search import Hit, Mentioned, fold, mentioned_in
from api.catalogue.tables import Municipality

_NOISE = frozenset(
    fold(word) for word in yaml.safe_load(Path(__file__).with_name("pages.yml").read_text("utf-8"))["noise"]
)


@dataclass(frozen=True)
class Words:
    """What somebody wrote, and the occupation and place it mentions."""

    text: str
    mentioned: Mentioned

    @classmethod
    def read(cls, session: Session, text: str) -> Words:
        """The words with their names looked up in the catalogue."""
        return cls(text, mentioned_in(session, text) if text else Mentioned(None, None))

    @cached_property
    def left(self) -> tuple[str, ...]:
        """The words that say something about the training itself: not its place, not "kurs", "vill" or "i"."""
        return tuple(
            word for word in fold(self.text).split() if word not in _NOISE and not _names(self.mentioned.place, word)
        )

    def select(self, hits: Sequence[Hit]) -> list[Hit]:
        """The hits the words fit, in the order given.

        An occupation that is mentioned decides, together with titles that hold the words. Without one, the titles
        decide: those with all the words, or else those with any. Words that only name a place fit everything.
        """
        wanted = self.mentioned.occupation
        if not self.left and wanted is None:
            return list(hits)
        every = [hit for hit in hits if self.left and all(word in _title(hit) for word in self.left)]
        if wanted is not None:
            ids = {hit.occasion.id for hit in every}
            return [hit for hit in hits if hit.occasion.course.occupation_id == wanted.id or hit.occasion.id in ids]
        return every or [hit for hit in hits if any(len(word) > 2 and word in _title(hit) for word in self.left)]


def _title(hit: Hit) -> str:
    return fold(hit.occasion.course.title)


def _names(place: Municipality | None, word: str) -> bool:
    """Whether `word` is part of a name of `place`, or begins with one ("arvikas")."""
    if place is None:
        return False
    parts = {part for name in (place.name, *place.aliases, *place.misspellings) for part in fold(name).split()}
    return word in parts or any(len(part) > 3 and word.startswith(part) for part in parts)
