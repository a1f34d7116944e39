"""Swapping contact data for opaque tokens that only this process can resolve, so that the bot never holds it."""

from __future__ import annotations

import re
import secrets
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.orm import Session

from api.privacy.errors import ContactInvalid
from api.privacy.masking import (
    CONTACT_LABELS,
    ContactKind,
    mask_personal_numbers,
    plain_digits,
    replace_contacts,
)
from api.privacy.tables import CONTACT_LIMIT, ContactToken

CONTACT_TOKEN = re.compile(r"kontakt-[0-9a-f]{24}")
"""What the bot sees in place of a contact."""


@dataclass(frozen=True)
class Contact:
    """One way to reach a person; phone numbers are digits with an optional leading plus."""

    kind: str
    value: str


@dataclass(frozen=True)
class SafeText:
    """A message after masking: `for_bot` holds tokens, `for_storage` only says that a contact stood there."""

    for_bot: str
    for_storage: str


def safe_without_contacts(text: str) -> SafeText | None:
    """The text with personal numbers masked; None when it holds contact data, which has to be kept somewhere."""
    masked = mask_personal_numbers(plain_digits(text))
    without = replace_contacts(masked, lambda kind, _: CONTACT_LABELS[kind])
    return SafeText(masked, masked) if without == masked else None


def make_safe(session: Session, conversation_id: UUID, text: str, now: datetime) -> SafeText:
    """Mask personal numbers and take contact data out of `text`, keeping it behind tokens of this conversation."""
    masked = mask_personal_numbers(plain_digits(text))

    def to_token(kind: ContactKind, value: str) -> str:
        if len(value) > CONTACT_LIMIT:  # no address that mail can be sent to; still nothing for the bot to see
            return CONTACT_LABELS[kind]
        return _token_for(session, conversation_id, kind, value, now)

    return SafeText(
        for_bot=replace_contacts(masked, to_token),
        for_storage=replace_contacts(masked, lambda kind, _: CONTACT_LABELS[kind]),
    )


def safe_without_keeping(text: str) -> SafeText:
    """As `make_safe`, but nothing is kept: the tokens look like all others and lead to nobody."""
    masked = mask_personal_numbers(plain_digits(text))
    return SafeText(
        for_bot=replace_contacts(masked, lambda _kind, _value: _new_token()),
        for_storage=replace_contacts(masked, lambda kind, _: CONTACT_LABELS[kind]),
    )


def resolve_contact(session: Session, conversation_id: UUID, token: str) -> Contact | None:
    """The contact behind `token`, if it was given in this conversation."""
    if not CONTACT_TOKEN.fullmatch(token):
        return None
    row = session.get(ContactToken, token)
    return Contact(row.kind, row.value) if row and row.conversation_id == conversation_id else None


def contact_of(session: Session, conversation_id: UUID, token: str) -> Contact:
    """As `resolve_contact`; ContactInvalid when there is none."""
    contact = resolve_contact(session, conversation_id, token)
    if contact is None:
        raise ContactInvalid
    return contact


def written_out(contact: Contact) -> str:
    """The contact as a part of a text: a telephone number that could be a personal number gets a dash, so that it is
    not masked where the text is read once more."""
    value = contact.value
    return value if mask_personal_numbers(value) == value else f"{value[:3]}-{value[3:]}"


def typed_contact(text: str) -> Contact | None:
    """The phone number or e-mail address typed into a field; None for an empty one.

    ContactInvalid when it is neither, or more than one.
    """
    found: list[Contact] = []

    def keep(kind: ContactKind, value: str) -> str:
        found.append(Contact(kind, value))
        return ""

    rest = replace_contacts(plain_digits(text), keep).strip(" ,;")
    if rest or len(found) > 1:
        raise ContactInvalid
    return found[0] if found else None


def _token_for(session: Session, conversation_id: UUID, kind: ContactKind, value: str, now: datetime) -> str:
    known = session.scalar(
        select(ContactToken).where(ContactToken.conversation_id == conversation_id, ContactToken.value == value)
    )
    if known is None:
        known = ContactToken(
            token=_new_token(),
            conversation_id=conversation_id,
            kind=kind,
            value=value,
            created_at=now,
        )
        session.add(known)
        session.flush()
    return known.token


def _new_token() -> str:
    return f"kontakt-{secrets.token_hex(12)}"
