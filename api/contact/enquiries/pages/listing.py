"""`/personal/arenden`: what waits for an answer, late ones first; a search; and the list as a file."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import datetime
from typing import Annotated

from fastapi import APIRouter, Form, Query, Request, Response
from fastapi.responses import HTMLResponse
from sqlalchemy.orm import Session

from api.clock import Now
from api.contact.enquiries.matters import matters, title_of, told
from api.contact.enquiries.pages import selection
from api.contact.enquiries.pages.access import EnquiryStaff
from api.contact.enquiries.pages.selection import PATH, TEXTS, VIEWS, Wanted
from api.contact.enquiries.tables import Enquiry
from api.contact.enquiries.wording import TEXTS as WORDS
from api.contact.enquiries.wording import deadline, on_day, status_word
from api.csv_files import CSV_TYPE, to_csv
from api.database import ReadSession, WriteSession
from api.staff import actors
from api.staff.audit import record
from api.staff.chores import Chores
from api.staff.frame import staff_page
from api.staff.roles import Staff
from api.staff.sessions import SignedIn

router = APIRouter(include_in_schema=False)
CHORES = Chores(PATH, waiting=lambda _session, _now: (), own=selection.chores_of)
_MOST_IN_FILE = 10_000
_Choice = Annotated[str, Query(max_length=40)]


@router.api_route(PATH, methods=["GET", "HEAD"])
def show(
    request: Request,
    account: EnquiryStaff,
    session: ReadSession,
    now: Now,
    visa: _Choice = "",
    kommun: _Choice = "",
    arende: _Choice = "",
) -> HTMLResponse:
    """The list that is asked for; without a wish what waits for an answer."""
    wanted = Wanted.of(visa, kommun, arende)
    return _page(request, account, session, now, selection.chosen(session, account, wanted), wanted)


@router.post(PATH)
def search(
    request: Request,
    account: EnquiryStaff,
    session: ReadSession,
    now: Now,
    sok: Annotated[str, Form(max_length=200)] = "",
) -> HTMLResponse:
    """Enquiries by code, name, organisation or contact. A POST, because names do not belong in addresses."""
    text = sok.strip()
    if not text:
        return _page(request, account, session, now, selection.chosen(session, account, Wanted()), Wanted())
    return _page(request, account, session, now, selection.found(session, account, text), Wanted(), searched=text)


@router.get(PATH + "/arenden.csv")
def as_file(
    account: Staff,
    session: WriteSession,
    now: Now,
    visa: _Choice = "",
    kommun: _Choice = "",
    arende: _Choice = "",
) -> Response:
    """The list as a CSV file. That somebody took it out is written down, because names are in it."""
    wanted = Wanted.of(visa, kommun, arende)
    rows = selection.chosen(session, account, wanted, limit=_MOST_IN_FILE)
    record(session, at=now, actor=account.actor, action="enquiry.exported", subject="enquiry:list", rows=len(rows))
    columns = [TEXTS(f"column_{name}") for name in _COLUMNS]
    headers = {"Content-Disposition": 'attachment; filename="arenden.csv"', "Cache-Control": "no-store"}
    return Response(to_csv(columns, _lines(rows)), media_type=CSV_TYPE, headers=headers)


_COLUMNS = (
    "reference",
    "matter",
    "municipality",
    "organisation",
    "name",
    "contact",
    "details",
    "message",
    "function",
    "status",
    "sent",
    "due",
    "answered",
)


def _lines(rows: Sequence[Enquiry]) -> Iterator[list[str]]:
    for one in rows:
        yield [
            one.reference,
            title_of(one.matter),
            place_of(one),
            one.organisation,
            one.name,
            one.email or one.phone,
            "; ".join(f"{label}: {value}" for label, value in told(one.matter, one.details)),
            one.message,
            one.function,
            status_word(one.status),
            on_day(one.created_at),
            on_day(one.due_at),
            on_day(one.answered_at) if one.answered_at else "",
        ]


def place_of(enquiry: Enquiry) -> str:
    """The name of the municipality."""
    return enquiry.municipality.name if enquiry.municipality else WORDS("elsewhere")


def _page(
    request: Request,
    account: SignedIn,
    session: Session,
    now: datetime,
    rows: Sequence[Enquiry],
    wanted: Wanted,
    *,
    searched: str = "",
) -> HTMLResponse:
    counts = selection.counts(session, account, wanted)
    return staff_page(
        request,
        account,
        "staff_enquiries.html",
        rows=rows,
        names=actors.titles(session, {one.taken_by for one in rows if one.taken_by}),
        views=[(wanted.address(view=view), TEXTS(f"view_{view}"), counts[view], view == wanted.view) for view in VIEWS],
        wanted=wanted,
        heading=TEXTS("found") if searched else TEXTS(f"view_{wanted.view}"),
        searched=searched,
        municipalities=selection.municipalities(session),
        matters=[(one.matter, title_of(one.matter)) for one in matters()],
        title_of=title_of,
        place_of=place_of,
        status_word=status_word,
        on_day=on_day,
        deadline=lambda moment: deadline(moment, now),
        now=now,
        shown=selection.SHOWN,
        file_address=wanted.address(f"{PATH}/arenden.csv"),
        own_only=account.role == "counsellor",
    )
