"""Who can take a meeting at a given start. Asked with the counsellors locked, so that the answer holds."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime, timedelta
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from api.booking.constraints import is_overlap
from api.booking.errors import SlotTaken
from api.booking.fairness import fairest_first
from api.booking.openings import able, busy_blocks, rules_of, speakers_first
from api.booking.slots import Rules, Span, free_slots
from api.booking.tables import Counsellor, Meeting, MeetingType


@dataclass(frozen=True)
class Place:
    """A meeting's time with one counsellor: the meeting itself and what it takes of the counsellor's time, in UTC."""

    counsellor: Counsellor
    slot: Span
    block: Span

    @classmethod
    def of(cls, counsellor: Counsellor, rules: Rules, start: datetime) -> Place:
        return cls(counsellor, Span(start, start + rules.length), rules.block(start))

    def put(self, meeting: Meeting) -> None:
        """Give the meeting this time and counsellor."""
        meeting.counsellor_id, meeting.counsellor = self.counsellor.id, self.counsellor
        meeting.starts_at, meeting.ends_at = self.slot
        meeting.block_from, meeting.block_to = self.block

    def put_in(self, meeting: Meeting, language: str | None) -> None:
        """As `put`, for a meeting in `language`: with an interpreter unless the counsellor speaks it."""
        self.put(meeting)
        spoken = self.counsellor.speaks(language)
        meeting.spoken_language = language if spoken else None
        meeting.interpreter_language = None if spoken else language


@dataclass(frozen=True)
class Places:
    """Who is free, the one whose turn it is first. `offered`: the rules of somebody allow the start at all."""

    free: tuple[Place, ...]
    offered: bool


def places_at(
    session: Session,
    candidates: Sequence[Counsellor],
    start: datetime,
    now: datetime,
    *,
    interpreter: bool = False,
    language: str | None = None,
    without: UUID | None = None,
) -> Places:
    """The candidates who can take a meeting at `start` by their rules and what is booked right now.

    Those who speak the `language` come first and need no interpreter; without `interpreter` it is only they.
    `without` is a meeting that is about to be moved: its own time counts as free.
    """
    people = able(candidates, language, interpreter=interpreter)
    rules = rules_of(session, people, now, interpreter=interpreter, language=language)
    busy = busy_blocks(session, people, now, without=without)
    window = Span(start, start + timedelta(seconds=1))

    def allowed(one: Counsellor, taken: Sequence[Span]) -> bool:
        return any(slot.start == start for slot in free_slots(rules[one.id], taken, now=now, window=window))

    by_rules = [one for one in people if allowed(one, ())]
    free = [one for one in by_rules if allowed(one, busy[one.id])]
    ordered = speakers_first(fairest_first(session, free, now), language)
    return Places(tuple(Place.of(one, rules[one.id], start) for one in ordered), bool(by_rules))


def colleagues(session: Session, node_id: int, meeting_type: MeetingType) -> list[Counsellor]:
    """Active counsellors at the node who meet people that way, in id order."""
    rows = session.scalars(
        select(Counsellor).where(Counsellor.node_id == node_id, Counsellor.active).order_by(Counsellor.id)
    ).unique()
    return [row for row in rows if meeting_type in row.meeting_types]


@contextmanager
def guarded(session: Session) -> Iterator[None]:
    """Write within a savepoint; the database's refusal of an overlap becomes SlotTaken and the session goes on."""
    try:
        with session.begin_nested():
            yield
            session.flush()
    except IntegrityError as error:
        if is_overlap(error):
            raise SlotTaken from error
        raise
