"""Several processes count at once, and the worker counts before it erases."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from datetime import date, timedelta
from pathlib import Path

from sqlalchemy import func, select

from api.chat.bot import BotClient
from api.chat.tables import Conversation
from api.database import Database
from api.insight.chain.clicks import count
from api.insight.chain.tables import ChainCount
from api.insight.rolling import roll_up
from api.outbox.delivery import FileMailer
from api.settings import Settings
from api.worker import jobs
from tests.api.insight.making import meeting, talk
from tests.conftest import NOW, MovableClock

DAY = date(2026, 11, 23)


def test_no_click_is_lost_when_many_come_at_once(database: Database) -> None:
    with ThreadPoolExecutor(8) as people:
        list(people.map(lambda number: count(database, DAY, ("arvika", "sunne")[number % 2]), range(80)))
    with database.transaction(read_only=True) as session:
        assert {row.node: row.count for row in session.scalars(select(ChainCount))} == {"arvika": 40, "sunne": 40}


def test_two_workers_that_roll_up_at_once_agree(seeded_both: Database) -> None:
    with seeded_both.transaction() as session:
        for days in range(1, 20):
            talk(session, NOW - timedelta(days=days), place="Arvika")
            meeting(session, NOW - timedelta(days=days))
    with ThreadPoolExecutor(4) as workers:
        list(workers.map(lambda _: roll_up(seeded_both, NOW), range(8)))
    with seeded_both.transaction(read_only=True) as session:
        counts = select(ChainCount.step, func.sum(ChainCount.count)).group_by(ChainCount.step)
        assert dict(session.execute(counts).all()) == {"chat": 19, "meeting": 19}


async def _erase(database: Database, folder: Path, clock: MovableClock) -> None:
    settings = Settings(data_dir=folder, retention_conversation_days=1, bot_urls=("http://127.0.0.1:1",))
    bot = BotClient(settings)
    mailer = FileMailer(folder)
    (job,) = (job for job in jobs(database, settings, mailer, bot, clock) if job.name == "retention")
    await job.run()
    await bot.close()


async def test_the_worker_counts_a_talk_before_it_erases_it(
    seeded_both: Database, tmp_path: Path, clock: MovableClock
) -> None:
    with seeded_both.transaction() as session:
        talk(session, NOW - timedelta(days=2))
    await _erase(seeded_both, tmp_path, clock)
    with seeded_both.transaction(read_only=True) as session:
        assert session.scalar(select(func.count()).select_from(Conversation)) == 0
        assert session.scalar(select(func.sum(ChainCount.count))) == 1


async def test_what_must_go_goes_even_when_it_cannot_be_counted(
    seeded_both: Database, tmp_path: Path, clock: MovableClock
) -> None:
    with seeded_both.transaction() as session:
        talk(session, NOW - timedelta(days=2))
        ChainCount.__table__.drop(session.connection())
    await _erase(seeded_both, tmp_path, clock)
    with seeded_both.transaction(read_only=True) as session:
        assert session.scalar(select(func.count()).select_from(Conversation)) == 0
