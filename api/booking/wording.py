"""The words of the booking part: its sentences, and the phrases that depend on how people meet."""

from __future__ import annotations

from api.booking.tables import ContactKind, Counsellor, Meeting, MeetingType
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


def how(counsellor: Counsellor, meeting_type: MeetingType, contact_kind: str | None, *, easy: bool = False) -> str:
    """Who calls whom, or where to go."""
    key = f"how_{meeting_type}"
    if meeting_type != "on_site":
        key += f"_{contact_kind or 'phone'}"
    return texts.worded(key, easy=easy, phone=counsellor.phone, place=place_of(counsellor, meeting_type))


def meeting_time(meeting: Meeting) -> str:
    """`torsdag 26 november kl. 13.00–13.30`"""
    return long_time(meeting.starts_at, meeting.ends_at)


def meeting_time_short(meeting: Meeting) -> str:
    """`tors 26 nov kl. 13.00–13.30`"""
    return short_time(meeting.starts_at, meeting.ends_at)


def function_of(counsellor: Counsellor) -> str:
    """The counsellor's title without the town: `Studie- och yrkesvägledare 1`."""
    return counsellor.title.removesuffix(f", {counsellor.node.town}")


def at_whom(chosen: Counsellor | None) -> str:
    """`vägledaren`, or by function the one who was chosen: `studie- och yrkesvägledare 1`."""
    if chosen is None:
        return texts("at_counsellor")
    title = function_of(chosen)
    return title[:1].lower() + title[1:]


def meeting_words(
    meeting: Meeting, contact_kind: ContactKind | str | None = None, *, easy: bool = False
) -> dict[str, str]:
    """What sentences about a meeting are filled with: time, type, town, with whom and how people meet."""
    return {
        "time": meeting_time(meeting),
        "type": type_word(meeting.meeting_type),
        "town": meeting.counsellor.node.town,
        "at": at_whom(meeting.counsellor if meeting.counsellor_chosen else None),
        "how": how(meeting.counsellor, meeting.meeting_type, contact_kind or meeting.contact_kind, easy=easy),
    }
