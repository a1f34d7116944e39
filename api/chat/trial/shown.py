"""A reply as the chat shows it, with its cards as text. Pure."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date

from api.chat.page.cards import Card, cards_of
from api.chat.tables import Message

_DRAWN = frozenset({"courses", "nodes", "contact", "vacancies", "events"})
"""Kinds whose items are drawn as cards; times are buttons, and an occupation stands in the text."""
_PAYLOAD_TOPIC = re.compile(r"/(\w+)")


@dataclass(frozen=True)
class Button:
    """A button: what stands on it and the topic it leads to."""

    title: str
    topic: str


@dataclass(frozen=True)
class Shown:
    """One bubble. `text` is what is read above the cards, `whole` all of it for clients without cards, if that differs.

    `total` is how many there are where more were found than cards are drawn, else 0.
    """

    topic: str
    text: str
    whole: str
    lang: str
    rtl: bool
    cards: tuple[Card, ...]
    total: int
    buttons: tuple[Button, ...]
    source: Mapping[str, str] | None


def shown(message: Message, today: date, base_url: str) -> Shown:
    """The message as the widget draws it (api/static/widget): with cards, `data.lead` takes the place of the text.
    `today` is Sweden's."""
    data = message.data
    cards = cards_of(message, today, base_url) if message.kind in _DRAWN else ()
    lead = str(data.get("lead") or "") if cards else ""
    total = int(data.get("total") or 0)
    return Shown(
        topic=message.topic or "",
        text=lead or message.text,
        whole=message.text if lead and lead != message.text else "",
        lang=str(data.get("lang") or ""),
        rtl=data.get("dir") == "rtl",
        cards=cards,
        total=total if total > len(cards) else 0,
        buttons=tuple(Button(choice["title"], _topic_of(choice["payload"])) for choice in message.choices),
        source=message.source,
    )


def _topic_of(payload: str) -> str:
    found = _PAYLOAD_TOPIC.match(payload)
    return found[1] if found else ""
