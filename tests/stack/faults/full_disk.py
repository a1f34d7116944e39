"""`python -m tests.stack.faults.full_disk FOLDER`: the whole product on a disk that gets full, and empty again.

Run in a mount namespace where FOLDER may be mounted on. Every claim is an assertion; the exit code tells.
"""

from __future__ import annotations

import sqlite3
import subprocess
import sys
from collections.abc import Iterator
from contextlib import closing, contextmanager, suppress
from pathlib import Path

from tests.stack.booking import answer, go_to, new_email
from tests.stack.faults.kit import Saying, said, sign_in
from tests.stack.running import Running, running

SIZE = "96m"
TOLD = ("database_down", "answer_late")


@contextmanager
def full(folder: Path) -> Iterator[None]:
    """Not a byte is free. The write-ahead logs are emptied before, since what they hold room for needs none."""
    for name in ("industrivagledaren.db", "bot.db"):
        with closing(sqlite3.connect(folder / name, timeout=30)) as database:
            database.execute("PRAGMA wal_checkpoint(TRUNCATE)")
    filler = folder / "filler"
    with filler.open("wb", buffering=0) as file, suppress(OSError):
        while True:
            file.write(bytes(4096))
    try:
        yield
    finally:
        filler.unlink()


def message_is_not_lost(real: Running, folder: Path) -> None:
    talk = real.talk()
    talk.say("hej")
    message = Saying(talk, text="vad kostar det?")
    with full(folder):
        message.refused(*TOLD)
        message.refused(*TOLD)
        assert said(talk) == ["hej"]
        assert real.http.get("/utbildningar", headers={"Accept": "text/html"}).status_code == 200
        assert real.http.get("/health").status_code == 200
        refused = sign_in(real)
        assert refused.status_code == 503, refused.status_code
        assert "Just nu går det inte att hämta eller spara något." in refused.text
    message.answered()
    assert talk.topics == ["cost"], talk.topics
    assert said(talk) == ["hej", "vad kostar det?"]


def meeting_is_booked_once(real: Running, folder: Path) -> None:
    talk = real.talk()
    go_to(talk, "contact")
    contact = Saying(talk, text=new_email())
    with full(folder):
        contact.refused(*TOLD)
    contact.answered()
    answer(talk, "interpreter")
    yes = Saying(talk, choice=talk.choice("Ja, boka"))
    with full(folder):
        yes.refused(*TOLD)
    yes.answered()
    booked = talk.of_kind("booking")["data"]["reference"]
    assert real.in_database("SELECT count(*) FROM meeting WHERE status = 'confirmed'") == [(1,)]
    real.mailbox.wait_for(booked, 2)


def mail_waits_for_room(real: Running, folder: Path) -> None:
    talk = real.talk()
    real.stack.kill("worker")
    go_to(talk, "check", contact=new_email())
    answer(talk, "check")
    booked = talk.of_kind("booking")["data"]["reference"]
    with full(folder):
        real.stack.start("worker")
        real.stack.wait_ready("worker")
        assert real.mailbox.about(booked) == []
    mails = real.mailbox.wait_for(booked, 2)
    assert len({mail.message["Message-ID"] for mail in mails}) == 2


def main(folder: Path) -> None:
    subprocess.run(["mount", "-t", "tmpfs", "-o", f"size={SIZE}", "tmpfs", folder], check=True)
    try:
        with running(folder) as real:
            names = ("api", "actions", "bot")
            pids = [real.stack.supervisor.pid(name) for name in names]
            message_is_not_lost(real, folder)
            meeting_is_booked_once(real, folder)
            mail_waits_for_room(real, folder)
            assert [real.stack.supervisor.pid(name) for name in names] == pids, "a process died"
    finally:
        subprocess.run(["umount", folder], check=True)


if __name__ == "__main__":
    main(Path(sys.argv[1]))
