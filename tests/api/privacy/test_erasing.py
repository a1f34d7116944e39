"""Whoever erases a conversation, or asks us to erase everything, is gone from database, mails, bot and log."""

from __future__ import annotations

import json
import logging
import re
from collections.abc import AsyncIterator
from dataclasses import replace
from html import unescape
from pathlib import Path
from uuid import UUID

import httpx
import pytest
from sqlalchemy import select

from api.booking.service import cancel, current_meetings
from api.booking.tables import Meeting
from api.chat.bot import BotClient
from api.contact.enquiries.office import Promise
from api.contact.enquiries.service import send
from api.database import Database
from api.events.service import cancel_signup
from api.events.tables import EventSignup
from api.main import create_app
from api.outbox import service
from api.outbox.delivery import FileMailer, make_mailer
from api.outbox.office import Office
from api.outbox.sending import send_due
from api.outbox.tables import Outbox
from api.privacy import bot_forgetting
from api.privacy.contacts import Contact
from api.privacy.tables import BotForgetting
from api.settings import Settings
from api.worker import jobs
from tests.api.contact.enquiries.conftest import TRAINING
from tests.api.privacy.planting import bytes_of, dump
from tests.api.privacy.somebody import ALEX, KIM, Somebody, everything, live_through
from tests.api.staff.conftest import SETTINGS, Browser, House
from tests.conftest import MovableClock

PATH = "/personal/uppgifter"


class Bot:
    """Stands at the bot's door; `answers` False while it is down."""

    def __init__(self) -> None:
        self.answers = True
        self.forgot: list[str] = []

    def __call__(self, request: httpx.Request) -> httpx.Response:
        if not self.answers:
            raise httpx.ConnectError("down")
        self.forgot.append(request.url.path.rpartition("/")[2])
        return httpx.Response(204)


@pytest.fixture
def settings(tmp_path: Path) -> Settings:
    # The bot's time is also what the api waits in all; how busy this machine is says nothing about it.
    return Settings(**SETTINGS, data_dir=tmp_path, rate_limit_enabled=False, bot_timeout_seconds=30)


@pytest.fixture
def bot() -> Bot:
    return Bot()


@pytest.fixture
async def house(seeded_both: Database, settings: Settings, clock: MovableClock, bot: Bot) -> AsyncIterator[House]:
    """The app over real seed data, in a database of each kind."""
    app = create_app(settings, clock=clock, database=seeded_both, bot_transport=httpx.MockTransport(bot))
    yield House(app, seeded_both, settings, clock)
    await app.state.bot.close()
    app.state.vacancies.close()


@pytest.fixture
async def kim(house: House) -> Somebody:
    """Kim and Alex have both done everything there is to do, and their mails have left."""
    live_through(house.database, house.settings, ALEX, house.clock())
    kim = live_through(house.database, house.settings, KIM, house.clock())
    await send_due(house.database, FileMailer(house.settings.mail_dir), house.clock)
    stored = everything(house.database, house.settings)
    assert stored.count("kimzon") > 20
    assert stored.count("kimzon") == stored.count("alexzon")
    return kim


def admin(house: House) -> Browser:
    return house.signed_in(house.account("ansvarig@example.org", "admin"))


def said_of(house: House, name: str) -> int:
    return everything(house.database, house.settings).count(name)


def choices(page: httpx.Response) -> list[str]:
    """What the page's boxes or hidden fields send as `val`."""
    return [unescape(one) for one in re.findall(r'name="val" value="([^"]+)"', page.text)]


def worker(house: House, bot: Bot):
    """The worker's jobs by name, and its client of the bot."""
    client = BotClient(house.settings, httpx.MockTransport(bot))
    made = jobs(house.database, house.settings, make_mailer(house.settings), client, house.clock)
    return {job.name: job for job in made}, client


async def erase_talk(house: House, who: Somebody) -> httpx.Response:
    headers = {"Authorization": f"Bearer {who.token}"}
    return await house.browser().client.delete(f"/api/v1/conversations/{who.talk}", headers=headers)


