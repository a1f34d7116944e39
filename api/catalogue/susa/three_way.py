"""What the source said last time, what it says now, and what stands here: which fields to set. Pure."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

Values = Mapping[str, Any]  # Any: JSON values of columns


@dataclass(frozen=True)
class Merge:
    """Fields to set, and fields that stay as staff have them although the source has changed: [ours, theirs]."""

    change: dict[str, Any]
    conflicts: dict[str, list[Any]]


def merge(base: Values, theirs: Values, ours: Values, told: Mapping[str, list[Any]]) -> Merge:
    """Only what the source has changed since `base` is set, and only where staff have not changed it.

    `told` are conflicts from before; one lasts until both say the same, or somebody has decided.
    """
    change: dict[str, Any] = {}
    conflicts: dict[str, list[Any]] = {}
    for name, wanted in theirs.items():
        here, before = ours[name], base.get(name, ours[name])
        if wanted == here:
            continue
        if wanted == before:
            if name in told:
                conflicts[name] = [here, wanted]
        elif here == before:
            change[name] = wanted
        else:
            conflicts[name] = [here, wanted]
    return Merge(change, conflicts)
