"""What to look for, what came of it, and whoever does the looking."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import Protocol


@dataclass(frozen=True)
class Wanted:
    """A search. All but `words` are concept ids of JobTech's taxonomy; several of one kind widen it, kinds narrow it.

    `names` are occupation-names, `groups` SSYK groups (ssyk-level-4), `fields` occupation-fields.
    """

    names: tuple[str, ...] = ()
    groups: tuple[str, ...] = ()
    fields: tuple[str, ...] = ()
    words: str = ""
    municipalities: tuple[str, ...] = ()
    regions: tuple[str, ...] = ()


@dataclass(frozen=True)
class Vacancy:
    """One advertisement; what it does not say is empty or None. Texts are plain, on one line. Days are Swedish."""

    id: str
    title: str
    employer: str
    place: str
    deadline: date | None
    published: date | None
    url: str
    """At Arbetsförmedlingen; empty when the advertisement has no such address."""


@dataclass(frozen=True)
class Found:
    """The newest vacancies of a search, and how many there are in all."""

    total: int
    vacancies: tuple[Vacancy, ...]


class VacanciesUnavailable(Exception):
    """The vacancies cannot be had now. The message is a reason without content."""


class VacancySource(Protocol):
    """Whoever knows the vacancies."""

    def look(self, *searches: Wanted) -> Sequence[Found]:
        """The results of the searches in their order, up to the first that found something.

        Fewer results mean that the next search failed. Raises VacanciesUnavailable when the first one did.
        """
