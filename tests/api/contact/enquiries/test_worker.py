"""The worker does by itself what nobody should have to remember."""

from __future__ import annotations

from pathlib import Path

import httpx
from sqlalchemy import func, select

from api.chat.bot import BotClient
from api.contact.enquiries import service
from api.contact.enquiries.office import Promise
from api.contact.enquiries.tables import Enquiry
from api.database import Database
from api.outbox.delivery import make_mailer
from api.settings import Settings
from api.worker import jobs
from tests.api.contact.enquiries.conftest import TRAINING, mails
from tests.conftest import MovableClock


async def test_the_worker_reminds_of_late_enquiries_and_erases_old_ones(
    database: Database, clock: MovableClock, tmp_path: Path
) -> None:
    settings = Settings(data_dir=tmp_path, enquiry_answer_days=2, retention_enquiries_days=10)
    bot = BotClient(settings, httpx.MockTransport(lambda _: httpx.Response(204)))
    work = {job.name: job for job in jobs(database, settings, make_mailer(settings), bot, clock)}
    with database.transaction() as session:
        enquiry = service.send(session, TRAINING, Promise.of(settings), clock()).enquiry
    await work["enquiries"].run()
    clock.move(days=3)
    await work["enquiries"].run()
    with database.transaction() as session:
        assert len(mails(session, "OVERDUE")) == 1
        service.close(session, enquiry.id, clock(), "staff:1")
    clock.move(days=11)
    await work["retention"].run()
    with database.transaction(read_only=True) as session:
        assert session.scalar(select(func.count()).select_from(Enquiry)) == 0
        assert mails(session) == []
    await bot.close()
