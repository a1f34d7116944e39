"""A small picture of what booking should do. It knows nothing of the code: its own lists, its own arithmetic.

Two counsellors at one node are bookable 9–11 on weekdays, so that nearly everything collides with something.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from uuid import UUID

from api.clock import STOCKHOLM
from api.outbox.office import Office
from api.working_days import closed_days

OFFICE = Office("Industrivägledaren <boka@example.org>", "https://vagledning.example.org")
BEGINS = datetime(2026, 11, 23, 9, 0, tzinfo=UTC)
PEOPLE = 4
HORIZON = 2
OPENS, CLOSES = 9 * 60, 11 * 60


@dataclass(frozen=True)
class Desk:
    """One counsellor's rules, in minutes."""

    slug: str
    length: int
    buffer: int
    step: int
    daily_maximum: int | None = None
    interpreter: int = 15


DESKS = (Desk("karlstad-1", 30, 10, 10), Desk("karlstad-2", 45, 0, 15, daily_maximum=2))
MAILBOXES = {desk.slug: f"syv.{desk.slug}@example.org" for desk in DESKS}


@dataclass
class Shown:
    """What the picture knows of one meeting."""

    desk: Desk
    start: datetime
    length: int
    status: str
    person: int | None
    held_until: datetime | None = None
    extended: bool = False
    interpreter: bool = False
    chosen: bool = False
    override: bool = False
    confirmed_at: datetime | None = None
    uid: str | None = None
    sequence: int = 0
    own_moves: int = 0
    mailbox: str = ""
    """Whose calendar the counsellor's newest invitation is for."""
    changes: int = 0
    key: str = ""

    @property
    def end(self) -> datetime:
        return self.start + timedelta(minutes=self.length)

    @property
    def block(self) -> tuple[datetime, datetime]:
        return self.start, self.end + timedelta(minutes=self.desk.buffer)

    def lives(self, now: datetime) -> bool:
        return self.status == "confirmed" or (self.status == "held" and self.held_until > now)


@dataclass
class Picture:
    """Everything that should be so."""

    now: datetime = BEGINS
    meetings: dict[UUID, Shown] = field(default_factory=dict)
    closed: list[tuple[Desk, datetime, datetime]] = field(default_factory=list)
    mailboxes: dict[str, str] = field(default_factory=lambda: dict(MAILBOXES))

    def allowed(self, desk: Desk, start: datetime, interpreter: bool) -> bool:
        """By hours, steps, holidays, exceptions, notice (none) and horizon."""
        wall, today = start.astimezone(STOCKHOLM), self.now.astimezone(STOCKHOLM).date()
        length = desk.length + (desk.interpreter if interpreter else 0)
        minute = wall.hour * 60 + wall.minute
        return (
            start >= self.now
            and (wall.date() - today).days <= HORIZON
            and wall.weekday() < 5
            and wall.date() not in closed_days(wall.year)
            and minute >= OPENS
            and minute + length <= CLOSES
            and (minute - OPENS) % desk.step == 0
            and not any(
                desk == other and start < until and since < start + timedelta(minutes=length)
                for other, since, until in self.closed
            )
        )

    def free(self, desk: Desk, start: datetime, interpreter: bool, without: UUID | None = None) -> bool:
        length = desk.length + (desk.interpreter if interpreter else 0)
        day = start.astimezone(STOCKHOLM).date()
        that_day = [one for one in self.of(desk, without) if one.start.astimezone(STOCKHOLM).date() == day]
        full = desk.daily_maximum is not None and len(that_day) >= desk.daily_maximum
        return self.allowed(desk, start, interpreter) and not full and not self.taken(desk, start, length, without)

    def taken(self, desk: Desk, start: datetime, length: int, without: UUID | None = None) -> bool:
        end = start + timedelta(minutes=length + desk.buffer)
        return any(start < one.block[1] and one.block[0] < end for one in self.of(desk, without))

    def of(self, desk: Desk, without: UUID | None = None) -> list[Shown]:
        return [
            one for key, one in self.meetings.items() if key != without and one.desk == desk and one.lives(self.now)
        ]

    def open_meetings(self, person: int) -> int:
        return sum(
            one.person == person and one.status == "confirmed" and one.end > self.now for one in self.meetings.values()
        )

    def whose_turn(self, desks: list[Desk]) -> Desk:
        def turn(desk: Desk) -> tuple[int, datetime, str]:
            coming = sum(one.end > self.now for one in self.of(desk))
            latest = [one.confirmed_at for one in self.meetings.values() if one.desk == desk and one.confirmed_at]
            return coming, max(latest, default=datetime.min.replace(tzinfo=UTC)), desk.slug

        return min(desks, key=turn)
