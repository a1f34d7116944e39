"""What this capability holds of people: contacts behind their tokens, and what the bot has yet to forget."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime
from uuid import UUID

from sqlalchemy import delete, func, select
from sqlalchemy.orm import Session

from api.holdings import Columns, Erasing, Holding, Record, Who, record
from api.privacy.retention import erase_old_contacts
from api.privacy.tables import ContactToken

_CONTACT = Columns.of("contact_token", personal="value", hidden="token", plain="conversation_id kind created_at")


def _conversations(session: Session, contacts: frozenset[str]) -> Iterable[UUID]:
    given = select(ContactToken.conversation_id).where(func.lower(ContactToken.value).in_(contacts))
    return session.scalars(given.distinct())


def _find(session: Session, who: Who, now: datetime) -> list[Record]:
    given = select(ContactToken).where(func.lower(ContactToken.value).in_(who.contacts))
    return [record(row, _CONTACT) for row in session.scalars(given.order_by(ContactToken.created_at))]


def _erase(session: Session, key: str, erasing: Erasing) -> None:
    session.execute(delete(ContactToken).where(ContactToken.token == key))


HOLDINGS = (
    Holding(
        "contact",
        (_CONTACT,),
        retire=erase_old_contacts,
        conversations=_conversations,
        find=_find,
        erase=_erase,
    ),
    Holding("tracker", (Columns.of("bot_forgetting", hidden="conversation_id", plain="since"),)),
)

ELSEWHERE = tuple(Holding(name) for name in ("logs", "memory", "browser", "backups"))
"""What lies in no table."""
