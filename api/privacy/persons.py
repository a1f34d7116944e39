"""One person's data: found by a contact, handed out, erased (GDPR, articles 15, 17 and 20).

Nothing here stores or logs the contact that was looked for.
"""

from __future__ import annotations

from collections.abc import Collection, Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy.orm import Session

from api.holdings import Erasing, Holding, Record, Who
from api.privacy.contacts import Contact
from api.staff.audit import record as audit


@dataclass(frozen=True)
class Found:
    """The rows of one kind about somebody."""

    holding: Holding
    records: tuple[Record, ...]

    def chosen(self) -> Iterator[tuple[str, Record]]:
        """What can be erased, by the name it is chosen by."""
        if self.holding.erase is not None:
            for record in self.records:
                yield f"{record.table}:{record.key}", record


def spellings(contact: Contact) -> frozenset[str]:
    """Every way in which the contact may be stored: an address in lower case; a number with + and with 00; a Swedish
    one without +46, too."""
    if contact.kind == "email":
        return frozenset({contact.value.lower()})
    for prefix in ("+46", "0046"):
        if contact.value.startswith(prefix):
            national = "0" + contact.value.removeprefix(prefix).removeprefix("0")
            break
    else:
        national = contact.value
    if not national.startswith("0") or national.startswith("00"):
        abroad = national.removeprefix("00").removeprefix("+")
        return frozenset({contact.value, f"+{abroad}", f"00{abroad}"})
    return frozenset({national, f"+46{national[1:]}", f"0046{national[1:]}"})


def look_up(session: Session, holdings: Sequence[Holding], contact: Contact, now: datetime) -> list[Found]:
    """What is stored about whoever has this contact, kind by kind; kinds without anything are left out."""
    contacts = spellings(contact)
    talks = {one for holding in holdings if holding.conversations for one in holding.conversations(session, contacts)}
    who = Who(contacts, frozenset(talks))
    found = [Found(holding, tuple(holding.find(session, who, now))) for holding in holdings if holding.find]
    return [one for one in found if one.records]


def erase(session: Session, found: Sequence[Found], chosen: Collection[str], erasing: Erasing) -> int:
    """Erase what was chosen among what was found, in the order of the kinds; how many rows. What is about somebody
    else cannot be chosen."""
    count = 0
    for kind in _meetings_first(found):
        for name, record in kind.chosen():
            if name in chosen and kind.holding.erase is not None:
                kind.holding.erase(session, record.key, erasing)
                session.flush()
                count += 1
    audit(session, at=erasing.now, actor=erasing.actor, action="privacy.erased", subject="privacy", rows=count)
    return count


def exported(found: Sequence[Found], now: datetime) -> dict[str, Any]:
    """Everything found, for a file: JSON with the names of the tables and columns."""
    return {
        "exported_at": now.isoformat(),
        "data": {one.holding.name: [_as_json(record) for record in one.records] for one in found},
    }


def _meetings_first(found: Sequence[Found]) -> list[Found]:
    """Conversations after what was booked in them, and mails last: cancelling writes some."""
    order = ("meeting", "signup", "enquiry", "conversation", "contact", "mail")
    return sorted((one for one in found if one.holding.erase), key=lambda one: order.index(one.holding.name))


def _as_json(record: Record) -> dict[str, Any]:
    parts = {"parts": [_as_json(part) for part in record.parts]} if record.parts else {}
    return {"table": record.table, **record.values, **parts}
