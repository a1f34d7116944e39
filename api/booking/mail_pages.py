"""“Utskick”: staff see which mails failed or wait, try again, and send them elsewhere. What the mails say is not shown.

In development without a mail server the mails lie as files; only there they can be read here as well.
"""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime
from typing import Annotated

from fastapi import APIRouter, Form, Request, Response
from fastapi.responses import RedirectResponse
from sqlalchemy.orm import Session

from api.booking.mail_wording import texts
from api.clock import Now
from api.database import Database, WriteSession
from api.errors import ApiError
from api.outbox import files, oversight
from api.outbox.errors import MailFileUnknown
from api.outbox.notices import STAFF_PAGE as PATH
from api.outbox.wording import kind_word, reason
from api.settings import Settings
from api.staff.chores import Chore, Chores
from api.staff.editing.storing import RowId
from api.staff.frame import staff_page
from api.staff.roles import Staff
from api.staff.sessions import SignedIn
from api.swedish_dates import short_time

router = APIRouter(include_in_schema=False)


@router.api_route(PATH, methods=["GET", "HEAD"])
def show(request: Request, account: Staff, now: Now) -> Response:
    """Mails that failed, mails that wait, and in development the files."""
    return _page(request, account, now)


@router.post(PATH + "/{mail_id}/igen")
def try_again(mail_id: RowId, account: Staff, session: WriteSession, now: Now) -> Response:
    """Send it again, to the same address."""
    oversight.try_again(session, mail_id, now, account.actor)
    return RedirectResponse(f"{PATH}?klart=igen", status_code=303)


@router.post(PATH + "/{mail_id}/adress")
def send_elsewhere(
    mail_id: RowId, request: Request, account: Staff, now: Now, address: Annotated[str, Form(max_length=400)] = ""
) -> Response:
    """Send it to another address; later mails about the meeting follow."""
    database: Database = request.app.state.database
    try:
        with database.transaction() as session:
            oversight.send_elsewhere(session, mail_id, address, now, account.actor)
    except ApiError as error:
        return _page(request, account, now, error, wrong=mail_id, typed=address)
    return RedirectResponse(f"{PATH}?klart=adress", status_code=303)


@router.api_route(PATH + "/fil/{name}", methods=["GET", "HEAD"])
def show_file(name: str, request: Request, account: Staff) -> Response:
    """One mail as a file, only in development."""
    settings: Settings = request.app.state.settings
    if not _files_are_shown(settings):
        raise MailFileUnknown
    return staff_page(request, account, "staff_mail_file.html", mail=files.read(settings.mail_dir, name))


def _failed_mails(session: Session, now: datetime) -> Iterable[Chore]:
    yield Chore(texts("chore_failed"), oversight.count_failed(session), PATH)


chores = Chores(PATH, _failed_mails)
"""What the start page says of mails that did not arrive."""


def _page(
    request: Request,
    account: SignedIn,
    now: datetime,
    error: ApiError | None = None,
    *,
    wrong: int = 0,
    typed: str = "",
) -> Response:
    database: Database = request.app.state.database
    settings: Settings = request.app.state.settings
    with database.transaction(read_only=True) as session:
        failed, waiting = oversight.failed(session), oversight.waiting(session, now)
        planned = oversight.planned(session, now)
    done = {"igen": texts("done_again"), "adress": texts("done_elsewhere")}
    shown = _files_are_shown(settings)
    return staff_page(
        request,
        account,
        "staff_mails.html",
        status_code=error.status if error else 200,
        error=error.detail if error else None,
        wrong=wrong,
        typed=typed,
        failed=failed,
        waiting=waiting,
        planned=planned,
        files=files.listed(settings.mail_dir) if shown else None,
        kind_word=kind_word,
        reason=reason,
        short_time=short_time,
        done=done.get(request.query_params.get("klart", ""), ""),
    )


def _files_are_shown(settings: Settings) -> bool:
    return settings.env == "dev" and not settings.smtp_url
