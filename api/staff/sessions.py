"""Sessions on the server: a random token in a cookie, its hash in the database, an end that always comes."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Literal, cast

from fastapi import Request, Response
from sqlalchemy import delete, or_, select, update
from sqlalchemy.orm import Session

from api.database import Database, rowcount
from api.settings import Settings
from api.staff.secrets import keyed_hash, new_token, token_hash
from api.staff.tables import Account, StaffSession

Role = Literal["admin", "staff", "counsellor"]

_SEEN_EVERY = timedelta(minutes=1)
"""`seen_at` is written at most this often, so that reading a page seldom writes."""


@dataclass(frozen=True)
class SignedIn:
    """Who is asking: what a route gets from `RequireRole`."""

    id: int
    login: str
    title: str
    role: Role
    session_id: int
    csrf: str
    """Goes into every form as the field `csrf` (or into the header `X-CSRF-Token`)."""
    has_password: bool

    @property
    def actor(self) -> str:
        """How the audit trail names the account."""
        return f"{self.role}:{self.id}"


def start(session: Session, settings: Settings, account: Account, now: datetime) -> str:
    """A new session of the account; its token for the cookie. What is over is cleared away on the way."""
    erase_ended(session, settings, now)
    token = new_token()
    session.add(
        StaffSession(
            token_hash=token_hash(token),
            account_id=account.id,
            created_at=now,
            seen_at=now,
            expires_at=now + timedelta(hours=settings.session_hours),
        )
    )
    return token


def find(database: Database, settings: Settings, token: str, now: datetime) -> SignedIn | None:
    """Whose token it is; None when it is unknown, has ended, was not used for too long, or the account is closed.

    Uses transactions of its own, so that a request that fails counts as activity too.
    """
    with database.transaction(read_only=True) as session:
        row = session.scalar(select(StaffSession).where(StaffSession.token_hash == token_hash(token)))
    if row is None or not row.account.active or now >= row.expires_at or now - row.seen_at >= _idle(settings):
        return None
    if now - row.seen_at >= _SEEN_EVERY:
        with database.transaction() as session:
            session.execute(update(StaffSession).where(StaffSession.id == row.id).values(seen_at=now))
    account = row.account
    return SignedIn(
        id=account.id,
        login=account.login,
        title=account.title,
        role=cast(Role, account.role),
        session_id=row.id,
        csrf=keyed_hash(settings.secret_key, "csrf", token),
        has_password=account.password_hash is not None,
    )


def living(session: Session, settings: Settings, account_id: int, now: datetime) -> Sequence[StaffSession]:
    """The account's sessions that still hold, the latest used first."""
    return session.scalars(
        select(StaffSession)
        .where(
            StaffSession.account_id == account_id,
            StaffSession.expires_at > now,
            StaffSession.seen_at > now - _idle(settings),
        )
        .order_by(StaffSession.seen_at.desc(), StaffSession.id.desc())
    ).all()


def end(session: Session, session_id: int, *, account_id: int) -> bool:
    """End one session of the account; whether there was one."""
    mine = delete(StaffSession).where(StaffSession.id == session_id, StaffSession.account_id == account_id)
    return rowcount(session.execute(mine)) > 0


def end_token(session: Session, token: str) -> None:
    """End the session of this token, if there is one."""
    session.execute(delete(StaffSession).where(StaffSession.token_hash == token_hash(token)))


def end_all(session: Session, account_id: int, *, keep: int | None = None) -> int:
    """End the account's sessions, except `keep`. How many."""
    theirs = delete(StaffSession).where(StaffSession.account_id == account_id)
    return rowcount(session.execute(theirs if keep is None else theirs.where(StaffSession.id != keep)))


def erase_ended(session: Session, settings: Settings, now: datetime) -> int:
    """Erase the rows of sessions that are over. How many."""
    over = or_(StaffSession.expires_at <= now, StaffSession.seen_at <= now - _idle(settings))
    return rowcount(session.execute(delete(StaffSession).where(over)))


def cookie_name(settings: Settings) -> str:
    """What the session's cookie is called."""
    return own_name(settings, "iv_session")


def own_name(settings: Settings, name: str) -> str:
    """With https the browser itself guarantees that a cookie is this host's alone (`__Host-`), no neighbour's."""
    return f"__Host-{name}" if _https(settings) else name


def cookie_of(request: Request) -> str:
    """The token that the browser shows; empty without one."""
    return request.cookies.get(cookie_name(request.app.state.settings), "")


def set_cookie(response: Response, settings: Settings, token: str) -> None:
    """Give the token to the browser, until the session's absolute end."""
    set_private_cookie(response, settings, cookie_name(settings), token, timedelta(hours=settings.session_hours))


def forget_cookie(response: Response, settings: Settings) -> None:
    set_private_cookie(response, settings, cookie_name(settings), "", timedelta(0))


def set_private_cookie(response: Response, settings: Settings, name: str, value: str, lasts: timedelta) -> None:
    """A cookie that scripts cannot read and other sites' forms do not send."""
    response.set_cookie(
        name,
        value,
        max_age=int(lasts.total_seconds()),
        path="/",
        httponly=True,
        secure=_https(settings),
        samesite="lax",
    )


def _https(settings: Settings) -> bool:
    return settings.base_url.startswith("https://")


def _idle(settings: Settings) -> timedelta:
    return timedelta(minutes=settings.session_idle_minutes)
