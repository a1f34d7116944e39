"""The fields of an occupation, as staff write them: lists one item a line, the guide's weights as choices."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from functools import partial
from typing import Any

from api.cells import bad, line_text, long_text
from api.guidance.keeping.known_names import known_name
from api.guidance.tables import GUIDE_TRAITS, PARTS, Occupation
from api.privacy.people import without_personal_numbers as safe
from api.staff.editing.fields import Field, lines_of, one_of
from api.texts import Texts

TEXTS = Texts.beside(__file__)

WEIGHTS = ("2", "1", "0", "-1", "-2")
RELATED = ("related_1", "related_2", "related_3")
GUIDE = tuple(f"guide_{trait}" for trait in GUIDE_TRAITS)
EASY_PARTS = tuple(f"easy_{part}" for part in PARTS)
PAIRS = (("summary", "easy"), *((part, f"easy_{part}") for part in PARTS))
"""Texts that stand side by side: standard and easy Swedish. The working day has no easy version of its own."""

Values = dict[str, Any]  # Any: columns' values

_SSYK = re.compile("[0-9]{4}")
_CONCEPT = re.compile(r"\w{4}_\w{3}_\w{3}", re.ASCII)


def _ssyk(text: str) -> str | None:
    if text.strip() and not _SSYK.fullmatch(text.strip()):
        raise bad("cell_ssyk")
    return text.strip() or None


def _concept(text: str) -> str:
    if not _CONCEPT.fullmatch(text.strip()):
        raise bad("cell_concept_id")
    return text.strip()


def _or_none(parse: Callable[[str], str]) -> Callable[[str], str | None]:
    return lambda text: parse(text) if text.strip() else None


def _line(limit: int) -> Callable[[str], Any]:
    return safe(partial(line_text, limit=limit))


_text = safe(partial(long_text, limit=3000))
_names = lines_of(lambda line: known_name(line_text(line, limit=60)), most=100)

FIELDS = (
    Field("title", _line(100), required=True),
    Field("area", _line(60), required=True),
    *(Field(name, _text) for pair in PAIRS for name in pair),
    Field("workday", _text),
    Field("traits", lines_of(_line(60), most=20)),
    Field("aliases", _names),
    Field("phrases", _names),
    Field("misspellings", _names),
    *(Field(name, lambda text: text.strip()) for name in RELATED),
    *(Field(name, one_of(WEIGHTS)) for name in GUIDE),
    Field("ssyk", _ssyk),
    Field("ssyk_title", _or_none(_line(120))),
    Field("group_concept_id", _or_none(_concept)),
    Field("concept_ids", lines_of(_concept, most=50)),
)

LABELS = {one.name: TEXTS(f"occupation_{one.name}") for one in FIELDS}


def shown_values(row: Occupation) -> Values:
    """A row as the form has it: one value for each field."""
    values = {one.name: getattr(row, one.name) for one in FIELDS if hasattr(row, one.name)}
    related = [*row.related, "", "", ""]
    return (
        values
        | dict(zip(RELATED, related, strict=False))
        | {f"easy_{part}": row.easy_parts.get(part, "") for part in PARTS}
        | {f"guide_{trait}": row.guide.get(trait, 0) for trait in GUIDE_TRAITS}
    )


def columns(values: Mapping[str, Any]) -> Values:
    """What the form's values are stored as. Inverse of `shown_values`, once empty parts are left out."""
    own = {name: value for name, value in values.items() if name not in {*RELATED, *EASY_PARTS, *GUIDE}}
    return own | {
        "related": list(dict.fromkeys(values[name] for name in RELATED if values[name])),
        "easy_parts": {part: values[f"easy_{part}"] for part in PARTS if values[f"easy_{part}"]},
        "guide": {trait: int(values[f"guide_{trait}"]) for trait in GUIDE_TRAITS if int(values[f"guide_{trait}"])},
    }
