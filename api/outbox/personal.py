"""What this capability holds of people: mails."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime

from sqlalchemy import delete, func, select
from sqlalchemy.orm import Session

from api.holdings import Columns, Erasing, Holding, Record, Who, record
from api.outbox import files, oversight
from api.outbox.tables import Outbox
from api.outbox.wording import kind_word
from api.settings import Settings

_OUTBOX = Columns.of(
    "outbox",
    personal="recipient payload redirected_to",
    hidden="message_id",
    plain="id meeting_id thread reference sequence kind channel draft created_at not_before not_after attempts next_try"
    " claimed_until sent_at dead_at superseded_at notify last_error",
)


def _retire(session: Session, settings: Settings, now: datetime) -> int:
    return oversight.erase_ended(session, now, days=settings.retention_contact_days)


def erase_files(session: Session, settings: Settings, now: datetime) -> int:
    """Erase mails that lie as files and whose row is gone, or old and about nothing in particular."""
    return files.erase_forgotten(session, settings.mail_dir, now, days=settings.retention_contact_days)


def _find(session: Session, who: Who, now: datetime) -> list[Record]:
    theirs = select(Outbox).where(func.lower(Outbox.recipient).in_(who.contacts)).order_by(Outbox.id)
    return [_readable(record(row, _OUTBOX)) for row in session.scalars(theirs)]


def _readable(mail: Record) -> Record:
    """Of what a mail says, the words: HTML and calendar file say the same. Its kind as staff call it."""
    words = {name: mail.values["payload"][name] for name in ("subject", "text") if name in mail.values["payload"]}
    return replace(mail, values=mail.values | {"payload": words, "kind": kind_word(mail.values["kind"])})


def _erase(session: Session, key: str, erasing: Erasing) -> None:
    session.execute(delete(Outbox).where(Outbox.id == int(key)))


HOLDINGS = (
    Holding("mail", (_OUTBOX,), retire=_retire, find=_find, erase=_erase),
    Holding("mail_files", retire=erase_files),
)
