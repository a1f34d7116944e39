"""The fields of an event as staff write them, and the columns that follow. Pure.

Days and clock times are Stockholm wall clock; the columns are moments in UTC.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import UTC, date, datetime, time
from functools import partial
from typing import Any

from api.cells import bad, boolean, clock_time, email, https_url, integer, line_text, long_text, phone, swedish_date
from api.clock import STOCKHOLM
from api.events.pages.showing import TEXTS, language_word, languages
from api.events.tables import EVENT_KINDS, Event
from api.folding import fold
from api.privacy.people import without_personal_numbers as safe
from api.staff.editing.fields import Field, one_of

Values = Mapping[str, Any]  # Any: what the fields hold
_FACTS = ("yes", "no", "unknown")
_END_OF_DAY = time(23, 59)
_LARGEST_CAPACITY = 5000


def _number(text: str) -> int | None:
    """The id that a choice in a list stands for."""
    return int(text) if text.isascii() and text.isdigit() and len(text) < 10 else None


def _capacity(text: str) -> int | None:
    number = integer(text)
    if number is not None and not 1 <= number <= _LARGEST_CAPACITY:
        raise bad("cell_integer_range", first=1, last=_LARGEST_CAPACITY)
    return number


def _languages(text: str) -> list[str]:
    """Codes of the languages that are written with commas between them."""
    words = {fold(word): code for code, word in languages()}
    written = [word.strip() for word in text.split(",") if word.strip()]
    unknown = [word for word in written if fold(word) not in words]
    if unknown:
        raise bad("cell_language", name=unknown[0])
    return list(dict.fromkeys(words[fold(word)] for word in written))


def _clock(value: time | None) -> str:
    return f"{value:%H:%M}" if value else ""


def _day_required(text: str) -> date:
    day = swedish_date(text)
    if day is None:
        raise bad("cell_required")
    return day


DAY = Field("day", _day_required, required=True)

EVENT = (
    Field("kind", one_of(EVENT_KINDS), required=True),
    Field("title", safe(partial(line_text, limit=120)), required=True),
    Field("host", safe(partial(line_text, limit=120)), required=True),
    Field("description", safe(partial(long_text, limit=3000)), required=True),
    Field("for_whom", safe(partial(line_text, limit=200))),
    Field("women_only", boolean),
    DAY,
    Field("starts", clock_time, required=True, show=_clock),
    Field("ends", clock_time, required=True, show=_clock),
    Field("signup_day", swedish_date),
    Field("signup_clock", clock_time, show=_clock),
    Field("capacity", _capacity),
    Field("municipality_id", _number, required=True),
    Field("node_id", _number),
    Field("network_id", _number),
    Field("place_name", safe(partial(line_text, limit=120))),
    Field("street", safe(partial(line_text, limit=160))),
    Field("online_url", partial(https_url, limit=300)),
    Field("step_free", one_of(_FACTS), required=True),
    Field("hearing_loop", one_of(_FACTS), required=True),
    Field("interpreter", _languages, show=lambda codes: ", ".join(map(language_word, codes))),
    Field("contact", safe(partial(line_text, limit=120)), required=True),
    Field("contact_email", safe(partial(email, limit=254)), required=True),
    Field("contact_phone", safe(partial(phone, limit=40))),
    Field("example", boolean),
)

LABELS = {one.name: TEXTS(f"event_{one.name}") for one in EVENT}

_WHEN = frozenset({"day", "starts", "ends", "signup_day", "signup_clock"})
"""Fields that are no columns of their own."""


def as_fields(event: Event) -> Values:
    """What the form of a stored event shows."""
    starts, ends = event.starts_at.astimezone(STOCKHOLM), event.ends_at.astimezone(STOCKHOLM)
    closes = event.signup_until.astimezone(STOCKHOLM) if event.signup_until else None
    own = {one.name: getattr(event, one.name) for one in EVENT if one.name not in _WHEN}
    return {
        **own,
        "day": starts.date(),
        "starts": starts.time(),
        "ends": ends.time(),
        "signup_day": closes.date() if closes else None,
        "signup_clock": closes.time() if closes else None,
    }


def columns(values: Values) -> dict[str, Any]:  # Any: column values
    """The columns of an event for sound values of the form."""
    own = {name: value for name, value in values.items() if name not in _WHEN}
    closes = None
    if values["signup_day"]:
        closes = _moment(values["signup_day"], values["signup_clock"] or _END_OF_DAY)
    return {
        **own,
        "starts_at": _moment(values["day"], values["starts"]),
        "ends_at": _moment(values["day"], values["ends"]),
        "signup_until": closes,
    }


def wrong_together(values: Values) -> dict[str, str]:
    """What is wrong with fields that are right one by one, by field."""
    errors: dict[str, str] = {}
    starts, ends, day = values.get("starts"), values.get("ends"), values.get("day")
    if starts and ends and ends <= starts:
        errors["ends"] = TEXTS("wrong_order")
    if values.get("signup_clock") and not values.get("signup_day"):
        errors["signup_day"] = TEXTS("wrong_signup_day")
    if day and starts and values.get("signup_day"):
        closes = _moment(values["signup_day"], values.get("signup_clock") or _END_OF_DAY)
        if values["signup_day"] > day or (values.get("signup_clock") and closes > _moment(day, starts)):
            errors["signup_day"] = TEXTS("wrong_signup_late")
    places = ("place_name", "street", "online_url")
    if all(name in values for name in places) and not any(values[name] for name in places):
        errors["place_name"] = TEXTS("wrong_place")
    return errors


def _moment(day: date, clock: time) -> datetime:
    return datetime.combine(day, clock, STOCKHOLM).astimezone(UTC)