async def test_a_conversation_takes_with_it_all_that_nobody_counts_on(house: House, kim: Somebody, bot: Bot) -> None:
    others = said_of(house, "alexzon")
    assert (await erase_talk(house, kim)).status_code == 204
    assert bot.forgot == [str(kim.talk)]
    with house.database.transaction(read_only=True) as session:
        meetings = session.scalars(select(Meeting).where(Meeting.person_name == kim.name)).all()
        signups = session.scalars(select(EventSignup).where(EventSignup.name == kim.name)).all()
        assert [meeting.status for meeting in meetings] == ["confirmed"], "the cancelled one is forgotten at once"
        assert sorted(signup.status for signup in signups) == ["signed", "waiting"], "somebody counts on these"
        assert {one.conversation_id for one in (*meetings, *signups)} == {None}
        threads = {one.id for one in (*meetings, *signups)}
        mails = session.scalars(select(Outbox).where(Outbox.recipient == kim.email)).all()
        assert {mail.thread for mail in mails} - threads, "the enquiry by the form has nothing to do with the talk"
        assert len({mail.thread for mail in mails} - threads) == 1
    assert said_of(house, "alexzon") == others


async def test_once_the_rest_is_cancelled_a_conversation_leaves_nothing(house: House, bot: Bot) -> None:
    """What the assistant promises: cancel first, then remove the conversation."""
    kim = live_through(house.database, house.settings, KIM, house.clock(), by_form=False)
    mailer, office, now = FileMailer(house.settings.mail_dir), Office.of(house.settings), house.clock()
    await send_due(house.database, mailer, house.clock)
    with house.database.transaction() as session:
        for meeting in current_meetings(session, kim.talk, now):
            cancel(session, meeting, now, "link", office)
        for signup in session.scalars(select(EventSignup).where(EventSignup.name == kim.name)):
            cancel_signup(session, signup, now=now, by="link", office=office)
    await send_due(house.database, mailer, house.clock)
    assert said_of(house, "kimzon") > 20
    assert (await erase_talk(house, kim)).status_code == 204
    assert "kimzon" not in dump(house.database).lower(), "files go with the next round of the worker"
    work, client = worker(house, bot)
    await work["retention"].run()
    await client.close()
    assert said_of(house, "kimzon") == 0


async def test_a_bot_that_is_down_forgets_when_it_is_back(house: House, kim: Somebody, bot: Bot) -> None:
    bot.answers = False
    assert (await erase_talk(house, kim)).status_code == 204
    work, client = worker(house, bot)
    await work["forgetting"].run()
    assert bot.forgot == []
    bot.answers = True
    await work["forgetting"].run()
    await work["forgetting"].run()
    await client.close()
    assert bot.forgot == [str(kim.talk)]
    with house.database.transaction() as session:
        assert session.scalars(select(BotForgetting)).all() == []
        bot_forgetting.note(session, [UUID(int=1), UUID(int=1)], house.clock())
        bot_forgetting.note(session, [UUID(int=1)], house.clock())
        assert bot_forgetting.waiting(session) == [UUID(int=1)]


