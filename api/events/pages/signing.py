"""The form to sign up with, as a visitor sent it: what is wrong at which field, or where to go next."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy.orm import Session

from api.events import service
from api.events.addresses import OWN, event_path
from api.events.errors import NeedsTooLong, SignupClosed, SignupLimit
from api.events.pages.showing import TEXTS, languages
from api.events.people import Person
from api.events.tables import Event
from api.folding import fold
from api.outbox.office import Office
from api.privacy.contacts import typed_contact
from api.privacy.errors import ContactInvalid, NameInvalid
from api.privacy.person_names import clean_name

MAILED = "mejl"
"""What the address of the page says after a form with an e-mail address."""
FIELDS = ("namn", "kontakt", "sprak", "behov", "nyckel")
_LANGUAGE = re.compile(r"[^\W\d_][^\W\d_ ()-]{0,38}(?:[ -][^\W\d_ ()-]+)*")
_LONGEST_LANGUAGE = 40


@dataclass(frozen=True)
class Refused:
    """Why nobody was signed up. `already`: somebody with that telephone number is, and who it is was not shown."""

    errors: Mapping[str, str]
    already: bool = False
    status: int = 200


NOT_SENT = Refused({})
"""The form as it is shown first."""


def texts_of(sent: Mapping[str, str]) -> dict[str, str]:
    """What the form holds, as it was typed."""
    return {name: sent.get(name, "") for name in FIELDS}


def read_person(sent: Mapping[str, str], *, contact_needed: bool = True) -> tuple[Person, dict[str, str]]:
    """Who signs up, and what is wrong with the fields by name."""
    errors: dict[str, str] = {}
    try:
        clean_name(sent.get("namn", ""))
    except NameInvalid as error:
        errors["namn"] = error.detail
    contact = None
    try:
        contact = typed_contact(sent.get("kontakt", ""))
        if contact is None and contact_needed:
            raise ContactInvalid
    except ContactInvalid as error:
        errors["kontakt"] = error.detail
    language = read_language(sent.get("sprak", ""))
    if language is None:
        errors["sprak"] = TEXTS("wrong_language")
    person = Person(
        name=sent.get("namn", ""),
        email=contact.value if contact and contact.kind == "email" else None,
        phone=contact.value if contact and contact.kind == "phone" else None,
        needs=sent.get("behov", ""),
        language=language or None,
    )
    return person, errors


def read_language(text: str) -> str | None:
    """The language as it is called in Swedish, or as it was written; empty for none, None for what is no language."""
    written = " ".join(text.split())
    if not written:
        return ""
    known = {fold(word): word for _, word in languages()}
    if word := known.get(fold(written)):
        return word
    return written.casefold() if len(written) <= _LONGEST_LANGUAGE and _LANGUAGE.fullmatch(written) else None


def sign_up(
    session: Session, event: Event, sent: Mapping[str, str], now: datetime, office: Office, origin: str
) -> str | Refused:
    """Sign up with the form; where to go next, or why not.

    With an e-mail address the answer is the same whether that person had signed up before or not: the mail says how it
    stands, and nobody else learns who comes. With only a telephone number it is the person's own page.
    """
    person, errors = read_person(sent)
    key = sent.get("nyckel", "")[:100]
    if errors:
        return Refused(errors, status=422)
    try:
        done = service.sign_up(
            session, event.id, person, now=now, office=office, key=f"page-{key}" if key else None, origin=origin
        )
    except NeedsTooLong as error:
        return Refused({"behov": error.detail}, status=422)
    except (SignupClosed, SignupLimit) as error:
        return Refused({"": error.detail}, status=error.status)
    if person.email:
        return f"{event_path(event)}?klart={MAILED}#anmal"
    if not done.url:
        return Refused({}, already=True, status=409)
    return f"{OWN}/{done.url.rpartition('/')[2]}"
