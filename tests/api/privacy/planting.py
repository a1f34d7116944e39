"""A database in which every column that is declared personal or hidden holds a word of its own, to be looked for.

What a column may hold is asked of the table itself, so that a column that somebody adds is planted by itself.
"""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime, timedelta
from itertools import count
from pathlib import Path
from uuid import UUID, uuid4

from sqlalchemy import JSON, LargeBinary, String, Table, select, text
from sqlalchemy.orm import Session

import api.tables  # noqa: F401 - every table
from api.booking.tables import Counsellor
from api.catalogue.tables import Municipality
from api.database import Base, Database
from api.holdings import Columns, Holding
from api.personal import HOLDINGS
from api.staff import accounts

CONTACTS = {"email": "kim.prov@example.org", "phone": "0701740635"}
"""What the rows of one person are found by; both stand in reserved places (a domain, a range of numbers)."""

BY_TABLE = {columns.table: (holding, columns) for holding in HOLDINGS for columns in holding.tables}
TABLES: dict[str, Table] = dict(Base.metadata.tables)


class Planter:
    """Puts rows into tables; remembers each word with its holding."""

    def __init__(self, session: Session) -> None:
        self._session = session
        self._numbers = count(100)
        self.words: dict[str, str] = {}
        """Word → `holding table.column`."""

    def row(self, table: str, **values: object) -> None:
        """One row: `values`, and a planted word in every personal or hidden column that can hold one."""
        holding, columns = BY_TABLE[table]
        planted = {name: self._word(holding, columns, name) for name in (*columns.personal, *columns.hidden)}
        row = {name: word for name, word in planted.items() if word is not None} | values
        self._session.execute(TABLES[table].insert().values(**row))

    def _word(self, holding: Holding, columns: Columns, name: str) -> object:
        kind = TABLES[columns.table].c[name].type
        if not isinstance(kind, String | JSON | LargeBinary) or len("zq100") > (getattr(kind, "length", None) or 99):
            return None
        word = f"zq{next(self._numbers)}"
        self.words[word] = f"{holding.name} {columns.table}.{name}"
        if isinstance(kind, JSON):
            return (
                [word]
                if name == "items"
                else [{"id": word, "title": word, "payload": word}]
                if name == "choices"
                else {"k": word}
            )
        return word.encode() if isinstance(kind, LargeBinary) else word


def plant(database: Database, now: datetime) -> dict[str, str]:
    """Fill everything: a conversation, a coming meeting, a sign-up for a coming event, an enquiry that nobody answers
    and one that was answered, mails about each and about nothing, a file, sessions and failures. Word → where."""
    with database.transaction() as session:
        planter = Planter(session)
        account = accounts.create(
            session, login="prov@example.org", title="Prov", role="staff", now=now, actor="cli"
        ).id
        session.flush()
        talk, meeting, event, signup = uuid4(), uuid4(), uuid4(), uuid4()
        planter.row("conversation", id=talk, turns=1, created_at=now, active_at=now)
        said = {"conversation_id": talk, "turn": 1, "position": 0, "sender": "user", "kind": "text", "created_at": now}
        planter.row("message", id=uuid4(), **said)
        planter.row("contact_token", conversation_id=talk, kind="email", created_at=now)
        about = {"turn": 1, "said_at": now, "municipality": "", "topic": "", "state": "handled"}
        flags = {"not_understood": True, "thumbs_down": False, "dead_end": False}
        planter.row("insight_phrase", conversation_id=talk, **about, **flags)
        proposed = {"said_at": now, "author_id": account, "proposed_at": now, "topic": "cost", "new_topic": ""}
        planter.row("training_example", conversation_id=talk, state="waiting", **proposed)
        _meeting(planter, session, meeting, talk, now)
        _signup(planter, session, event, signup, talk, now)
        for answered in (None, now):
            _enquiry(planter, uuid4(), now, answered)
        for thread, about_meeting in ((meeting, meeting), (signup, None), (None, None)):
            sent = {"sequence": 0, "draft": False, "created_at": now, "not_before": now, "attempts": 1}
            more = {"next_try": now, "sent_at": now, "kind": "REQUEST", "channel": "mail"}
            planter.row("outbox", thread=thread, meeting_id=about_meeting, **sent, **more)
        planter.row(
            "staff_session", account_id=account, created_at=now, seen_at=now, expires_at=now + timedelta(hours=12)
        )
        planter.row("login_failure", failures=1, last_at=now, blocked_until=now)
        _files(planter, account, now)
        return planter.words