class TestOnePerson:
    async def test_everything_is_shown_and_handed_out_as_a_file(self, house: House, kim: Somebody) -> None:
        with house.database.transaction() as session:
            asks = replace(TRAINING, contact=Contact("email", kim.email))
            send(session, asks, Promise.of(house.settings), house.clock(), client_key="waits")
        browser = admin(house)
        await browser.get(PATH)
        page = await browser.post(PATH, kontakt=" Kimzon@Example.org ")
        assert page.status_code == 200
        assert "Alexzon" not in page.text
        for heading in ("Bokade möten", "Samtalet i chatten", "Anmälningar och platser", "Frågor från företag", "Mejl"):
            assert heading in page.text
        assert "kvittens på ett ärende" in page.text, "what a mail was for, in words"
        file = await browser.post(f"{PATH}/fil", kontakt="kimzon@example.org")
        assert file.headers["content-type"] == "application/json"
        assert file.headers["content-disposition"] == 'attachment; filename="uppgifter.json"'
        data = json.loads(file.text)["data"]
        counts = {name: len(rows) for name, rows in data.items()}
        assert counts["meeting"] == counts["signup"] == counts["enquiry"] - 1 == 2
        assert counts["conversation"] == counts["contact"] == counts["phrase"] == 1
        assert [one["message"] for one in data["enquiry"]].count("Hälsar Kimzon") == 2
        assert data["meeting"][0]["asked_about"] == "Kimzon frågade om svets"
        assert data["conversation"][0]["parts"][0]["text"] == "Jag heter Kimzon, mejla [e-postadress]"
        assert "alexzon" not in file.text.lower()
        assert "/arende/…" in file.text, "a mail that waits, without what would open the person's own page"
        assert not re.search(r"/(mote|anmalan|arende)/[\w-]{16,}", file.text + page.text)
        assert not {"token_hash", "token", "request_digest", "client_key"} & set(re.findall(r'"(\w+)":', file.text))

    async def test_everything_goes_and_nobody_else_loses_anything(
        self, house: House, kim: Somebody, bot: Bot, caplog: pytest.LogCaptureFixture
    ) -> None:
        work, client = worker(house, bot)
        now, alone = house.clock(), {"kind": "NEWS", "message_id": "1@example.org", "payload": None}
        with house.database.transaction() as session:  # a mail that is about nothing that goes
            service.enqueue(session, recipient="Kimzon@example.org", now=now, **alone)
        browser, others = admin(house), said_of(house, "alexzon")
        with caplog.at_level(logging.DEBUG):
            await browser.get(PATH)
            chosen = choices(await browser.post(PATH, kontakt=kim.email))
            asked = await browser.post(f"{PATH}/radera", kontakt=kim.email, val=chosen)  # type: ignore[arg-type]
            assert "avbokas, och vägledaren får besked" in asked.text
            assert sorted(choices(asked)) == sorted(chosen)
            done = await browser.post(f"{PATH}/raderat", kontakt=kim.email, val=chosen)  # type: ignore[arg-type]
            assert done.status_code == 303
            assert "kimzon" not in done.headers["location"]
            stored = everything(house.database, house.settings)
            assert "kimzon" not in stored, [line for line in stored.splitlines() if "kimzon" in line][:3]
            assert said_of(house, "alexzon") == others
            await work["outbox"].run()
            await work["retention"].run()
        await client.close()
        assert bot.forgot == [str(kim.talk)]
        assert "kimzon" not in everything(house.database, house.settings)
        assert "kimzon" not in caplog.text.lower()
        assert len(list(house.settings.mail_dir.glob("*-CANCEL.eml"))) == 1, "the counsellor hears of it"
        if house.database.is_sqlite:
            assert b"kimzon" not in b"".join(bytes_of(house.database)).lower()

    async def test_only_what_is_chosen_and_theirs_is_erased(self, house: House, kim: Somebody) -> None:
        browser = admin(house)
        await browser.get(PATH)
        theirs = choices(await browser.post(PATH, kontakt=ALEX.email))
        mine = choices(await browser.post(PATH, kontakt=kim.email))
        assert not set(mine) & set(theirs)
        others = said_of(house, "alexzon")
        (talk,) = (one for one in mine if one.startswith("conversation:"))
        await browser.post(f"{PATH}/raderat", kontakt=kim.email, val=[talk, *theirs])  # type: ignore[arg-type]
        assert said_of(house, "alexzon") == others
        left = choices(await browser.post(PATH, kontakt=kim.email))
        assert talk not in left
        assert {one for one in left if one.startswith("meeting:")}

    async def test_the_trail_says_that_somebody_looked_and_erased_and_not_for_whom(
        self, house: House, kim: Somebody
    ) -> None:
        browser = admin(house)
        await browser.get(PATH)
        chosen = choices(await browser.post(PATH, kontakt=kim.email))
        await browser.post(f"{PATH}/fil", kontakt=kim.email)
        await browser.post(f"{PATH}/raderat", kontakt=kim.email, val=chosen)  # type: ignore[arg-type]
        rows = [row for row in house.audited() if row.action.startswith("privacy.")]
        assert [row.action for row in rows] == ["privacy.looked_up", "privacy.exported", "privacy.erased"]
        assert {row.subject for row in rows} == {"privacy"}
        assert rows[2].details == {"rows": len(chosen)}
        forgotten = {row.action for row in house.audited()}
        assert forgotten >= {"meeting.forgotten", "event.signup_forgotten", "enquiry.forgotten", "conversation.erased"}

    async def test_what_is_no_contact_is_asked_for_again(self, house: House) -> None:
        browser = admin(house)
        await browser.get(PATH)
        for typed in ("", "Kim", "kim@example.org 0701740635", "x" * 200):
            page = await browser.post(PATH, kontakt=typed)
            assert page.status_code == 422, typed
            assert "Skriv bara en uppgift: ett telefonnummer eller en e-postadress." in page.text

    async def test_nobody_is_found_by_a_part_of_a_contact_and_nothing_chosen_erases_nothing(
        self, house: House, kim: Somebody
    ) -> None:
        browser = admin(house)
        await browser.get(PATH)
        assert "Vi hittade inget med" in (await browser.post(PATH, kontakt="zon@example.org")).text
        page = await browser.post(f"{PATH}/radera", kontakt=kim.email)
        assert page.status_code == 422
        assert "Välj minst en sak" in page.text
