"""What the action server sends and gets when somebody books."""

from __future__ import annotations

from datetime import datetime
from uuid import UUID

from pydantic import BaseModel, Field

from api.booking.tables import MeetingType
from api.replies import Reply


class Messages(BaseModel):
    """What the assistant says."""

    messages: list[Reply]


class HoldRequest(BaseModel):
    conversation_id: UUID
    slot_id: str = Field(max_length=100)
    meeting_type: MeetingType


class HoldAnswer(Messages):
    meeting_id: UUID
    held_until: datetime


class CheckRequest(BaseModel):
    """Whose hold it is, and for whom. `contact_token` stands for a phone number or an e-mail address."""

    conversation_id: UUID
    name: str = Field(max_length=1000)
    contact_token: str = Field(max_length=100)


class ConfirmRequest(CheckRequest):
    """The same again, now to be booked."""


class ConversationRef(BaseModel):
    """Whose meeting it is."""

    conversation_id: UUID


class MeetingLine(BaseModel):
    id: UUID
    reference: str
    starts_at: datetime


class MeetingsAnswer(Messages):
    meetings: list[MeetingLine]
