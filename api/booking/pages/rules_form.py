"""The form of a counsellor's booking rules: lengths, notice, ways to meet, languages. Pure."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from functools import partial
from typing import Any

from api.booking.tables import Counsellor, MeetingType
from api.cells import bad, boolean, https_url, integer
from api.staff.editing.fields import Field
from api.texts import Texts

TEXTS = Texts.beside(__file__)
TYPES: tuple[MeetingType, ...] = ("phone", "video", "on_site")
LANGUAGES = ("sv", "en", "ar", "so", "ti", "fa", "uk", "fi")
"""Those with a box of their own; others that are stored stay."""


def between(first: int, last: int, *, blank: bool = False) -> Callable[[str], int | None]:
    """A parser for whole numbers within bounds (those of the table's checks)."""

    def parse(text: str) -> int | None:
        number = integer(text)
        if number is None and blank:
            return None
        if number is None or not first <= number <= last:
            raise bad("cell_integer_range", first=first, last=last)
        return number

    return parse


NUMBERS = {
    "meeting_minutes": between(5, 480),
    "buffer_minutes": between(0, 480),
    "slot_step_minutes": between(5, 480),
    "interpreter_minutes": between(0, 480),
    "notice_hours": between(0, 1000),
    "horizon_days": between(0, 730),
    "daily_maximum": between(1, 100, blank=True),
}

FIELDS = (
    *(Field(f"type_{one}", boolean) for one in TYPES),
    *(Field(name, parse, required=name != "daily_maximum") for name, parse in NUMBERS.items()),
    *(Field(f"language_{one}", boolean) for one in LANGUAGES),
    Field("video_url", partial(https_url, limit=300)),
    Field("asks_for_answer", boolean),
)
LABELS = {one.name: TEXTS(f"rule_{one.name}") for one in FIELDS}


def shown_values(counsellor: Counsellor) -> dict[str, Any]:  # Any: columns' values
    """The counsellor's columns as the form's fields."""
    values: dict[str, Any] = {name: getattr(counsellor, name) for name in (*NUMBERS, "video_url", "asks_for_answer")}
    values |= {f"type_{one}": one in counsellor.meeting_types for one in TYPES}
    return values | {f"language_{one}": one in counsellor.languages for one in LANGUAGES}


def column_values(counsellor: Counsellor, values: Mapping[str, Any]) -> dict[str, Any]:  # Any: as above
    """What was read from the form as the counsellor's columns."""
    columns = {name: values[name] for name in (*NUMBERS, "video_url", "asks_for_answer")}
    types = [one for one in TYPES if values[f"type_{one}"]]
    languages = [one for one in LANGUAGES if values[f"language_{one}"]]
    languages += [one for one in counsellor.languages if one not in LANGUAGES]
    # In the stored order when nothing differs, so that saving an untouched form changes nothing.
    same_types = set(types) == set(counsellor.meeting_types)
    same_languages = set(languages) == set(counsellor.languages)
    columns["meeting_types"] = counsellor.meeting_types if same_types else types
    columns["languages"] = counsellor.languages if same_languages else languages
    return columns
