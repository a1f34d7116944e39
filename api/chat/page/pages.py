"""The routes of the plain page. A form changes something and leads back to the page (303), so that a reload is safe.

What tells a form of ours: browsers do not send the cookie with a form on another site, and say where a form stands.
No secret in the form, then, which would have grown old in a tab that was left open. Nothing of a conversation is in
an address.
"""

from __future__ import annotations

from datetime import datetime
from typing import Annotated, Literal
from uuid import UUID

from fastapi import APIRouter, Form, Request, Response
from fastapi.responses import HTMLResponse, RedirectResponse
from starlette.concurrency import run_in_threadpool

from api.catalogue.search import nodes_by_distance
from api.chat import service
from api.chat.errors import AnswerLate, ChoiceUnknown, MessageEmpty, MessageTooLong, TurnCapReached
from api.chat.gateway import Gateway, greet, greeting
from api.chat.incoming import MESSAGE_LIMIT, clean
from api.chat.limits import RateLimits
from api.chat.page.cookie import PATH, Held, hand_out, held_by, take_back
from api.chat.page.shown import conversation
from api.chat.schemas import Incoming
from api.chat.sender import Address, origin_of
from api.chat.transcript import transcript_text
from api.clock import Now, stockholm_date
from api.database import Database, ReadSession, WriteSession
from api.errors import DATABASE_DOWN, ApiError, DatabaseDown, RateLimited, Unauthorized
from api.pages import render
from api.settings import Settings
from api.staff.secrets import keyed_hash, new_token
from api.staff.visitors import OurForm
from api.texts import Texts

_texts = Texts.beside(__file__)
_PRIVATE = {"Cache-Control": "no-store", "X-Robots-Tag": "noindex"}
_DONE = {"borttaget": "done_removed", "nytt": "done_renewed", "borta": "done_gone"}
"""What `?klart=` stands for."""
_COMMENT_LIMIT = 1000


router = APIRouter(prefix=PATH, include_in_schema=False)


@router.api_route("", methods=["GET", "HEAD"])
def show(request: Request, now: Now, klart: str = "") -> HTMLResponse:
    """The conversation, or the greeting: none is begun until somebody writes."""
    return _page(request, held_by(request), now, done=klart)


@router.post("", dependencies=[OurForm])
async def say(
    request: Request,
    now: Now,
    address: Address,
    text: Annotated[str, Form()] = "",
    val: Annotated[str, Form()] = "",
    nyckel: Annotated[str, Form()] = "",
) -> Response:
    """Take one turn; `val` is the id of a button, `nyckel` makes a form that is sent twice harmless."""
    settings: Settings = request.app.state.settings
    held = known = held_by(request)
    lost = False
    try:
        if not val:
            clean(text)  # before anything is begun
        incoming = _incoming(settings, text, val, nyckel)
        if known is not None:
            lost = not await _still_there(request, known, incoming, address)
        if lost or known is None:
            if val:  # a button of a conversation that is gone
                return _gone(settings)
            held = await run_in_threadpool(_begin, request, now, address)
            await _take_turn(request, held, incoming, address)
    except (MessageEmpty, MessageTooLong, ChoiceUnknown, TurnCapReached, RateLimited) as error:
        response: Response = await run_in_threadpool(_page, request, held, now, error=error, text=text)
    except (AnswerLate, DatabaseDown) as error:  # the same key: sent once more it is the same message
        response = await run_in_threadpool(_page, request, held, now, error=error, text=text, key=nyckel)
    else:
        response = _to("?klart=nytt#senaste" if lost else "#senaste")
    if held is not None and held != known:
        hand_out(response, settings, held)
    return response


@router.post("/betyg", dependencies=[OurForm])
def rate(
    request: Request,
    session: WriteSession,
    svar: Annotated[UUID, Form()],
    betyg: Annotated[Literal["up", "down"], Form()],
    kommentar: Annotated[str, Form(max_length=_COMMENT_LIMIT * 2)] = "",
) -> Response:
    """A thumb on an answer, and why. The fragment leads back to the same answer."""
    held = held_by(request)
    try:
        if held is None:
            raise Unauthorized
        service.open_conversation(session, held.id, held.token)
    except Unauthorized:
        return _gone(request.app.state.settings)
    service.give_feedback(session, held.id, svar, betyg, kommentar.replace("\r", "")[:_COMMENT_LIMIT])
    return _to(f"#betyg-{svar}")


