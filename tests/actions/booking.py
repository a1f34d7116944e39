"""A booking in the tests: the straight way through the form, and what it leaves in the database."""

from __future__ import annotations

from collections.abc import Callable

from sqlalchemy import select

from api.booking.tables import Meeting
from api.database import Database
from tests.actions.conversation import Conversation

PHONE = "070-174 06 35"
SafeText = Callable[[Conversation, str], str]
NewConversation = Callable[[], Conversation]


async def until(talk: Conversation, step: str, safe_text: SafeText, contact: str = PHONE) -> None:
    """Go the straight way until `step` is asked."""
    await talk.book("boka tid")
    if asked(talk) == "booking_errand":
        await talk.press("Boka en till")
    if step == "booking_node":
        return
    await talk.press("Karlstad")
    if step == "booking_type":
        return
    await talk.press("Telefon")
    if step == "booking_time":
        return
    await talk.press(talk.buttons[0]["title"])
    if step == "booking_name":
        return
    await talk.book("Kim", "nlu_fallback", confidence=0.2)
    if step == "booking_contact":
        return
    await talk.book(safe_text(talk, contact), "nlu_fallback", confidence=0.2)
    if step == "booking_interpreter":
        return
    await talk.press("Nej, ingen tolk")


def asked(talk: Conversation) -> str | None:
    return talk.slots["requested_slot"]


def booked(store: Database) -> list[Meeting]:
    with store.transaction(read_only=True) as session:
        return list(session.scalars(select(Meeting).where(Meeting.status == "confirmed")))


async def book_one(talk: Conversation, safe_text: SafeText, contact: str = PHONE) -> None:
    """Book the first time offered."""
    await until(talk, "booking_confirmed", safe_text, contact)
    await talk.press("Ja, boka")
