"""The training phrases that are there already, so that staff learn at once when an example brings nothing new."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path

import yaml
from rapidfuzz import fuzz, process

from api.insight.asked.likeness import NEARLY_THE_SAME, plain

FOLDER = Path(__file__).resolve().parents[3] / "data" / "nlu"
"""The training files stand beside the api's code; where they do not, only approved examples are compared with."""
_LEAST_LIKE = 60


@dataclass(frozen=True)
class Known:
    """Phrases and their topics: `topics[plain]` is the topic of a phrase, `plains` all of them, for comparing."""

    topics: Mapping[str, str]
    plains: tuple[str, ...]

    def nearly(self, text: str) -> tuple[str, str] | None:
        """(phrase, topic) of one that is nearly the same, None when there is none."""
        found = process.extractOne(plain(text), self.plains, scorer=fuzz.ratio, score_cutoff=NEARLY_THE_SAME)
        return (found[0], self.topics[found[0]]) if found else None

    def topic_like(self, text: str) -> str:
        """The topic of the phrase that is most like this text; empty when none is."""
        found = process.extractOne(plain(text), self.plains, scorer=fuzz.token_sort_ratio, score_cutoff=_LEAST_LIKE)
        return self.topics[found[0]] if found else ""


def known(folder: Path = FOLDER) -> Known:
    """The phrases of all training files below `folder`, read again when one of them has changed."""
    files = sorted(folder.rglob("*.yml"))
    return _read(tuple((file, file.stat().st_mtime_ns) for file in files))


@lru_cache(maxsize=2)
def _read(files: tuple[tuple[Path, int], ...]) -> Known:
    topics: dict[str, str] = {}
    for file, _ in files:
        blocks: Iterable[Mapping[str, str]] = yaml.load(file.read_text("utf-8"), _LOADER)["nlu"]  # noqa: S506 - it is a safe one
        for block in blocks:
            for line in block["examples"].splitlines():
                topics.setdefault(plain(line.removeprefix("- ")), block["intent"])
    topics.pop("", None)
    return Known(topics, tuple(topics))


_LOADER = getattr(yaml, "CSafeLoader", yaml.SafeLoader)
"""The fast one where it is there: the same result in a tenth of the time."""
