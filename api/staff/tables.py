"""Accounts of staff, their sessions, failed log-ins, and the audit trail: who changed what, when."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from sqlalchemy import JSON, CheckConstraint, ForeignKey, Index, String, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column, relationship

from api.database import Base, UtcDateTime


class Audit(Base):
    """One change. `actor` is a role and its id (`system`, `chat`, `link`, `cli`, `staff:3`), never a person's name.

    Append-only, without free text.
    """

    __tablename__ = "audit"

    id: Mapped[int] = mapped_column(primary_key=True)
    at: Mapped[datetime] = mapped_column(UtcDateTime, index=True)
    actor: Mapped[str] = mapped_column(String(60))
    action: Mapped[str] = mapped_column(String(60))
    subject: Mapped[str] = mapped_column(String(120), index=True)
    details: Mapped[dict[str, Any]] = mapped_column(JSON, default=dict)  # Any: JSON, old and new values


class RowChange(Base):
    """What one change did to one row that staff keep: its history, and what undo and restore go by.

    `diff` is column → [old, new] as JSON, only what differs; a row that was made has None as every old value, one that
    was removed as every new one. Changes of one click share `batch`.
    """

    __tablename__ = "row_change"
    __table_args__ = (
        CheckConstraint("action IN ('created', 'changed', 'removed')", name="action"),
        Index("ix_row_change_row", "kind", "key"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    at: Mapped[datetime] = mapped_column(UtcDateTime, index=True)
    actor: Mapped[str] = mapped_column(String(60))
    """As in the audit trail."""
    action: Mapped[str] = mapped_column(String(10))
    kind: Mapped[str] = mapped_column(String(40))
    """Name of the table."""
    key: Mapped[str] = mapped_column(String(80))
    """The row's primary key, as text."""
    cause: Mapped[str] = mapped_column(String(40))
    """What was done: `edit`, `publish`, `import`, `undo` …"""
    batch: Mapped[str] = mapped_column(String(36), index=True)
    diff: Mapped[dict[str, list[Any]]] = mapped_column(JSON)  # Any: JSON values of the columns


class Account(Base):
    """Somebody who may log in. Closed accounts stay, so that the audit trail keeps its meaning."""

    __tablename__ = "account"
    __table_args__ = (
        CheckConstraint("role IN ('admin', 'staff', 'counsellor')", name="role"),
        UniqueConstraint("oidc_issuer", "oidc_subject", name="uq_account_oidc"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    login: Mapped[str] = mapped_column(String(120), unique=True)
    """E-mail address or user name, in lower case."""
    title: Mapped[str] = mapped_column(String(80))
    """What others see: a function, such as "Vägledningen i Karlstad"."""
    role: Mapped[str] = mapped_column(String(20))
    active: Mapped[bool] = mapped_column(default=True)
    password_hash: Mapped[str | None] = mapped_column(String(200))
    link_hash: Mapped[str | None] = mapped_column(String(64), unique=True)
    """SHA-256 of the one-time link that sets a password; at most one is valid."""
    link_expires_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    oidc_issuer: Mapped[str | None] = mapped_column(String(200))
    oidc_subject: Mapped[str | None] = mapped_column(String(255))
    oidc_role: Mapped[bool] = mapped_column(default=False)
    """The log-in service made the account and says its role at each log-in."""
    created_at: Mapped[datetime] = mapped_column(UtcDateTime)
    last_login_at: Mapped[datetime | None] = mapped_column(UtcDateTime)

    @property
    def actor(self) -> str:
        """How the audit trail names the account."""
        return f"{self.role}:{self.id}"


class StaffSession(Base):
    """One log-in in one browser. The token itself is only in the browser's cookie."""

    __tablename__ = "staff_session"

    id: Mapped[int] = mapped_column(primary_key=True)
    token_hash: Mapped[str] = mapped_column(String(64), unique=True)
    account_id: Mapped[int] = mapped_column(ForeignKey("account.id", ondelete="CASCADE"), index=True)
    created_at: Mapped[datetime] = mapped_column(UtcDateTime)
    seen_at: Mapped[datetime] = mapped_column(UtcDateTime)
    expires_at: Mapped[datetime] = mapped_column(UtcDateTime, index=True)

    account: Mapped[Account] = relationship(lazy="joined", innerjoin=True)


class LoginFailure(Base):
    """Failed log-ins in a row, of one account name or from one address. `key` is a keyed hash of either."""

    __tablename__ = "login_failure"

    key: Mapped[str] = mapped_column(String(80), primary_key=True)
    failures: Mapped[int] = mapped_column(default=0)
    last_at: Mapped[datetime] = mapped_column(UtcDateTime, index=True)
    blocked_until: Mapped[datetime] = mapped_column(UtcDateTime)
