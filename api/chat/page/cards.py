"""What stands on the cards of a message: the same facts as in the widget, as text. Pure.

The data is JSON that a message was stored with, maybe by an older version: what is missing or unreadable is left out.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any, NamedTuple

from api import swedish_dates
from api.chat.page import linked
from api.chat.page.linked import Piece
from api.chat.tables import Message
from api.texts import Texts

_texts = Texts.beside(__file__)
Json = Mapping[str, Any]  # Any: JSON

_NEAR_KM = 2
"""As the crow flies; closer than that is in the town itself."""
_SOON_DAYS = 30
"""From here on it is said how many days are left."""
_SINGLE = frozenset({"course", "occupation", "booking"})
"""Kinds whose data is one card and no list."""
_STATUSES = frozenset({"full", "cancelled"})
_MEETINGS = frozenset({"phone", "video", "on_site"})


class Fact(NamedTuple):
    """A line of a card. `note` is what matters most of it, such as the days left."""

    label: str
    value: str
    note: str = ""


@dataclass(frozen=True)
class Card:
    """A card. `address` is where its title leads; `actions` are the links below it; `folded` opens on request."""

    title: str
    address: str
    example: bool
    text: tuple[Piece, ...] = ()
    facts: tuple[Fact, ...] = ()
    folded: tuple[Fact, ...] = ()
    actions: tuple[Piece, ...] = ()

    @property
    def says_something(self) -> bool:
        """A bare title says nothing that the message does not."""
        return bool(self.address or self.text or self.facts or self.folded or self.actions)


def cards_of(message: Message, today: date, base_url: str) -> tuple[Card, ...]:
    """The cards below a message; none for kinds without. `today` is Sweden's."""
    make = _KINDS.get(message.kind)
    if make is None:
        return ()
    data = message.data or {}
    found = _list(data.get("items")) or ([data] if message.kind in _SINGLE else [])
    cards = (make(item, today, base_url) for item in found if isinstance(item, Mapping))
    return tuple(card for card in cards if card.says_something)


def _card(item: Json, base_url: str, title: str = "", **parts: Any) -> Card:  # Any: fields of Card
    return Card(
        title=title or _plain(item.get("title")),
        address=linked.web(item.get("url"), base_url),
        example=item.get("example") is True,
        **parts,
    )


def _course(item: Json, today: date, base_url: str) -> Card:
    town, km = _plain(item.get("node")) or _plain(item.get("municipality")), _number(item.get("km"))
    where = [town, _km(km) if km is not None and km > _NEAR_KM else ""]
    begins = _day(item.get("start")) or (_texts("value_continuous") if item.get("continuous") is True else "")
    status = _plain(item.get("status"))
    facts = _facts(
        ("node", ", ".join(filter(None, where))),
        ("for_work", _texts("value_for_work") if item.get("for_work") is True else ""),
        ("start", begins),
        ("end", _day(item.get("end"))),
        ("apply_to", _day(item.get("apply_to")), _days_left(item.get("apply_to"), today)),
        ("pace", _pace(item.get("pace"))),
        ("distance", _texts("value_yes") if item.get("distance") is True else ""),
        ("credits", _filled("value_credits", _plain(item.get("credits")))),
        ("status", _texts(f"value_status_{status}") if status in _STATUSES else ""),
    )
    return _card(item, base_url, facts=facts)


def _place(item: Json, today: date, base_url: str) -> Card:
    phone, email = _plain(item.get("phone")), _plain(item.get("email"))
    facts = _facts(
        ("name", _plain(item.get("name"))),
        ("km", _km(_number(item.get("km")))),
        ("street", _plain(item.get("street"))),
        ("opening_hours", _plain(item.get("opening_hours"))),
    )
    actions = (
        Piece(_texts("action_call", number=phone), linked.telephone(phone)),
        Piece(_texts("action_mail", address=email), linked.mail(email)),
    )
    title = _plain(item.get("town")) or _plain(item.get("title"))
    return _card(item, base_url, title, facts=facts, actions=_leading(actions))


def _occupation(item: Json, today: date, base_url: str) -> Card:
    """The message says what one does; the card what it takes and where it leads."""
    folded = _facts(
        ("demands", _plain(item.get("demands"))),
        ("society", _plain(item.get("society"))),
        ("paths", _plain(item.get("paths"))),
    )
    return _card(item, base_url, folded=folded)


