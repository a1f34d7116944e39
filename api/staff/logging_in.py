"""Logging in with a password, and changing it.

Each step has short transactions of its own: a password takes long to check, and no transaction may be
open meanwhile, since SQLite lets in one writer at a time.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy.orm import Session

from api.database import Database
from api.settings import Settings
from api.staff import accounts, passwords, sessions, throttle
from api.staff.audit import record
from api.staff.errors import LocalLoginOff, LoginRefused, PasswordsDiffer, PasswordWrong
from api.staff.sessions import SignedIn
from api.staff.tables import Account
from api.staff.throttle import Attempt

_NOBODY = "anonymous"


@dataclass(frozen=True)
class Gate:
    """Where somebody comes from and when: what every attempt needs."""

    database: Database
    settings: Settings
    address: str
    now: datetime

    @property
    def hashed_address(self) -> str:
        return throttle.hashed_address(self.settings.secret_key, self.address)

    def attempt(self, login: str) -> Attempt:
        return Attempt.of(self.settings.secret_key, login, self.address)

    def require_local(self) -> None:
        """Raises LocalLoginOff where only OpenID Connect is let in."""
        if self.settings.oidc_only:
            raise LocalLoginOff


def log_in(gate: Gate, login: str, password: str, *, former_token: str = "") -> str:
    """The token of a new session; the one that the browser had ends.

    Raises LoginRefused (whatever was wrong, after the same time), LoginLocked or LocalLoginOff.
    """
    gate.require_local()
    login = accounts.normal_login(login)
    attempt = gate.attempt(login)
    with gate.database.transaction() as session:
        last = throttle.count(session, attempt, gate.now)
        known = accounts.by_login(session, login)
    stored = known.password_hash if known is not None and known.active else None
    right = passwords.verify(stored, password)
    renewed = passwords.renewed(stored, password) if right and stored else None
    with gate.database.transaction() as session:
        account = session.get(Account, known.id, with_for_update=True) if right and known is not None else None
        if account is not None and account.active and account.password_hash == stored:
            throttle.succeeded(session, attempt, gate.now)
            account.password_hash = renewed or stored
            return let_in(session, gate, account, way="password", former_token=former_token)
        _record_failure(session, gate, known, last=last)
    raise LoginRefused


def let_in(session: Session, gate: Gate, account: Account, *, way: str, former_token: str = "") -> str:
    """Start a session for an account that has shown who it is; the token."""
    if former_token:
        sessions.end_token(session, former_token)
    account.last_login_at = gate.now
    subject = f"account:{account.id}"
    details = {"way": way, "address": gate.hashed_address}
    record(session, at=gate.now, actor=account.actor, action="login", subject=subject, **details)
    return sessions.start(session, gate.settings, account, gate.now)


def log_out(gate: Gate, token: str) -> None:
    """End the session of this token; no error when there is none any more."""
    with gate.database.transaction() as session:
        sessions.end_token(session, token)


def change_password(gate: Gate, who: SignedIn, old: str, new: str, again: str) -> None:
    """Change one's own password; all other sessions end.

    Raises PasswordWrong, PasswordsDiffer, PasswordTooShort, PasswordTooLong, PasswordGuessable, LoginLocked or
    LocalLoginOff. Guesses at the old password count as failed log-ins: a stolen session must not find it out.
    """
    gate.require_local()
    attempt = gate.attempt(who.login)
    with gate.database.transaction(read_only=True) as session:
        account = accounts.get(session, who.id)
    _check_pair(account, new, again)
    with gate.database.transaction() as session:
        last = throttle.count(session, attempt, gate.now)
    right = passwords.verify(account.password_hash, old)
    hashed = passwords.hash_password(new) if right else ""
    with gate.database.transaction() as session:
        if right:
            throttle.succeeded(session, attempt, gate.now)
            fresh = session.get_one(Account, who.id, with_for_update=True)
            accounts.set_password(session, fresh, hashed, now=gate.now, actor=who.actor)
            sessions.end_all(session, who.id, keep=who.session_id)
            return
        _record_failure(session, gate, account, last=last)
    raise PasswordWrong


def use_link(gate: Gate, token: str, new: str, again: str) -> None:
    """Set the password of the account that a one-time link belongs to; its sessions end.

    Raises LinkUnknown, PasswordsDiffer, PasswordTooShort, PasswordTooLong, PasswordGuessable or LocalLoginOff.
    """
    gate.require_local()
    with gate.database.transaction(read_only=True) as session:
        account = accounts.by_link(session, token, gate.now)
    _check_pair(account, new, again)
    hashed = passwords.hash_password(new)
    with gate.database.transaction() as session:
        accounts.use_link(session, token, hashed, gate.now)


def _check_pair(account: Account, new: str, again: str) -> None:
    if new != again:
        raise PasswordsDiffer
    accounts.check_new_password(account, new)


def _record_failure(session: Session, gate: Gate, account: Account | None, *, last: bool) -> None:
    subject = f"account:{account.id}" if account is not None else "account:unknown"
    action = "login_locked" if last else "login_failed"
    record(session, at=gate.now, actor=_NOBODY, action=action, subject=subject, address=gate.hashed_address)
