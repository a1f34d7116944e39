"""Bars for a page: where each stands, and what is written on it. Pure; the template draws them as SVG.

They are read without colour: each bar has its figure, and a part of it is hatched.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

WIDTH, HEIGHT = 320, 150
"""Of the drawing, in its own units: letters keep their size on the smallest phone."""
TOP, BOTTOM = 22, 24
_GAP = 0.25


@dataclass(frozen=True)
class Bar:
    """One bar; `hatched` is the height of its lower part. `figure` stands above it: None for one that is not told."""

    label: str
    figure: int | None
    x: float
    y: float
    width: float
    height: float
    hatched: float

    @property
    def middle(self) -> float:
        """Where its texts stand."""
        return round(self.x + self.width / 2, 1)


@dataclass(frozen=True)
class Chart:
    """A row of bars under a title. `name` is its id on the page."""

    name: str
    title: str
    bars: tuple[Bar, ...]
    width: int = WIDTH
    height: int = HEIGHT
    base: int = HEIGHT - BOTTOM


def bars(
    name: str, title: str, labels: Sequence[str], figures: Sequence[int | None], parts: Sequence[int] = ()
) -> Chart:
    """A bar for each figure, the highest as high as the drawing allows; `parts` are the hatched shares of them."""
    most = max((figure or 0 for figure in figures), default=0) or 1
    room = HEIGHT - TOP - BOTTOM
    each = WIDTH / max(len(figures), 1)
    drawn = []
    for number, (label, figure) in enumerate(zip(labels, figures, strict=True)):
        height = round(room * (figure or 0) / most, 1)
        part = round(room * parts[number] / most, 1) if parts else 0.0
        x, y = round(each * (number + _GAP / 2), 1), round(HEIGHT - BOTTOM - height, 1)
        drawn.append(Bar(label, figure, x, y, round(each * (1 - _GAP), 1), height, part))
    return Chart(name, title, tuple(drawn))
