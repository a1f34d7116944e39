"""A pause after failed log-ins that grows, per account name and per address, kept in the database.

Every attempt is counted before the password is looked at, and given back when it was right. So many attempts at the
same moment, in one process or several, do not get more guesses than one after the other.
"""

from __future__ import annotations

import ipaddress
import math
from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import delete
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.orm import Session

from api.clock import stockholm_date
from api.staff.errors import LoginLocked
from api.staff.secrets import keyed_hash
from api.staff.tables import LoginFailure

_FIRST_PAUSE = timedelta(seconds=30)
_FORGET = timedelta(hours=24)


@dataclass(frozen=True)
class Limit:
    """How many failures in a row cost nothing, and the longest pause."""

    free: int
    longest: timedelta

    def pause(self, failures: int) -> timedelta:
        """The pause after so many failures in a row: none, then 30 s, 1 min, 2 min … up to the longest."""
        if failures < self.free:
            return timedelta(0)
        return min(self.longest, _FIRST_PAUSE * (1 << min(failures - self.free, 20)))


ACCOUNT = Limit(free=5, longest=timedelta(minutes=15))
ADDRESS = Limit(free=20, longest=timedelta(hours=1))
"""A town hall has one address for many people, so it may fail more often."""


@dataclass(frozen=True)
class Attempt:
    """One attempt's two counters, as keyed hashes: neither name nor address can be read out of the database."""

    account: str
    address: str

    @classmethod
    def of(cls, secret_key: str, login: str, address: str) -> Attempt:
        """`login` as it was typed, normalised; it need not belong to an account."""
        account = keyed_hash(secret_key, "login", login)
        return cls(f"account:{account}", f"address:{hashed_address(secret_key, address)}")

    @property
    def limits(self) -> list[tuple[str, Limit]]:
        # Always in this order, so that two attempts never wait for each other's row.
        return [(self.account, ACCOUNT), (self.address, ADDRESS)]


def hashed_address(secret_key: str, address: str) -> str:
    """A keyed hash of an IP address, for counters and the audit trail."""
    return keyed_hash(secret_key, "address", network_of(address))[:32]


def origin_of(secret_key: str, address: str, now: datetime) -> str:
    """What is kept of the address of somebody who is not logged in, to count what comes from one network: a keyed hash
    that is another one tomorrow."""
    return keyed_hash(secret_key, "origin", f"{stockholm_date(now)} {network_of(address)}")


def network_of(address: str) -> str:
    """Whose an IP address is: an IPv6 customer has a whole /64. Anything else is left as it is."""
    try:
        ip = ipaddress.ip_address(address)
    except ValueError:
        return address
    return str(ipaddress.ip_network((ip, 64), strict=False)) if ip.version == 6 else address


def count(session: Session, attempt: Attempt, now: datetime) -> bool:
    """Count an attempt as failed until `succeeded` says otherwise. Whether it is the last one before a pause.

    Raises LoginLocked during a pause; such an attempt is not counted.
    """
    forget(session, now)
    rows = [(_locked_row(session, key, now), limit) for key, limit in attempt.limits]
    waiting = max(row.blocked_until for row, _ in rows) - now
    if waiting > timedelta(0):
        raise LoginLocked(minutes=math.ceil(waiting / timedelta(minutes=1)))
    for row, limit in rows:
        row.failures += 1
        row.last_at = now
        row.blocked_until = now + limit.pause(row.failures)
    return any(row.blocked_until > now for row, _ in rows)


def succeeded(session: Session, attempt: Attempt, now: datetime) -> None:
    """Take back what `count` counted. The account starts anew; the address keeps its other failures."""
    for key, limit in attempt.limits:
        row = _locked_row(session, key, now)
        row.failures = 0 if limit is ACCOUNT else max(0, row.failures - 1)
        row.blocked_until = now
        if row.failures == 0:
            session.delete(row)


def forget(session: Session, now: datetime) -> None:
    """Erase the counters of those who have not failed for a day."""
    session.execute(delete(LoginFailure).where(LoginFailure.last_at < now - _FORGET))


def _locked_row(session: Session, key: str, now: datetime) -> LoginFailure:
    insert = sqlite.insert if session.get_bind().dialect.name == "sqlite" else postgresql.insert
    values = {"key": key, "failures": 0, "last_at": now, "blocked_until": now}
    session.execute(insert(LoginFailure).values(values).on_conflict_do_nothing())
    return session.get_one(LoginFailure, key, with_for_update=True, populate_existing=True)
