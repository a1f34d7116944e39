"""What is let in by the form: limits, hostile files, senders that go away, and nothing left behind."""

from __future__ import annotations

import asyncio
import io
import zipfile
from collections.abc import AsyncIterator, Iterator
from pathlib import Path
from shutil import copy
from typing import Any

import pytest

import api.uploads
from api.database import Database
from api.middleware import BODY_LIMIT, STAFF_BODY_LIMIT
from api.uploads import MEGABYTE
from tests.api.catalogue.import_jobs.conftest import MOST, NOTHING, PATH, Office

BOUNDARY = "sida-x"


@pytest.fixture
def database(migrated_file: Path, tmp_path: Path) -> Iterator[Database]:
    """SQLite is enough: what is let in does not depend on the database."""
    database = Database(f"sqlite:///{copy(migrated_file, tmp_path / 'test.db')}")
    yield database
    database.dispose()


def workbook(parts: dict[str, bytes]) -> bytes:
    file = io.BytesIO()
    with zipfile.ZipFile(file, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, data in parts.items():
            archive.writestr(name, data)
    return file.getvalue()


def bomb() -> bytes:
    return workbook({"xl/workbook.xml": b"<a/>", "xl/worksheets/sheet1.xml": b"<a>" + b" " * (210 * MEGABYTE)})


REFUSED_AT_ONCE = {
    "empty": (b"", "Den är tom"),
    "blank": (b" \n\n", "Den är tom"),
    "a program called .xlsx": (b"MZ\x90\x00" + b"\x00" * 100, "inget kalkylark"),
    "a picture called .csv": (b"\x89PNG\r\n\x1a\n", "inget kalkylark"),
    "a PDF": (b"%PDF-1.7", "inget kalkylark"),
    "a web page": (b"<!DOCTYPE html><table><tr><td>external_id", "inget kalkylark"),
}
REFUSED_WHEN_READ = {
    "a zip that is no workbook": (workbook({"x.txt": b"x"}), "ingen Excel-arbetsbok"),
    "half a workbook": (b"PK\x03\x04" + b"x" * 400, "inte att läsa arbetsboken"),
    "an old .xls": (b"\xd0\xcf\x11\xe0" + b"\x00" * 600, "äldre Excel-fil"),
    "bytes": (b"external_id;title\n\x00\x01\x02", "ingen textfil"),
    "letters of no encoding": (b"external_id;title\n\x81\x8d\x8f", "Tecknen går inte att tolka"),
    "other columns": (b"namn;telefon\nx;y\n", "saknas i rubrikraden"),
    "a quotation mark too few": (b'external_id;title;occupation;node;status\n"A;b;c;d;e\n', "Citattecknen"),
    "entities": (
        workbook({"xl/workbook.xml": b'<!DOCTYPE a [<!ENTITY b SYSTEM "file:///etc/passwd">]><a>&b;</a>'}),
        "dokumenttyp",
    ),
}


@pytest.mark.parametrize("kind", REFUSED_AT_ONCE)
async def test_what_is_no_spreadsheet_is_refused_at_the_field_and_not_stored(office: Office, kind: str) -> None:
    data, reason = REFUSED_AT_ONCE[kind]
    answer = await office.upload(data, "kurser.xlsx")
    assert (answer.status_code, office.stored()) == (422, NOTHING)
    assert reason in answer.text
    assert 'aria-invalid="true"' in answer.text


@pytest.mark.parametrize("kind", REFUSED_WHEN_READ)
async def test_what_cannot_be_read_is_refused_with_a_reason_and_erased(office: Office, kind: str) -> None:
    data, reason = REFUSED_WHEN_READ[kind]
    page = (await office.upload(data, "kurser.xlsx")).headers["location"]
    await office.work()
    assert reason in (await office.staff.get(page)).text
    assert office.stored() == NOTHING | {"import_job": 1}


async def test_a_zip_bomb_is_refused(office: Office) -> None:
    page = (await office.upload(bomb(), "kurser.xlsx")).headers["location"]
    await office.work()
    assert "orimligt stort" in (await office.staff.get(page)).text
    assert office.stored() == NOTHING | {"import_job": 1}


async def test_html_and_formulas_reject_their_rows_and_are_shown_as_text(office: Office) -> None:
    page = await office.checked(
        {"external_id": "A", "title": "<script>alert(1)</script>"}, {"external_id": "B", "title": "=1+1"}
    )
    text = (await office.staff.get(page)).text
    assert "&lt;script&gt;alert(1)&lt;/script&gt;" in text
    assert "<script>alert" not in text
    listed = (await office.staff.client.get(f"{page}/underkanda.csv")).content.decode("utf-8-sig")
    assert ";'=1+1;" in listed


async def test_the_name_of_a_file_loses_its_folders_and_what_steers_a_text(office: Office) -> None:
    page = (await office.upload(office.make_file({}), "C:\\hemligt\\kur\u202eser.csv")).headers["location"]
    assert office.job(page).file_name == "kurser.csv"


async def test_a_form_without_a_file_says_so(office: Office) -> None:
    answer = await office.staff.post(PATH)
    assert answer.status_code == 422
    assert "Välj en fil först." in answer.text
    empty = await office.staff.client.post(PATH, data={"csrf": office.staff.csrf}, files={"fil": ("", b"")})
    assert "Välj en fil först." in empty.text


async def test_a_file_without_the_forms_token_is_not_stored(office: Office) -> None:
    answer = await office.upload(office.make_file({}), csrf="fel")
    assert (answer.status_code, office.stored()) == (403, NOTHING)


# --- Size, and who is asking


class Sender:
    """Sends a form piece by piece, and notes how much of it was asked for."""

    def __init__(self, megabytes: float, csrf: str) -> None:
        self.sent, self._size, self._csrf = 0, int(megabytes * MEGABYTE), csrf

    def pieces(self) -> Iterator[bytes]:
        head = f'--{BOUNDARY}\r\nContent-Disposition: form-data; name="csrf"\r\n\r\n{self._csrf}\r\n'
        head += f'--{BOUNDARY}\r\nContent-Disposition: form-data; name="fil"; filename="k.csv"\r\n\r\n'
        yield head.encode()
        for _ in range(0, self._size, 65_536):
            yield b"x" * 65_536
        yield f"\r\n--{BOUNDARY}--\r\n".encode()

    async def stream(self) -> AsyncIterator[bytes]:
        for piece in self.pieces():
            self.sent += len(piece)
            yield piece


async def send(office: Office, sender: Sender, *, by: Any, announced: int | None = None) -> Any:
    headers = {"Content-Type": f"multipart/form-data; boundary={BOUNDARY}"}
    if announced is not None:
        headers["Content-Length"] = str(announced)
    return await by.client.post(PATH, content=sender.stream(), headers=headers)


async def test_a_file_over_the_limit_is_refused_before_it_is_read_when_its_length_is_announced(office: Office) -> None:
    sender = Sender(200, office.staff.csrf)
    answer = await send(office, sender, by=office.staff, announced=200 * MEGABYTE)
    assert (answer.status_code, sender.sent, office.stored()) == (413, 0, NOTHING)
    assert f"större än {MOST} MB" in answer.text
    assert answer.headers["connection"] == "close"
    assert "<h1>Läs in fil</h1>" in answer.text


async def test_a_file_over_the_limit_is_refused_while_it_is_read_when_it_is_not(office: Office) -> None:
    sender = Sender(200, office.staff.csrf)
    answer = await send(office, sender, by=office.staff)
    assert (answer.status_code, office.stored()) == (413, NOTHING)
    assert sender.sent < (MOST + 0.2) * MEGABYTE


async def test_a_file_a_little_over_the_limit_is_refused_too(office: Office) -> None:
    answer = await office.upload(b"x" * (MOST * MEGABYTE + 1))
    assert (answer.status_code, office.stored()) == (413, NOTHING)


@pytest.mark.parametrize("role", [None, "counsellor"])
async def test_nothing_is_read_from_somebody_who_may_not_import(office: Office, role: str | None) -> None:
    house = office.house
    browser = house.signed_in(house.account("v@example.org", role)) if role else house.browser()
    sender = Sender(200, browser.csrf)
    answer = await send(office, sender, by=browser)
    assert (answer.status_code, sender.sent, office.stored()) == (403 if role else 401, 0, NOTHING)
    assert answer.headers["connection"] == "close"


async def test_a_sender_that_goes_away_leaves_nothing(office: Office, caplog: pytest.LogCaptureFixture) -> None:
    answers = await raw(office, [b"--x"], then={"type": "http.disconnect"})
    assert (answers[0]["status"], office.stored()) == (400, NOTHING)
    assert "unhandled" not in caplog.text


async def test_a_sender_that_stops_sending_is_not_waited_for(office: Office, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(api.uploads, "PATIENCE_SECONDS", 0.05)
    answers = await raw(office, [b"--x"], then=None)
    assert (answers[0]["status"], office.stored()) == (400, NOTHING)


async def raw(office: Office, pieces: list[bytes], *, then: dict[str, str] | None) -> list[dict[str, Any]]:
    """A request below what httpx can say: the pieces, and then silence or a disconnect."""
    cookie = "; ".join(f"{name}={value}" for name, value in office.staff.client.cookies.items())
    headers = {"content-type": f"multipart/form-data; boundary={BOUNDARY}", "cookie": cookie, "accept": "text/html"}
    scope = {"type": "http", "method": "POST", "path": PATH, "raw_path": PATH.encode(), "query_string": b""}
    scope |= {"headers": [(k.encode(), v.encode()) for k, v in headers.items()], "scheme": "https", "root_path": ""}
    scope |= {"http_version": "1.1", "server": ("vagledaren.example.org", 443), "client": ("203.0.113.5", 4711)}
    waiting = [{"type": "http.request", "body": piece, "more_body": True} for piece in pieces]
    answers: list[dict[str, Any]] = []

    async def receive() -> dict[str, Any]:
        if waiting:
            return waiting.pop(0)
        if then is None:
            await asyncio.Event().wait()
        return dict(then or {})

    async def sending(message: dict[str, Any]) -> None:
        answers.append(message)

    await office.house.app(scope, receive, sending)
    return answers


@pytest.mark.parametrize(
    ("path", "limit"), [("/personal/logga-in", STAFF_BODY_LIMIT), ("/api/v1/conversations", BODY_LIMIT)]
)
async def test_other_forms_keep_to_their_own_limit(office: Office, path: str, limit: int) -> None:
    assert (await office.staff.client.post(path, content=b"x" * (limit + 1))).status_code == 413
    assert (await office.staff.client.post(path, content=b"x" * limit)).status_code != 413
