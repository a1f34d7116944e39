"""Small groups stay hidden in a table with totals on both sides, whatever can be reckoned from all of them."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

from api.insight.crossed_groups import crossed
from api.insight.small_groups import LEAST, suppressed

Table = Mapping[str, Sequence[int]]
Given = Mapping[str, Sequence[int | None]]


@st.composite
def tables(draw: st.DrawFn) -> dict[str, list[int]]:
    """One to five topics by one to five weeks."""
    weeks = draw(st.integers(1, 5))
    count = st.one_of(st.integers(0, 40), st.integers(9, 12))
    lines = draw(st.lists(st.lists(count, min_size=weeks, max_size=weeks), min_size=1, max_size=5))
    return {f"topic-{number}": line for number, line in enumerate(lines)}


def totals_told(table: Table) -> tuple[set[str], set[int]]:
    """The lines whose totals a page shows."""
    rows = suppressed({name: sum(line) for name, line in table.items()})
    columns = suppressed(dict(enumerate(map(sum, zip(*table.values(), strict=True)))))
    return {name for name, one in rows.items() if one is not None}, {n for n, one in columns.items() if one is not None}


def line_by_line(table: Table, rows: set[str], columns: set[int]) -> Given:
    """The planted bug: each line by itself is safe, once."""
    by_row = {name: list(suppressed(dict(enumerate(line))).values()) for name, line in table.items()}
    by_column = [list(suppressed(dict(enumerate(line))).values()) for line in zip(*table.values(), strict=True)]
    return {
        name: [
            count if name in rows and week in columns and by_row[name][week] and by_column[week][number] else None
            for week, count in enumerate(line)
        ]
        for number, (name, line) in enumerate(table.items())
    }


def lines_of(table: Table, rows: set[str], columns: set[int]) -> list[list[tuple[str, int]]]:
    """The cells of every line whose total is known."""
    weeks = len(next(iter(table.values())))
    across = [[(name, week) for week in range(weeks)] for name in table if name in rows]
    return across + [[(name, week) for name in table] for week in range(weeks) if week in columns]


def what_can_be_reckoned(table: Table, given_out: Given, rows: set[str], columns: set[int]) -> list[str]:
    """What somebody with all totals and the shown cells learns that nobody may know."""
    told = [
        f"{name} {week} is shown"
        for name, line in given_out.items()
        for week, count in enumerate(line)
        if count is not None and (count < LEAST or name not in rows or week not in columns)
    ]
    hidden = [(name, week) for name, line in given_out.items() for week, count in enumerate(line) if count is None]
    lines = [[cell for cell in line if cell in set(hidden)] for line in lines_of(table, rows, columns)]
    for line in lines:
        if line and (len(line) == 1 or sum(table[name][week] for name, week in line) < LEAST):
            told.append(f"{line} together are few")
    equations = [[Fraction(cell in line) for cell in hidden] for line in lines]
    told += [f"{cell} follows from the totals" for cell in known(equations, hidden)]
    return told


def known(equations: list[list[Fraction]], cells: list[tuple[str, int]]) -> list[tuple[str, int]]:
    """The cells with one solution only, by Gauss and Jordan: those that stand alone in an equation in the end."""
    reduced: list[list[Fraction]] = []
    for place in range(len(cells)):
        pivot = next((line for line in equations if line[place]), None)
        if pivot is None:
            continue
        equations = [line for line in equations if line is not pivot]
        pivot = [value / pivot[place] for value in pivot]
        minus = [[a - line[place] * b for a, b in zip(line, pivot, strict=True)] for line in (*equations, *reduced)]
        equations, reduced = minus[: len(equations)], [*minus[len(equations) :], pivot]
    return [cells[next(n for n, value in enumerate(line) if value)] for line in reduced if sum(map(bool, line)) == 1]


@given(tables())
def test_nothing_about_a_small_group_can_be_reckoned_from_the_totals_and_the_rest(table: dict[str, list[int]]) -> None:
    rows, columns = totals_told(table)
    assert what_can_be_reckoned(table, crossed(table, rows, columns), rows, columns) == []


@pytest.mark.parametrize(
    "table",
    [
        # A cell that is hidden for its row is the only hidden one of its column.
        {"a": [3, 12, 30], "b": [20, 30, 40], "c": [25, 35, 45]},
        # Every line hides two or more, and yet the 7 is the first two rows less the first two columns.
        {"a": [5, 6, 40, 41], "b": [6, 5, 7, 42], "c": [43, 44, 5, 6], "d": [45, 46, 6, 5]},
    ],
)
def test_the_property_finds_what_line_by_line_gives_away(table: dict[str, list[int]]) -> None:
    rows, columns = set(table), set(range(len(table["a"])))
    assert what_can_be_reckoned(table, line_by_line(table, rows, columns), rows, columns) != []
    assert what_can_be_reckoned(table, crossed(table, rows, columns), rows, columns) == []


@given(tables())
def test_a_table_of_large_groups_is_shown_whole(table: dict[str, list[int]]) -> None:
    large = {name: [count + LEAST for count in line] for name, line in table.items()}
    assert crossed(large, set(large), set(range(len(large["topic-0"])))) == {k: tuple(v) for k, v in large.items()}


@given(tables())
def test_of_a_line_without_a_shown_total_no_cell_is_shown(table: dict[str, list[int]]) -> None:
    assert all(set(line) == {None} for line in crossed(table, set(), {0}).values())


def test_a_negative_count_is_refused() -> None:
    with pytest.raises(ValueError, match="negative"):
        crossed({"a": [-1]}, {"a"}, {0})


def test_an_empty_table_stays_empty() -> None:
    assert crossed({}, set(), set()) == {}
