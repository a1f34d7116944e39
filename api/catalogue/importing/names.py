"""What a cell may call an occupation or a node: slug, title, alias or town, in any case, with or without diacritics."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field

from rapidfuzz import process

from api.cells import TEXTS, bad
from api.folding import fold

_CLOSE_ENOUGH = 75.0


@dataclass(frozen=True)
class Names:
    """Names of one kind of thing. Build with `Names.of`."""

    titles: dict[str, str]
    """Slug → the name shown to people."""
    slugs: dict[str, frozenset[str]]
    """Folded name → the slugs it may mean."""
    unknown: str
    """Key of the reason when a name is not found."""
    _known_cells: dict[str, str] = field(default_factory=dict, compare=False, repr=False)
    """Cell → slug: a file says the same few names thousands of times."""

    @classmethod
    def of(cls, things: Iterable[tuple[str, str, Iterable[str]]], *, unknown: str) -> Names:
        """From (slug, title, other names). A slug or title wins over somebody else's alias."""
        things = list(things)
        sure: dict[str, set[str]] = {}
        other: dict[str, set[str]] = {}
        for slug, title, aliases in things:
            for name in (slug, title):
                sure.setdefault(fold(name), set()).add(slug)
            for name in aliases:
                other.setdefault(fold(name), set()).add(slug)
        merged = {name: frozenset(slugs) for name, slugs in (other | sure).items() if name}
        return cls({slug: title for slug, title, _ in things}, merged, unknown)

    def slug(self, cell: str) -> str:
        """The slug meant. BadCell, with the nearest name as a suggestion, when there is none or more than one."""
        if cell in self._known_cells:
            return self._known_cells[cell]
        name = fold(cell)
        if not name:
            raise bad("cell_required")
        found = self.slugs.get(name, frozenset())
        if len(found) == 1:
            return self._known_cells.setdefault(cell, next(iter(found)))
        if found:
            raise bad("cell_name_ambiguous", choices=", ".join(sorted(found)))
        reason = TEXTS(self.unknown)
        nearest = process.extractOne(name[:80], self.slugs.keys(), score_cutoff=_CLOSE_ENOUGH)
        if nearest is None:
            raise bad(self.unknown)
        suggestion = " / ".join(sorted(self.titles[slug] for slug in self.slugs[nearest[0]]))
        raise bad("cell_name_suggest", reason=reason, suggestion=suggestion)
