"""Two people at the same row: what each of them changed, and what has to be decided. Pure."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass


@dataclass(frozen=True)
class Conflict:
    """A field that somebody else has changed since the form was shown. `mine` is None when I left it alone."""

    name: str
    before: str | None
    """What the form showed first; None when the form does not say."""
    theirs: str
    mine: str | None

    @property
    def must_choose(self) -> bool:
        """Both have changed the field, to different things."""
        return self.mine is not None


@dataclass(frozen=True)
class Merged:
    """`texts` holds both people's changes; where both changed a field, it holds mine."""

    texts: dict[str, str]
    conflicts: tuple[Conflict, ...]


def merge(base: Mapping[str, str], theirs: Mapping[str, str], mine: Mapping[str, str]) -> Merged:
    """Three-way merge, field by field: what the form showed, what is stored now, and what was sent."""
    texts: dict[str, str] = {}
    conflicts: list[Conflict] = []
    for name, stored in theirs.items():
        sent, before = mine.get(name, stored), base.get(name)
        texts[name] = stored if sent == before else sent
        if stored == before or sent == stored:
            continue
        conflicts.append(Conflict(name, before, stored, None if sent == before else sent))
    return Merged(texts, tuple(conflicts))
