"""The sentences of enquiries, and how a few of their values are put into words."""

from __future__ import annotations

from datetime import datetime
from pathlib import Path

from api.clock import stockholm_date
from api.swedish_dates import day, long_day
from api.texts import Texts

TEXTS = Texts.beside(__file__)
MAIL_TEXTS = Texts(Path(__file__).with_name("mails.yml"))


def deadline(moment: datetime, now: datetime) -> str:
    """`fredag 4 december`, with the year when it is another one."""
    on = stockholm_date(moment)
    return long_day(on) if on.year == stockholm_date(now).year else f"{long_day(on)} {on.year}"


def on_day(moment: datetime) -> str:
    """`4 december 2026`."""
    return day(stockholm_date(moment))


def status_word(status: str) -> str:
    """What a status is called."""
    return TEXTS(f"status_{status}")
