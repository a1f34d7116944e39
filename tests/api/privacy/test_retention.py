"""What is erased when its time is over, on both databases, with a clock that is moved."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

import httpx
import pytest
from sqlalchemy import func, select

import api.worker
from api.chat import service
from api.chat.bot import BotClient
from api.chat.tables import Conversation, Message
from api.database import Database
from api.outbox.delivery import make_mailer
from api.personal import HOLDINGS
from api.privacy.contacts import make_safe
from api.privacy.retention import erase_old_contacts, erase_old_conversations
from api.privacy.tables import ContactToken
from api.settings import Settings
from api.worker import jobs

KEPT = (Conversation, Message, ContactToken)


@pytest.fixture
def settings(tmp_path) -> Settings:
    return Settings(data_dir=tmp_path, retention_conversation_days=90, retention_contact_days=30)


def talk(database: Database, now, text: str = "Ring 0701740635"):
    with database.transaction() as session:
        conversation, _ = service.start_conversation(session, now)
        safe = make_safe(session, conversation.id, text, now)
        service.add_turn(session, conversation, service.user_message(safe.for_storage, None), [], now)
        return conversation.id


def say_more(database: Database, conversation_id, now) -> None:
    with database.transaction() as session:
        conversation = session.get_one(Conversation, conversation_id)
        service.add_turn(session, conversation, service.user_message("Tack", None), [], now)


def erase(database: Database, settings: Settings, now) -> tuple[int, int]:
    with database.transaction() as session:
        return len(erase_old_conversations(session, settings, now)), erase_old_contacts(session, settings, now)


def left(database: Database) -> tuple[int, ...]:
    """How many conversations, messages and contact tokens there are."""
    with database.transaction(read_only=True) as session:
        return tuple(session.scalar(select(func.count()).select_from(table)) for table in KEPT)


def test_a_conversation_goes_with_messages_and_contacts_when_unused_for_the_set_days(database, settings, clock):
    talk(database, clock.now)
    clock.move(days=90)
    assert erase_only_conversations(database, settings, clock.now) == 0
    clock.move(seconds=1)
    assert erase_only_conversations(database, settings, clock.now) == 1
    assert left(database) == (0, 0, 0)


def erase_only_conversations(database: Database, settings: Settings, now) -> int:
    with database.transaction() as session:
        return len(erase_old_conversations(session, settings, now))


def test_a_conversation_in_use_stays_however_old_it_is(database, settings, clock):
    mine, _ = talk(database, clock.now), talk(database, clock.now)
    clock.move(days=60)
    say_more(database, mine, clock.now)
    clock.move(days=60)
    assert erase_only_conversations(database, settings, clock.now) == 1
    assert left(database)[:2] == (1, 2)


def test_contacts_go_earlier_than_the_conversation_they_were_given_in(database, settings, clock):
    talk(database, clock.now)
    clock.move(days=30)
    assert erase(database, settings, clock.now) == (0, 0)
    clock.move(seconds=1)
    assert erase(database, settings, clock.now) == (0, 1)
    assert left(database) == (1, 1, 0)


def test_erasing_twice_and_erasing_nothing_do_no_harm(database, settings, clock):
    assert erase(database, settings, clock.now) == (0, 0)
    talk(database, clock.now)
    clock.move(days=100)
    assert erase(database, settings, clock.now) == (1, 0)
    assert erase(database, settings, clock.now) == (0, 0)


@pytest.mark.parametrize("bot_answers", [204, 500])
async def test_the_worker_erases_by_itself_and_tells_the_bot(database, settings, clock, bot_answers):
    old = talk(database, clock.now)
    clock.move(days=91)
    talk(database, clock.now)
    told = []

    def bot(request: httpx.Request) -> httpx.Response:
        told.append(request.url.path)
        return httpx.Response(bot_answers)

    client = BotClient(settings, httpx.MockTransport(bot))
    work = {job.name: job for job in jobs(database, settings, make_mailer(settings), client, clock)}
    assert work["retention"].interval == settings.retention_interval_seconds
    await work["retention"].run()
    assert left(database)[0] == 1
    assert [path.rsplit("/", 1)[1] for path in told] == [str(old)]
    await client.close()


def test_the_settings_decide_how_long(database, tmp_path, clock):
    talk(database, clock.now)
    short = Settings(data_dir=tmp_path, retention_conversation_days=1, retention_contact_days=1)
    assert erase_only_conversations(database, short, clock.now + timedelta(days=1, seconds=1)) == 1


async def test_what_cannot_go_keeps_nothing_else_from_going(
    database, settings, clock, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
):
    """One kind fails, as when a folder cannot be read; every other kind is erased, and the log says which was not."""

    def broken(*_):
        raise OSError("Kim 0701740635")

    with_a_fault = tuple(replace(one, retire=broken) if one.name == "contact" else one for one in HOLDINGS)
    monkeypatch.setattr(api.worker, "HOLDINGS", with_a_fault)
    talk(database, clock.now)
    clock.move(days=91)
    client = BotClient(settings, httpx.MockTransport(lambda _: httpx.Response(204)))
    work = {job.name: job for job in jobs(database, settings, make_mailer(settings), client, clock)}
    await work["retention"].run()
    await client.close()
    assert left(database) == (0, 0, 0)
    (line,) = (line for line in caplog.records if line.message == "not erased")
    assert (line.holding, line.error) == ("contact", "OSError")
    assert "Kim" not in caplog.text
