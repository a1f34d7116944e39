"""Yrkesbarometern's file → rows. The file is one JSON list of objects; it is taken whole or refused whole.

Fields: yb_yrke, yb_concept_id, lan, ssyk, ssyk_text, jobbmojligheter, rekryteringssituation, prognos,
text_jobbmojligheter, text_rekryteringssituation, delvis_helt, omgang, taxonomi_version. Others are ignored.
"""

from __future__ import annotations

import json
import re
import unicodedata
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from api.guidance.outlook.errors import OutlookRefused
from api.texts import Texts

TEXTS = Texts.beside(__file__)

MAX_BYTES = 30_000_000
"""Five times the size of the file of 2026."""

_LONGEST_TEXT = 2_000
_PERIOD = re.compile(r"[0-9]{4}-[0-9]")
_REGION = re.compile(r"[0-9]{2}")
_SSYK = re.compile(r"(?<![0-9])[0-9]{4}(?![0-9])")


@dataclass(frozen=True)
class Row:
    """One occupation in one region; see api.guidance.outlook.tables.Outlook."""

    concept_id: str
    name: str
    region: str
    ssyk: tuple[str, ...]
    ssyk_title: str | None
    coverage: str | None
    period: str
    possibilities: str | None
    situation: str | None
    forecast: str | None
    possibilities_text: str | None
    situation_text: str | None
    taxonomy_version: str | None


def read_bytes(path: Path) -> bytes:
    """The content of the file, without loading one that is too large (OutlookRefused). OSError as usual."""
    if path.stat().st_size > MAX_BYTES:
        raise OutlookRefused(TEXTS("too_large", limit=MAX_BYTES // 1_000_000))
    return path.read_bytes()


def read_rows(data: bytes) -> list[Row]:
    """All rows of the file, of one period, each occupation once a region. Raises OutlookRefused, and nothing else."""
    if len(data) > MAX_BYTES:
        raise OutlookRefused(TEXTS("too_large", limit=MAX_BYTES // 1_000_000))
    try:
        decoded = json.loads(data.decode("utf-8-sig"))
    except (ValueError, RecursionError):
        raise OutlookRefused(TEXTS("not_json")) from None
    if not isinstance(decoded, list) or not decoded:
        raise OutlookRefused(TEXTS("no_rows"))
    rows = [_row(number, entry) for number, entry in enumerate(decoded, 1)]
    if len({row.period for row in rows}) > 1:
        raise OutlookRefused(TEXTS("several_periods"))
    seen: set[tuple[str, str]] = set()
    for number, row in enumerate(rows, 1):
        if (row.concept_id, row.region) in seen:
            raise OutlookRefused(TEXTS("twice", number=number))
        seen.add((row.concept_id, row.region))
    return rows


def _row(number: int, entry: object) -> Row:
    if not isinstance(entry, dict):
        raise OutlookRefused(TEXTS("no_object", number=number))

    def text(name: str, longest: int) -> str | None:
        return _text(entry, name, longest, number)

    def needed(name: str, longest: int, pattern: re.Pattern[str] | None = None) -> str:
        value = text(name, longest)
        if value is None or (pattern and not pattern.fullmatch(value)):
            raise OutlookRefused(TEXTS("bad_value", number=number, field=name))
        return value

    return Row(
        concept_id=needed("yb_concept_id", 40),
        name=needed("yb_yrke", 200),
        region=needed("lan", 2, _REGION),
        ssyk=tuple(dict.fromkeys(_SSYK.findall(text("ssyk", 200) or ""))),
        ssyk_title=text("ssyk_text", _LONGEST_TEXT),
        coverage=text("delvis_helt", 60),
        period=needed("omgang", 10, _PERIOD),
        possibilities=text("jobbmojligheter", 60),
        situation=text("rekryteringssituation", 60),
        forecast=text("prognos", 60),
        possibilities_text=text("text_jobbmojligheter", _LONGEST_TEXT),
        situation_text=text("text_rekryteringssituation", _LONGEST_TEXT),
        taxonomy_version=text("taxonomi_version", 20),
    )


def _text(entry: Mapping[str, Any], name: str, longest: int, number: int) -> str | None:  # Any: JSON
    """The value as text without blanks around it; None for null, nothing and an empty text.

    Raises OutlookRefused for what is no text, is too long, or holds markup or characters that cannot be seen: a
    quotation must be shown as it is, so it is not cleaned.
    """
    value = entry.get(name)
    if isinstance(value, int) and not isinstance(value, bool):
        value = str(value) if abs(value) < 10**15 else ""
    if value is None:
        return None
    if isinstance(value, str):
        value = " ".join(value.split())  # line ends become blanks: the words stay
        if len(value) <= longest and not any(_is_refused(char) for char in value):
            return value or None
    raise OutlookRefused(TEXTS("bad_value", number=number, field=name))


def _is_refused(char: str) -> bool:
    return char in "<>{}\ufffd" or unicodedata.category(char)[0] == "C"
