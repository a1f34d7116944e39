"""What must not be stored or passed on: personal numbers are masked, phone numbers and e-mails found. Pure.

The patterns are linear (no nested quantifiers), so a hostile message cannot slow them down.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from typing import Literal

ContactKind = Literal["phone", "email"]

PERSONAL_NUMBER_LABEL = "[personnummer]"
CONTACT_LABELS: dict[ContactKind, str] = {"phone": "[telefonnummer]", "email": "[e-postadress]"}

_GAP = "[ \u00a0\u2009\u202f]"
_DASH = "[-\u2010-\u2014\u2212]"

_BETWEEN = rf"(?:{_GAP}|{_DASH}|[./_])?"
_LAST_FOUR = r"(?:\d{4}|[TRSUWXJKLMNtrsuwxjklmn]\d{3})"
"""With a letter it is an interim number (interimsnummer), given to those who wait for a real one."""

# Day 61–91 is a coordination number (samordningsnummer). The last four may be set off by - + . : / _ or a blank.
# Four digits that begin a day of their own ("2027-01-11–2027-06-30") are not the last four of a number.
_PERSONAL_NUMBER = re.compile(
    rf"(?<!\d)(?:(?:19|20){_GAP}?)?\d{{2}}{_BETWEEN}(?:0[1-9]|1[0-2]){_BETWEEN}"
    rf"(?:0[1-9]|[12]\d|3[01]|6[1-9]|[78]\d|9[01]){_GAP}?(?:{_DASH}|[+./:_])?{_GAP}?{_LAST_FOUR}"
    rf"(?!\d|(?:{_DASH}|[./])\d\d(?:{_DASH}|[./])\d\d(?!\d))"
)
# Each digit by itself, as somebody writes who spells it out.
_SPELT_OUT = re.compile(rf"(?<!\d)\d(?:(?:{_GAP}|{_DASH}){{1,3}}\d){{9,11}}(?!\d)")
# Forms that are more often something else: a bare mobile number ("0701234567"), a day and an hour ("2027-01-11 1300").
_DOUBTFUL_NUMBER = re.compile(rf"0\d{{9}}|(?:\d\d)?\d\d{_DASH}\d\d{_DASH}\d\d{_GAP}\d{{4}}")
_DAY_AND_HOUR = re.compile(rf"20[2-9]\d{_DASH}\d\d{_DASH}\d\d{_GAP}(?:0[6-9]|1\d|2[01])(?:00|15|30|45)")

_LOCAL = r"(?P<local>[\w.+-]{1,64})"
_EMAIL = re.compile(rf"{_LOCAL}[@\uff20](?P<domain>[\w-]{{1,63}}(?:\.[\w-]{{2,63}}){{1,4}})")
# Written so that no robot reads it ("kim (at) example.org", "kim snabel-a example punkt org"), or with stray blanks.
# Only with an ending that is known, since "vi ses @ skolan. Hej" is no address.
_AT = (
    rf"(?:{_GAP}?[@\uff20]{_GAP}?|{_GAP}?[(\[]{_GAP}?(?:at|snabel(?:-|{_GAP})?a){_GAP}?[)\]]{_GAP}?"
    rf"|{_GAP}(?:at|snabel(?:-|{_GAP})?a){_GAP})"
)
_DOT = rf"(?:{_GAP}?\.{_GAP}?|{_GAP}?[(\[](?:dot|punkt)[)\]]{_GAP}?|{_GAP}(?:dot|punkt){_GAP})"
_ENDING = "(?:se|com|org|net|nu|eu|info|no|dk|fi|de|io|edu|uk|pl)"
_SPELT_EMAIL = re.compile(
    rf"{_LOCAL}{_AT}(?P<domain>(?:[\w-]{{1,63}}{_DOT}){{1,4}}{_ENDING})(?!\w)",
    re.IGNORECASE,
)

_PHONE_LIKE = re.compile(
    rf"(?<!\w)(?<!\d{_DASH})(?<!kontakt-)(?:\+{_GAP}?\d|\(?0)(?:[\d()/+]|{_GAP}|{_DASH})*(?<=[\d)])"
)
# "070.174.06.35": the same sign throughout, so that times and dates ("08.00-16.00", "01.11.2027") are none.
_DOTTED_PHONE = re.compile(
    r"(?<![\w.,])(?:\+\d{1,3}|0[1-9]\d{0,2})(?P<sign>[.,])\d{2,4}(?:(?P=sign)\d{2,4}){1,3}(?!\d)"
)
# A Swedish mobile number without its zero, or with 46 and no plus.
_BARE_MOBILE = re.compile(
    rf"(?<![\w+.,-])(?P<country>46(?:{_GAP}|{_DASH})?)?7[02369](?:{_GAP}|{_DASH})?\d{{3}}(?:{_GAP}|{_DASH})?\d\d"
    rf"(?:{_GAP}|{_DASH})?\d\d(?![\w:]|{_GAP}?(?:kr|\d))"
)
_DIGITS = re.compile(rf"(?:\+{_GAP}?)?(?:\(\d+\)|\d+)")
_ISO_DATE = re.compile(rf"\d{{4}}{_DASH}\d\d{_DASH}\d\d(?!\d)")
_DATE = re.compile(rf"\d{{1,2}}(?:{_DASH}|{_GAP}|/)\d{{1,2}}(?:{_DASH}|{_GAP}|/)(?:19|20)\d\d(?!\d)")
_HOURS = re.compile(rf"[0-2]\d[0-5]\d{_GAP}?{_DASH}{_GAP}?[0-2]\d[0-5]\d(?!\d)")

_SHORTEST_PHONE = 8
_LONGEST_PHONE = {"+46": 11, "0046": 13, "+": 15, "00": 17, "0": 10}
"""Digits by how the number begins (E.164; Swedish national numbers), the longest beginning first."""


def mask_personal_numbers(text: str) -> str:
    """`text` with Swedish personal and coordination numbers replaced by a label, checksum right or wrong.

    So are interim numbers. Only where a number may as well be a telephone number or a day with an hour does the
    checksum decide.
    """
    return _PERSONAL_NUMBER.sub(_label, _SPELT_OUT.sub(_label_spelt_out, text))


def replace_contacts(text: str, replacement: Callable[[ContactKind, str], str]) -> str:
    """`text` with each phone number and e-mail address replaced by `replacement(kind, normalised value)`."""
    for pattern in (_EMAIL, _SPELT_EMAIL):
        text = pattern.sub(lambda match: replacement("email", _address(match)), text)
    text = _PHONE_LIKE.sub(lambda match: _phones(match[0], replacement), text)
    text = _DOTTED_PHONE.sub(lambda match: _dotted(match[0], replacement), text)
    return _BARE_MOBILE.sub(lambda match: replacement("phone", _mobile(match)), text)


def mask_all(text: str) -> str:
    """`text` with personal numbers, phone numbers and e-mail addresses replaced by labels: fit to be stored."""
    return replace_contacts(mask_personal_numbers(plain_digits(text)), lambda kind, _: CONTACT_LABELS[kind])


def plain_digits(text: str) -> str:
    """`text` with the digits of every script (Arabic, Persian, …) as 0–9, so that numbers in them are found."""
    return "".join(char if char.isascii() or not char.isdecimal() else str(int(char)) for char in text)


def mask_contact(kind: str, value: str) -> str:
    """Enough of a contact for its owner to recognise it: `•••• 67`, `s•••@example.org`."""
    if kind == "email":
        local, _, domain = value.partition("@")
        return f"{local[:1]}•••@{domain}"
    return f"•••• {value[-2:]}"


def _label_spelt_out(match: re.Match[str]) -> str:
    """The label if the digits, put together, are a personal number."""
    together = re.sub(r"\D", "", match[0])
    return PERSONAL_NUMBER_LABEL if mask_personal_numbers(together) == PERSONAL_NUMBER_LABEL else match[0]


def _label(match: re.Match[str]) -> str:
    if _DAY_AND_HOUR.fullmatch(match[0]):
        return match[0]
    if _DOUBTFUL_NUMBER.fullmatch(match[0]) and not _checksum_is_right(re.sub(r"\D", "", match[0])[-10:]):
        return match[0]
    return PERSONAL_NUMBER_LABEL


def _checksum_is_right(ten_digits: str) -> bool:
    """The Luhn sum of a personal number without century."""
    return sum(sum(divmod(int(digit) * (2 - place % 2), 10)) for place, digit in enumerate(ten_digits)) % 10 == 0


def _address(match: re.Match[str]) -> str:
    """The e-mail address as mail programs write it."""
    domain = re.sub(_DOT, ".", match["domain"], flags=re.IGNORECASE)
    return f"{match['local']}@{domain}".strip(".").lower()


def _dotted(text: str, replacement: Callable[[ContactKind, str], str]) -> str:
    """`text` replaced if it has as many digits as a telephone number, otherwise as it is."""
    digits = re.sub(r"[^\d+]", "", text)
    longest = _LONGEST_PHONE["+" if digits.startswith("+") else "0"]
    return replacement("phone", digits) if 9 <= len(digits.lstrip("+")) <= longest else text


def _mobile(match: re.Match[str]) -> str:
    digits = re.sub(r"\D", "", match[0])
    return f"+{digits}" if match["country"] else f"0{digits}"


def _phones(text: str, replacement: Callable[[ContactKind, str], str]) -> str:
    """`text`, a run of digits and what stands between them, with its phone numbers replaced."""
    groups = list(_DIGITS.finditer(text))
    parts: list[str] = []
    copied = first = 0
    while first < len(groups):
        count, value = _phone_at(text, groups, first)
        if count:
            label = replacement("phone", value)
            whole = count == 1 and groups[first][0].startswith("(")
            parts += [text[copied : groups[first].start()], f"({label})" if whole else label]
            copied = groups[first + count - 1].end()
        first += count or 1
    return "".join([*parts, text[copied:]])


def _phone_at(text: str, groups: list[re.Match[str]], first: int) -> tuple[int, str]:
    """How many groups of digits from `first` on are one phone number (0: none), and the number."""
    start = groups[first].start()
    beginning = re.sub(r"[^\d+]", "", groups[first][0])
    kind = next((prefix for prefix in _LONGEST_PHONE if beginning.startswith(prefix)), None)
    if kind is None or beginning.startswith("000") or _DATE.match(text, start) or _HOURS.match(text, start):
        return 0, ""
    digits, count = "", 0
    for group in (groups[at] for at in range(first, len(groups))):  # a slice would copy the rest for each
        more = re.sub(r"\D", "", group[0])
        if len(digits + more) > _LONGEST_PHONE[kind] + (group[0] == "(0)"):
            break
        if count and (group[0].startswith("+") or _ISO_DATE.match(text, group.start())):
            break
        # "+46 (0)70": the zero is only dialled within the country.
        digits += "" if group[0] == "(0)" and kind != "0" else more
        count += 1
    if len(digits) < _SHORTEST_PHONE:
        return 0, ""
    return count, ("+" if kind.startswith("+") else "") + digits