def _meeting(planter: Planter, session: Session, meeting: UUID, talk: UUID, now: datetime) -> None:
    starts, ends = now + timedelta(days=1), now + timedelta(days=1, minutes=30)
    flags = {"staff_override": False, "wants_easy": False, "no_show": False, "hold_extended": False}
    planter.row(
        "meeting",
        id=meeting,
        reference="IV-PROV1",
        counsellor_id=session.scalars(select(Counsellor.id).order_by(Counsellor.id)).first(),
        conversation_id=talk,
        meeting_type="phone",
        starts_at=starts,
        ends_at=ends,
        block_from=starts,
        block_to=ends,
        status="confirmed",
        sequence=0,
        created_at=now,
        ical_uid="prov-1@example.org",
        counsellor_chosen=False,
        **flags,
    )
    planter.row("meeting_link", meeting_id=meeting, created_at=now)


def _signup(planter: Planter, session: Session, event: UUID, signup: UUID, talk: UUID, now: datetime) -> None:
    where = session.scalars(select(Municipality.id).order_by(Municipality.id)).first()
    times = {"starts_at": now + timedelta(days=1), "ends_at": now + timedelta(days=1, hours=2)}
    stamps = {"created_at": now, "updated_at": now}
    words = {"title": "Prov", "host": "Noden", "contact": "Noden", "contact_email": "noden@example.org"}
    blank = {
        "description": "",
        "place_name": "Noden",
        "street": "",
        "online_url": "",
        "for_whom": "",
        "contact_phone": "",
    }
    facts = {"step_free": "unknown", "hearing_loop": "unknown", "interpreter": [], "women_only": False}
    state = {"status": "published", "cancel_reason": "", "example": True, "kind": "information"}
    values = times | stamps | words | blank | facts | state
    session.execute(TABLES["event"].insert().values(id=event, municipality_id=where, **values))
    mine = {
        "number": 1,
        "reference": "IV-PROV2",
        "status": "signed",
        "told_facts": "",
        "ical_uid": "prov-2@example.org",
    }
    planter.row(
        "event_signup",
        id=signup,
        event_id=event,
        conversation_id=talk,
        sequence=0,
        created_at=now,
        changed_at=now,
        **mine,
    )
    planter.row("event_signup_link", signup_id=signup, created_at=now)


def _enquiry(planter: Planter, enquiry: UUID, now: datetime, answered: datetime | None) -> None:
    state = "answered" if answered else "new"
    to = {"function": "Noden", "function_email": "noden@example.org"}
    counts = {"reminders": 0, "mails": 1, "taken_back": False}
    planter.row(
        "enquiry",
        id=enquiry,
        reference=f"IV-PROV{3 if answered else 4}",
        matter="other",
        status=state,
        created_at=now,
        due_at=now,
        answered_at=answered,
        conversation_id=None,
        **to,
        **counts,
    )
    planter.row("enquiry_note", enquiry_id=enquiry, kind="note", at=now, actor="staff:1")
    planter.row("enquiry_link", enquiry_id=enquiry, created_at=now)
    sent = {"sequence": 0, "draft": False, "created_at": now, "not_before": now, "attempts": 1, "channel": "mail"}
    planter.row("outbox", thread=enquiry, kind="ENQUIRY", next_try=now, sent_at=now, **sent)


def _files(planter: Planter, account: int, now: datetime) -> None:
    job, stamps = uuid4(), {"created_at": now, "queued_at": now, "expires_at": now + timedelta(days=1)}
    state = {"work": "check", "state": "ready", "attempt": 1, "step": "", "progress": 100, "changed_since": False}
    planter.row("import_job", id=job, account_id=account, size=1, digest="", summary={}, **stamps, **state)
    planter.row("import_piece", job_id=job, number=1)
    planter.row("import_finding", job_id=job, part="new", page=1)
    shown = {"change": {}, "shown": [], "refused": [], "unchanged": 0, "back": "", "batch": ""}
    planter.row("bulk_plan", id=uuid4(), account_id=account, created_at=now, **shown)


def dump(database: Database) -> str:
    """Every value of every table, as one text."""
    with database.transaction(read_only=True) as session:
        rows = [str(row) for name in TABLES for row in session.execute(text(f'SELECT * FROM "{name}"'))]
        tokens = [repr(bytes(data)) for data in session.scalars(text("SELECT data FROM import_piece"))]
    return "\n".join([*rows, *tokens])


def bytes_of(database: Database) -> Iterator[bytes]:
    """The files that a SQLite database lies in: pages in use, free pages, and the log."""
    path = Path(str(database.engine.url.database))
    for suffix in ("", "-wal"):
        file = path.with_name(path.name + suffix)
        if file.exists():
            yield file.read_bytes()
