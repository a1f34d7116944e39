"""The worker's own job, a clock that is moved, and a word in every personal column: each goes on its day, for good."""

from __future__ import annotations

import logging
from datetime import timedelta
from pathlib import Path

import httpx
import pytest

from api.chat.bot import BotClient
from api.database import Database
from api.outbox.delivery import make_mailer
from api.settings import Settings
from api.worker import jobs
from tests.api.privacy.planting import bytes_of, dump, plant
from tests.conftest import MovableClock

DAYS = {
    "retention_conversation_days": 100,
    "retention_contact_days": 20,
    "retention_events_days": 40,
    "retention_phrases_days": 60,
    "retention_enquiries_days": 150,
}
SETTINGS = Settings(**DAYS)
A_DAY = timedelta(days=1)
TERMS: dict[str, timedelta] = {
    "session": timedelta(minutes=SETTINGS.session_idle_minutes),
    "log_in": A_DAY,
    "import": A_DAY,
    "conversation conversation.origin": A_DAY,
    "signup event_signup.origin": A_DAY,
    "contact": timedelta(days=20),
    "meeting": A_DAY + timedelta(minutes=30, days=20),
    "signup": A_DAY + timedelta(hours=2, days=40),
    "phrase": timedelta(days=60),
    "conversation": timedelta(days=100),
    "enquiry": timedelta(days=150),
}
"""How long after now each kind is kept, by the settings above; the meeting and the event are tomorrow."""
AT_ONCE = (A_DAY, TERMS["session"])
"""These go at the very moment; the others a second later."""


@pytest.fixture
def settings(tmp_path: Path) -> Settings:
    return Settings(data_dir=tmp_path, **DAYS)


def left(database: Database, words: dict[str, str]) -> set[str]:
    stored = dump(database)
    return {where for word, where in words.items() if word in stored}


def term_of(where: str) -> timedelta:
    """When what is planted there goes; mails are left out, since they go with what they are about."""
    return TERMS[where if where in TERMS else where.split()[0]]


async def test_each_word_goes_on_its_day_and_is_nowhere_afterwards(
    seeded_both: Database, settings: Settings, clock: MovableClock, caplog: pytest.LogCaptureFixture
) -> None:
    database, begun = seeded_both, clock.now
    words = plant(database, begun)
    told: list[str] = []

    def bot(request: httpx.Request) -> httpx.Response:
        told.append(request.url.path)
        return httpx.Response(204)

    client = BotClient(settings, httpx.MockTransport(bot))
    retention = next(
        job for job in jobs(database, settings, make_mailer(settings), client, clock) if job.name == "retention"
    )
    mails = {where for where in words.values() if where.startswith("mail")}
    known = set(words.values()) - mails
    assert left(database, words) == set(words.values())
    with caplog.at_level(logging.DEBUG):
        for term in sorted(set(TERMS.values())):
            for late in (timedelta(0), timedelta(seconds=1)):
                if not late and term in AT_ONCE:
                    continue
                clock.now = begun + term + late
                await retention.run()
                still = {where for where in known if term_of(where) > term or (term_of(where) == term and not late)}
                assert left(database, words) - mails == still, clock.now
    await client.close()
    assert left(database, words) == set()
    assert told, "the bot has not been told"
    assert [word for word in words if word in caplog.text] == []
    if database.is_sqlite:
        raw = b"".join(bytes_of(database))
        assert [where for word, where in words.items() if word.encode() in raw] == []
