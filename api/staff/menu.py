"""Staff's menu: the pages that an account may open, gathered under a few headings."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from functools import cache
from itertools import groupby
from pathlib import Path
from typing import Any

import yaml
from fastapi import FastAPI

from api.staff.roles import declared
from api.staff.sessions import SignedIn

START = "/personal"


@dataclass(frozen=True)
class Place:
    """A page in the menu; `group` is the heading it stands under."""

    path: str
    title: str
    about: str
    group: str

    def is_above(self, path: str) -> bool:
        """Whether a page belongs here; everything is below the start page, which has only itself."""
        return path == self.path or (self.path != START and path.startswith(f"{self.path}/"))


@dataclass(frozen=True)
class Group:
    """A line of the menu: a heading and its pages. A heading leads to the first of them."""

    heading: str
    places: tuple[Place, ...]

    @property
    def title(self) -> str:
        """A heading with one page under it is that page."""
        return self.heading if len(self.places) > 1 else self.places[0].title


@dataclass(frozen=True)
class Menu:
    """The lines of the menu, and where in it the visitor is (None outside it)."""

    groups: tuple[Group, ...]
    group: Group | None = None
    place: Place | None = None

    @classmethod
    def of(cls, places: Iterable[Place], path: str) -> Menu:
        """The menu as it is seen at `path`: a page below one of the menu belongs to that one."""
        groups = tuple(Group(title, tuple(each)) for title, each in groupby(places, key=lambda place: place.group))
        above = [(group, place) for group in groups for place in group.places if place.is_above(path)]
        return cls(groups, *max(above, key=lambda each: len(each[1].path), default=()))


EMPTY = Menu(())
"""What somebody who is not logged in has."""


def places(app: FastAPI, account: SignedIn) -> list[Place]:
    """The pages that exist and that this account may open, in the order of `menu.yml`."""
    guards = {path: guard for method, path, guard in declared(app) if method == "GET"}
    return [
        place for place in _places() if (guard := guards.get(place.path)) is not None and guard.allows(account.role)
    ]


@cache
def _places() -> tuple[Place, ...]:
    groups: list[dict[str, Any]] = yaml.safe_load(Path(__file__).with_name("menu.yml").read_text("utf-8"))  # Any: YAML
    return tuple(Place(**place, group=group["title"]) for group in groups for place in group["pages"])
