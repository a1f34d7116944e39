"""Contact data leaves the message before anything else sees it, and comes back only for its own conversation."""

from __future__ import annotations

import re
from datetime import datetime
from uuid import UUID

import pytest
from sqlalchemy import func, select
from sqlalchemy.orm import Session

from api.chat.service import start_conversation
from api.database import Database
from api.privacy.contacts import Contact, make_safe, resolve_contact
from api.privacy.tables import CONTACT_LIMIT, ContactToken

TOKEN = re.compile(r"kontakt-[0-9a-f]{24}")


@pytest.fixture
def session(database: Database):
    with database.transaction() as session:
        yield session


@pytest.fixture
def conversation(session: Session, now: datetime) -> UUID:
    return start_conversation(session, now)[0].id


def test_the_bot_gets_tokens_and_the_chat_only_says_that_a_contact_stood_there(session, conversation, now):
    safe = make_safe(session, conversation, "Kim@example.org eller 070-174 06 35, pnr 900101-1234", now)
    assert safe.for_storage == "[e-postadress] eller [telefonnummer], pnr [personnummer]"
    assert re.sub(TOKEN, "TOKEN", safe.for_bot) == "TOKEN eller TOKEN, pnr [personnummer]"
    first, second = TOKEN.findall(safe.for_bot)
    assert resolve_contact(session, conversation, first) == Contact("email", "kim@example.org")
    assert resolve_contact(session, conversation, second) == Contact("phone", "0701740635")


def test_the_same_contact_keeps_its_token_however_it_is_written(session, conversation, now):
    texts = ("0701740635", "070-174 06 35", "ring 070 174 06 35 tack")
    tokens = {TOKEN.search(make_safe(session, conversation, text, now).for_bot)[0] for text in texts}
    assert len(tokens) == 1
    assert session.scalar(select(func.count()).select_from(ContactToken)) == 1


def test_a_token_resolves_only_in_its_own_conversation(session, conversation, now):
    other = start_conversation(session, now)[0].id
    mine = TOKEN.search(make_safe(session, conversation, "0701740635", now).for_bot)[0]
    theirs = TOKEN.search(make_safe(session, other, "0701740635", now).for_bot)[0]
    assert mine != theirs
    assert resolve_contact(session, other, mine) is None
    assert resolve_contact(session, conversation, theirs) is None


@pytest.mark.parametrize(
    "token", ["", "kontakt-", "kontakt-" + "0" * 24, "kontakt-" + "0" * 23, "x", "kontakt-" + "0" * 24 + "\n", "\x00"]
)
def test_an_unknown_or_misshapen_token_resolves_to_nothing(session, conversation, token):
    assert resolve_contact(session, conversation, token) is None


def test_a_token_that_somebody_writes_stays_as_it_is_and_gives_nothing_away(session, conversation, now):
    text = "kontakt-0123456789abcdef01234567"
    assert make_safe(session, conversation, text, now).for_bot == text


def test_an_address_longer_than_any_mail_server_takes_is_hidden_but_not_kept(session, conversation, now):
    long = f"{'a' * 64}@{'b' * 63}.{'c' * 63}.{'d' * 63}.org"
    assert len(long) > CONTACT_LIMIT
    safe = make_safe(session, conversation, long, now)
    assert safe.for_bot == safe.for_storage == "[e-postadress]"
    assert session.scalar(select(func.count()).select_from(ContactToken)) == 0


def test_a_message_without_contacts_is_passed_on_word_for_word(session, conversation, now):
    text = "När börjar svetsutbildningen i Säffle 2027-03-15? 😀"
    safe = make_safe(session, conversation, text, now)
    assert safe.for_bot == safe.for_storage == text
