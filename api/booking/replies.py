"""What the assistant says about booking: every text, button and data of these turns."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import UTC
from typing import Any

from api.booking.openings import Offer
from api.booking.tables import Counsellor, Meeting, MeetingType
from api.booking.wording import how, meeting_time, meeting_time_short, place_of, texts, type_word
from api.catalogue.tables import Node
from api.clock import STOCKHOLM
from api.privacy.contacts import Contact
from api.privacy.masking import mask_contact
from api.replies import NextStep, Reply
from api.swedish_dates import long_time, short_time

_TYPES: tuple[MeetingType, ...] = ("phone", "video", "on_site")


def nodes_reply(nodes: Sequence[Node], place: str | None) -> Reply:
    """Which town? `nodes` in the order to show them; `place` is the municipality they are measured from."""
    if not nodes:
        return Reply(text=texts("no_nodes"), choices=(_human(),))
    text = texts("ask_node_near", place=place) if place else texts("ask_node")
    return Reply(text=text, kind="choices", choices=tuple(_step(node.town, booking_node=node.slug) for node in nodes))


def types_reply(node: Node, offered: set[MeetingType]) -> Reply:
    """Phone, video or on site? Only what somebody at the node offers."""
    if not offered:
        return Reply(text=texts("no_types", town=node.town), choices=(_human(), _other_node()))
    choices = tuple(_step(texts(f"type_title_{one}"), booking_type=one) for one in _TYPES if one in offered)
    return Reply(text=texts("ask_type", town=node.town), kind="choices", choices=choices)


def slots_reply(
    node: Node,
    meeting_type: MeetingType,
    offers: Sequence[Offer],
    *,
    more: bool,
    later: bool = False,
    reason: str = "times",
) -> Reply:
    """The times to choose from, or what to do when there are none.

    `more`: there are times after the last one. `later`: these are not the first times. `reason` is the key of the
    sentence that says why they are shown: times, times_taken, times_hold_expired, times_unknown.
    """
    words = {"town": node.town, "how": texts(f"by_{meeting_type}")}
    if not offers:
        first = (_step(texts("first_times"), booking_change="time"),) if later else ()
        other_type = _step(texts("other_type"), booking_change="type")
        text = texts("times_no_more" if later else "times_none", **words)
        return Reply(text=text, kind="slots", data={"items": []}, choices=(*first, _human(), _other_node(), other_type))
    lines = "\n".join(texts("times_line", time=long_time(offer.start, offer.end)) for offer in offers)
    choices = [_step(short_time(offer.start, offer.end), booking_time=offer.id) for offer in offers]
    if more:
        choices.append(_step(texts("more_times"), booking_after=offers[-1].start.astimezone(UTC).isoformat()))
    return Reply(
        text=texts(reason, **words, times=lines),
        kind="slots",
        choices=tuple(choices),
        data={
            "items": [_offer_item(offer) for offer in offers],
            "lead": texts(reason, **words, times="").replace("\n\n", "\n"),
        },
    )


def confirm_reply(meeting: Meeting, name: str, contact: Contact) -> Reply:
    """Everything read back before it is booked, the contact masked."""
    return Reply(
        text=texts(
            "confirm", **_words(meeting, contact.kind), name=name, contact=mask_contact(contact.kind, contact.value)
        ),
        kind="confirm",
        data=_meeting_data(meeting) | {"reference": None},  # a code on screen would look like a booking
        choices=(
            NextStep(title=texts("say_yes"), topic="affirm"),
            _step(texts("change_time"), booking_change="time"),
            NextStep(title=texts("stop"), topic="restart"),
        ),
    )


def booked_reply(meeting: Meeting, manage_url: str) -> Reply:
    """The booking is made: code, place and links. Complete in itself, since mail may be late or wished away."""
    mail = texts("booked_mail" if meeting.contact_kind == "email" else "booked_no_mail")
    return Reply(
        text=texts("booked", **_words(meeting), reference=meeting.reference, mail=mail, url=manage_url),
        kind="booking",
        data=_meeting_data(meeting) | {"manage_url": manage_url, "ics_url": f"{manage_url}/mote.ics"},
        choices=(NextStep(title=texts("about_meetings"), topic="meeting_info"),),
    )


def my_meetings_replies(meetings: Sequence[Meeting]) -> list[Reply]:
    """The conversation's coming meetings, one message each. Without links: a link cannot be made again from its hash.

    It still stands in the message that confirmed the booking, until the conversation is erased.
    """
    if not meetings:
        return [Reply(text=texts("my_meetings_none"), choices=(_book(), _human()))]
    return [
        Reply(
            text=texts("my_meeting", **_words(meeting), reference=meeting.reference),
            kind="booking",
            data=_meeting_data(meeting),
            choices=(
                NextStep(
                    title=texts("cancel_this", time=meeting_time_short(meeting)),
                    topic="cancel_meeting",
                    entities={"booking_meeting": str(meeting.id)},
                ),
            ),
        )
        for meeting in meetings
    ]


def cancelled_reply(meeting: Meeting) -> Reply:
    return Reply(text=texts("cancelled", time=meeting_time(meeting)), choices=(_book(),))


def _words(meeting: Meeting, contact_kind: str | None = None) -> dict[str, str]:
    counsellor, meeting_type = meeting.counsellor, meeting.meeting_type
    return {
        "time": meeting_time(meeting),
        "type": type_word(meeting_type),
        "town": counsellor.node.town,
        "how": how(counsellor, meeting_type, contact_kind or meeting.contact_kind),
    }


def _meeting_data(meeting: Meeting) -> dict[str, Any]:  # Any: JSON
    return {
        "reference": meeting.reference,
        "start": meeting.starts_at.astimezone(STOCKHOLM).isoformat(),
        "end": meeting.ends_at.astimezone(STOCKHOLM).isoformat(),
        "place": place_of(meeting.counsellor, meeting.meeting_type),
        "meeting_type": meeting.meeting_type,
        "counsellor": meeting.counsellor.title,
        "manage_url": None,
        "ics_url": None,
        "example": meeting.counsellor.example,
    }


def _offer_item(offer: Offer) -> dict[str, Any]:  # Any: JSON
    counsellor: Counsellor = offer.counsellor
    return {
        "id": offer.id,
        "start": offer.start.astimezone(STOCKHOLM).isoformat(),
        "end": offer.end.astimezone(STOCKHOLM).isoformat(),
        "counsellor": counsellor.title,
        "meeting_types": counsellor.meeting_types,
        "example": counsellor.example,
    }


def _step(title: str, **entities: str) -> NextStep:
    return NextStep(title=title, topic="book_meeting", entities=entities)


def _human() -> NextStep:
    return NextStep(title=texts("human"), topic="human_contact")


def _other_node() -> NextStep:
    return _step(texts("other_node"), booking_change="node")


def _book() -> NextStep:
    return NextStep(title=texts("book"), topic="book_meeting")
