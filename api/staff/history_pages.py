"""The history of any row that staff keep, putting it back, and the button "Ångra"."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from typing import Annotated

from fastapi import APIRouter, Form, Request
from fastapi.responses import HTMLResponse, RedirectResponse
from sqlalchemy import select
from sqlalchemy.orm import Session

from api.clock import Now
from api.database import Base, ReadSession, WriteSession
from api.row_json import row_json
from api.staff import actors, history, removed
from api.staff.addresses import onward, told
from api.staff.editing.storing import find
from api.staff.errors import RowUnknown
from api.staff.frame import staff_page
from api.staff.kept import Kept, PutBack, models
from api.staff.roles import Staff
from api.staff.sessions import SignedIn
from api.staff.tables import RowChange
from api.texts import Texts

_TEXTS = Texts.beside(__file__)
_PAGE = removed.HISTORY
_SHOWN = 100
"""Changes on a page; older ones are counted."""
_EMPTY: tuple[object, ...] = (None, "", False, [], {})
"""What is not told of a row that was made or removed."""

router = APIRouter(include_in_schema=False)


@dataclass(frozen=True)
class Line:
    """One column of a change."""

    label: str
    old: str
    new: str


@dataclass(frozen=True)
class Event:
    """One change of the row."""

    id: int
    at: datetime
    who: str
    what: str
    lines: list[Line]
    can_restore: bool


@router.get(_PAGE + "/{kind}/{key}")
def show(request: Request, account: Staff, kind: str, key: str, session: ReadSession) -> HTMLResponse:
    """Who changed what, when, latest first; of a removed row too."""
    kept = _kept(request, kind, key)
    row = removed.name(session, kept, key)
    if row is None:
        raise RowUnknown
    removal = None if row.address else removed.of_row(session, kind, key)
    changes = history.of_row(session, kind, key)
    return staff_page(
        request,
        account,
        "staff_history.html",
        kept=kept,
        row_title=row.title,
        back=row.address,
        removal=removal,
        can_come_back=removal is not None and removed.is_click(removal.batch),
        page=f"{_PAGE}/{kind}/{key}",
        events=list(_events(session, kept, changes[:_SHOWN], is_there=bool(row.address))),
        older=max(0, len(changes) - _SHOWN),
    )


@router.post(_PAGE + "/{kind}/{key}/{change_id}")
def restore(
    request: Request, account: Staff, kind: str, key: str, change_id: int, session: WriteSession, now: Now
) -> RedirectResponse:
    """Put the row back to how it was before a change. Raises RowUnknown or RestoreRefused."""
    kept = _kept(request, kind, key)
    row = find(session, kept.model, key, to_change=True)
    stood = row_json(row)
    changed = history.restore(session, row, change_id, at=now, actor=account.actor)
    if changed:
        _put_back(request, account, session, now, kept, row, history.difference(stood, row_json(row)))
    return RedirectResponse(told(kept.address(row), "aterstalld" if changed else "oforandrad"), status_code=303)


@router.post("/personal/angra/{batch}")
def undo(
    request: Request,
    account: Staff,
    batch: str,
    session: WriteSession,
    now: Now,
    here: Annotated[str, Form(max_length=2000)] = "",
) -> RedirectResponse:
    """Take back what one click did. Raises ChangedSince or RestoreRefused."""
    kinds: dict[str, Kept] = request.app.state.kept
    undone = history.undo(session, batch, models(kinds.values()), at=now, actor=account.actor)
    for change in session.scalars(select(RowChange).where(RowChange.batch == undone.batch)):
        kept = kinds.get(change.kind)
        if kept and change.action == "changed" and kept.put_back:
            row = history.load(session, kept.model, change.key)
            _put_back(request, account, session, now, kept, row, change.diff)
    return RedirectResponse(told(onward(here), "angrat", undo=undone.batch), status_code=303)


def _put_back(
    request: Request, account: SignedIn, session: Session, now: datetime, kept: Kept, row: Base, diff: history.Diff
) -> None:
    if kept.put_back:
        before = {name: old for name, (old, _) in diff.items()}
        kept.put_back(PutBack(session, row, before, now, account.actor, request.app.state.settings))


def what_was_done(action: str, cause: str) -> str:
    """What a change did, as the history says it."""
    key = f"cause_{cause}"
    return _TEXTS(key) if key in _TEXTS.keys() else _TEXTS(f"action_{action}")  # noqa: SIM118 - not a dict


def _kept(request: Request, kind: str, key: str) -> Kept:
    kept: Kept | None = request.app.state.kept.get(kind)
    if kept is None or "\x00" in key:  # PostgreSQL has no such text
        raise RowUnknown
    return kept


def _events(session: Session, kept: Kept, changes: list[RowChange], *, is_there: bool) -> Iterator[Event]:
    names = actors.titles(session, {change.actor for change in changes})
    for change in changes:
        lines = [
            Line(label, kept.worded(session, column, old), kept.worded(session, column, new))
            for column, (old, new) in change.diff.items()
            if (label := kept.label(column)) and (change.action == "changed" or old not in _EMPTY or new not in _EMPTY)
        ]
        yield Event(
            id=change.id,
            at=change.at,
            who=names[change.actor],
            what=what_was_done(change.action, change.cause),
            lines=lines,
            can_restore=is_there and change.action == "changed",
        )
