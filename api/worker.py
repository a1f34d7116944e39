"""The worker process: mail, holds and whatever else is done on the side. `python -m api.worker`"""

from __future__ import annotations

import asyncio
import logging
import signal
from collections.abc import Awaitable, Callable, Sequence
from contextlib import suppress
from dataclasses import dataclass
from datetime import timedelta
from uuid import UUID

import api.tables  # noqa: F401 - every table, so that foreign keys between capabilities resolve
from api.booking import holds
from api.booking import service as booking
from api.chat.bot import BotClient, BotUnavailable
from api.clock import Clock, system_clock
from api.database import Database
from api.guidance.outlook.fetching import refresh_outlook
from api.logs import configure_logging
from api.outbox.delivery import Mailer, make_mailer
from api.outbox.sending import send_due
from api.privacy import retention
from api.settings import Settings, SettingsError, load_settings
from api.staff import sessions, throttle

log = logging.getLogger(__name__)

_OUTBOX_SECONDS = 1.0
_HOLDS_SECONDS = 30.0
_OUTLOOK_SECONDS = 24 * 3600.0
_GRACE_SECONDS = 2.0
"""What a job may still take once the process is told to stop. A mail that is cut off is sent again later."""


@dataclass(frozen=True)
class Job:
    """Something done again and again; `interval` is the pause after each run, in seconds."""

    name: str
    interval: float
    run: Callable[[], Awaitable[object]]


def in_thread(function: Callable[[], object]) -> Callable[[], Awaitable[object]]:
    """A blocking function as a job's `run`."""

    async def run() -> object:
        return await asyncio.to_thread(function)

    return run


def jobs(database: Database, settings: Settings, mailer: Mailer, bot: BotClient, clock: Clock) -> list[Job]:
    """Everything the worker does."""

    def expire_holds() -> None:
        with database.transaction() as session:
            holds.expire_holds(session, clock())

    def erase_here() -> list[UUID]:
        with database.transaction() as session:
            erased = retention.erase_old_conversations(session, settings, clock())
            retention.erase_old_contacts(session, settings, clock())
            sessions.erase_ended(session, settings, clock())
            throttle.forget(session, clock())
            booking.forget_people(session, clock() - timedelta(days=settings.retention_contact_days))
            return erased

    async def erase_old() -> None:
        with suppress(BotUnavailable):  # the bot keeps no text, and cleans up by itself as well
            for conversation_id in await asyncio.to_thread(erase_here):
                await bot.forget(conversation_id)

    outlook = Job("outlook", _OUTLOOK_SECONDS, lambda: refresh_outlook(database, settings.outlook_url, clock))
    return [
        Job("outbox", _OUTBOX_SECONDS, lambda: send_due(database, mailer, clock)),
        Job("expire_holds", _HOLDS_SECONDS, in_thread(expire_holds)),
        Job("retention", settings.retention_interval_seconds, erase_old),
        *([outlook] if settings.outlook_url else []),
    ]


async def work(todo: Sequence[Job], stop: asyncio.Event, *, grace: float = _GRACE_SECONDS) -> None:
    """Run every job on its own until `stop` is set; then let running ones end, at most `grace` seconds."""
    tasks = [asyncio.create_task(_repeat(job, stop), name=job.name) for job in todo]
    await stop.wait()
    _, unfinished = await asyncio.wait(tasks, timeout=grace) if tasks else (set(), set())
    for task in unfinished:
        task.cancel()
    await asyncio.gather(*unfinished, return_exceptions=True)


async def _repeat(job: Job, stop: asyncio.Event) -> None:
    while not stop.is_set():
        try:
            await job.run()
        except Exception as error:  # one failing job never stops the others, nor itself
            # The name only: messages of database errors repeat the values they were about.
            log.error("job failed", extra={"job": job.name, "error": type(error).__name__})
        try:
            await asyncio.wait_for(stop.wait(), job.interval)
        except TimeoutError:
            continue


async def _main(settings: Settings) -> None:
    stop = asyncio.Event()
    loop = asyncio.get_running_loop()
    for number in (signal.SIGTERM, signal.SIGINT):
        loop.add_signal_handler(number, stop.set)
    database = Database(settings.resolved_database_url)
    bot = BotClient(settings)
    try:
        mailer = make_mailer(settings)
    except ValueError as error:
        raise SettingsError(str(error)) from None
    log.info("worker started")
    try:
        await work(jobs(database, settings, mailer, bot, system_clock), stop)
    finally:
        await bot.close()
        database.dispose()
        log.info("worker stopped")


def main() -> None:
    """Entry point of the process."""
    configure_logging()
    asyncio.run(_main(load_settings()))


if __name__ == "__main__":
    main()
