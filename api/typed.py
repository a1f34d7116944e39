"""What somebody typed to search with, as it can be compared in the database. Pure."""

from __future__ import annotations


def typed(text: str | None) -> str:
    """The text without blanks around it, and without NUL, which PostgreSQL's texts cannot hold; "" for nothing."""
    return (text or "").replace("\x00", "").strip()