def _entry(item: Json, today: date, base_url: str) -> Card:
    deadline = item.get("apply_to") or item.get("deadline")
    facts = _facts(
        ("employer", _plain(item.get("employer"))),
        ("when", _period(item)),
        ("place", _plain(item.get("place"))),
        ("apply_to", _day(deadline), _days_left(deadline, today)),
    )
    return _card(item, base_url, text=_words(item, base_url), facts=facts)


def _event(item: Json, today: date, base_url: str) -> Card:
    last = item.get("signup_until") if item.get("signup_until") != item.get("start") else None
    left, status = _plain(item.get("places_left")), _plain(item.get("status"))
    full = "value_waiting_list" if item.get("waiting_list") is True else "value_status_full"
    facts = _facts(
        ("when", _period(item)),
        ("place", _plain(item.get("place"))),
        ("places_left", _texts(full) if left == "0" else left),
        ("sign_up", _day(last), _days_left(last, today)),
        ("status", _texts("value_status_cancelled") if status == "cancelled" else ""),
    )
    return _card(item, base_url, text=_words(item, base_url), facts=facts)


def _words(item: Json, base_url: str) -> tuple[Piece, ...]:
    return linked.pieces(_plain(item.get("text")) or _plain(item.get("description")), base_url)


def _meeting(item: Json, today: date, base_url: str) -> Card:
    kind = _plain(item.get("meeting_type"))
    facts = _facts(
        ("reference", _plain(item.get("reference"))),
        ("when", _period(item)),
        ("place", _plain(item.get("place"))),
        ("meeting", _texts(f"value_meeting_{kind}") if kind in _MEETINGS else kind),
        ("counsellor", _plain(item.get("counsellor"))),
        ("interpreter", _plain(item.get("interpreter_language"))),
        ("language", _plain(item.get("spoken_language"))),
    )
    actions = (
        Piece(_texts("action_calendar"), linked.web(item.get("ics_url"), base_url)),
        Piece(_texts("action_manage"), linked.web(item.get("manage_url"), base_url)),
    )
    return _card(item, base_url, facts=facts, actions=_leading(actions))


_KINDS: dict[str, Callable[[Json, date, str], Card]] = {
    "courses": _course,
    "course": _course,
    "nodes": _place,
    "contact": _place,
    "occupation": _occupation,
    "vacancies": _entry,
    "events": _event,
    "booking": _meeting,
}


def _facts(*facts: tuple[str, str] | tuple[str, str, str]) -> tuple[Fact, ...]:
    return tuple(Fact(_texts(f"fact_{name}"), *values) for name, *values in facts if values[0])


def _leading(actions: Iterable[Piece]) -> tuple[Piece, ...]:
    return tuple(action for action in actions if action.address)


def _list(value: Any) -> list[Any]:  # Any: JSON
    return value if isinstance(value, list) else []


def _plain(value: Any) -> str:  # Any: JSON
    return str(value).strip() if isinstance(value, str | int | float) and not isinstance(value, bool) else ""


def _number(value: Any) -> float | None:  # Any: JSON
    return float(value) if isinstance(value, int | float) and not isinstance(value, bool) else None


def _filled(key: str, number: str) -> str:
    return _texts(key, number=number) if number else ""


def _km(km: float | None) -> str:
    return "" if km is None else _texts("value_km", number=round(km))


def _pace(value: Any) -> str:  # Any: JSON
    text = _plain(value).removesuffix("%").strip()
    if not text.isdecimal():
        return text
    return _texts("value_full_time") if text == "100" else _texts("value_percent", number=text)


def _date(value: Any) -> date | None:  # Any: JSON
    try:
        return date.fromisoformat(_plain(value)[:10])
    except ValueError:
        return None


def _day(value: Any) -> str:  # Any: JSON
    found = _date(value)
    return swedish_dates.day(found) if found else _plain(value)


def _days_left(value: Any, today: date) -> str:  # Any: JSON
    found = _date(value)
    left = (found - today).days if found else _SOON_DAYS + 1
    if left > _SOON_DAYS:
        return ""
    key = "days_left_over" if left < 0 else "days_left_none" if left == 0 else "days_left_one" if left == 1 else ""
    return _texts(key) if key else _texts("days_left", number=left)


def _period(item: Json) -> str:
    """`torsdag 26 november kl. 13.00–13.30`, of moments with their offset."""
    try:
        start, end = (datetime.fromisoformat(_plain(item.get(name))) for name in ("start", "end"))
        return swedish_dates.long_time(start, end) if start.tzinfo and end.tzinfo else _day(item.get("start"))
    except ValueError:
        return _day(item.get("start"))
