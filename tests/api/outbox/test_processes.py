"""Workers as processes in front of a mail server in a process of its own: killed, stalled, refused, two at once."""

from __future__ import annotations

import os
import random
import signal
import socket
import subprocess
import sys
import time
from collections import Counter
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta
from email import message_from_bytes, policy
from email.message import EmailMessage
from pathlib import Path

import pytest
from icalendar import Calendar
from sqlalchemy import select

from api.outbox import service
from api.outbox.delivery import SmtpMailer
from api.outbox.sending import send_due
from api.outbox.tables import Outbox
from tests.api.booking.mailing import THURSDAY, book, cancel, new

pytestmark = pytest.mark.usefixtures("counsellors")

MEETINGS = 30
KILLS = 20


@dataclass
class MailServer:
    folder: Path
    url: str

    def behave(self, manners: str) -> None:
        part = self.folder / "manners.part"
        part.write_text(manners, "utf-8")
        part.rename(self.folder / "manners")

    def count(self) -> int:
        return len(list(self.folder.glob("*.eml")))

    def wait_for(self, count: int) -> None:
        for _ in range(12000):
            if self.count() >= count:
                return
            time.sleep(0.005)
        raise AssertionError("no mail within a minute")

    def mails(self) -> list[EmailMessage]:
        files = sorted(self.folder.glob("*.eml"))
        return [message_from_bytes(file.read_bytes(), policy=policy.default) for file in files]


@pytest.fixture
def server(tmp_path: Path) -> Iterator[MailServer]:
    folder = tmp_path / "server"
    folder.mkdir()
    (folder / "manners").write_text("take", "utf-8")
    command = [sys.executable, "-m", "tests.api.outbox.mail_server", str(folder)]
    with subprocess.Popen(command, stdout=subprocess.PIPE, text=True) as process:
        assert process.stdout
        port = process.stdout.readline().strip()
        yield MailServer(folder, f"smtp://127.0.0.1:{port}")
        process.kill()


NewWorker = Callable[[datetime], int]


@pytest.fixture
def new_worker(database, server) -> Iterator[NewWorker]:
    """Starts a worker that believes it is this moment; gives its process id."""
    url = database.engine.url.render_as_string(hide_password=False)
    command = [sys.executable, "-m", "tests.api.outbox.worker_nursery", url, server.url]
    with subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True) as nursery:
        assert nursery.stdin
        assert nursery.stdout

        def start(at: datetime) -> int:
            nursery.stdin.write(f"{at.isoformat()}\n")
            nursery.stdin.flush()
            return int(nursery.stdout.readline())

        yield start
        nursery.kill()


@pytest.fixture
def meetings(database, office, now):
    """Meetings with an invitation and a confirmation each, none of them sent."""
    with database.transaction() as session:
        found = [
            new(session, email=f"{number}@example.org", at=THURSDAY + timedelta(hours=number))
            for number in range(MEETINGS)
        ]
        for meeting in found:
            book(session, meeting, office, now)
    return found


def wait_until_sent(database, at: datetime) -> None:
    for _ in range(1200):
        with database.transaction(read_only=True) as session:
            waiting = select(Outbox.id).where(service.is_open(Outbox), Outbox.not_before <= at)
            if session.scalar(waiting.limit(1)) is None:
                return
        time.sleep(0.05)
    raise AssertionError("mails are left after a minute")


def uid_and_sequence(mail: EmailMessage) -> tuple[str, int]:
    part = next(part for part in mail.walk() if part.get_content_type() == "text/calendar")
    event = Calendar.from_ical(part.get_payload(decode=True)).walk("VEVENT")[0]
    return str(event["UID"]), int(event["SEQUENCE"])


def assert_each_mail_arrived(server: MailServer, meetings, *, repeated_at_most: int) -> int:
    """Every mail, to the right address; what came twice is recognisably the same. Returns how many did."""
    mails = server.mails()
    ids = Counter(mail["Message-ID"] for mail in mails)
    assert len(ids) == 2 * len(meetings), "none lost, and none with another Message-ID"
    repeated = sum(ids.values()) - len(ids)
    assert repeated <= repeated_at_most
    facts = {(mail["Message-ID"], mail["X-Envelope-To"], mail["To"], *uid_and_sequence(mail)) for mail in mails}
    assert len(facts) == len(ids), "a repeated mail says the same"
    assert {uid for *_, uid, _ in facts} == {meeting.ical_uid for meeting in meetings}
    assert {(to, uid) for _, envelope, to, uid, _ in facts if envelope == to} >= {
        (meeting.contact_value, meeting.ical_uid) for meeting in meetings
    }
    return repeated


