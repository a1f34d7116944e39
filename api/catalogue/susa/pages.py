"""“Susa-navet”: how the mirror is, who may be shown, and the events that wait for a decision."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from datetime import datetime
from typing import Annotated

from fastapi import APIRouter, Form, Request, Response
from fastapi.responses import RedirectResponse
from sqlalchemy.orm import Session

from api.catalogue.susa import deciding, overview, report, runs
from api.catalogue.susa.errors import SusaNodeNeeded
from api.clock import Now
from api.database import Database, ReadSession, WriteSession
from api.errors import ApiError, NotFound
from api.staff.addresses import told
from api.staff.chores import Chore, Chores
from api.staff.editing.storing import RowId
from api.staff.frame import staff_page
from api.staff.roles import Staff
from api.staff.sessions import SignedIn
from api.texts import Texts

PATH = "/personal/susa"
EVENTS = f"{PATH}/tillfallen"
_A_PAGE = 20
_TEXTS = Texts.beside(__file__)

router = APIRouter(include_in_schema=False)

Text = Annotated[str, Form(max_length=1000)]
Many = Annotated[list[str], Form(max_length=200)]


@router.api_route(PATH, methods=["GET", "HEAD"])
def show(request: Request, account: Staff, session: ReadSession, sida: str = "1") -> Response:
    """How the mirror is, and every provider with its decision."""
    return _front(request, account, session, page=_number(sida) or 1)


@router.post(f"{PATH}/hamta")
def fetch(request: Request, account: Staff, session: WriteSession, now: Now) -> Response:
    """Ask the worker for a run; it looks for one every few seconds."""
    if not request.app.state.settings.susa_url:
        raise NotFound
    runs.ask(session, now=now, actor=account.actor)
    return RedirectResponse(told(PATH, "hamtar"), status_code=303)


@router.post(f"{PATH}/anordnare/{{provider_id}}")
def decide_provider(
    provider_id: RowId, request: Request, account: Staff, now: Now, beslut: Text = "", nod: Text = "", sida: Text = "1"
) -> Response:
    """Say which node a provider's courses belong to, and whether they are shown."""
    database: Database = request.app.state.database
    page = _number(sida) or 1
    try:
        with database.transaction() as session:
            counts = deciding.decide_provider(
                session, provider_id, decision=beslut, node_id=_number(nod), now=now, actor=account.actor
            )
    except NotFound:
        raise
    except ApiError as error:
        with database.transaction(read_only=True) as session:
            wrong = (provider_id, beslut, _number(nod))
            return _front(request, account, session, page=page, error=error, wrong=wrong)
    return RedirectResponse(told(f"{PATH}?sida={page}", "anordnare", count=_touched(counts)), status_code=303)


@router.api_route(EVENTS, methods=["GET", "HEAD"])
def events(
    request: Request, account: Staff, session: ReadSession, visa: str = "vantar", anordnare: str = "", sida: str = "1"
) -> Response:
    """One list of events."""
    return _list(request, account, session, visa, anordnare, _number(sida) or 1)


@router.post(EVENTS)
def decide_events(
    request: Request,
    account: Staff,
    now: Now,
    besked: Text = "",
    alla: Text = "",
    valda: Many = [],  # noqa: B006 - FastAPI copies it
    visa: Text = "vantar",
    anordnare: Text = "",
    sida: Text = "1",
) -> Response:
    """Approve events or leave them out: the ticked ones, or with `besked` ending in `_alla` all on the page."""
    database: Database = request.app.state.database
    word, _, everything = besked.partition("_")
    ids = {number for number in map(_number, alla.split(",") if everything else valda) if number is not None}
    try:
        with database.transaction() as session:
            state = deciding.STATES.get(word, "")
            counts = deciding.decide_events(session, ids, state=state, now=now, actor=account.actor)
    except ApiError as error:
        with database.transaction(read_only=True) as session:
            return _list(request, account, session, visa, anordnare, _number(sida) or 1, error)
    done = f"{word}_fast" if counts["stuck"] else word
    return RedirectResponse(told(_address(visa, anordnare), done, count=counts["decided"]), status_code=303)


