"""Which of Susa-navet's events concern us, which occupation they lead to and at which node they are. Pure."""

from __future__ import annotations

import hashlib
import re
from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass
from functools import cache, lru_cache
from pathlib import Path
from typing import Any

import yaml

from api.catalogue.susa.reading import Event, Info, Resource
from api.folding import fold

_FILE = Path(__file__).with_name("words.yml")
_ISCED = "C_Subject_ISCED2013"


@dataclass(frozen=True)
class Words:
    """What titles are compared with; words.yml explains it."""

    occupations: tuple[tuple[str, str, re.Pattern[str], int], ...]
    """Slug, direction, pattern, and how many letters the pattern names."""
    directions: dict[str, tuple[re.Pattern[str], ...]]
    codes: dict[str, tuple[str, ...]]
    removed: frozenset[str]
    offered: frozenset[str]
    version: str


@dataclass(frozen=True)
class Wanted:
    """What the settings ask for: municipality codes, school types and directions."""

    municipalities: frozenset[str]
    school_types: tuple[str, ...]
    directions: frozenset[str]

    @property
    def fingerprint(self) -> str:
        """Changes when something else is wanted than before."""
        parts = [sorted(self.municipalities), sorted(self.school_types), sorted(self.directions), words().version]
        return hashlib.sha256(repr(parts).encode()).hexdigest()


@dataclass(frozen=True)
class NodePlace:
    """A node and the code of its municipality."""

    id: int
    municipality: str


@cache
def words() -> Words:
    """The file, read once."""
    data = _FILE.read_bytes()
    entries: dict[str, Any] = yaml.safe_load(data)
    occupations = [
        (slug, entry["direction"], _pattern(word), len(word.strip("*")))
        for slug, entry in entries["occupations"].items()
        for word in entry["words"]
    ]
    directions = entries["directions"]
    return Words(
        occupations=tuple(occupations),
        directions={name: tuple(map(_pattern, entry["words"])) for name, entry in directions.items()},
        codes={name: tuple(entry.get("isced2013", ())) for name, entry in directions.items()},
        removed=frozenset(map(fold, entries["removed"])),
        offered=frozenset(map(fold, entries["offered"])),
        version=hashlib.sha256(data).hexdigest(),
    )


def occupations_of(title: str) -> tuple[str, ...]:
    """Slugs of the occupations that the title names, in the order they are named.

    Of two that claim the same word, the one whose pattern says more of it counts.
    """
    folded = fold(title)
    claims = sorted(
        (match.start(), -(match.end() - match.start()), -length, slug)
        for slug, _, pattern, length in words().occupations
        for match in pattern.finditer(folded)
    )
    found: dict[str, None] = {}
    reached = -1
    for start, negative, _, slug in claims:
        if start < reached:
            continue  # inside a claim that says more
        found[slug], reached = None, start - negative
    return tuple(found)


def is_industrial(title: str, wanted: Wanted, subjects: Iterable[tuple[str, str]] = ()) -> bool:
    """Whether something of that title, with those subject codes, belongs to a wanted direction."""
    known, folded = words(), fold(title)
    direction_of = {slug: direction for slug, direction, _, _ in known.occupations}
    if any(direction_of[slug] in wanted.directions for slug in occupations_of(title)):
        return True
    codes = [code for kind, code in subjects if kind == _ISCED]
    return any(
        any(pattern.search(folded) for pattern in known.directions[name])
        or any(code in known.codes[name] for code in codes)
        for name in wanted.directions
    )


def wants_info(info: Info, wanted: Wanted) -> bool:
    """Whether events of this info may be ours. A school type that is not told is taken for one we asked for."""
    right_type = not info.school_type or info.school_type in wanted.school_types
    return right_type and is_industrial(info.title, wanted, info.subjects)


def is_here(event: Event, wanted: Wanted, provider_areas: Collection[str] = ()) -> bool:
    """Whether the event is given in one of our municipalities; by its provider's, when it does not say where."""
    return bool(wanted.municipalities & set(event.areas or provider_areas))


def is_removed(resource: Resource) -> bool:
    """Whether Susa-navet says that the resource is gone."""
    return resource.content is None or _meaning(resource.status) == "removed"


def has_unknown_status(resource: Resource) -> bool:
    """Whether the status is a word that we do not know. It is taken for something that is still offered."""
    return _meaning(resource.status) == "unknown"


def node_for(areas: Collection[str], chosen: NodePlace | None, nodes: Sequence[NodePlace]) -> int | None:
    """Id of the node an event is shown at; None when that cannot be decided.

    The node that staff chose for the provider, unless the event says that it is given in another node's municipality.
    """
    if chosen is None:
        return None
    if not areas or chosen.municipality in areas:
        return chosen.id
    there = [node for node in nodes if node.municipality in areas]
    if not there:
        return chosen.id
    return there[0].id if len(there) == 1 else None


def suggested_node(municipality: str, nodes: Sequence[NodePlace]) -> int | None:
    """The node of the municipality, when it has exactly one."""
    there = [node.id for node in nodes if node.municipality == municipality]
    return there[0] if len(there) == 1 else None


@lru_cache(maxsize=1000)
def _meaning(status: str) -> str:
    folded = fold(status)
    return "removed" if folded in words().removed else "offered" if folded in words().offered else "unknown"


def _pattern(word: str) -> re.Pattern[str]:
    begins = "[a-z0-9]*" if word.startswith("*") else ""
    ends = "[a-z0-9]*" if word.endswith("*") else ""
    return re.compile(rf"(?<![a-z0-9]){begins}{re.escape(fold(word))}{ends}(?![a-z0-9])")
