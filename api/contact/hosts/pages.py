"""`/prao`: what prao is, for pupils, guardians and schools, and which companies receive. No contacts are shown."""

from __future__ import annotations

from typing import Annotated

from fastapi import APIRouter, Query, Request
from fastapi.responses import HTMLResponse

from api.contact.hosts import service
from api.contact.hosts.fields import RECEIVES, TEXTS
from api.database import ReadSession
from api.guidance.places import find_municipality
from api.pages import absolute, render

PATH = "/prao"
WAYS = {"prao": "prao", "apl": "apl", "studiebesok": "study_visit"}
"""What one can be received for, as the address has it → the column."""

router = APIRouter(include_in_schema=False)
_Choice = Annotated[str, Query(max_length=60)]


@router.api_route(PATH, methods=["GET", "HEAD"])
def prao(request: Request, session: ReadSession, ort: _Choice = "", tar_emot: _Choice = "") -> HTMLResponse:
    """The page. A municipality or a way that is not known is left out, and the page says so."""
    place = find_municipality(session, ort)
    rows = service.open_companies(session, service.Wanted(place, WAYS.get(tar_emot)))
    every = service.open_companies(session, service.Wanted())
    return render(
        request,
        "prao.html",
        canonical=absolute(request, PATH),
        groups=service.by_municipality(rows),
        total=len(rows),
        places=sorted({row.municipality.name for row in every}),
        place=place.name if place else "",
        way=tar_emot if tar_emot in WAYS else "",
        ways=[(way, TEXTS(f"receives_{column}")) for way, column in WAYS.items()],
        receives=[(name, TEXTS(f"receives_{name}")) for name in RECEIVES],
        unknown_place=bool(ort.strip()) and place is None,
    )
