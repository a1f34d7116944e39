"""Another time or another counsellor for a booked meeting.

One UPDATE of the same row, so that the old time is freed and the new one taken in the same moment. The UID stays and
the sequence rises, so that calendars move the meeting too.
"""

from __future__ import annotations

from contextlib import suppress
from datetime import datetime

from sqlalchemy.orm import Session

from api.booking import mails
from api.booking.errors import CounsellorUnknown, MeetingNotFound, MeetingPassed, MoveLimit, SlotTaken, SlotUnknown
from api.booking.holds import expire_holds
from api.booking.locks import lock_meeting
from api.booking.mails import Earlier
from api.booking.openings import busy_blocks, parse_slot_id
from api.booking.places import Place, colleagues, guarded, places_at
from api.booking.refusals import offer_others
from api.booking.slots import Span
from api.booking.tables import Counsellor, Meeting
from api.booking.trail import record_meeting
from api.outbox.office import Office

MOVES = 10
"""How often a person may move one meeting: each time the counsellor gets a mail."""


def move_to_slot(session: Session, meeting: Meeting, slot_id: str, now: datetime, by: str, office: Office) -> Meeting:
    """The person moves a meeting to one of the free times (`Offer.id`, at the same node).

    A time of one counsellor's is theirs, and they are the chosen one from then on. At a time of the node the counsellor
    stays if they are free then; otherwise it is whose turn it is, among those who speak the language where no
    interpreter was needed. The same time again changes nothing. SlotTaken or SlotUnknown (both with other times in
    `extra`), MeetingPassed, MeetingNotFound for one that is not booked, MoveLimit.
    """
    wanted = parse_slot_id(slot_id)
    lock_meeting(session, meeting)
    check_open(meeting, now)
    current, node = meeting.counsellor, meeting.counsellor.node
    candidates, chosen = colleagues(session, node.id, meeting.meeting_type), wanted.slug != node.slug
    if chosen:
        candidates = [one for one in candidates if one.slug == wanted.slug]
    if wanted.start == meeting.starts_at and (wanted.slug in (node.slug, current.slug)):
        return meeting
    if meeting.own_moves >= MOVES:
        raise MoveLimit
    expire_holds(session, now, counsellor_ids=[one.id for one in candidates])
    with_interpreter = meeting.interpreter_language is not None
    places = places_at(
        session,
        candidates,
        wanted.start,
        now,
        interpreter=with_interpreter,
        language=meeting.spoken_language,
        without=meeting.id,
    )
    for place in sorted(places.free, key=lambda one: one.counsellor.id != current.id):
        with suppress(SlotTaken):
            moved = _put(session, meeting, place, now, by, office)
            moved.counsellor_chosen = chosen
            moved.own_moves += 1
            return moved
    offer_others(
        session,
        SlotTaken if places.offered else SlotUnknown,
        node,
        meeting.meeting_type,
        wanted.start,
        now,
        interpreter=with_interpreter,
        language=meeting.spoken_language,
        counsellor=wanted.slug if chosen and candidates else None,
        moving=meeting,
    )


def move(
    session: Session,
    meeting: Meeting,
    start: datetime,
    now: datetime,
    by: str,
    office: Office,
    *,
    counsellor: Counsellor | None = None,
    override: bool = False,
    message: str = "",
) -> Meeting:
    """Staff move a meeting to any coming `start` (UTC), also outside the bookable hours, with the same length.

    It stays with its counsellor unless another one of the node is given; then the note goes, which was for the first
    one's eyes. A taken time is refused with SlotTaken (other times in `extra`) unless `override`: then it is a double
    booking, marked on the row and in the audit trail. `message` goes to the person in the mail. The same time and
    counsellor again change nothing. MeetingPassed, MeetingNotFound for one that is not booked, SlotUnknown for a time
    that is over, CounsellorUnknown for somebody at another node, or who does not meet people that way.
    """
    lock_meeting(session, meeting)
    check_open(meeting, now)
    node = meeting.counsellor.node
    wanted = counsellor or meeting.counsellor
    if wanted.id != meeting.counsellor_id and wanted not in colleagues(session, node.id, meeting.meeting_type):
        raise CounsellorUnknown
    if (start, wanted.id) == (meeting.starts_at, meeting.counsellor_id):
        return meeting
    if start <= now:
        offer_others(session, SlotUnknown, node, meeting.meeting_type, start, now, moving=meeting)
    expire_holds(session, now, counsellor_ids=[wanted.id])
    place = place_of_length(wanted, start, meeting)
    taken = is_taken(session, place, now, meeting)
    if not taken or override:
        with suppress(SlotTaken):
            return _put(session, meeting, place, now, by, office, double=taken, message=message)
    offer_others(session, SlotTaken, node, meeting.meeting_type, start, now, moving=meeting)


def reassign(
    session: Session,
    meeting: Meeting,
    counsellor: Counsellor,
    now: datetime,
    by: str,
    office: Office,
    *,
    override: bool = False,
    message: str = "",
) -> Meeting:
    """Staff give a meeting to another counsellor of the node at the same time. As `move` otherwise."""
    return move(
        session,
        meeting,
        meeting.starts_at,
        now,
        by,
        office,
        counsellor=counsellor,
        override=override,
        message=message,
    )


def check_open(meeting: Meeting, now: datetime) -> None:
    """MeetingNotFound unless the meeting is booked, MeetingPassed once it has begun."""
    if meeting.status != "confirmed":
        raise MeetingNotFound
    if meeting.starts_at <= now:
        raise MeetingPassed


def place_of_length(counsellor: Counsellor, start: datetime, meeting: Meeting) -> Place:
    """The meeting as long as it is, at `start`, with the counsellor's own buffer after it."""
    end = start + (meeting.ends_at - meeting.starts_at)
    return Place(counsellor, Span(start, end), Span(start, end + counsellor.buffer))


def is_taken(session: Session, place: Place, now: datetime, meeting: Meeting | None = None) -> bool:
    """Whether something else of the counsellor's lies in the place; `meeting` itself does not count."""
    without = meeting.id if meeting else None
    busy = busy_blocks(session, [place.counsellor], now, without=without)[place.counsellor.id]
    return any(place.block.overlaps(block) for block in busy)


def _put(
    session: Session,
    meeting: Meeting,
    place: Place,
    now: datetime,
    by: str,
    office: Office,
    *,
    double: bool = False,
    message: str = "",
) -> Meeting:
    before = Earlier.of(meeting)
    was = {"from_starts_at": meeting.starts_at.isoformat(), "from_counsellor": meeting.counsellor.slug}
    new_time, handed_over = place.slot.start != meeting.starts_at, place.counsellor.id != meeting.counsellor_id
    with guarded(session):
        place.put(meeting)
        if handed_over:
            meeting.counsellor_note = None
        meeting.staff_override = double
        meeting.sequence += 1
    mails.moved(session, meeting, before, office, now=now, message=message)
    record_meeting(session, meeting, "meeting.moved" if new_time else "meeting.reassigned", by, now, **was)
    return meeting