@router.post(f"{EVENTS}/{{event_id}}/yrke")
def choose_occupation(
    event_id: RowId,
    account: Staff,
    session: WriteSession,
    now: Now,
    yrke: Text = "",
    visa: Text = "oklara",
    anordnare: Text = "",
) -> Response:
    """Say which occupation a training leads to."""
    deciding.choose_occupation(session, event_id, yrke, now=now, actor=account.actor)
    return RedirectResponse(told(_address(visa, anordnare), "yrke"), status_code=303)


@router.post(f"{EVENTS}/{{event_id}}/skillnad")
def settle(
    event_id: RowId,
    account: Staff,
    session: WriteSession,
    now: Now,
    val: Text = "",
    visa: Text = "skillnader",
    anordnare: Text = "",
) -> Response:
    """Take what Susa-navet says in fields that both have changed, or keep ours."""
    deciding.settle(session, event_id, take=val == "deras", now=now, actor=account.actor)
    done = "deras" if val == "deras" else "vart"
    return RedirectResponse(told(_address(visa, anordnare), done), status_code=303)


def _waiting(session: Session, _: datetime) -> Iterator[Chore]:
    counts = overview.view_counts(session)
    undecided = sum(card.row.decision == "waiting" for card in overview.providers(session))
    yield Chore(_TEXTS("chore_providers"), undecided, PATH)
    for view in ("vantar", "oklara", "skillnader"):
        yield Chore(_TEXTS(f"chore_{view}"), counts[view], _address(view, ""))


CHORES = Chores(PATH, _waiting)
"""What the start page says waits here."""


def _front(
    request: Request,
    account: SignedIn,
    session: Session,
    *,
    page: int,
    error: ApiError | None = None,
    wrong: tuple[int, str, int | None] | None = None,
) -> Response:
    cards = overview.providers(session)
    pages = max(1, -(-len(cards) // _A_PAGE))
    page = min(page, pages)
    state, nodes = overview.state(session), overview.nodes(session)
    settings = request.app.state.settings
    return staff_page(
        request,
        account,
        "staff_susa.html",
        status_code=error.status if error else 200,
        error=error.detail if error else None,
        wrong=wrong,
        wrong_node=isinstance(error, SusaNodeNeeded),
        done=_done(request),
        state=state,
        phase=report.phase(state.open) if state.open else "",
        brought=report.sentences(state.done) if state.done else [],
        fetches=bool(settings.susa_url),
        hour=settings.susa_hour,
        counts=overview.view_counts(session),
        cards=cards[(page - 1) * _A_PAGE : page * _A_PAGE],
        total=len(cards),
        page=page,
        pages=pages,
        nodes=nodes,
        towns=[node.town for node in nodes],
    )


def _list(
    request: Request,
    account: SignedIn,
    session: Session,
    view: str,
    provider: str,
    page: int,
    error: ApiError | None = None,
) -> Response:
    view = view if view in overview.VIEWS else "vantar"
    chosen = _number(provider)
    cards, total = overview.events(session, view, chosen, page=page)
    pages = max(1, -(-total // overview.A_PAGE))
    if page > pages:
        page = pages
        cards, total = overview.events(session, view, chosen, page=page)
    named = {card.row.id: card.row for card in overview.providers(session)}
    return staff_page(
        request,
        account,
        "staff_susa_events.html",
        status_code=error.status if error else 200,
        error=error.detail if error else None,
        done=_done(request),
        view=view,
        provider=named.get(chosen or 0),
        counts=overview.view_counts(session, chosen),
        cards=cards,
        total=total,
        page=page,
        pages=pages,
        occupations=overview.occupations(session) if view == "oklara" else [],
        labels={name: _TEXTS(f"column_{name}") for card in cards for name in (each.column for each in card.twice)},
    )


def _done(request: Request) -> str:
    key, count = request.query_params.get("klart", ""), _number(request.query_params.get("antal", "")) or 0
    return _TEXTS(f"done_{key}", count=count) if f"done_{key}" in _TEXTS.keys() else ""  # noqa: SIM118 - not a dict


def _address(view: str, provider: str) -> str:
    chosen, view = _number(provider), view if view in overview.VIEWS else "vantar"
    return f"{EVENTS}?visa={view}" + (f"&anordnare={chosen}" if chosen is not None else "")


def _number(text: str) -> int | None:
    """A row number, or None for what cannot be one in any database."""
    return int(text) if text.isascii() and text.isdigit() and len(text) < 10 else None


def _touched(counts: Counter[str]) -> int:
    return counts["created"] + counts["updated"]
