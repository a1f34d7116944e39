"""What somebody writes in a public form → values. Pure; every way to fail is a BadCell with a Swedish reason.

Kinder than the parsers of staff's forms: people may begin a line with a dash, and identity numbers are masked, not
refused, so that nobody has to write everything again.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable

from api.cells import bad
from api.privacy.contacts import Contact, typed_contact
from api.privacy.errors import ContactInvalid, NameInvalid
from api.privacy.masking import mask_personal_numbers, plain_digits
from api.privacy.person_names import clean_name

_CONTROL = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f\u202a-\u202e\u2066-\u2069\ufffe\uffff]")
_LINK = re.compile(r"(?:https?://|www\.)\S+", re.IGNORECASE)
_WORD = re.compile(r"[^\W\d_]{2,}")
_FEWEST_WORDS = 3
"""Beside a link: fewer than these say nothing of what it is about."""
_MOST_LINKS = 3


def words(text: str, limit: int) -> str:
    """Text on one line, with identity numbers masked."""
    return _within(" ".join(_safe(text).split()), limit)


def message(text: str, limit: int) -> str:
    """Text of several lines, with identity numbers masked. BadCell when there is little but links in it."""
    text = _within(re.sub(r"\n{3,}", "\n\n", _safe(text.replace("\r\n", "\n").replace("\r", "\n")).strip()), limit)
    links = _LINK.findall(text)
    if len(links) > _MOST_LINKS or (links and len(_WORD.findall(_LINK.sub(" ", text))) < _FEWEST_WORDS):
        raise bad("cell_only_links")
    return text


def person(text: str) -> str:
    """The name of who asks; a nickname will do."""
    try:
        return mask_personal_numbers(clean_name(text)) if text.strip() else ""
    except NameInvalid:
        raise bad("cell_person_name") from None


def contact(text: str) -> Contact | None:
    """An e-mail address or a telephone number; None for nothing."""
    try:
        found = typed_contact(text)
    except ContactInvalid:
        raise bad("cell_contact") from None
    if found is not None and not found.value.isascii():  # no mail reaches it
        raise bad("cell_contact")
    return found


def count(text: str, most: int) -> int | None:
    """A whole number from 1; None for nothing."""
    digits = "".join(plain_digits(text).split())
    if not digits:
        return None
    if not re.fullmatch("[0-9]{1,6}", digits):
        raise bad("cell_integer")
    if not 1 <= int(digits) <= most:
        raise bad("cell_integer_range", first=1, last=most)
    return int(digits)


def several_of(choices: Iterable[str]) -> Callable[[str], list[str]]:
    """A parser for boxes that were ticked, one a line, in the order of the list."""
    known = tuple(choices)

    def parse(text: str) -> list[str]:
        found = set(text.split())
        if not found <= set(known):
            raise bad("cell_choice")
        return [one for one in known if one in found]

    return parse


def _safe(text: str) -> str:
    if _CONTROL.search(text):
        raise bad("cell_control")
    return mask_personal_numbers(plain_digits(text))


def _within(text: str, limit: int) -> str:
    if len(text) > limit:
        raise bad("cell_too_long", length=len(text), limit=limit)
    return text
