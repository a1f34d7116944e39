"""Makes worker processes quickly: imports once, then forks one for each line on its standard input.

`python -m tests.api.outbox.worker_nursery DATABASE_URL SMTP_URL`; a line is the moment its worker believes it is (ISO
8601), the answer its process id. A worker sends until nothing that is due is left, and ends.
"""

from __future__ import annotations

import asyncio
import os
import sys
import time
from datetime import datetime

from sqlalchemy import func, select

import api.tables  # noqa: F401 - so that foreign keys resolve
from api.database import Database
from api.outbox.delivery import SmtpMailer
from api.outbox.sending import send_due
from api.outbox.service import is_open
from api.outbox.tables import Outbox


async def work(database_url: str, smtp_url: str, now: datetime) -> None:
    database = Database(database_url)
    mailer = SmtpMailer(smtp_url)
    while _left(database, now):
        if not await send_due(database, mailer, lambda: now):
            await asyncio.sleep(0.02)
    database.dispose()


def _left(database: Database, now: datetime) -> int:
    due = select(func.count()).select_from(Outbox).where(is_open(Outbox), ~Outbox.draft, Outbox.next_try <= now)
    free = Outbox.claimed_until.is_(None) | (Outbox.claimed_until < now)
    with database.transaction(read_only=True) as session:
        return session.scalar(due.where(free)) or 0


def main(database_url: str, smtp_url: str) -> None:
    for line in sys.stdin:
        pid = os.fork()
        if pid == 0:
            try:
                asyncio.run(work(database_url, smtp_url, datetime.fromisoformat(line.strip())))
            finally:
                os._exit(0)
        print(pid, flush=True)
        time.sleep(0)


if __name__ == "__main__":
    main(*sys.argv[1:])
