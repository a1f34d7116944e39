"""The action server's door to the sign-ups of a conversation."""

from __future__ import annotations

from collections.abc import Sequence
from uuid import UUID

from fastapi import APIRouter
from pydantic import BaseModel, ConfigDict
from sqlalchemy.orm import Session

from api.clock import Now
from api.database import ReadSession, WriteSession
from api.events.asking.own import own_replies, own_signup, signed_off, too_late
from api.events.errors import OfferGone, SignupClosed, SignupNotFound
from api.events.service import accept_offer, cancel_signup, of_conversation, signup_of
from api.events.tables import EventSignup
from api.outbox.office import OfficeOf
from api.replies import Reply
from api.service_token import RequireServiceToken

internal = APIRouter(prefix="/internal/v1", include_in_schema=False, dependencies=[RequireServiceToken])


class OwnRequest(BaseModel):
    """Whose sign-ups."""

    model_config = ConfigDict(extra="forbid")

    conversation_id: UUID
    easy: bool = False


class OneRequest(OwnRequest):
    """Which of them is meant."""

    signup_id: UUID


class OwnSignups(BaseModel):
    """The live sign-ups of a conversation, and what to say of them."""

    messages: Sequence[Reply]
    signups: Sequence[UUID]


@internal.post("/events/own")
def own(session: ReadSession, now: Now, body: OwnRequest) -> OwnSignups:
    """The conversation's sign-ups for events that have not begun."""
    signups = of_conversation(session, body.conversation_id, now)
    return OwnSignups(messages=own_replies(signups, now, easy=body.easy), signups=[one.id for one in signups])


@internal.post("/events/sign-off")
def sign_off(session: WriteSession, now: Now, body: OneRequest, office: OfficeOf) -> OwnSignups:
    """Take a sign-up back. SignupNotFound for those of others; a second time changes nothing."""
    cancelled = cancel_signup(session, _own(session, body), now=now, by="chat", office=office)
    return OwnSignups(messages=[signed_off(cancelled, now, easy=body.easy)], signups=[])


@internal.post("/events/accept")
def accept(session: WriteSession, now: Now, body: OneRequest, office: OfficeOf) -> OwnSignups:
    """Take the place that is offered; too late is said. SignupNotFound for those of others; a second time changes
    nothing."""
    signup = _own(session, body)
    try:
        taken = accept_offer(session, signup, now=now, office=office, by="chat")
    except (OfferGone, SignupClosed):  # then nothing was changed
        return OwnSignups(messages=[too_late(signup, now, easy=body.easy)], signups=[])
    return OwnSignups(messages=[own_signup(taken, now, easy=body.easy)], signups=[taken.id])


def _own(session: Session, body: OneRequest) -> EventSignup:
    signup = signup_of(session, body.signup_id)
    if signup.conversation_id != body.conversation_id:
        raise SignupNotFound
    return signup
