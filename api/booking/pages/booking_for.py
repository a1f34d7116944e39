"""`/personal/moten/boka`: a meeting for somebody who phoned or came by."""

from __future__ import annotations

import secrets
from collections.abc import Mapping
from datetime import date, datetime

from fastapi import APIRouter, Request, Response
from fastapi.responses import HTMLResponse, RedirectResponse
from sqlalchemy.orm import Session

from api.booking import desk
from api.booking.errors import CounsellorUnknown, SlotTaken, SlotUnknown
from api.booking.languages import read_language
from api.booking.openings import node_slots
from api.booking.pages.access import MeetingStaff, counsellors_of, find_counsellor
from api.booking.pages.showing import PATH, from_form, in_form, meeting_page
from api.booking.tables import Counsellor, Meeting, MeetingType
from api.booking.wording import type_word
from api.clock import Now, stockholm_date
from api.database import ReadSession, WriteSession
from api.errors import ApiError
from api.outbox.office import OfficeOf
from api.privacy.contacts import typed_contact
from api.privacy.errors import ContactInvalid, NameInvalid
from api.staff.addresses import told
from api.staff.editing.sending import Sent
from api.staff.sessions import SignedIn
from api.texts import Texts

router = APIRouter(include_in_schema=False)
BOOK = PATH + "/boka"
TEXTS = Texts.beside(__file__)

_FIELDS = ("namn", "kontakt", "sprak", "latt", "dag", "tid", "over", "nyckel")
_TYPES: tuple[MeetingType, ...] = ("phone", "video", "on_site")
_WHERE: dict[type[ApiError], str] = {
    NameInvalid: "namn",
    ContactInvalid: "kontakt",
    SlotTaken: "over",
    SlotUnknown: "dag",
    CounsellorUnknown: "typ",
}
_DAYS = 5


@router.api_route(BOOK, methods=["GET", "HEAD"])
def show(
    request: Request,
    account: MeetingStaff,
    session: ReadSession,
    now: Now,
    vagledare: str = "",
    typ: str = "",
    tolk: str = "",
    dag: str = "",
    tid: str = "",
) -> HTMLResponse:
    """First with whom and how, then the free times and the fields."""
    posted = {"dag": dag, "tid": tid}
    return _page(request, account, session, now, vagledare, typ, with_interpreter=tolk == "ja", posted=posted)


@router.post(BOOK)
def book(
    request: Request, account: MeetingStaff, session: WriteSession, now: Now, office: OfficeOf, sent: Sent
) -> Response:
    """Book it; what is wrong comes back with everything that was typed."""
    slug, kind, wants = sent.get("vagledare", ""), sent.get("typ", ""), sent.get("tolk") == "ja"
    errors: dict[str, str] = {}
    start = from_form(sent.get("dag", ""), sent.get("tid", ""))
    if start is None:
        errors["dag"] = TEXTS("wrong_time")
    language = read_language(sent.get("sprak", "")) if wants else None
    if wants and language is None:
        errors["sprak"] = TEXTS("wrong_language")
    if not sent.get("kontakt", "").strip():
        errors["kontakt"] = TEXTS("wrong_contact")
    meeting = None
    if start is not None and not errors:
        try:
            meeting = _book(session, account, now, office, sent, slug, kind, start, language)
        except tuple(_WHERE) as error:
            errors[_WHERE[type(error)]] = error.detail
    if meeting is None:
        return _page(request, account, session, now, slug, kind, with_interpreter=wants, posted=sent, errors=errors)
    way = "mejl" if meeting.contact_kind == "email" else "ring"
    return RedirectResponse(told(f"{PATH}/{meeting.id}", f"mote_bokat_{way}"), status_code=303)


def _book(
    session: Session,
    account: SignedIn,
    now: datetime,
    office: OfficeOf,
    sent: Mapping[str, str],
    slug: str,
    kind: str,
    start: datetime,
    language: str | None,
) -> Meeting:
    counsellor = find_counsellor(session, account, slug)
    meeting_type = next((one for one in _TYPES if one == kind), None)
    if meeting_type is None:
        raise CounsellorUnknown
    return desk.book_for(
        session,
        counsellor,
        start,
        meeting_type,
        name=sent.get("namn", ""),
        contact=typed_contact(sent.get("kontakt", "")),
        now=now,
        by=account.actor,
        office=office,
        idempotency_key=f"desk-{account.id}-{sent.get('nyckel', '')[:100]}",
        language=language,
        wants_easy=sent.get("latt") == "ja",
        override=sent.get("over") == "ja",
    ).meeting


def _page(
    request: Request,
    account: SignedIn,
    session: Session,
    now: datetime,
    slug: str,
    kind: str,
    *,
    with_interpreter: bool,
    posted: Mapping[str, str],
    errors: Mapping[str, str] | None = None,
) -> HTMLResponse:
    everybody = [one for one in counsellors_of(session, account) if one.active or one.account_id == account.id]
    counsellor = next((one for one in everybody if one.slug == slug), None)
    if counsellor is None and len(everybody) == 1:
        counsellor = everybody[0]
    types = [one for one in _TYPES if counsellor and one in counsellor.meeting_types]
    chosen = next((one for one in types if one == kind), None)
    days = _days(session, counsellor, chosen, now, interpreter=with_interpreter) if counsellor and chosen else []
    texts = {name: posted.get(name, "") for name in _FIELDS}
    texts["nyckel"] = texts["nyckel"] or secrets.token_urlsafe(16)
    return meeting_page(
        request,
        account,
        "staff_meeting_book.html",
        status_code=422 if errors else 200,
        everybody=everybody,
        counsellor=counsellor,
        types=[(one, type_word(one)) for one in (types or _TYPES)],
        kind=chosen,
        with_interpreter=with_interpreter,
        days=days,
        texts=texts,
        errors=errors or {},
        book_path=BOOK,
    )


def _days(
    session: Session, counsellor: Counsellor, kind: MeetingType, now: datetime, *, interpreter: bool
) -> list[tuple[date, list[tuple[datetime, str, str]]]]:
    """The first days with free times; each start with day and clock as the form has them."""
    if not counsellor.active:
        return []
    node, days = counsellor.node.slug, dict[date, list[tuple[datetime, str, str]]]()
    for slot in node_slots(session, node, kind, now, interpreter=interpreter, counsellor=counsellor.slug):
        days.setdefault(stockholm_date(slot.start), []).append((slot.start, *in_form(slot.start)))
    return list(days.items())[:_DAYS]
