"""Staff's list of occasions as a page, also when what was asked below it could not be done."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import datetime

from fastapi import APIRouter, Request
from fastapi.responses import HTMLResponse
from sqlalchemy.orm import Session

from api.catalogue.keeping import listing
from api.catalogue.keeping.forms import load_choices
from api.catalogue.keeping.listing_form import PATH, ListForm, read_list_form
from api.catalogue.keeping.wording import status_word
from api.clock import Now
from api.database import ReadSession
from api.staff.frame import staff_page
from api.staff.roles import Staff
from api.staff.sessions import SignedIn

router = APIRouter(include_in_schema=False)


@dataclass(frozen=True)
class BulkForm:
    """What stands in the form that changes many, and what is wrong with it: the id of a field and why."""

    apply_to: str = ""
    status: str = ""
    all_found: bool = False
    ticked: frozenset[int] = frozenset()
    field: str = ""
    error: str = ""

    def wrong(self, field: str, error: str) -> BulkForm:
        """The same form, refused."""
        return replace(self, field=field, error=error)


@router.get(PATH)
def show(request: Request, account: Staff, session: ReadSession, now: Now) -> HTMLResponse:
    """Occasions with their courses: search, filters, counts, 50 at a time."""
    return list_page(request, account, session, read_list_form(request.query_params), now)


def list_page(
    request: Request, account: SignedIn, session: Session, form: ListForm, now: datetime, bulk: BulkForm | None = None
) -> HTMLResponse:
    """The page; `bulk` is what somebody sent that could not be done."""
    found = listing.find(session, form, now)
    return staff_page(
        request,
        account,
        "keep_list.html",
        status_code=422 if bulk else 200,
        found=found,
        form=found.form,
        choices=load_choices(session),
        status_word=status_word,
        bulk=bulk or BulkForm(),
        # What was sent to another address comes back to the list.
        here=found.form.address()
        if bulk
        else str(request.url.path) + (f"?{request.url.query}" if request.url.query else ""),
    )
