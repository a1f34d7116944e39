"""`/personal/insikt/kedjan`: from the chat to an application, in figures, and the same as a file."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from fastapi import APIRouter, Request, Response
from fastapi.responses import HTMLResponse
from sqlalchemy import select
from sqlalchemy.orm import Session

from api.catalogue.exporting.files import to_csv
from api.catalogue.tables import Node
from api.clock import Now, stockholm_date
from api.database import ReadSession
from api.insight.background.figures import background
from api.insight.chain.figures import chain, years
from api.insight.chain.tables import STEPS
from api.insight.days import Period, month_of, year_of
from api.staff.frame import staff_page
from api.staff.roles import Staff
from api.swedish_dates import month_name
from api.texts import Texts

router = APIRouter(include_in_schema=False)
PATH = "/personal/insikt/kedjan"
WHOLE_REGION = ""

_texts = Texts.beside(__file__)
STEP_NAMES = {step: _texts(f"step_{step}") for step in STEPS}


@dataclass(frozen=True)
class Choice:
    """What is looked at: a year, or the part of it that has been, and a node's slug (`WHOLE_REGION` for all)."""

    year: int
    period: Period
    node: str


@router.api_route(PATH, methods=["GET", "HEAD"])
def show(request: Request, account: Staff, session: ReadSession, now: Now, ar: str = "", ort: str = "") -> HTMLResponse:
    """The year that was chosen: in all, by month and by node."""
    today = stockholm_date(now)
    choice = _choice(session, today, ar, ort)
    found = chain(session, choice.period, choice.node or None)
    return staff_page(
        request,
        account,
        "insight_chain.html",
        choice=choice,
        chain=found,
        years=years(session, today),
        towns=_towns(session),
        steps=STEP_NAMES,
        widest=max(found.total.values()) or 1,
        background=background(session, choice.period),
        month_name=month_name,
    )


@router.get(PATH + ".csv")
def download(account: Staff, session: ReadSession, now: Now, ar: str = "", ort: str = "") -> Response:
    """A line for each month, node and step that has any; a node that was chosen alone has only its own."""
    choice = _choice(session, stockholm_date(now), ar, ort)
    lines: list[tuple[str, str, str, int]] = []
    for month in choice.period.months():
        for row in chain(session, month_of(month).until(choice.period.end)).nodes:
            if choice.node in (WHOLE_REGION, row.slug):
                town = row.town or _texts("no_node")
                lines += [(f"{month:%Y-%m}", town, STEP_NAMES[step], n) for step, n in row.counts.items() if n]
    columns = [_texts(f"column_{name}") for name in ("month", "node", "step", "count")]
    headers = {"Content-Disposition": f'attachment; filename="kedjan-{choice.year}.csv"', "Cache-Control": "no-store"}
    return Response(to_csv(columns, lines), media_type="text/csv; charset=utf-8", headers=headers)


def _choice(session: Session, today: date, year: str, node: str) -> Choice:
    """What cannot be read is this year, and the whole region. The days that are over are all there is to show."""
    chosen = next((one for one in years(session, today) if str(one) == year), today.year)
    return Choice(chosen, year_of(chosen).until(today), node if node in _towns(session) else WHOLE_REGION)


def _towns(session: Session) -> dict[str, str]:
    """The towns of the nodes, by slug."""
    return dict(session.execute(select(Node.slug, Node.town).order_by(Node.town)).all())
