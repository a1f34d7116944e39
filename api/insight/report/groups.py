"""Parts of a whole as the report may tell them. Pure."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from api.insight.small_groups import shown, suppressed

OTHERS = "others"
"""The part that the groups which must not be told are gathered in. Their names are left out: that a language or a way
to meet is there at all may be about one person."""


@dataclass(frozen=True)
class Part:
    """One group: how many, and whole per cent of all; None for what is not shown."""

    name: str
    count: int | None
    share: int | None


@dataclass(frozen=True)
class Whole:
    """All of something, and the groups it falls into. Under ten in all there is no total; where no group may be told
    there are no parts."""

    total: int | None
    parts: tuple[Part, ...]

    def part(self, name: str) -> Part:
        """The part of that name; one that tells nothing where it is not told."""
        return next((one for one in self.parts if one.name == name), Part(name, None, None))


def whole(counts: Mapping[str, int]) -> Whole:
    """Groups that together are everything: those under ten, and what would tell them, are one part together."""
    total = sum(counts.values())
    there = {name: n for name, n in counts.items() if n}
    told = suppressed(there) if len(there) > 1 else {name: shown(n) for name, n in there.items()}
    known = [Part(name, n, share(n, total)) for name, n in told.items() if n is not None]
    if not known:
        return Whole(shown(total), ())
    rest = total - sum(part.count or 0 for part in known)
    return Whole(shown(total), (*known, *([Part(OTHERS, rest, share(rest, total))] if rest else [])))


def share(count: int | None, total: int) -> int | None:
    """Whole per cent."""
    return None if count is None or not total else round(100 * count / total)
