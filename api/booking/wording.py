"""The words of the booking part: its sentences, and the phrases that depend on how people meet."""

from __future__ import annotations

from api.booking.tables import Counsellor, Meeting, MeetingType
from api.swedish_dates import long_time, short_time
from api.texts import Texts

texts = Texts.beside(__file__)


def type_word(meeting_type: MeetingType) -> str:
    """`telefon`"""
    return texts(f"type_{meeting_type}")


def place_of(counsellor: Counsellor, meeting_type: MeetingType) -> str:
    """Where the meeting is: the node's address, or the medium."""
    node = counsellor.node
    return texts(f"place_{meeting_type}", node=node.name, street=node.street or node.town)


def how(counsellor: Counsellor, meeting_type: MeetingType, contact_kind: str | None, *, to: str = "") -> str:
    """Who calls whom, or where to go. `to="counsellor_"` gives the counsellor's side of it."""
    key = f"{to}how_{meeting_type}"
    if meeting_type != "on_site":
        key += f"_{contact_kind or 'phone'}"
    return texts(key, phone=counsellor.phone, place=place_of(counsellor, meeting_type))


def meeting_time(meeting: Meeting) -> str:
    """`torsdag 26 november kl. 13.00–13.30`"""
    return long_time(meeting.starts_at, meeting.ends_at)


def meeting_time_short(meeting: Meeting) -> str:
    """`tors 26 nov kl. 13.00–13.30`"""
    return short_time(meeting.starts_at, meeting.ends_at)
