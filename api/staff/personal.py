"""What this capability holds of people: those who work here, and who changed what."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy.orm import Session

from api.holdings import Columns, Holding
from api.settings import Settings
from api.staff import sessions, throttle

_ACCOUNT = Columns.of(
    "account",
    personal="login title last_login_at",
    hidden="password_hash link_hash oidc_issuer oidc_subject",
    plain="id role active link_expires_at oidc_role created_at",
)
_SESSION = Columns.of("staff_session", hidden="token_hash", plain="id account_id created_at seen_at expires_at")
_FAILURE = Columns.of("login_failure", hidden="key", plain="failures last_at blocked_until")


def _forget_failures(session: Session, settings: Settings, now: datetime) -> None:
    throttle.forget(session, now)


def _end_sessions(session: Session, settings: Settings, now: datetime) -> int:
    return sessions.erase_ended(session, settings, now)


HOLDINGS = (
    Holding("account", (_ACCOUNT,)),
    Holding("session", (_SESSION,), retire=_end_sessions),
    Holding("log_in", (_FAILURE,), retire=_forget_failures),
    Holding(
        "trail",
        (
            Columns.of("audit", personal="actor", plain="id at action subject details"),
            Columns.of("row_change", personal="actor", plain="id at action kind key cause batch diff"),
        ),
    ),
)
