"""The action server's door to the forms: one call for each turn."""

from __future__ import annotations

from fastapi import APIRouter, Request
from sqlalchemy.orm import Session

from api.asking import wording
from api.asking.questionnaire import Forms, Place
from api.asking.schemas import LateRequest, Messages, TurnAnswer, TurnRequest
from api.asking.turn import CHECK, SEND, begin, take_turn
from api.clock import Now
from api.database import ReadSession, WriteSession
from api.replies import Reply
from api.service_token import RequireServiceToken

internal = APIRouter(prefix="/internal/v1", include_in_schema=False, dependencies=[RequireServiceToken])


@internal.post("/asking/turn")
def turn(request: Request, session: WriteSession, now: Now, body: TurnRequest) -> TurnAnswer:
    """Begin a form, or what a message does to the one that is open."""
    forms: Forms = request.app.state.forms
    place = _place(request, session, now, body)
    if body.begin is not None:
        return begin(forms, place, body.begin, body.place)
    if body.state is None:
        return TurnAnswer(topic="", messages=[wording.over(easy=body.easy)], state=None)
    return take_turn(forms, place, body.state, body.heard)


@internal.post("/asking/late")
def late(request: Request, session: ReadSession, now: Now, body: LateRequest) -> Messages:
    """A button of a form that is over: its receipt when it was sent, as after a second press of the same button."""
    forms: Forms = request.app.state.forms
    place = _place(request, session, now, body)
    sent: list[Reply] = []
    if body.said.endswith(f":{CHECK}={SEND}"):
        sent = [reply for receipts in forms.receipts for reply in receipts(place)]
    return Messages(messages=sent or [wording.over(easy=body.easy)])


def _place(request: Request, session: Session, now: Now, body: TurnRequest | LateRequest) -> Place:
    return Place(session, body.conversation_id, now, request.app.state.settings, body.easy)
