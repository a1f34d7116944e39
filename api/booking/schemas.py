"""What the action server sends and gets when somebody books."""

from __future__ import annotations

from datetime import datetime
from uuid import UUID

from pydantic import BaseModel, Field

from api.booking.tables import MeetingType
from api.replies import Reply

_SLOT_ID = 100
_WISH = 2000
_SLUG = 60
LANGUAGE_LENGTH = 40


class Messages(BaseModel):
    """What the assistant says."""

    messages: list[Reply]


class ConversationRef(BaseModel):
    """Whose meeting it is, and whether the person reads easy Swedish."""

    conversation_id: UUID
    easy: bool = False


class BeginRequest(ConversationRef):
    """Somebody begins to book, or (`move`) wants another time. `text` is what they wrote, without contact data."""

    text: str = Field(default="", max_length=1000)
    move: bool = False


class ReadTime(BaseModel):
    """What was read in a text: a wish for a time as a code, a shown slot it points at, an interpreter's language.

    `whole`: nothing else was said than when. `certain`: a day or a time of the clock was named.
    `fitting`: the shown slots that lie within the wish.
    """

    wish: str | None = None
    whole: bool = False
    certain: bool = False
    chosen: str | None = None
    fitting: list[str] = Field(default_factory=list)
    language: str | None = None


class MeetingLine(BaseModel):
    id: UUID
    reference: str
    starts_at: datetime
    node: str
    meeting_type: MeetingType


class BeginAnswer(Messages):
    """`messages` ask what to do when there are meetings already; `meetings` are those, `read` what the text said."""

    meetings: list[MeetingLine]
    allowed: bool
    read: ReadTime


class ReadRequest(BaseModel):
    """A typed text, the slot ids on screen and the wish that they were shown for."""

    text: str = Field(max_length=1000)
    shown: list[str] = Field(default_factory=list, max_length=20)
    wish: str | None = Field(default=None, max_length=_WISH)


class CounsellorsRequest(ConversationRef):
    """Which counsellors can be chosen. `moving` is a meeting that is to be moved."""

    node: str
    meeting_type: MeetingType
    moving: UUID | None = None


class TimesRequest(CounsellorsRequest):
    """Which times to show. `after` is the last slot that was shown.

    `counsellor` is the slug of the one whose times are wanted, or `any`; without it a meeting that was booked with a
    chosen counsellor stays theirs. `language`: the one that an interpreter is wanted in.
    """

    wish: str | None = Field(default=None, max_length=_WISH)
    after: str | None = Field(default=None, max_length=_SLOT_ID)
    interpreter: bool = False
    language: str | None = Field(default=None, max_length=LANGUAGE_LENGTH)
    counsellor: str | None = Field(default=None, max_length=_SLUG)
    call_me: bool = False


class DaysRequest(TimesRequest):
    """Which days to show: `after_day` is the last that was shown, as an ISO date."""

    after_day: str | None = Field(default=None, max_length=10)


class HoldRequest(ConversationRef):
    slot_id: str = Field(max_length=_SLOT_ID)
    meeting_type: MeetingType
    interpreter_language: str | None = Field(default=None, max_length=LANGUAGE_LENGTH)


class HoldAnswer(Messages):
    meeting_id: UUID
    held_until: datetime


class InterpreterRequest(ConversationRef):
    language: str | None = Field(default=None, max_length=LANGUAGE_LENGTH)


class CheckRequest(ConversationRef):
    """Whose hold it is, and for whom. `contact_token` stands for a phone number or an e-mail address.

    `share`: the person has said yes to the counsellor seeing what they asked about.
    """

    name: str = Field(max_length=1000)
    contact_token: str = Field(max_length=100)
    share: bool = False


class ConfirmRequest(CheckRequest):
    """The same again, now to be booked."""


class MoveRequest(ConversationRef):
    slot_id: str = Field(max_length=_SLOT_ID)


class MeetingsAnswer(Messages):
    meetings: list[MeetingLine]
