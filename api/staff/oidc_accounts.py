"""OpenID Connect, our side: which account somebody has whom the log-in service vouches for."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from api.settings import Settings
from api.staff import accounts, sessions
from api.staff.audit import record
from api.staff.errors import LoginInvalid, LoginTaken
from api.staff.oidc import Identity
from api.staff.roles import ROLES
from api.staff.secrets import token_hash
from api.staff.sessions import Role
from api.staff.tables import Account
from api.texts import Texts

_TEXTS = Texts.beside(__file__)
_ACTOR = "oidc"


def account_of(session: Session, settings: Settings, who: Identity, now: datetime) -> Account | None:
    """The open account of this person, if there is one. In this order:

    1. the account bound to issuer and subject,
    2. the account whose log-in is the verified e-mail address; it is bound from now on,
    3. a new account, when the role claim gives a role.

    An account of the third kind follows the claim at each log-in; once the claim gives no role, its sessions end and
    nobody is let in. The roles of all others are set here.
    """
    account = _bound(session, who) or _by_email(session, who, now)
    role = role_of(settings, who.claims)
    if account is None:
        return _new(session, who, role, now) if role else None
    if not account.active:
        return None
    if account.oidc_role and account.role != role:
        if role is None:
            sessions.end_all(session, account.id)
            return None
        details = {"from": account.role, "to": role}
        account.role = role
        sessions.end_all(session, account.id)
        record(session, at=now, actor=_ACTOR, action="role_changed", subject=f"account:{account.id}", **details)
    return account


def role_of(settings: Settings, claims: Mapping[str, Any]) -> Role | None:  # Any: JSON, the provider's claims
    """The role that the configured claim gives: the first of admin, staff, counsellor that is mapped."""
    told = claims.get(settings.oidc_role_claim) if settings.oidc_role_claim else None
    names = {told} if isinstance(told, str) else _texts(told)
    given = {role for role, _, name in (pair.partition("=") for pair in settings.oidc_roles) if name in names}
    return next((role for role in ROLES if role in given), None)


def _texts(told: object) -> set[str]:
    return {name for name in told if isinstance(name, str)} if isinstance(told, list) else set()


def _bound(session: Session, who: Identity) -> Account | None:
    theirs = select(Account).where(Account.oidc_issuer == who.issuer, Account.oidc_subject == who.subject)
    return session.scalar(theirs.with_for_update())


def _by_email(session: Session, who: Identity, now: datetime) -> Account | None:
    account = accounts.by_login(session, who.email) if who.email else None
    if account is None or account.oidc_subject is not None:
        return None
    account.oidc_issuer, account.oidc_subject = who.issuer, who.subject
    record(session, at=now, actor=_ACTOR, action="account_bound", subject=f"account:{account.id}")
    return account


def _new(session: Session, who: Identity, role: Role, now: datetime) -> Account | None:
    mark = token_hash(f"{who.issuer} {who.subject}")[:8]
    login = who.email or f"oidc-{mark}"
    title = _TEXTS("provider_title", role=_TEXTS(f"role_{role}"), number=mark[:4])
    try:
        account = accounts.create(session, login=login, title=title, role=role, now=now, actor=_ACTOR)
    except (LoginInvalid, LoginTaken):
        return None
    account.oidc_issuer, account.oidc_subject, account.oidc_role = who.issuer, who.subject, True
    return account
