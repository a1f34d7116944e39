"""Writing the audit trail."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from sqlalchemy.orm import Session

from api.staff.tables import Audit


def record(session: Session, *, at: datetime, actor: str, action: str, subject: str, **details: Any) -> None:
    """Add one row in the caller's transaction. `details` are JSON values without names, contacts or free text."""
    session.add(Audit(at=at, actor=actor, action=action, subject=subject, details=details))
