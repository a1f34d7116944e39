"""Rows about somebody as staff read them: Swedish names for columns and values, empty ones left out."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from functools import cache
from pathlib import Path
from typing import Any

import yaml

from api.holdings import Record
from api.privacy.persons import Found
from api.swedish_dates import moment


@dataclass(frozen=True)
class Shown:
    """One row: `choice` is what its box sends, empty where it goes with something else."""

    title: str
    facts: tuple[tuple[str, str], ...]
    parts: tuple[Shown, ...]
    choice: str = ""
    coming: bool = False


@cache
def labels() -> dict[str, Any]:  # Any: YAML
    """The names in `labels.yml`."""
    read: dict[str, Any] = yaml.safe_load(Path(__file__).with_name("labels.yml").read_text("utf-8"))
    return read


def shown(found: Found) -> list[Shown]:
    """The rows of one kind."""
    names = {record.key: name for name, record in found.chosen()}
    return [_row(record, names.get(record.key, "")) for record in found.records]


def _row(record: Record, choice: str = "") -> Shown:
    named = [(name, value) for name, value in record.values.items() if name in labels()["columns"]]
    facts = [
        (labels()["columns"][name], _text(name, value)) for name, value in named if value not in (None, "", {}, [])
    ]
    reference = str(record.values.get("reference") or "")
    return Shown(
        " ".join(filter(None, (labels()["tables"][record.table], reference))),
        tuple(facts),
        tuple(_row(part) for part in record.parts),
        choice,
        record.coming,
    )


def _text(name: str, value: Any) -> str:  # Any: JSON
    if isinstance(value, Mapping):
        return "; ".join(f"{key}: {_text('', each)}" for key, each in value.items() if each not in (None, "", {}, []))
    if isinstance(value, list):
        return ", ".join(_text("", each) for each in value)
    if name.endswith("_at") or name == "at":
        return moment(datetime.fromisoformat(value))
    return str(labels()["values"].get(name, {}).get(value, value))
