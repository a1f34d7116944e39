"""Sets of positions as bits of one whole number: and, or and counting are one step, however many there are. Pure."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from itertools import chain

_AS_FLAGS = bytes.maketrans(b"01", b"\x00\x01")
_AS_DIGITS = bytes.maketrans(b"\x00\x01", b"01")


def bits(positions: Iterable[int], size: int) -> int:
    """The set of `positions`, each from 0 and below `size`."""
    octets = bytearray(size // 8 + 1)
    for position in positions:
        octets[position >> 3] |= 1 << (position & 7)
    return int.from_bytes(octets, "little")


def everything(size: int) -> int:
    """The set of all positions below `size`."""
    return (1 << size) - 1


def flags(members: int, size: int) -> bytes:
    """One byte a position, 1 for the members. `members` must lie below `size`."""
    return bin(members)[:1:-1].encode("ascii").translate(_AS_FLAGS).ljust(size, b"\x00")[:size]


def from_flags(marks: bytes | bytearray) -> int:
    """The set that `flags` would write as `marks`: 0 or 1 a position."""
    return int(marks.translate(_AS_DIGITS)[::-1] or b"0", 2)


def from_many(positions: Iterable[Iterable[int]], size: int) -> int:
    """The set of all positions in any of the lists; faster than `bits` where they are many."""
    marks = bytearray(size)
    for position in chain.from_iterable(positions):
        marks[position] = 1
    return from_flags(marks)


def union(sets: Iterable[int]) -> int:
    """What is in any of the sets."""
    every = 0
    for members in sets:
        every |= members
    return every


def most_often(sets: Iterable[int]) -> Iterator[int]:
    """What lies in at least 1, 2, … of the sets, while there is anything."""
    levels: list[int] = []
    for members in sets:
        rising = members
        for number, level in enumerate(levels):
            levels[number], rising = level | rising, level & rising
        levels.append(rising)
    yield from (level for level in levels if level)
