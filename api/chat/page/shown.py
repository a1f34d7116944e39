"""A conversation as the plain page shows it. Pure."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from itertools import groupby
from typing import Any, NamedTuple
from uuid import UUID

from api.chat.page import linked
from api.chat.page.cards import Card, cards_of
from api.chat.page.linked import Piece
from api.chat.service import BOT
from api.chat.tables import Message
from api.clock import STOCKHOLM
from api.swedish_dates import day, long_day

RECENT_TURNS = 3
"""Turns that are seen at once; those before are folded, so that the page stays short."""
_CARDS_AT_ONCE = 3
_IN_LANGUAGE = re.compile(r"(.+) \([^()]+\)")
"""A title in the language of its message, with the Swedish one behind: `choice_in_language` of api/guidance."""


class Button(NamedTuple):
    """An offered answer: the id that is sent back, and what stands on it.

    `foreign` is how the title begins where that is in the language of the message and Swedish follows.
    """

    id: str
    title: str
    foreign: str = ""

    @property
    def swedish(self) -> str:
        """The rest of the title."""
        return self.title[len(self.foreign) :]


class Group(NamedTuple):
    """Buttons that stand together; `heading` is the day of times, empty for other buttons."""

    heading: str
    buttons: tuple[Button, ...]


class SourceLine(NamedTuple):
    """Where a fact comes from; `address` is empty where no page may lead there."""

    title: str
    address: str
    checked_on: str


@dataclass(frozen=True)
class Bubble:
    """A message. `lang` is empty for Swedish. `total`: how many there are where not all are cards, else 0.

    `rated` is `up`, `down` or empty; `asks` whether to ask what somebody thinks of the answer.
    """

    id: UUID
    turn: int
    from_bot: bool
    text: tuple[Piece, ...]
    lang: str
    rtl: bool
    cards: tuple[Card, ...]
    more_cards: tuple[Card, ...]
    total: int
    source: SourceLine | None
    groups: tuple[Group, ...]
    asks: bool
    rated: str

    @property
    def offered(self) -> list[Button]:
        """All its buttons."""
        return [button for group in self.groups for button in group.buttons]


@dataclass(frozen=True)
class Conversation:
    """`latest` is the turn whose buttons can still be pressed. `easy`: easy Swedish is on."""

    earlier: tuple[Bubble, ...]
    recent: tuple[Bubble, ...]
    latest: int
    easy: bool

    @property
    def newest(self) -> UUID | None:
        """The first message of the newest answer."""
        return next((each.id for each in self.recent if each.from_bot and each.turn == self.latest), None)


def conversation(messages: Sequence[Message], today: date, base_url: str) -> Conversation:
    """Messages in order, as bubbles."""
    turns = [list(said) for _, said in groupby(messages, key=_turn)]
    bubbles = [
        _bubble(message, today, base_url, _language(said), is_last=message is said[-1])
        for said in turns
        for message in said
    ]
    latest = bubbles[-1].turn if bubbles else 0
    first = latest - RECENT_TURNS + 1
    return Conversation(
        earlier=tuple(bubble for bubble in bubbles if bubble.turn < first),
        recent=tuple(bubble for bubble in bubbles if bubble.turn >= first),
        latest=latest,
        easy=_is_easy(messages),
    )


def _turn(message: Message) -> int:
    return message.turn or 0  # none yet: the greeting before anything is begun


def _language(said: Iterable[Message]) -> str:
    """The language of a turn: who is answered in it wrote in it."""
    return next((lang for each in said if isinstance(lang := (each.data or {}).get("lang"), str)), "")


def _bubble(message: Message, today: date, base_url: str, language: str, *, is_last: bool) -> Bubble:
    data, from_bot = message.data or {}, message.sender == BOT
    cards = cards_of(message, today, base_url)
    lead = data.get("lead") if cards or message.kind == "slots" else None
    total = data.get("total")
    return Bubble(
        id=message.id,
        turn=_turn(message),
        from_bot=from_bot,
        text=linked.pieces(str(lead or message.text), base_url),  # cards or buttons say the rest
        lang=str(data.get("lang") or "") if from_bot else language,
        rtl=data.get("dir") == "rtl",
        cards=cards[:_CARDS_AT_ONCE],
        more_cards=cards[_CARDS_AT_ONCE:],
        total=total if isinstance(total, int) and total > len(cards) > 0 else 0,
        source=_source(message, base_url),
        groups=tuple(_groups(message)),
        asks=from_bot and is_last and _turn(message) > 0,  # the greeting answers nothing
        rated=message.feedback or "",
    )


def _source(message: Message, base_url: str) -> SourceLine | None:
    written = message.source
    if not written or not written.get("title"):
        return None
    try:
        checked_on = day(date.fromisoformat(written.get("checked_on", "")))
    except ValueError:
        checked_on = ""
    return SourceLine(written["title"], linked.web(written.get("url"), base_url), checked_on)


def _groups(message: Message) -> Iterable[Group]:
    """The buttons; times stand under their day, and are the first ones in the order of the times."""
    is_swedish = not (message.data or {}).get("lang")
    buttons = [
        Button(choice["id"], choice["title"], "" if is_swedish else _foreign(choice["title"]))
        for choice in message.choices
    ]
    days = _days(message)
    if len(days) > len(buttons):
        days = []
    for heading, pairs in groupby(zip(days, buttons, strict=False), key=lambda pair: pair[0]):
        yield Group(heading, tuple(button for _, button in pairs))
    if others := tuple(buttons[len(days) :]):
        yield Group("", others)


def _foreign(title: str) -> str:
    found = _IN_LANGUAGE.fullmatch(title)
    return found[1] if found else ""


def _days(message: Message) -> list[str]:
    items: list[Any] = (message.data or {}).get("items") or [] if message.kind == "slots" else []  # Any: JSON
    try:
        return [long_day(datetime.fromisoformat(item["start"]).astimezone(STOCKHOLM).date()) for item in items]
    except (KeyError, TypeError, ValueError):
        return []


def _is_easy(messages: Iterable[Message]) -> bool:
    switched = [easy for each in messages if isinstance(easy := (each.data or {}).get("easy"), bool)]
    return bool(switched and switched[-1])
