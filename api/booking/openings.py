"""Free times at a node, from the counsellors' rules and what is already taken."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

from sqlalchemy import and_, or_, select
from sqlalchemy.orm import Session

from api.booking.errors import NodeUnknown, SlotUnknown
from api.booking.slots import Rules, Span, WeeklyHours, free_slots, spread
from api.booking.tables import Counsellor, Meeting, MeetingType
from api.catalogue.tables import Node

_START_FORMAT = "%Y%m%dT%H%MZ"


@dataclass(frozen=True)
class Offer:
    """A time that can be booked with one counsellor. Moments in UTC."""

    start: datetime
    end: datetime
    counsellor: Counsellor

    @property
    def id(self) -> str:
        """What a button carries: `karlstad-1@20261126T1200Z`. Checked against the free times when it comes back."""
        return f"{self.counsellor.slug}@{self.start.astimezone(UTC).strftime(_START_FORMAT)}"


def parse_slot_id(slot_id: str) -> tuple[str, datetime]:
    """The counsellor's slug and the start (UTC). SlotUnknown when it is not a slot id."""
    slug, _, start = slot_id.rpartition("@")
    try:
        return slug, datetime.strptime(start, _START_FORMAT).replace(tzinfo=UTC)
    except ValueError:
        raise SlotUnknown from None


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


def rules_of(counsellor: Counsellor) -> Rules:
    """The counsellor's row as values for the pure slot function."""
    return Rules(
        hours=tuple(WeeklyHours(row.weekday, row.start_time, row.end_time) for row in counsellor.hours),
        length=timedelta(minutes=counsellor.meeting_minutes),
        buffer=timedelta(minutes=counsellor.buffer_minutes),
        step=timedelta(minutes=counsellor.slot_step_minutes),
        notice=timedelta(hours=counsellor.notice_hours),
        horizon_days=counsellor.horizon_days,
    )


def busy_blocks(session: Session, counsellors: Sequence[Counsellor], now: datetime) -> dict[int, list[Span]]:
    """What is taken of each counsellor's time from `now` on: confirmed meetings and holds that still stand."""
    blocks: dict[int, list[Span]] = defaultdict(list)
    rows = session.execute(
        select(Meeting.counsellor_id, Meeting.block_from, Meeting.block_to).where(
            Meeting.counsellor_id.in_([counsellor.id for counsellor in counsellors]),
            Meeting.block_to > now,
            or_(Meeting.status == "confirmed", and_(Meeting.status == "held", Meeting.held_until > now)),
        )
    )
    for counsellor_id, start, end in rows:
        blocks[counsellor_id].append(Span(start, end))
    return blocks


def node_slots(
    session: Session, node_slug: str, meeting_type: MeetingType, now: datetime, after: datetime | None = None
) -> list[Offer]:
    """Every free time at the node, earliest first, each start once; only those later than `after` when it is given.

    Where several counsellors are free at the same time, the one with the fewest coming meetings is offered.
    NodeUnknown for an unknown node.
    """
    find_node(session, node_slug)
    counsellors = counsellors_at(session, node_slug, meeting_type)
    busy = busy_blocks(session, counsellors, now)
    offers: dict[datetime, Offer] = {}
    for counsellor in sorted(counsellors, key=lambda one: (len(busy[one.id]), one.slug)):
        for slot in free_slots(rules_of(counsellor), busy[counsellor.id], now=now):
            if after is None or slot.start > after:
                offers.setdefault(slot.start, Offer(slot.start, slot.end, counsellor))
    return [offers[start] for start in sorted(offers)]


def choose(offers: Sequence[Offer], count: int = 3) -> list[Offer]:
    """A few of the offers that give a real choice (see `slots.spread`)."""
    by_span = {Span(offer.start, offer.end): offer for offer in offers}
    return [by_span[span] for span in spread(list(by_span), count)]


def nearest(offers: Sequence[Offer], start: datetime, count: int = 3) -> list[Offer]:
    """The offers closest to `start`, in time order."""
    closest = sorted(offers, key=lambda offer: (abs(offer.start - start), offer.start))[:count]
    return sorted(closest, key=lambda offer: offer.start)
