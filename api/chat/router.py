"""The chat contract over HTTP, and the door that the action server uses."""

from __future__ import annotations

from typing import Annotated
from uuid import UUID

from fastapi import APIRouter, Depends, Header, Request, Response, status
from fastapi.responses import PlainTextResponse

from api.chat import service
from api.chat.conversation import converse
from api.chat.gateway import Gateway, greet
from api.chat.limits import RateLimits
from api.chat.schemas import Feedback, Incoming, Start, Started, TopicQuestion, Transcript, TurnOut
from api.chat.sender import Address, origin_of
from api.chat.transcript import transcript_text
from api.clock import Now
from api.database import ReadSession, WriteSession
from api.guidance.turn import Turn
from api.service_token import RequireServiceToken

router = APIRouter(prefix="/api/v1/conversations", tags=["chat"])
internal = APIRouter(prefix="/internal/v1", include_in_schema=False, dependencies=[RequireServiceToken])


async def _token(authorization: Annotated[str, Header()] = "") -> str:
    return authorization.removeprefix("Bearer ")


Token = Annotated[str, Depends(_token)]


@router.post("", status_code=status.HTTP_201_CREATED)
def start(request: Request, now: Now, address: Address, about: Start | None = None) -> Started:
    """Begin a conversation. The token is needed for everything else."""
    limits: RateLimits = request.app.state.limits
    limits.conversation(address)
    conversation, token, messages = greet(request.app.state.database, now, origin_of(request, address, now), about)
    return Started(conversation_id=conversation.id, token=token, messages=[service.as_out(m) for m in messages])


@router.post("/{conversation_id}/messages")
async def send(request: Request, conversation_id: UUID, incoming: Incoming, token: Token, address: Address) -> TurnOut:
    """Say something, get the answer."""
    limits: RateLimits = request.app.state.limits
    limits.message(str(conversation_id), address)
    gateway: Gateway = request.app.state.gateway
    return await gateway.take_turn(conversation_id, token, incoming)


@router.get("/{conversation_id}/messages")
def read(session: ReadSession, conversation_id: UUID, token: Token) -> Transcript:
    """Everything said so far."""
    service.open_conversation(session, conversation_id, token)
    return Transcript(messages=[service.as_out(m) for m in service.messages_of(session, conversation_id)])


@router.get("/{conversation_id}/transcript.txt", response_class=PlainTextResponse)
def download(session: ReadSession, conversation_id: UUID, token: Token) -> PlainTextResponse:
    """The conversation as plain text."""
    service.open_conversation(session, conversation_id, token)
    text = transcript_text(service.messages_of(session, conversation_id))
    return PlainTextResponse(
        text, headers={"Content-Disposition": 'attachment; filename="samtal.txt"', "Cache-Control": "no-store"}
    )


@router.post("/{conversation_id}/messages/{message_id}/feedback", status_code=status.HTTP_204_NO_CONTENT)
def feedback(session: WriteSession, conversation_id: UUID, message_id: UUID, body: Feedback, token: Token) -> Response:
    """Thumb up or down on an answer."""
    service.open_conversation(session, conversation_id, token)
    service.give_feedback(session, conversation_id, message_id, body.value, body.comment)
    return Response(status_code=status.HTTP_204_NO_CONTENT)


@router.delete("/{conversation_id}", status_code=status.HTTP_204_NO_CONTENT)
async def erase(request: Request, conversation_id: UUID, token: Token) -> Response:
    """Erase the conversation here and in the bot. A booked meeting stays; it is cancelled separately."""
    gateway: Gateway = request.app.state.gateway
    await gateway.erase(conversation_id, token)
    return Response(status_code=status.HTTP_204_NO_CONTENT)


@internal.post("/answers")
def answer(request: Request, session: ReadSession, now: Now, body: TopicQuestion) -> dict[str, object]:
    """What to say, as ready messages for each topic of the message, and what the bot shall remember of it."""
    turn = Turn(
        session=session,
        now=now,
        base_url=request.app.state.settings.base_url,
        topic=body.topic,
        said=body.said,
        context=body.context,
        follow_up=body.follow_up,
        easy=body.easy,
        candidates=tuple(body.candidates),
        text=body.text,
        a_pair=body.a_pair,
        misses=body.memory.misses,
        guide=body.guide,
        part=body.part,
        kept_guide=body.memory.guide,
        vacancies=request.app.state.vacancies,
    )
    spoken = converse(turn, body)
    answers = [
        {"topic": one.topic, "query": one.handled.query, "messages": one.handled.replies} for one in spoken.answers
    ]
    return {"answers": answers, "slots": spoken.slots}
