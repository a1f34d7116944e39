"""One uploaded file: how far it has come, what it would change, carrying it out."""

from __future__ import annotations

from collections.abc import Callable
from typing import Annotated, Any
from uuid import UUID

from fastapi import APIRouter, Form, Query, Request, Response
from fastapi.responses import JSONResponse, RedirectResponse
from sqlalchemy.orm import Session

from api.catalogue.import_jobs import earlier, findings, service, words
from api.catalogue.import_jobs.errors import JobMoved, JobUnknown
from api.catalogue.import_jobs.pages import JOB, PATH, PageNumber, download
from api.clock import Now
from api.database import Database, ReadSession
from api.staff.frame import staff_page
from api.staff.roles import Staff

router = APIRouter(include_in_schema=False)

_UNDER_WAY = frozenset({"waiting", "running"})


@router.api_route(JOB, methods=["GET", "HEAD"])
def show(
    job_id: str,
    request: Request,
    account: Staff,
    session: ReadSession,
    now: Now,
    visa: Annotated[str, Query(max_length=20)] = "",
    sida: PageNumber = 1,
) -> Response:
    """Progress, or the result."""
    job = service.get(session, _id(job_id), now)
    at = service.standing(job, now)
    done = words.said(request.query_params.get("sagt", ""))
    values: dict[str, Any] = {"job": job, "at": at, "words": words, "done": done}  # Any: what the template wants
    if at in _UNDER_WAY:
        going_on = words.going_on(job, now, service.queue_before(session, job, now))
        return staff_page(request, account, "staff_import_progress.html", going_on=going_on, **values)
    if at not in {"ready", "applied"}:
        return staff_page(request, account, "staff_import_stopped.html", **values)
    parts = words.parts(job)
    part = next((one for one in parts if one.slug == visa), parts[0] if parts else None)
    pages = findings.page_count(job, part.key) if part else 0
    number = min(sida, max(1, pages))
    return staff_page(
        request,
        account,
        "staff_import_result.html",
        counts=job.summary["counts"],
        parts=parts,
        part=part,
        items=findings.page(session, job, part.key, number) if part else [],
        number=number,
        pages=pages,
        batch=earlier.one(session, job.batch_id) if job.batch_id else None,
        **values,
    )


@router.get(JOB + "/lage")
def state(job_id: str, account: Staff, session: ReadSession, now: Now) -> JSONResponse:
    """The progress for the page's script: per cent, a sentence, and whether there is something new to show."""
    job = service.get(session, _id(job_id), now)
    at = service.standing(job, now)
    text = words.going_on(job, now, service.queue_before(session, job, now))
    answer = {"progress": job.progress, "text": text, "over": at not in _UNDER_WAY}
    return JSONResponse(answer, headers={"Cache-Control": "no-store"})


@router.get(JOB + "/underkanda.csv")
def rejected(job_id: str, account: Staff, session: ReadSession, now: Now) -> Response:
    """All rejected rows, to keep beside the file while it is put right."""
    job = service.get(session, _id(job_id), now)
    return download(words.rejected_csv(findings.every_rejected(session, job)), "rejected", "csv")


@router.post(JOB + "/genomfor")
def apply(
    job_id: str, request: Request, account: Staff, now: Now, visat: Annotated[str, Form(max_length=64)] = ""
) -> Response:
    """Queue the job to be carried out; `visat` is the fingerprint of what the page showed."""
    return _change(
        request, job_id, lambda session, id_: service.ask_to_apply(session, id_, shown=visat, by=account, now=now)
    )


@router.post(JOB + "/igen")
def again(job_id: str, request: Request, account: Staff, now: Now) -> Response:
    """Queue again what broke off."""
    return _change(request, job_id, lambda session, id_: service.ask_again(session, id_, now))


@router.post(JOB + "/kasta")
def throw_away(job_id: str, request: Request, account: Staff, now: Now) -> Response:
    """Erase the file. What was imported from it stays."""
    onward = f"{PATH}?sagt=kastad"
    return _change(request, job_id, lambda session, id_: service.throw_away(session, id_, now), onward)


def _change(request: Request, job_id: str, change: Callable[[Session, UUID], None], onward: str = "") -> Response:
    database: Database = request.app.state.database
    id_ = _id(job_id)
    page = f"{PATH}/jobb/{id_}"
    try:
        with database.transaction() as session:
            change(session, id_)
    except JobMoved:
        return RedirectResponse(f"{page}?sagt=hunnit", status_code=303)
    return RedirectResponse(onward or page, status_code=303)


def _id(text: str) -> UUID:
    try:
        return UUID(text)
    except ValueError:
        raise JobUnknown from None
