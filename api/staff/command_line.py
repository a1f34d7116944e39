"""Accounts on the command line: the first one, and a way in again for an administrator who is locked out."""

from __future__ import annotations

import argparse
import sys
from collections.abc import Iterable
from getpass import getpass
from typing import Any

from api.clock import Clock
from api.database import Database
from api.settings import Settings
from api.staff import accounts, demo
from api.staff.errors import AccountUnknown, NoTerminal, PasswordsDiffer
from api.staff.passwords import check_new, hash_password
from api.staff.roles import ROLES
from api.texts import Texts

COMMANDS = frozenset({"create-account", "account-link", "demo-accounts"})
_TEXTS = Texts.beside(__file__)
_ACTOR = "cli"


def add_commands(commands: Any) -> None:  # Any: argparse exports no name for what add_subparsers() gives
    """Describe the commands to the parser of `api.manage`."""
    creating = commands.add_parser("create-account", help=_TEXTS("help_create"))
    creating.add_argument("login", help=_TEXTS("help_login"))
    creating.add_argument("--role", choices=ROLES, default="admin", help=_TEXTS("help_role"))
    creating.add_argument("--title", required=True, help=_TEXTS("help_title"))
    creating.add_argument("--link", action="store_true", help=_TEXTS("help_link"))
    linking = commands.add_parser("account-link", help=_TEXTS("help_account_link"))
    linking.add_argument("login", help=_TEXTS("help_login"))
    commands.add_parser("demo-accounts", help=_TEXTS("help_demo"))


def run(chosen: argparse.Namespace, settings: Settings, database: Database, clock: Clock) -> str:
    """Carry out one of COMMANDS; what to print. Raises ApiError with the sentence for the person."""
    if chosen.command == "demo-accounts":
        return make_demo_accounts(settings, database, clock)
    if chosen.command == "account-link":
        return _account_link(chosen.login, settings, database, clock)
    return _create(chosen, settings, database, clock)


def make_demo_accounts(settings: Settings, database: Database, clock: Clock) -> str:
    """Demo accounts in a new dev installation; what to print."""
    made = demo.prepare(database, settings, clock())
    return _TEXTS("demo_ready" if made else "demo_unneeded", path=demo.path(settings)) + "\n"


def _create(chosen: argparse.Namespace, settings: Settings, database: Database, clock: Clock) -> str:
    # Asked for outside of the transaction, which must not wait for somebody who types.
    hashed = None if chosen.link else hash_password(_asked((chosen.login, chosen.title)))
    with database.transaction() as session:
        account = accounts.create(
            session, login=chosen.login, title=chosen.title, role=chosen.role, now=clock(), actor=_ACTOR
        )
        if hashed is None:
            link = accounts.make_link(session, account, now=clock(), actor=_ACTOR)
            return _TEXTS("account_link", login=account.login, link=_address(settings, link.token)) + "\n"
        accounts.set_password(session, account, hashed, now=clock(), actor=_ACTOR)
    return _TEXTS("account_created", login=account.login, page=f"{settings.base_url}/personal") + "\n"


def _account_link(login: str, settings: Settings, database: Database, clock: Clock) -> str:
    with database.transaction() as session:
        account = accounts.by_login(session, login)
        if account is None:
            raise AccountUnknown
        link = accounts.make_link(session, account, now=clock(), actor=_ACTOR)
    return _TEXTS("account_link", login=account.login, link=_address(settings, link.token)) + "\n"


def _asked(own_words: Iterable[str]) -> str:
    """The password, typed twice without showing. Raises NoTerminal, PasswordsDiffer or what `check_new` raises."""
    if not sys.stdin.isatty():
        raise NoTerminal
    password = getpass(_TEXTS("ask_password"))
    check_new(password, own_words)
    if getpass(_TEXTS("ask_again")) != password:
        raise PasswordsDiffer
    return password


def _address(settings: Settings, token: str) -> str:
    return f"{settings.base_url}/personal/lank/{token}"
