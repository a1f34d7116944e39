"""How pages show an event: when and where in words, whether there is a place, and what one wants to know before coming.

Pure: a row, its places, and the moment; moments are aware and shown as Stockholm time.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from functools import cache
from typing import Literal
from urllib.parse import quote_plus

from api import swedish_dates
from api.clock import STOCKHOLM, stockholm_date
from api.events.addresses import event_path
from api.events.seats import Seats
from api.events.tables import Event
from api.texts import Texts, enumerated

TEXTS = Texts.beside(__file__)
State = Literal["open", "full", "closed", "cancelled", "past"]
_MAP = "https://www.openstreetmap.org/search?query="


@dataclass(frozen=True)
class Shown:
    """An event as a template shows it."""

    event: Event
    now: datetime
    seats: Seats

    @property
    def path(self) -> str:
        return event_path(self.event)

    @property
    def kind(self) -> str:
        """`Studiebesök`."""
        return TEXTS(f"kind_{self.event.kind}")

    @property
    def state(self) -> State:
        """What somebody who wants to come can do now."""
        if self.event.status == "cancelled":
            return "cancelled"
        if self.event.ends_at <= self.now:
            return "past"
        if self.event.closes_at <= self.now:
            return "closed"
        return "full" if self.places_left == 0 else "open"

    @property
    def places_left(self) -> int | None:
        """For somebody who signs up now: nobody passes those who wait. None: as many as like to come."""
        return self.seats.left if self.seats.open_to_newcomers else 0

    @property
    def waiting(self) -> int:
        """How many stand on the waiting list."""
        return self.seats.waiting

    @property
    def when(self) -> str:
        """`tors 26 nov kl. 13.00–15.00`."""
        return swedish_dates.short_time(self.event.starts_at, self.event.ends_at)

    @property
    def when_long(self) -> str:
        """`Torsdag 26 november kl. 13.00–15.00`, with the year when it is another one than now."""
        text = swedish_dates.long_time(self.event.starts_at, self.event.ends_at)
        day, year = stockholm_date(self.event.starts_at), stockholm_date(self.event.starts_at).year
        if year != stockholm_date(self.now).year:
            text = text.replace(swedish_dates.long_day(day), f"{swedish_dates.long_day(day)} {year}")
        return text[:1].upper() + text[1:]

    @property
    def closes(self) -> str:
        """The last moment to sign up, when it is not simply when the event starts."""
        return swedish_dates.moment(self.event.closes_at) if self.event.closes_at < self.event.starts_at else ""

    @property
    def where(self) -> str:
        return where_of(self.event)

    @property
    def map_url(self) -> str:
        """A map of the address at somebody else's; empty without an address. Only a link: nothing is fetched."""
        if self.event.is_online or not self.event.street:
            return ""
        return _MAP + quote_plus(f"{self.event.street}, {self.event.municipality.name}")

    @property
    def languages(self) -> str:
        """What is interpreted without asking: `arabiska och somaliska`."""
        return enumerated([language_word(code) for code in self.event.interpreter])

    @property
    def marks(self) -> list[tuple[str, str]]:
        """What is good to know before one reads on: (icon, words)."""
        event = self.event
        found = [
            ("women", TEXTS("mark_women") if event.women_only else ""),
            ("step_free", TEXTS("mark_step_free") if event.step_free == "yes" and not event.is_online else ""),
            ("hearing_loop", TEXTS("mark_hearing_loop") if event.hearing_loop == "yes" and not event.is_online else ""),
            ("interpreter", TEXTS("mark_interpreter", languages=self.languages) if event.interpreter else ""),
            ("people", event.for_whom),
        ]
        return [(icon, words) for icon, words in found if words]

    @property
    def access(self) -> list[tuple[str, str]]:
        """How one gets in and takes part: every fact that is known, and whom to ask about the rest."""
        event = self.event
        found = []
        if not event.is_online:
            found.append(("step_free", TEXTS(f"step_free_{event.step_free}")))
            found.append(("hearing_loop", TEXTS(f"hearing_loop_{event.hearing_loop}")))
        if event.interpreter:
            found.append(("interpreter", TEXTS("interpreter_is_there", languages=self.languages)))
        found.append(("interpreter", TEXTS("interpreter_more" if event.interpreter else "interpreter_none")))
        return found

    @property
    def month(self) -> str:
        """`December 2026`, to gather events under."""
        local = self.event.starts_at.astimezone(STOCKHOLM).date()
        name = swedish_dates.day(local).partition(" ")[2]
        return name[:1].upper() + name[1:]


def where_of(event: Event) -> str:
    """The place in one line."""
    if event.is_online:
        return TEXTS("online")
    town = event.municipality.name
    parts = [event.place_name, event.street, "" if town in f"{event.place_name} {event.street}" else town]
    return ", ".join(filter(None, parts))


def language_word(code: str) -> str:
    """What a language is called: `arabiska` for `ar`; the code itself for one that has no word here."""
    key = f"language_{code}"
    return TEXTS(key) if key in TEXTS.keys() else code  # noqa: SIM118 - not a dict


@cache
def languages() -> tuple[tuple[str, str], ...]:
    """(code, word) of every language that can be named, by word."""
    codes = [key.removeprefix("language_") for key in TEXTS.keys() if key.startswith("language_")]  # noqa: SIM118
    return tuple(sorted(((code, language_word(code)) for code in codes), key=lambda pair: pair[1]))