@router.post("/ta-bort", dependencies=[OurForm])
async def erase(request: Request) -> Response:
    """Erase the conversation here and in the bot, and in this browser."""
    gateway: Gateway = request.app.state.gateway
    held = held_by(request)
    if held is not None:
        try:
            await gateway.erase(held.id, held.token)
        except Unauthorized:
            return _gone(request.app.state.settings)
    response = _to("?klart=borttaget#klart")
    take_back(response, request.app.state.settings)
    return response


@router.get("/samtal.txt")
def download(request: Request, session: ReadSession) -> Response:
    """The conversation as plain text."""
    held = held_by(request)
    if held is None:
        return _gone(request.app.state.settings)
    try:
        service.open_conversation(session, held.id, held.token)
    except Unauthorized:
        return _gone(request.app.state.settings)
    text = transcript_text(service.messages_of(session, held.id))
    headers = _PRIVATE | {"Content-Disposition": 'attachment; filename="samtal.txt"'}
    return Response(text, media_type="text/plain; charset=utf-8", headers=headers)


def _incoming(settings: Settings, text: str, choice: str, key: str) -> Incoming:
    """Raises ChoiceUnknown for what is no id.

    The client id follows from what is said as well: somebody who goes back to an old page says something new there.
    """
    try:
        choice_id = UUID(choice) if choice else None
    except ValueError:
        raise ChoiceUnknown from None
    client_id = keyed_hash(settings.secret_key, "chatt", f"{key} {choice or text}") if key else None
    return Incoming(text=None if choice_id else text, choice=choice_id, client_id=client_id)


async def _still_there(request: Request, held: Held, incoming: Incoming, address: str) -> bool:
    """Take the turn; False when the conversation is gone."""
    try:
        await _take_turn(request, held, incoming, address)
    except Unauthorized:
        return False
    return True


async def _take_turn(request: Request, held: Held, incoming: Incoming, address: str) -> None:
    limits: RateLimits = request.app.state.limits
    limits.message(str(held.id), address)
    gateway: Gateway = request.app.state.gateway
    await gateway.take_turn(held.id, held.token, incoming)


def _begin(request: Request, now: datetime, address: str) -> Held:
    limits: RateLimits = request.app.state.limits
    limits.conversation(address)
    try:
        begun, token, _ = greet(request.app.state.database, now, origin_of(request, address, now))
    except DATABASE_DOWN:
        raise DatabaseDown from None
    return Held(begun.id, token)


def _page(
    request: Request,
    held: Held | None,
    now: datetime,
    *,
    done: str = "",
    error: ApiError | None = None,
    text: str = "",
    key: str = "",
) -> HTMLResponse:
    """The page; `error` is what was wrong with `text`, which stays in the field. `key`: that of the form before."""
    settings: Settings = request.app.state.settings
    database: Database = request.app.state.database
    with database.transaction(read_only=True) as session:
        try:
            if held is not None:
                service.open_conversation(session, held.id, held.token)
            is_gone = False
        except Unauthorized:
            held, is_gone = None, True
        messages = service.messages_of(session, held.id) if held else [greeting(session)]
        response = render(
            request,
            "chatt.html",
            status_code=error.status if error else 200,
            headers=_PRIVATE,
            talk=conversation(messages, stockholm_date(now), settings.base_url),
            begun=held is not None,
            done=_texts("done_gone") if is_gone else _texts(_DONE[done]) if done in _DONE else "",
            error=error.detail if error else "",
            is_full=isinstance(error, TurnCapReached),
            text=text,
            limit=MESSAGE_LIMIT,
            key=key or new_token(),
            words={name: _texts(f"say_{name}") for name in ("easy", "ordinary", "person")},
            nodes=[node for node, _ in nodes_by_distance(session, None)],
            days=settings.retention_conversation_days,
        )
    if is_gone:
        take_back(response, settings)
    return response


def _to(where: str) -> RedirectResponse:
    return RedirectResponse(PATH + where, status_code=303, headers=_PRIVATE)


def _gone(settings: Settings) -> RedirectResponse:
    response = _to("?klart=borta#klart")
    take_back(response, settings)
    return response
