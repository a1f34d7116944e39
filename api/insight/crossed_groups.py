"""A table of counts with totals on both sides (topics by weeks), in which no small group can be told. Pure.

Each line of it is given out as `small_groups.suppressed` gives out one list. That is not enough: whoever sets the
totals of several lines against each other could still reckon a hidden cell. It is known exactly when it is the only
way between two parts of the hidden cells, seen as a net in which every cell ties its row to its column.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Hashable, Iterator, Mapping, Sequence
from typing import TypeVar

from api.insight.small_groups import LEAST

Row = TypeVar("Row", bound=Hashable)
Cell = tuple[int, int]
Node = tuple[str, int]

_GROUND: Node = ("", 0)
"""Stands for every line without a known total: such a line tells nothing of its cells."""


def crossed(
    counts: Mapping[Row, Sequence[int]], rows: Collection[Row], columns: Collection[int], *, least: int = LEAST
) -> dict[Row, tuple[int | None, ...]]:
    """The counts with None for each that must not be shown.

    `rows` and `columns` (by number) are those whose totals are shown, at least `least` each; of the others no cell is
    shown. In each line with a total at least two cells are hidden or none, with at least `least` people together; the
    smallest go first. Raises ValueError for a negative count.
    """
    if any(count < 0 for line in counts.values() for count in line):
        raise ValueError("a count is negative")
    names = list(counts)
    cells = {(number, place): count for number, name in enumerate(names) for place, count in enumerate(counts[name])}
    told = {("row", number) for number, name in enumerate(names) if name in rows} | {("column", one) for one in columns}
    hidden = {cell for cell, count in cells.items() if count < least or not told.issuperset(_lines(cell))}
    while more := _next(cells, hidden, told, least):
        hidden |= more
    return {
        name: tuple(None if (number, place) in hidden else count for place, count in enumerate(counts[name]))
        for number, name in enumerate(names)
    }


def _next(cells: Mapping[Cell, int], hidden: set[Cell], told: set[Node], least: int) -> set[Cell]:
    """What has to be hidden too; nothing when the table is safe."""
    lines: dict[Node, list[Cell]] = defaultdict(list)
    for cell in cells:
        for node in told.intersection(_lines(cell)):
            lines[node].append(cell)
    for node in sorted(lines):
        gone = [cells[cell] for cell in lines[node] if cell in hidden]
        # As many people as small groups can hold at most: then each of them would be known to be one under `least`.
        full = bool(gone) and max(gone) < least and sum(gone) == len(gone) * (least - 1)
        if gone and (len(gone) == 1 or sum(gone) < least or full) and (more := _smallest(cells, lines[node], hidden)):
            return more
    for cell in _only_ways(hidden, told):
        for node in sorted(told.intersection(_lines(cell)), reverse=True):  # its row first
            if more := _smallest(cells, lines[node], hidden):
                return more
        return set(cells) - hidden
    return set()


def _smallest(cells: Mapping[Cell, int], line: Sequence[Cell], hidden: set[Cell]) -> set[Cell]:
    """The smallest of those that are shown in a line; equals together."""
    left = [cell for cell in line if cell not in hidden]
    border = min((cells[cell] for cell in left), default=0)
    return {cell for cell in left if cells[cell] == border}


def _lines(cell: Cell) -> tuple[Node, Node]:
    return ("row", cell[0]), ("column", cell[1])


def _only_ways(hidden: set[Cell], told: set[Node]) -> Iterator[Cell]:
    """Hidden cells that the totals give away: the bridges of the net (Tarjan), in order."""
    net: dict[Node, list[tuple[Node, Cell]]] = defaultdict(list)
    for cell in sorted(hidden):
        one, other = (node if node in told else _GROUND for node in _lines(cell))
        if one != other:
            net[one].append((other, cell))
            net[other].append((one, cell))
    seen: dict[Node, int] = {}
    lowest: dict[Node, int] = {}
    for start in sorted(net):
        if start in seen:
            continue
        seen[start] = lowest[start] = len(seen)
        path: list[tuple[Node, Cell | None, Iterator[tuple[Node, Cell]]]] = [(start, None, iter(net[start]))]
        while path:
            node, came_by, ways = path[-1]
            for other, cell in ways:
                if cell == came_by:
                    continue
                if other not in seen:
                    seen[other] = lowest[other] = len(seen)
                    path.append((other, cell, iter(net[other])))
                    break
                lowest[node] = min(lowest[node], seen[other])
            else:
                path.pop()
                if path and came_by is not None:
                    before = path[-1][0]
                    lowest[before] = min(lowest[before], lowest[node])
                    if lowest[node] > seen[before]:
                        yield came_by
