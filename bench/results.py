"""What was measured, and how it is printed: one table to read, then one line of JSON."""

from __future__ import annotations

import json
import math
from dataclasses import dataclass, field

from bench.figures import Times, ratio


@dataclass
class Results:
    """Rows of the table by part, and the same figures by name for the JSON line."""

    parts: dict[str, list[tuple[str, str]]] = field(default_factory=dict)
    figures: dict[str, float] = field(default_factory=dict)

    def figure(self, part: str, name: str, value: float, unit: str = "") -> None:
        """One figure: milliseconds, seconds, MB, a ratio (unit "x") …"""
        text = "n/a" if math.isnan(value) else f"{value:.{2 if unit in {'x', ''} else 1}f}{f' {unit}' if unit else ''}"
        self.parts.setdefault(part, []).append((name, text))
        self.figures[f"{part}: {name}"] = round(value, 3)

    def times(self, part: str, name: str, times: Times) -> None:
        """Median and 95th percentile of one sample."""
        text = f"median {times.median:7.1f} ms   p95 {times.p95:7.1f} ms   ({times.count} times)"
        self.parts.setdefault(part, []).append((name, text))
        self.figures[f"{part}: {name}, median ms"] = round(times.median, 2)
        self.figures[f"{part}: {name}, p95 ms"] = round(times.p95, 2)

    def compare(self, part: str, name: str, one: Times, other: Times) -> None:
        """The ratio of two medians."""
        self.figure(part, name, ratio(one.median, other.median), "x")

    def table(self) -> str:
        """Everything, aligned, in the order it was measured."""
        width = max((len(name) for rows in self.parts.values() for name, _ in rows), default=0)
        lines = []
        for part, rows in self.parts.items():
            lines += ["", part, *(f"  {name:<{width}}  {text}" for name, text in rows)]
        return "\n".join(lines)

    def json(self) -> str:
        """One line; NaN (not comparable) becomes null."""
        return json.dumps({name: None if math.isnan(value) else value for name, value in self.figures.items()})
