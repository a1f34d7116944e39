"""Mails over a real SMTP server that accepts, refuses, defers, drops and is not there; and into files."""

from __future__ import annotations

import asyncio
import os
import socket
import ssl
import subprocess
from contextlib import asynccontextmanager, suppress
from datetime import timedelta
from email import message_from_bytes
from email.policy import SMTP as POLICY
from pathlib import Path

import pytest
from aiosmtpd.smtp import SMTP, AuthResult, Session
from sqlalchemy import select

from api.outbox import service
from api.outbox.delivery import DeliveryFailed, FileMailer, SmtpMailer, make_mailer
from api.outbox.sending import send_due
from api.outbox.service import Claim
from api.outbox.tables import Outbox
from api.settings import Settings
from tests.api.outbox.conftest import serving


def row(database, row_id: int) -> Outbox:
    with database.transaction() as session:
        return session.get_one(Outbox, row_id)


async def test_an_accepted_mail_is_marked_as_sent(database, enqueue, mailbox, smtp_url, now):
    first = enqueue()
    assert await send_due(database, SmtpMailer(smtp_url), lambda: now) == 1
    assert row(database, first).sent_at == now
    assert row(database, first).payload == {}
    assert mailbox.envelopes == [("boka@example.org", ["syv@example.org"])]
    assert mailbox.mails[0]["Subject"] == "Din tid hos vägledaren: torsdag 26 november"


@pytest.mark.parametrize("where", ["rcpt", "data"])
async def test_a_deferred_mail_is_sent_later_with_the_same_message_id(database, enqueue, mailbox, smtp_url, now, where):
    first = enqueue()
    setattr(mailbox, where, "451 4.3.0 try again later")
    assert await send_due(database, SmtpMailer(smtp_url), lambda: now) == 0
    assert (row(database, first).last_error, row(database, first).dead_at) == ("451", None)
    setattr(mailbox, where, "250 OK")
    assert await send_due(database, SmtpMailer(smtp_url), lambda: now + timedelta(minutes=2)) == 1
    assert [mail["Message-ID"] for mail in mailbox.mails] == ["<1.0@example.org>"]


@pytest.mark.parametrize("where", ["rcpt", "data"])
async def test_a_mail_refused_for_good_is_given_up_and_the_next_still_goes(
    database, enqueue, mailbox, smtp_url, now, where
):
    refused = enqueue()
    setattr(mailbox, where, "550 5.1.1 no such mailbox syv@example.org")
    await send_due(database, SmtpMailer(smtp_url), lambda: now)
    assert row(database, refused).dead_at == now
    assert row(database, refused).last_error == "550"
    setattr(mailbox, where, "250 OK")
    enqueue("other@example.org")
    assert await send_due(database, SmtpMailer(smtp_url), lambda: now) == 1


async def test_a_server_that_takes_the_mail_and_drops_the_line_gets_it_again_recognisably(
    database, enqueue, mailbox, smtp_url, now
):
    enqueue()
    mailbox.drop = True
    assert await send_due(database, SmtpMailer(smtp_url), lambda: now) == 0
    mailbox.drop = False
    assert await send_due(database, SmtpMailer(smtp_url), lambda: now + timedelta(minutes=2)) == 1
    assert len(mailbox.mails) == 2
    first, second = mailbox.mails
    assert first["Message-ID"] == second["Message-ID"]
    assert first["Date"] == second["Date"]


async def test_when_no_server_answers_the_mail_waits(database, enqueue, now):
    first = enqueue()
    with socket.socket() as unused:
        unused.bind(("127.0.0.1", 0))
        url = f"smtp://127.0.0.1:{unused.getsockname()[1]}"
        assert await send_due(database, SmtpMailer(url), lambda: now) == 0
    assert row(database, first).dead_at is None
    assert row(database, first).next_try > now


