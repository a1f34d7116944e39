"""Which enquiries a list shows, and in which order."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from urllib.parse import urlencode

from sqlalchemy import ColumnElement, Select, func, select
from sqlalchemy.orm import Session

from api.catalogue.tables import Municipality
from api.contact.enquiries.pages.access import visible
from api.contact.enquiries.tables import MATTERS, Enquiry
from api.staff.chores import Chore
from api.staff.sessions import SignedIn
from api.staff.tables import Account
from api.texts import Texts

TEXTS = Texts.beside(__file__)
PATH = "/personal/arenden"
SHOWN = 200
_FOUND = 50
_MOST_SEARCHED = 5000

_WAITING = Enquiry.status.in_(("new", "taken"))
VIEWS = ("vantar", "mina", "besvarade", "avslutade")
"""Waiting for an answer, the account's own of these, answered, closed."""


@dataclass(frozen=True)
class Wanted:
    """What is asked for. An unknown view, municipality or matter counts as none."""

    view: str = "vantar"
    municipality_id: int | None = None
    matter: str = ""

    @classmethod
    def of(cls, view: str, municipality: str, matter: str) -> Wanted:
        """From an address."""
        number = int(municipality) if municipality.isascii() and municipality.isdigit() and len(municipality) < 9 else 0
        return cls(view if view in VIEWS else VIEWS[0], number or None, matter if matter in MATTERS else "")

    def address(self, path: str = PATH, *, view: str = "") -> str:
        """The address of the list, with another `view` when that is given."""
        chosen = {"visa": view or self.view, "kommun": self.municipality_id or "", "arende": self.matter}
        said = {name: value for name, value in chosen.items() if value and value != VIEWS[0]}
        return f"{path}?{urlencode(said)}" if said else path


def chosen(session: Session, account: SignedIn, wanted: Wanted, *, limit: int = SHOWN) -> Sequence[Enquiry]:
    """The enquiries of the list: waiting ones with the earliest last day first, so that late ones stand on top; others
    with the latest first."""
    rows = _of(session, account, wanted).limit(limit)
    if wanted.view in ("vantar", "mina"):
        rows = rows.order_by(Enquiry.due_at, Enquiry.created_at, Enquiry.id)
    else:
        rows = rows.order_by(func.coalesce(Enquiry.closed_at, Enquiry.answered_at).desc(), Enquiry.id)
    return session.scalars(rows).all()


def counts(session: Session, account: SignedIn, wanted: Wanted) -> dict[str, int]:
    """How many enquiries each view has, with the same municipality and matter."""
    found = {}
    for view in VIEWS:
        rows = _of(session, account, Wanted(view, wanted.municipality_id, wanted.matter)).subquery()
        found[view] = session.scalar(select(func.count()).select_from(rows)) or 0
    return found


def found(session: Session, account: SignedIn, text: str) -> Sequence[Enquiry]:
    """By the start of the code, or a part of name, organisation or contact; the latest first.

    Compared here and not in the database: SQLite does not fold å, ä and ö.
    """
    wanted = text.casefold().removeprefix("iv-")
    columns = (Enquiry.id, Enquiry.reference, Enquiry.name, Enquiry.organisation, Enquiry.email, Enquiry.phone)
    rows = select(*columns).where(visible(session, account.role, account.id)).order_by(Enquiry.created_at.desc())
    ids = [
        number
        for number, reference, *words in session.execute(rows.limit(_MOST_SEARCHED))
        if reference.casefold().removeprefix("iv-").startswith(wanted)
        or any(wanted in word.casefold() for word in words)
    ]
    hits = select(Enquiry).where(Enquiry.id.in_(ids[:_FOUND])).order_by(Enquiry.created_at.desc())
    return session.scalars(hits).all()


def municipalities(session: Session) -> list[tuple[str, str]]:
    """Id and name of each municipality, for a list to choose from."""
    names = session.execute(select(Municipality.id, Municipality.name).order_by(Municipality.name))
    return [(str(number), name) for number, name in names]


def chores_of(session: Session, now: datetime, account_id: int) -> Iterable[Chore]:
    """What the account has to answer."""
    account = session.get_one(Account, account_id)
    seen = visible(session, account.role, account_id)
    yield Chore(TEXTS("chore_late"), _count(session, seen, _WAITING, Enquiry.due_at < now), PATH)
    yield Chore(TEXTS("chore_waiting"), _count(session, seen, _WAITING, Enquiry.due_at >= now), PATH)


def _of(session: Session, account: SignedIn, wanted: Wanted) -> Select[Enquiry]:
    rows = select(Enquiry).where(visible(session, account.role, account.id))
    if wanted.view in ("vantar", "mina"):
        rows = rows.where(_WAITING)
    else:
        rows = rows.where(Enquiry.status == ("answered" if wanted.view == "besvarade" else "closed"))
    if wanted.view == "mina":
        rows = rows.where(Enquiry.taken_by == account.actor)
    if wanted.municipality_id:
        rows = rows.where(Enquiry.municipality_id == wanted.municipality_id)
    return rows.where(Enquiry.matter == wanted.matter) if wanted.matter else rows


def _count(session: Session, *where: ColumnElement[bool]) -> int:
    return session.scalar(select(func.count()).select_from(Enquiry).where(*where)) or 0
