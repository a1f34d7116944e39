"""What the worker does about events, with a clock that is moved."""

from __future__ import annotations

import asyncio
from datetime import timedelta

import pytest
from sqlalchemy import select

from api.events.tables import EventSignup
from api.outbox.tables import Outbox
from api.settings import Settings
from api.worker import Job, jobs
from tests.api.events.signups import STARTS, add_event, join, leave


class NoBot:
    """There is no bot to tell."""

    async def forget(self, conversation_id: object) -> None:
        raise AssertionError("nothing to forget")


class Mailbox:
    """Takes everything."""

    def __init__(self) -> None:
        self.kinds: list[str] = []

    async def deliver(self, claim) -> None:
        self.kinds.append(claim.kind)


@pytest.fixture
def worker(database, clock, tmp_path):
    settings, mailbox = Settings(data_dir=tmp_path), Mailbox()
    found: dict[str, Job] = {job.name: job for job in jobs(database, settings, mailbox, NoBot(), clock)}

    def run(name: str) -> list[str]:
        mailbox.kinds.clear()
        asyncio.run(found[name].run())
        return mailbox.kinds

    return run


def statuses(database) -> list[str]:
    with database.transaction() as session:
        return list(session.scalars(select(EventSignup.status).order_by(EventSignup.number)))


def test_an_offer_nobody_answers_goes_on_by_itself_and_everybody_is_mailed(database, clock, worker):
    with database.transaction() as session:
        event = add_event(session, capacity=1)
        first, *_ = [join(session, event, clock(), number) for number in (1, 2, 3)]
        leave(session, first, clock())
    worker("outbox")
    worker("waiting_lists")
    assert statuses(database) == ["cancelled", "offered", "waiting"]
    clock.move(hours=24)
    worker("waiting_lists")
    assert statuses(database) == ["cancelled", "cancelled", "offered"]
    assert sorted(worker("outbox")) == ["LAPSED", "OFFER"]
    clock.move(hours=24)
    worker("waiting_lists")
    assert statuses(database) == ["cancelled", "cancelled", "cancelled"]


def test_the_reminder_leaves_the_day_before(database, clock, worker):
    with database.transaction() as session:
        join(session, add_event(session), clock())
    assert worker("outbox") == ["SIGNUP"]
    clock.now = STARTS - timedelta(hours=25)
    assert worker("outbox") == []
    clock.move(hours=1)
    assert worker("outbox") == ["EVENTREMINDER"]
    assert worker("outbox") == []


def test_a_month_after_the_event_nobody_is_known(database, clock, worker):
    with database.transaction() as session:
        join(session, add_event(session), clock())
    clock.now = STARTS + timedelta(days=30, hours=1)
    worker("retention")
    with database.transaction() as session:
        assert session.scalars(select(EventSignup)).one().name
    clock.move(hours=2)
    worker("retention")
    with database.transaction() as session:
        signup = session.scalars(select(EventSignup)).one()
        assert (signup.name, signup.email, signup.status) == (None, None, "signed")
        assert session.scalars(select(Outbox)).all() == []
