"""The short phrases of the mails: subjects, how people meet, what to have at hand."""

from __future__ import annotations

from pathlib import Path
from typing import Literal

from api.booking.tables import Meeting
from api.booking.wording import place_of
from api.texts import Texts

texts = Texts(Path(__file__).with_name("mails.yml"))

Side = Literal["", "easy_", "counsellor_"]
"""Who reads it: the person, the person in easy Swedish, or the counsellor."""


def how(meeting: Meeting, side: Side = "") -> str:
    """Who calls whom, which link to open, or where to go."""
    key = f"{side}how_{meeting.meeting_type}"
    if meeting.meeting_type != "on_site":
        key += _way(meeting, side)
    return texts(key, phone=meeting.counsellor.phone, place=place_of(meeting.counsellor, meeting.meeting_type))


def bring(meeting: Meeting, side: Side = "") -> str:
    """What is good to have at hand."""
    return texts(f"{side}bring_{meeting.meeting_type}")


def video_link(meeting: Meeting) -> str:
    """Where the video meeting is held; empty for other meetings, and when the counsellor sends a link for each."""
    return meeting.counsellor.video_url if meeting.meeting_type == "video" else ""


def _way(meeting: Meeting, side: Side) -> str:
    contact = meeting.contact_kind or "phone"
    if not video_link(meeting):
        return f"_{contact}"
    if contact == "email":
        return "_link"
    return "_link_phone" if side == "counsellor_" else "_phone"
