"""Days as ISO 8601 (`2027-01-11`): in addresses, in the chat contract and in structured data. Pure."""

from __future__ import annotations

from datetime import date


def read_day(text: str) -> date | None:
    """The day that `text` says; None when it says none."""
    try:
        return date.fromisoformat(text)
    except ValueError:
        return None


def write_day(day: date | None) -> str | None:
    """The day as text; None stays None, as JSON says what is not known."""
    return day.isoformat() if day else None