@asynccontextmanager
async def server_that(greets: bytes):
    """A server that says `greets` and then nothing."""
    lines: list[asyncio.StreamWriter] = []

    async def serve(_: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        lines.append(writer)
        writer.write(greets)

    server = await asyncio.start_server(serve, "127.0.0.1", 0)
    try:
        yield f"smtp://127.0.0.1:{server.sockets[0].getsockname()[1]}"
    finally:
        server.close()
        for line in lines:
            line.close()
            with suppress(ConnectionError):
                await line.wait_closed()


@pytest.mark.parametrize("greets", [b"", b"220 slow.example.org\r\n", b"554 go away\r\n", b"not smtp\r\n"])
async def test_a_server_in_trouble_says_nothing_about_the_mail_so_it_is_kept(database, enqueue, now, greets):
    first = enqueue()
    async with server_that(greets) as url:
        assert await send_due(database, SmtpMailer(url, timeout_seconds=0.2), lambda: now) == 0
    assert row(database, first).dead_at is None
    assert row(database, first).next_try > now


async def test_a_mail_that_cannot_be_written_is_given_up_and_stops_nobody(database, enqueue, mailbox, smtp_url, now):
    broken = enqueue(subject="Hej\r\nBcc: x@example.org")
    whole = enqueue()
    assert await send_due(database, SmtpMailer(smtp_url), lambda: now) == 1
    assert row(database, broken).dead_at == now
    assert row(database, whole).sent_at == now


async def test_a_worker_killed_between_sending_and_marking_leaves_the_mail_to_the_next(
    database, enqueue, mailbox, smtp_url, now
):
    enqueue()
    with database.transaction() as session:
        (claim,) = service.claim(session, now)
    await SmtpMailer(smtp_url).deliver(claim)  # and here it is killed
    assert await send_due(database, SmtpMailer(smtp_url), lambda: now + timedelta(minutes=1)) == 0
    assert await send_due(database, SmtpMailer(smtp_url), lambda: now + timedelta(minutes=6)) == 1
    first, second = mailbox.mails
    assert first["Message-ID"] == second["Message-ID"]
    assert calendar(first) == calendar(second)


async def test_an_error_nobody_foresaw_counts_as_a_failed_attempt_and_stops_nobody(
    database, enqueue, mailbox, smtp_url, now, caplog
):
    first, second = enqueue(), enqueue()

    class Broken(SmtpMailer):
        async def deliver(self, claim: Claim) -> None:
            if claim.id == first:
                raise RuntimeError("Kim 0701740635")
            await super().deliver(claim)

    assert await send_due(database, Broken(smtp_url), lambda: now) == 1
    failed = row(database, first)
    assert (failed.attempts, failed.last_error, failed.sent_at, failed.dead_at) == (1, "RuntimeError", None, None)
    assert failed.claimed_until is None
    assert failed.next_try > now
    assert row(database, second).sent_at == now
    assert "Kim" not in caplog.text
    assert await send_due(database, SmtpMailer(smtp_url), lambda: now + timedelta(minutes=2)) == 1


@pytest.fixture(scope="session")
def certificate(tmp_path_factory) -> Path:
    """A key and a self-signed certificate for 127.0.0.1 in one file."""
    path = tmp_path_factory.mktemp("tls") / "server.pem"
    subject = ("-subj", "/CN=127.0.0.1", "-addext", "subjectAltName=IP:127.0.0.1")
    command = ("openssl", "req", "-x509", "-newkey", "rsa:2048", "-nodes", "-days", "3650", *subject)
    made = subprocess.run([*command, "-keyout", "-", "-out", "-"], check=True, capture_output=True)
    path.write_bytes(made.stdout)
    return path


class TestLoggingIn:
    """The password leaves over an encrypted line, or not at all."""

    async def test_a_server_without_starttls_gets_neither_password_nor_mail(self, database, enqueue, mailbox, now):
        first, asked = enqueue(), []

        def take(*login: object) -> AuthResult:
            asked.append(login)
            return AuthResult(success=True)

        async with serving(lambda: SMTP(mailbox, auth_require_tls=False, authenticator=take)) as address:
            assert await send_due(database, SmtpMailer(f"smtp://kim:secret@{address}"), lambda: now) == 0
        assert (asked, mailbox.mails) == ([], [])
        assert row(database, first).dead_at is None
        assert row(database, first).next_try > now

    async def test_with_starttls_the_mail_is_sent(self, database, enqueue, mailbox, now, certificate, monkeypatch):
        enqueue()
        asked = []

        def take(server: SMTP, session: Session, *login: object) -> AuthResult:
            asked.append(session.ssl is not None)
            return AuthResult(success=True)

        tls = ssl.create_default_context(ssl.Purpose.CLIENT_AUTH)
        tls.load_cert_chain(certificate)
        monkeypatch.setenv("SSL_CERT_FILE", str(certificate))
        async with serving(lambda: SMTP(mailbox, tls_context=tls, authenticator=take)) as address:
            assert await send_due(database, SmtpMailer(f"smtp://kim:secret@{address}"), lambda: now) == 1
        assert asked == [True]


def calendar(mail) -> bytes:
    (part,) = (part for part in mail.walk() if part.get_content_type() == "text/calendar")
    return part.get_payload(decode=True)


@pytest.mark.parametrize("url", ["http://mail.example.org", "smtp://", "mail.example.org:25", "smtp:mail"])
def test_a_wrong_address_of_the_server_is_named_at_start(url):
    with pytest.raises(ValueError, match="IV_SMTP_URL"):
        SmtpMailer(url)


class TestFiles:
    async def test_without_a_server_mails_become_files(self, database, enqueue, tmp_path, now):
        first = enqueue()
        mailer = make_mailer(Settings(data_dir=tmp_path))
        assert await send_due(database, mailer, lambda: now) == 1
        (name,) = os.listdir(tmp_path / "mail")
        assert name == f"20261123T090000Z-{first}-REQUEST.eml"
        assert message_from_bytes((tmp_path / "mail" / name).read_bytes(), policy=POLICY)["To"] == "syv@example.org"

    async def test_a_full_or_forbidden_disk_is_a_reason_to_wait(self, database, enqueue, tmp_path, now):
        first = enqueue()
        blocked = tmp_path / "mail"
        blocked.write_text("a file where the folder should be")
        assert await send_due(database, FileMailer(blocked), lambda: now) == 0
        with database.transaction() as session:
            found = session.scalars(select(Outbox)).one()
        assert (found.id, found.dead_at, found.sent_at) == (first, None, None)

    async def test_no_half_file_is_ever_seen(self, database, enqueue, tmp_path, now):
        enqueue()
        with database.transaction() as session:
            (claim,) = service.claim(session, now)
        await FileMailer(tmp_path).deliver(claim)
        await FileMailer(tmp_path).deliver(claim)
        assert [name for name in os.listdir(tmp_path) if name.endswith((".eml", ".part"))] == [
            f"20261123T090000Z-{claim.id}-REQUEST.eml"
        ]

    def test_failures_carry_no_content(self):
        assert str(DeliveryFailed("550", permanent=True)) == "550"