def kill(pid: int) -> None:
    """At once. A worker that was done before is no error."""
    try:
        os.kill(pid, signal.SIGKILL)
    except ProcessLookupError:
        return


def test_a_worker_killed_at_random_moments_loses_nothing_and_sends_nothing_anew(
    database, server, new_worker, meetings, now
):
    """A slow server stores each mail before it says so: most of the kills fall between sending and marking."""
    server.behave("slow")
    chance = random.Random(2026)
    for number in range(KILLS):
        seen = server.count()
        pid = new_worker(now + number * timedelta(minutes=6))  # past the lease of the one killed before
        server.wait_for(seen + chance.choice((1, 1, 2)))
        time.sleep(chance.uniform(0, 0.12))
        kill(pid)
    end = now + KILLS * timedelta(minutes=6)
    new_worker(end)
    wait_until_sent(database, end)
    repeated = assert_each_mail_arrived(server, meetings, repeated_at_most=KILLS)
    assert repeated, "no kill fell where it matters"


def test_two_workers_at_once_send_each_mail_once(database, server, new_worker, meetings, now):
    server.behave("slow")
    for _ in range(2):
        new_worker(now)
    wait_until_sent(database, now)
    assert_each_mail_arrived(server, meetings, repeated_at_most=0)


@pytest.mark.parametrize("manners", ["451 4.3.0 later", "stall", "drop"])
async def test_a_server_in_trouble_all_night_gets_every_mail_in_the_morning(database, server, meetings, now, manners):
    mailer = SmtpMailer(server.url, timeout_seconds=0.2)
    server.behave(manners)
    with database.transaction() as session:  # a handful is enough: a stalling server is waited for
        for row in session.scalars(select(Outbox).order_by(Outbox.id.desc()).limit(3 * MEETINGS - 9)):
            session.delete(row)
    for hours in (0, 1, 3, 6):
        await send_due(database, mailer, lambda: now + timedelta(hours=hours))  # noqa: B023 - called at once
    tried = Counter(mail["Message-ID"] for mail in server.mails())
    server.behave("take")
    await send_due(database, mailer, lambda: now + timedelta(hours=13))
    assert_each_mail_arrived(server, meetings[:3], repeated_at_most=sum(tried.values()))
    assert bool(tried) is (manners == "drop")


async def test_a_night_of_cancelling_leaves_only_what_recipients_need(database, server, meetings, office, now):
    """Of six meetings three are cancelled while the server is in trouble; what was never handed over is not sent."""
    server.behave("451 4.3.0 later")
    mailer = SmtpMailer(server.url)
    with database.transaction() as session:
        for row in session.scalars(select(Outbox).order_by(Outbox.id.desc()).limit(3 * (MEETINGS - 6))):
            session.delete(row)
        heard = {claim.recipient for claim in service.claim(session, now, limit=2)}
    assert heard == {"syv.karlstad-1@example.org", "0@example.org"}
    later = now + timedelta(hours=1)
    with database.transaction() as session:
        for meeting in meetings[:3]:
            cancel(session, session.merge(meeting), office, later)
    server.behave("take")
    await send_due(database, mailer, lambda: later + timedelta(hours=12))
    sent = Counter((mail["To"], part_method(mail)) for mail in server.mails())
    assert sent == {
        ("syv.karlstad-1@example.org", "CANCEL"): 1,
        ("0@example.org", "CANCEL"): 1,
        ("syv.karlstad-1@example.org", "REQUEST"): 3,
        **{(f"{number}@example.org", "REQUEST"): 1 for number in (3, 4, 5)},
    }


def part_method(mail: EmailMessage) -> str:
    part = next(part for part in mail.walk() if part.get_content_type() == "text/calendar")
    return str(part.get_param("method"))


async def test_a_server_that_is_gone_all_night_gets_every_mail_once_in_the_morning(database, server, meetings, now):
    with socket.socket() as nobody:
        nobody.bind(("127.0.0.1", 0))
        gone = SmtpMailer(f"smtp://127.0.0.1:{nobody.getsockname()[1]}")
        for hours in range(13):
            await send_due(database, gone, lambda: now + timedelta(hours=hours))  # noqa: B023 - called at once
    assert server.count() == 0
    mailer = SmtpMailer(server.url)
    for minutes in range(0, 8 * 60, 10):  # each waits some hours by now, and the first that is taken hurries the others
        await send_due(database, mailer, lambda: now + timedelta(hours=13, minutes=minutes))  # noqa: B023
    assert_each_mail_arrived(server, meetings, repeated_at_most=0)
