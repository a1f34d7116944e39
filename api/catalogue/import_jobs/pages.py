"""“Läs in fil”: upload a file, get files to fill in, and what was imported before."""

from __future__ import annotations

from typing import Annotated, Literal

from fastapi import APIRouter, FastAPI, Query, Request, Response
from fastapi.responses import RedirectResponse
from starlette.concurrency import run_in_threadpool

from api.catalogue.exporting.files import CSV_TYPE, XLSX_TYPE
from api.catalogue.exporting.service import export
from api.catalogue.exporting.template import template_csv, template_xlsx
from api.catalogue.import_jobs import earlier, service, upload, words
from api.catalogue.importing.errors import ChangedSinceImport
from api.catalogue.importing.service import undo_last_import
from api.clock import Clock, Now
from api.database import Database
from api.errors import ApiError, NotFound, problem
from api.pages import wants_html
from api.settings import Settings
from api.staff import removed
from api.staff.editing.storing import RowId
from api.staff.frame import staff_page
from api.staff.roles import Staff, current
from api.staff.sessions import SignedIn
from api.uploads import UploadBroken, UploadTooLarge

PATH = "/personal/import"
JOB = PATH + "/jobb/{job_id}"
UNDO = PATH + "/inlasningar/{batch_id}/angra"

router = APIRouter(include_in_schema=False)

Kind = Literal["csv", "xlsx"]
PageNumber = Annotated[int, Query(ge=1, le=100_000)]


@router.api_route(PATH, methods=["GET", "HEAD"])
def show(request: Request, account: Staff, sida: PageNumber = 1) -> Response:
    """The form, files on their way, and earlier imports."""
    return _page(request, account, number=sida)


@router.post(PATH)
async def receive(request: Request, account: Staff, now: Now) -> Response:
    """Store the file and lead to its dry run.

    The form is no parameter: FastAPI would read it, however large, before it is known who sends it.
    """
    settings: Settings = request.app.state.settings
    try:
        file = upload.chosen(await request.form(), max_megabytes=settings.import_max_megabytes)
        job_id = await run_in_threadpool(upload.store, request.app.state.database, file, account, now)
    except ApiError as error:
        return await run_in_threadpool(_page, request, account, error)
    finally:
        await request.close()
    return RedirectResponse(f"{PATH}/jobb/{job_id}", status_code=303)


@router.get(PATH + "/mall.{kind}")
def template(kind: Kind, account: Staff) -> Response:
    """An empty file to fill in."""
    return download(template_xlsx() if kind == "xlsx" else template_csv(), "template", kind)


@router.get(PATH + "/katalog.{kind}")
def catalogue(kind: Kind, request: Request, account: Staff) -> Response:
    """The catalogue as a file to change and read in again, drafts included."""
    database: Database = request.app.state.database
    with database.transaction(read_only=True) as session:
        data = export(session, kind, drafts=True)
    return download(data, "catalogue", kind)


@router.api_route(UNDO, methods=["GET", "HEAD"])
def ask_to_undo(batch_id: RowId, request: Request, account: Staff) -> Response:
    """Is it the right import? An undo cannot be undone."""
    return _undo_page(request, account, batch_id)


@router.post(UNDO)
def undo(batch_id: RowId, request: Request, account: Staff, now: Now) -> Response:
    """Take the import back."""
    database: Database = request.app.state.database
    try:
        with database.transaction() as session:
            undo_last_import(session, now=now, actor=account.actor, meant=batch_id)
    except ApiError as error:
        return _undo_page(request, account, batch_id, error)
    return RedirectResponse(f"{PATH}?sagt=angrad", status_code=303)


def add_refusals(app: FastAPI) -> None:
    """Show an upload that is cut off at the form it came from."""

    async def refused(request: Request, error: Exception) -> Response:
        assert isinstance(error, ApiError)  # noqa: S101 - registered for these below
        if not wants_html(request):
            return problem(error.code, error.status, error.detail)
        return await run_in_threadpool(_refused_page, request, error)

    for kind in (UploadTooLarge, UploadBroken):
        app.add_exception_handler(kind, refused)


def _refused_page(request: Request, error: ApiError) -> Response:
    clock: Clock = request.app.state.clock
    account = current(request, clock())
    if account is None:  # the session has ended while the file was on its way
        return RedirectResponse(PATH, status_code=303)
    return _page(request, account, error)


def _page(request: Request, account: SignedIn, error: ApiError | None = None, number: int = 1) -> Response:
    database: Database = request.app.state.database
    settings: Settings = request.app.state.settings
    now = request.app.state.clock()
    with database.transaction(read_only=True) as session:
        jobs = [(job, words.state(job, now)) for job in service.recent(session, now)]
        pages = earlier.page_count(session)
        batches = earlier.page(session, number)
    return staff_page(
        request,
        account,
        "staff_import.html",
        status_code=error.status if error else 200,
        error=error.detail if error else None,
        done=words.said(request.query_params.get("sagt", "")),
        field=upload.FIELD,
        jobs=jobs,
        earlier=batches,
        number=number,
        pages=pages,
        largest=settings.import_max_megabytes,
        words=words,
    )


def _undo_page(request: Request, account: SignedIn, batch_id: int, error: ApiError | None = None) -> Response:
    database: Database = request.app.state.database
    rows = error.rows if isinstance(error, ChangedSinceImport) else []
    with database.transaction(read_only=True) as session:
        batch = earlier.one(session, batch_id)
        named = [removed.name(session, request.app.state.kept[kind], str(key)) for kind, key in rows]
    if batch is None:
        raise NotFound
    return staff_page(
        request,
        account,
        "staff_import_undo.html",
        status_code=error.status if error else 200,
        error=error.detail if error else None,
        batch=batch,
        differ=[row for row in named if row is not None],
        differing=error.values.get("count", 0) if error else 0,
        words=words,
    )


def download(data: bytes, key: str, kind: str) -> Response:
    """A file for the browser to save; `key` names it in texts.yml."""
    name = words.file_name(key, kind)
    headers = {"Content-Disposition": f'attachment; filename="{name}"', "Cache-Control": "no-store"}
    return Response(data, media_type=XLSX_TYPE if kind == "xlsx" else CSV_TYPE, headers=headers)
