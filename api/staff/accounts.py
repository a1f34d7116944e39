"""Accounts: made, changed and closed by administrators and on the command line."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Literal

from sqlalchemy import select
from sqlalchemy.orm import Session

from api.staff import passwords, sessions
from api.staff.audit import record
from api.staff.errors import (
    AccountClosed,
    AccountUnknown,
    LinkUnknown,
    LoginInvalid,
    LoginTaken,
    OwnAccount,
    RoleFromProvider,
    RoleUnknown,
    TitleInvalid,
)
from api.staff.roles import ROLES
from api.staff.secrets import new_token, token_hash
from api.staff.sessions import SignedIn
from api.staff.tables import Account

LINK_LASTS = timedelta(hours=24)
_LOGIN = re.compile(r"[a-z0-9\u00e5\u00e4\u00f6][a-z0-9\u00e5\u00e4\u00f6._@+-]{1,119}")
"""Letters a to z and the three Swedish ones: nothing that looks like another letter."""
_TITLE = re.compile(r"[^\x00-\x1f\x7f<>]{2,80}")


@dataclass(frozen=True)
class OneTimeLink:
    """Whose password a link sets, and its secret. Nobody can read the secret out of the database again."""

    account: Account
    token: str


def normal_login(text: str) -> str:
    """A log-in as it is stored and looked up."""
    return unicodedata.normalize("NFKC", text).strip().casefold()


def everyone(session: Session) -> Sequence[Account]:
    """All accounts: open ones first, then by title."""
    return session.scalars(select(Account).order_by(Account.active.desc(), Account.title, Account.id)).all()


def by_login(session: Session, login: str) -> Account | None:
    """The account with this log-in, whatever its letters' case."""
    return session.scalar(select(Account).where(Account.login == normal_login(login)))


def create(session: Session, *, login: str, title: str, role: str, now: datetime, actor: str) -> Account:
    """An account that cannot log in yet: it has no password.

    Raises LoginInvalid, LoginTaken, TitleInvalid or RoleUnknown.
    """
    login, title = normal_login(login), " ".join(title.split())
    if not _LOGIN.fullmatch(login):
        raise LoginInvalid
    if not _TITLE.fullmatch(title):
        raise TitleInvalid
    _check_role(role)
    if by_login(session, login) is not None:
        raise LoginTaken
    account = Account(login=login, title=title, role=role, active=True, oidc_role=False, created_at=now)
    session.add(account)
    session.flush()
    record(session, at=now, actor=actor, action="account_created", subject=_subject(account), role=role)
    return account


def set_password(session: Session, account: Account, password_hash: str, *, now: datetime, actor: str) -> None:
    """Store a password that was checked and hashed; every one-time link becomes void."""
    account.password_hash = password_hash
    account.link_hash = account.link_expires_at = None
    record(session, at=now, actor=actor, action="password_set", subject=_subject(account))


def make_link(session: Session, account: Account, *, now: datetime, actor: str) -> OneTimeLink:
    """A link that sets a new password once, within LINK_LASTS. A former link becomes void; the password stays.

    Raises AccountClosed.
    """
    if not account.active:
        raise AccountClosed
    token = new_token()
    account.link_hash, account.link_expires_at = token_hash(token), now + LINK_LASTS
    record(session, at=now, actor=actor, action="link_made", subject=_subject(account))
    return OneTimeLink(account, token)


def by_link(session: Session, token: str, now: datetime, *, lock: bool = False) -> Account:
    """The account that the one-time link belongs to. Raises LinkUnknown for a wrong, used or old one."""
    query = select(Account).where(Account.link_hash == token_hash(token))
    account = session.scalar(query.with_for_update() if lock else query)
    if account is None or not account.active or account.link_expires_at is None or account.link_expires_at <= now:
        raise LinkUnknown
    return account


def use_link(session: Session, token: str, password_hash: str, now: datetime) -> Account:
    """Set the password through a one-time link and end all sessions. Raises LinkUnknown."""
    account = by_link(session, token, now, lock=True)
    set_password(session, account, password_hash, now=now, actor=account.actor)
    sessions.end_all(session, account.id)
    return account


def set_role(session: Session, account_id: int, role: str, *, by: SignedIn, now: datetime) -> Account:
    """Give the account another role and end its sessions, so that no session outlives what it was allowed.

    Raises AccountUnknown, OwnAccount, RoleFromProvider or RoleUnknown.
    """
    _check_role(role)
    account = _others(session, account_id, by)
    if account.oidc_role:
        raise RoleFromProvider
    if account.role != role:
        before, account.role = account.role, role
        sessions.end_all(session, account.id)
        details = {"from": before, "to": role}
        record(session, at=now, actor=by.actor, action="role_changed", subject=_subject(account), **details)
    return account


def set_active(session: Session, account_id: int, active: bool, *, by: SignedIn, now: datetime) -> Account:
    """Close an account, which ends its sessions and its link, or open it again. Raises AccountUnknown or OwnAccount."""
    account = _others(session, account_id, by)
    if account.active != active:
        account.active = active
        account.link_hash = account.link_expires_at = None
        sessions.end_all(session, account.id)
        action: Literal["account_opened", "account_closed"] = "account_opened" if active else "account_closed"
        record(session, at=now, actor=by.actor, action=action, subject=_subject(account))
    return account


def end_sessions(session: Session, account_id: int, *, by: SignedIn, now: datetime, keep: int | None = None) -> int:
    """End the account's sessions, except `keep`; how many. Raises AccountUnknown."""
    account = get(session, account_id)
    count = sessions.end_all(session, account.id, keep=keep)
    record(session, at=now, actor=by.actor, action="sessions_ended", subject=_subject(account), count=count)
    return count


def get(session: Session, account_id: int) -> Account:
    """The account. Raises AccountUnknown."""
    account = session.get(Account, account_id)
    if account is None:
        raise AccountUnknown
    return account


def check_new_password(account: Account, password: str) -> None:
    """Raises PasswordTooShort, PasswordTooLong or PasswordGuessable."""
    passwords.check_new(password, (account.login, account.title))


def _others(session: Session, account_id: int, by: SignedIn) -> Account:
    """The account, unless it is the administrator's own, with all administrators locked.

    Two administrators who close each other at the same moment must not both succeed.
    """
    admins = select(Account).where((Account.role == "admin") | (Account.id == account_id)).order_by(Account.id)
    rows = {row.id: row for row in session.scalars(admins.with_for_update())}
    if account_id == by.id:
        raise OwnAccount
    if by.id not in rows or not rows[by.id].active or account_id not in rows:
        raise AccountUnknown
    return rows[account_id]


def _check_role(role: str) -> None:
    if role not in ROLES:
        raise RoleUnknown


def _subject(account: Account) -> str:
    return f"account:{account.id}"
