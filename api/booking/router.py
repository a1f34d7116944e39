"""Booking for the action server: times and steps. Each answer carries the texts and buttons of the turn.

What a person typed comes in bodies, never in addresses.
"""

from __future__ import annotations

from datetime import date, timedelta
from typing import Annotated

from fastapi import APIRouter, Query

from api.booking import replies, slot_replies
from api.booking.asked_about import asked_about
from api.booking.asked_times import asked_for, to_choose_among
from api.booking.given_days import find_day
from api.booking.languages import read_language
from api.booking.limits import may_book
from api.booking.openings import bookable_nodes, counsellors_at, find_node, parse_slot_id
from api.booking.schemas import (
    BeginAnswer,
    BeginRequest,
    ConversationRef,
    CounsellorsRequest,
    DaysRequest,
    MeetingLine,
    Messages,
    ReadRequest,
    ReadTime,
    TimesRequest,
)
from api.booking.selection import days_with_times, select_offers
from api.booking.tables import Meeting
from api.booking.times.reading import merged, read_time
from api.booking.times.windows import decode
from api.booking.times.wording import describe
from api.catalogue.search import nodes_by_distance
from api.clock import Now, stockholm_date
from api.database import ReadSession
from api.guidance.places import find_municipality
from api.service_token import RequireServiceToken

internal = APIRouter(prefix="/internal/v1", include_in_schema=False, dependencies=[RequireServiceToken])

_NODES_SHOWN = 6


@internal.post("/booking/begin")
def begin(body: BeginRequest, session: ReadSession, now: Now) -> BeginAnswer:
    """What somebody who begins to book is told first: what they have booked already, and whether more is possible."""
    may = may_book(session, body.conversation_id, now)
    asks = bool(may.meetings) and (not body.move or len(may.meetings) > 1)
    messages = [replies.errand_reply(may.meetings, may.limit, move=body.move, easy=body.easy)] if asks else []
    if body.move and not may.meetings:
        messages = replies.my_meetings_replies([], easy=body.easy)
    return BeginAnswer(
        messages=messages,
        meetings=[meeting_line(one) for one in may.meetings],
        allowed=may.allowed,
        read=_read(body.text, [], None, stockholm_date(now)),
    )


@internal.post("/booking/reading")
def read(body: ReadRequest, now: Now) -> ReadTime:
    """When somebody wants to meet, by what they wrote; `chosen` when that is one of the times on screen."""
    return _read(body.text, body.shown, body.wish, stockholm_date(now))


@internal.get("/booking/nodes")
def which_node(
    session: ReadSession, place: Annotated[str | None, Query(max_length=100)] = None, *, easy: bool = False
) -> Messages:
    """Towns where somebody can be booked, nearest to the municipality `place` first."""
    municipality = find_municipality(session, place)
    bookable = bookable_nodes(session)
    nodes = [node for node, _ in nodes_by_distance(session, municipality) if node.id in bookable]
    near = municipality.name if municipality else None
    return Messages(messages=[replies.nodes_reply(nodes[:_NODES_SHOWN], near, easy=easy)])


@internal.get("/booking/meeting-types")
def which_type(session: ReadSession, node: str, *, easy: bool = False) -> Messages:
    """The ways to meet that somebody at the node offers."""
    found = find_node(session, node)
    offered = {one for counsellor in counsellors_at(session, node) for one in counsellor.meeting_types}
    return Messages(messages=[replies.types_reply(found, offered, easy=easy)])


@internal.post("/booking/times")
def which_time(body: TimesRequest, session: ReadSession, now: Now) -> Messages:
    """Three free times for the wish, or the nearest outside it; with `after`, later ones."""
    node, asked = find_node(session, body.node), asked_for(session, body, now)
    wish = decode(body.wish) if body.wish else None
    selection = select_offers(asked.offers, wish, parse_slot_id(body.after).start if body.after else None)
    words = slot_replies.wish_words(wish, stockholm_date(now)) | {"phone": node.phone, "email": node.email}
    lead = "times_call_me" if body.call_me and selection.shown else selection.lead
    if body.moving and lead == "times" and body.after is None:
        lead = "times_move"
    if lead == "times_wish" and not (wish and describe(wish, stockholm_date(now))):
        lead = "times"
    reply = slot_replies.slots_reply(
        node,
        body.meeting_type,
        selection.shown,
        more=selection.more,
        later=body.after is not None,
        reason=lead,
        easy=body.easy,
        words=words,
        calls=body.moving is None,
        chosen=asked.chosen,
        choosable=asked.choosable,
    )
    return Messages(messages=[reply])


@internal.post("/booking/days")
def which_day(body: DaysRequest, session: ReadSession, now: Now) -> Messages:
    """The days that have free times, five at a time."""
    last = find_day(body.after_day)
    after = last + timedelta(days=1) if last else None
    node, asked = find_node(session, body.node), asked_for(session, body, now)
    days, more = days_with_times(asked.offers, after)
    reply = slot_replies.days_reply(
        node, body.meeting_type, days, more=more, later=after is not None, easy=body.easy, chosen=asked.chosen
    )
    return Messages(messages=[reply])


@internal.post("/booking/counsellors")
def which_counsellor(body: CounsellorsRequest, session: ReadSession) -> Messages:
    """Those at the node who can be met that way, to choose one of."""
    node = find_node(session, body.node)
    people = to_choose_among(session, body)
    return Messages(messages=[slot_replies.counsellors_reply(node, body.meeting_type, people, easy=body.easy)])


@internal.get("/booking/interpreter")
def which_interpreter(*, easy: bool = False) -> Messages:
    """Whether an interpreter is wanted, and in which language."""
    return Messages(messages=[replies.interpreter_reply(easy=easy)])


@internal.post("/booking/asked-about")
def what_was_asked(body: ConversationRef, session: ReadSession) -> Messages:
    """What the counsellor could be told, with the question whether to. No message when there is nothing to tell."""
    summary = asked_about(session, body.conversation_id)
    return Messages(messages=[replies.share_reply(summary, easy=body.easy)] if summary else [])


def meeting_line(meeting: Meeting) -> MeetingLine:
    """What the dialogue has to know of a meeting."""
    return MeetingLine(
        id=meeting.id,
        reference=meeting.reference,
        starts_at=meeting.starts_at,
        node=meeting.counsellor.node.slug,
        meeting_type=meeting.meeting_type,
    )


def _read(text: str, shown: list[str], before: str | None, today: date) -> ReadTime:
    language = read_language(text)
    reading = read_time(text, today)
    if reading is None:
        return ReadTime(language=language)
    earlier = decode(before) if before else None
    pointed = [slot for slot in shown if reading.wish.holds(parse_slot_id(slot).start)]
    is_one = len(pointed) == 1 and reading.whole and (reading.exact or reading.points)
    wish = merged(earlier, reading.wish) if earlier else reading.wish
    return ReadTime(
        wish=wish.encode(),
        whole=reading.whole,
        certain=reading.by_clock or reading.by_day,
        chosen=pointed[0] if is_one else None,
        fitting=pointed,
        language=language,
    )
