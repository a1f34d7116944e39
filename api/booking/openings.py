"""Free times at a node, from the counsellors' rules and what is already taken."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from typing import NamedTuple
from uuid import UUID

from sqlalchemy import and_, or_, select
from sqlalchemy.orm import Session

from api.booking.errors import NodeUnknown, SlotUnknown
from api.booking.fairness import fairest_first
from api.booking.given_days import YEARS
from api.booking.slots import DayChange, Rules, Span, WeeklyHours, free_slots, spread
from api.booking.tables import AvailabilityException, Counsellor, Meeting, MeetingType, NodeDay
from api.catalogue.tables import Node
from api.clock import STOCKHOLM, stockholm_date

_START_FORMAT = "%Y%m%dT%H%MZ"


class SlotId(NamedTuple):
    """Whose time, and when it starts (UTC). `slug` is a counsellor's, who was chosen, or a node's: whoever is free."""

    slug: str
    start: datetime


@dataclass(frozen=True)
class Offer:
    """A time that can be booked, with the counsellor whose turn it is. Moments in UTC."""

    start: datetime
    end: datetime
    counsellor: Counsellor
    chosen: bool = False
    """The person asked for this counsellor; otherwise whoever at the node is free when the time is taken."""

    @property
    def id(self) -> str:
        """What a button carries: `karlstad@20261126T1200Z`, or `karlstad-1@20261126T1200Z` for a chosen counsellor.
        Checked against the free times when it comes back."""
        slug = self.counsellor.slug if self.chosen else self.counsellor.node.slug
        return f"{slug}@{self.start.astimezone(UTC).strftime(_START_FORMAT)}"


def parse_slot_id(slot_id: str) -> SlotId:
    """The slug and the start (UTC). SlotUnknown when it is not a slot id, or none of our time (see `given_days`)."""
    slug, _, text = slot_id.rpartition("@")
    try:
        start = datetime.strptime(text, _START_FORMAT).replace(tzinfo=UTC)
    except ValueError:
        raise SlotUnknown from None
    if start.year not in YEARS:
        raise SlotUnknown
    return SlotId(slug, start)


def find_node(session: Session, slug: str) -> Node:
    """The node called `slug`. NodeUnknown otherwise."""
    node = session.scalar(select(Node).where(Node.slug == slug))
    if node is None:
        raise NodeUnknown
    return node


def counsellors_at(session: Session, node_slug: str, meeting_type: MeetingType | None = None) -> list[Counsellor]:
    """Active counsellors at a node, in a fixed order; only those who meet people that way when it is given."""
    rows = session.scalars(
        select(Counsellor)
        .join(Node, Counsellor.node_id == Node.id)
        .where(Node.slug == node_slug, Counsellor.active)
        .order_by(Counsellor.slug)
    ).unique()
    return [row for row in rows if meeting_type is None or meeting_type in row.meeting_types]


def bookable_nodes(session: Session) -> set[int]:
    """Ids of the nodes where somebody can be booked."""
    return set(session.scalars(select(Counsellor.node_id).where(Counsellor.active).distinct()))


def rules_of(
    session: Session,
    counsellors: Iterable[Counsellor],
    now: datetime,
    *,
    interpreter: bool = False,
    language: str | None = None,
) -> dict[int, Rules]:
    """By counsellor's id: the rows of the counsellors and their nodes as values for the pure slot function.

    With an `interpreter` meetings are longer, but not with those who speak the `language`. Exceptions of days that are
    over are left out.
    """
    people = list(counsellors)
    today = stockholm_date(now)
    changes: dict[int, list[DayChange]] = defaultdict(list)
    rows = select(AvailabilityException).where(
        AvailabilityException.counsellor_id.in_([one.id for one in people]), AvailabilityException.day >= today
    )
    for row in session.scalars(rows):
        changes[row.counsellor_id].append(DayChange(row.day, row.start_time, row.end_time, row.opens))
    days: dict[tuple[int, bool], set[date]] = defaultdict(set)
    nodes = {one.node_id for one in people}
    for node_day in session.scalars(select(NodeDay).where(NodeDay.node_id.in_(nodes), NodeDay.day >= today)):
        days[node_day.node_id, node_day.opens].add(node_day.day)

    def longer(one: Counsellor) -> int:
        return one.interpreter_minutes if interpreter and not one.speaks(language) else 0

    return {
        one.id: Rules(
            hours=tuple(WeeklyHours(row.weekday, row.start_time, row.end_time) for row in one.hours),
            length=timedelta(minutes=one.meeting_minutes + longer(one)),
            buffer=timedelta(minutes=one.buffer_minutes),
            step=timedelta(minutes=one.slot_step_minutes),
            notice=timedelta(hours=one.notice_hours),
            horizon_days=one.horizon_days,
            changes=tuple(changes[one.id]),
            closed_on=frozenset(days[one.node_id, False]),
            open_on=frozenset(days[one.node_id, True]),
            daily_maximum=one.daily_maximum,
        )
        for one in people
    }


def busy_blocks(
    session: Session, counsellors: Iterable[Counsellor], now: datetime, *, without: UUID | None = None
) -> dict[int, list[Span]]:
    """What is taken of each counsellor's time from today on: confirmed meetings and holds that still stand.

    All of today, since meetings that are over count towards the daily maximum. `without` is a meeting to leave out,
    because it is about to be moved.
    """
    blocks: dict[int, list[Span]] = defaultdict(list)
    midnight = datetime.combine(stockholm_date(now), time(0), STOCKHOLM)
    rows = session.execute(
        select(Meeting.counsellor_id, Meeting.block_from, Meeting.block_to).where(
            Meeting.counsellor_id.in_([counsellor.id for counsellor in counsellors]),
            Meeting.block_to > midnight,
            or_(Meeting.status == "confirmed", and_(Meeting.status == "held", Meeting.held_until > now)),
            *([Meeting.id != without] if without else []),
        )
    )
    for counsellor_id, start, end in rows:
        blocks[counsellor_id].append(Span(start, end))
    return blocks


def able(people: Iterable[Counsellor], language: str | None, *, interpreter: bool) -> list[Counsellor]:
    """Those who can hold a meeting in the language: with an interpreter everybody, otherwise those who speak it."""
    return [one for one in people if interpreter or language is None or one.speaks(language)]


def speakers_first(people: Iterable[Counsellor], language: str | None) -> list[Counsellor]:
    """Those who speak the language before the others, otherwise in the same order."""
    return sorted(people, key=lambda one: not one.speaks(language))


def node_slots(
    session: Session,
    node_slug: str,
    meeting_type: MeetingType,
    now: datetime,
    after: datetime | None = None,
    *,
    window: Span | None = None,
    interpreter: bool = False,
    language: str | None = None,
    counsellor: str | None = None,
    without: UUID | None = None,
) -> list[Offer]:
    """Every free time at the node, earliest first, each start once; only those later than `after` when it is given.

    `window` narrows the starts, `interpreter` asks for the longer meetings, `counsellor` (a slug) for one person only.
    Those who speak the `language` come first and need no interpreter; without `interpreter` it is only they.
    Where several are free at the same time, the one whose turn it is is named (see `fairness`); who it will be is
    decided when the time is taken. `without` is a meeting whose own time counts as free. NodeUnknown for an unknown
    node.
    """
    find_node(session, node_slug)
    people = [one for one in counsellors_at(session, node_slug, meeting_type) if counsellor in (None, one.slug)]
    people = able(people, language, interpreter=interpreter)
    rules = rules_of(session, people, now, interpreter=interpreter, language=language)
    busy = busy_blocks(session, people, now, without=without)
    offers: dict[datetime, Offer] = {}
    for one in speakers_first(fairest_first(session, people, now), language):
        for slot in free_slots(rules[one.id], busy[one.id], now=now, window=window):
            if after is None or slot.start > after:
                offers.setdefault(slot.start, Offer(slot.start, slot.end, one, chosen=counsellor is not None))
    return [offers[start] for start in sorted(offers)]


def choose(offers: Sequence[Offer], count: int = 3) -> list[Offer]:
    """A few of the offers that give a real choice (see `slots.spread`)."""
    by_span = {Span(offer.start, offer.end): offer for offer in offers}
    return [by_span[span] for span in spread(list(by_span), count)]


def nearest(offers: Sequence[Offer], start: datetime, count: int = 3) -> list[Offer]:
    """The offers closest to `start`, in time order."""
    closest = sorted(offers, key=lambda offer: (abs(offer.start - start), offer.start))[:count]
    return sorted(closest, key=lambda offer: offer.start)
