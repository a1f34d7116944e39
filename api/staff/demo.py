"""Accounts to try the service with, in the dev environment only. Their passwords are random in every installation."""

from __future__ import annotations

import json
import os
import secrets
from datetime import datetime
from pathlib import Path

from sqlalchemy import func, select

from api.database import Database
from api.settings import Settings
from api.staff import accounts
from api.staff.errors import DemoOnlyInDev
from api.staff.passwords import hash_password, verify
from api.staff.roles import ROLES
from api.staff.tables import Account
from api.texts import Texts

_TEXTS = Texts.beside(__file__)
_ACTOR = "system"
_ALPHABET = "abcdefghijkmnpqrstuvwxyz23456789"
"""Without letters and digits that look alike."""


def path(settings: Settings) -> Path:
    """Where log-ins and passwords stand, readable for the owner only: JSON, log-in → password."""
    return settings.data_dir / "demo-accounts.json"


def prepare(database: Database, settings: Settings, now: datetime) -> bool:
    """Make one account for each role when there are no accounts at all; whether any demo log-in works.

    A password that somebody has changed since is taken out of the file. Raises DemoOnlyInDev.
    """
    if settings.env != "dev":
        raise DemoOnlyInDev
    with database.transaction(read_only=True) as session:
        is_new = session.scalar(select(func.count()).select_from(Account)) == 0
        hashes = {row.login: row.password_hash for row in session.scalars(select(Account).where(Account.active))}
    if is_new:
        return _make(database, settings, now)
    noted = _noted(settings)
    working = {login: password for login, password in noted.items() if verify(hashes.get(login), password)}
    if working != noted:
        _note(settings, working)
    return bool(working)


def _make(database: Database, settings: Settings, now: datetime) -> bool:
    passwords = {role: "-".join(_letters(4) for _ in range(4)) for role in ROLES}
    hashed = {role: hash_password(password) for role, password in passwords.items()}
    with database.transaction() as session:
        for role in ROLES:
            title = _TEXTS(f"demo_{role}")
            account = accounts.create(session, login=role, title=title, role=role, now=now, actor=_ACTOR)
            accounts.set_password(session, account, hashed[role], now=now, actor=_ACTOR)
        _note(settings, {str(role): password for role, password in passwords.items()})
    return True


def _letters(count: int) -> str:
    return "".join(secrets.choice(_ALPHABET) for _ in range(count))


def _noted(settings: Settings) -> dict[str, str]:
    try:
        noted: dict[str, str] = json.loads(path(settings).read_text("utf-8"))
    except (FileNotFoundError, ValueError):
        return {}
    return noted


def _note(settings: Settings, passwords: dict[str, str]) -> None:
    file = path(settings)
    if not passwords:
        file.unlink(missing_ok=True)
        return
    file.parent.mkdir(parents=True, exist_ok=True)
    fresh = file.with_suffix(".new")
    fresh.unlink(missing_ok=True)
    # The mode is given when the file is made: it is never readable for others, not even for a moment.
    with os.fdopen(os.open(fresh, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "w", encoding="utf-8") as writing:
        json.dump(passwords, writing, indent=2)
        writing.write("\n")
    fresh.replace(file)
