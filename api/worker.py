"""The worker process: mail, holds and whatever else is done on the side. `python -m api.worker`"""

from __future__ import annotations

import asyncio
import logging
import signal
from collections.abc import Awaitable, Callable, Sequence
from contextlib import suppress
from dataclasses import dataclass
from uuid import UUID

import api.tables  # noqa: F401 - every table, so that foreign keys between capabilities resolve
from api.booking import holds, reminders
from api.catalogue.import_jobs.running import run_next
from api.catalogue.susa.running import mirror_when_due
from api.chat.bot import BotClient, BotUnavailable
from api.clock import Clock, system_clock
from api.contact.enquiries import reminders as enquiry_reminders
from api.contact.enquiries.office import Promise
from api.database import Database
from api.events import line
from api.events import mails as event_mails
from api.events.seats import lock_event
from api.guidance.outlook.fetching import refresh_outlook
from api.insight.asked import rolling as asked
from api.insight.rolling import roll_up
from api.logs import configure_logging
from api.outbox.delivery import Mailer, make_mailer
from api.outbox.notices import Notices
from api.outbox.office import Office
from api.outbox.sending import Senders, send_due
from api.outbox.sms import make_sms
from api.personal import HOLDINGS
from api.privacy import bot_forgetting
from api.seed.gazetteer import NamesKeeper
from api.settings import Settings, SettingsError, load_settings

log = logging.getLogger(__name__)

_OUTBOX_SECONDS = 1.0
_HOLDS_SECONDS = 30.0
_WAITING_LISTS_SECONDS = 20.0
_IMPORTS_SECONDS = 1.0
_OUTLOOK_SECONDS = 24 * 3600.0
_SUSA_SECONDS = 20.0
"""How soon a run that staff ask for is seen."""
_NAMES_SECONDS = 10.0
_ASKED_SECONDS = 300.0
_ENQUIRIES_SECONDS = 60.0
_FORGETTING_SECONDS = 10.0
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


def jobs(database: Database, settings: Settings, senders: Senders | Mailer, bot: BotClient, clock: Clock) -> list[Job]:
    """Everything the worker does."""
    office = Office.of(settings)

    def expire_holds() -> None:
        with database.transaction() as session:
            holds.expire_holds(session, clock())

    def move_waiting_lists() -> None:
        with database.transaction(read_only=True) as session:
            waiting = line.to_move_on(session, clock())
        for event_id in waiting:  # a transaction each: nobody who signs up for another event waits
            with database.transaction() as session:
                line.move_on(session, lock_event(session, event_id), clock(), office)

    def erase_due() -> None:
        for holding in HOLDINGS:
            if holding.retire is None:
                continue
            try:  # a transaction each: what cannot go keeps nothing else from going
                with database.transaction() as session:
                    holding.retire(session, settings, clock())
            except Exception as error:
                log.error("not erased", extra={"holding": holding.name, "error": type(error).__name__})
        database.empty_log()

    def bot_still_knows() -> Sequence[UUID]:
        with database.transaction(read_only=True) as session:
            return bot_forgetting.waiting(session)

    def bot_forgot(conversation_id: UUID) -> None:
        with database.transaction() as session:
            bot_forgetting.done(session, conversation_id)

    async def make_bot_forget() -> None:
        with suppress(BotUnavailable):  # the next time
            for conversation_id in await asyncio.to_thread(bot_still_knows):
                await bot.forget(conversation_id)
                await asyncio.to_thread(bot_forgot, conversation_id)

    async def import_files() -> None:
        while await run_next(database, clock, max_megabytes=settings.import_max_megabytes):
            pass

    async def erase_old() -> None:
        try:  # figures first: they are counted from what is erased next
            await asyncio.to_thread(roll_up, database, clock())
            await asyncio.to_thread(asked.roll_up, database, settings, clock)
        except Exception as error:  # what must go goes all the same
            log.error("figures not counted", extra={"error": type(error).__name__})
        await asyncio.to_thread(erase_due)
        await make_bot_forget()

    def remind_of_enquiries() -> None:
        with database.transaction(read_only=True) as session:
            if not enquiry_reminders.any_due(session, clock()):
                return
        with database.transaction() as session:
            enquiry_reminders.remind(session, Promise.of(settings), clock())

    def write_reminders() -> None:
        for about, any_due, write_due in (
            ("meetings", reminders.any_due, reminders.write_due),
            ("events", event_mails.any_due, event_mails.write_due),
        ):
            try:  # a transaction each, and whatever happens here, the mails that are ready leave
                with database.transaction(read_only=True) as session:
                    if not any_due(session, clock()):
                        continue
                with database.transaction() as session:
                    write_due(session, office, clock())
            except Exception as error:
                log.error("reminders not written", extra={"about": about, "error": type(error).__name__})

    async def send_mails() -> None:
        await asyncio.to_thread(write_reminders)
        await send_due(database, senders, clock, notices=Notices(settings.mail_from, settings.base_url))

    outlook = Job("outlook", _OUTLOOK_SECONDS, lambda: refresh_outlook(database, settings.outlook_url, clock))
    susa = Job("susa", _SUSA_SECONDS, lambda: mirror_when_due(database, settings, clock))
    return [
        Job("outbox", _OUTBOX_SECONDS, send_mails),
        Job("expire_holds", _HOLDS_SECONDS, in_thread(expire_holds)),
        Job("waiting_lists", _WAITING_LISTS_SECONDS, in_thread(move_waiting_lists)),
        Job("imports", _IMPORTS_SECONDS, import_files),
        Job("asked", _ASKED_SECONDS, in_thread(lambda: asked.roll_up(database, settings, clock))),
        Job("enquiries", _ENQUIRIES_SECONDS, in_thread(remind_of_enquiries)),
        Job("names", _NAMES_SECONDS, in_thread(NamesKeeper(database, settings.gazetteer_path))),
        Job("retention", settings.retention_interval_seconds, erase_old),
        Job("forgetting", _FORGETTING_SECONDS, make_bot_forget),
        *([outlook] if settings.outlook_url else []),
        *([susa] if settings.susa_url else []),
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
        senders = Senders(make_mailer(settings), make_sms(settings))
    except ValueError as error:
        raise SettingsError(str(error)) from None
    log.info("worker started")
    try:
        await work(jobs(database, settings, senders, bot, system_clock), stop)
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
