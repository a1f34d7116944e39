"""What counts as a personal number, a phone number or an e-mail address, and what only looks like one."""

from __future__ import annotations

from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from api.privacy.masking import CONTACT_LABELS, mask_all, mask_contact, mask_personal_numbers, replace_contacts

LABEL = "[personnummer]"
LONGEST_MESSAGE = 1000


def contacts(text: str) -> list[tuple[str, str]]:
    """Kind and value of every contact found in `text`."""
    found: list[tuple[str, str]] = []
    replace_contacts(text, lambda kind, value: found.append((kind, value)) or "")
    return found


@pytest.mark.parametrize(
    "number",
    [
        "19900101-1234",
        "199001011234",
        "900101-1234",
        "9001011234",
        "900101+1234",
        "900101 1234",
        "900101 - 1234",
        "900101–1234",  # en dash
        "900101‑1234",  # non-breaking hyphen
        "900101−1234",  # minus
        "900101\u00a01234",  # non-breaking blank, as copied from a page
        "90 01 01 1234",
        "90-01-01-1234",
        "1990-01-01-1234",
        "19 900101-1234",
        "20050315-1234",
        "900161-1234",  # day + 60: coordination number
        "19900191-1234",
        "900175 1234",
        "070123-4567",  # born 2007, not a mobile number
        "0001011238",
    ],
)
@pytest.mark.parametrize("around", ["{}", "Mitt nummer är {}.", "({})", "pnr:{},", "{}\nTack"])
def test_a_personal_number_is_masked_however_it_is_written(number: str, around: str) -> None:
    assert mask_personal_numbers(around.format(number)) == around.format(LABEL)


@pytest.mark.parametrize(
    "text",
    [
        "Börjar 2027-01-11",
        "Mellan 2027-01-11 och 2027-06-30",
        "2027-01-11 - 2027-06-30",
        "2027-01-11–2027-06-30",
        "2027-01-11/2027-06-30",
        "2027-01-11 1200 poäng",
        "11/1 2027",
        "den 11 januari 2027 kl. 13.00",
        "800 poäng, 1000 poäng eller 1200 poäng",
        "Jag är född 1985 och slutade skolan 2004",
        "Det kostar 12 500 kr, eller 1 234 567 kr",
        "651 84 Karlstad",
        "kl. 08.00-16.00 eller 0800-1600",
        "Ring 070-174 06 05",
        "Ring 0701740635",  # the wrong check digit for a personal number, the right form for a phone
        "EX-KAR-SVETS-1",
        "SSYK 7212",
        "990101-123",
        "901301-1234",  # there is no month 13
        "900132-1234",  # there is no day 32
        "900192-1234",
        "1234567890123456",
    ],
)
def test_what_only_looks_like_a_personal_number_stays(text: str) -> None:
    assert mask_personal_numbers(text) == text


def test_two_personal_numbers_in_one_message_are_both_masked() -> None:
    text = "Jag 900101-1234 och min son 20100315-1234"
    assert mask_personal_numbers(text) == f"Jag {LABEL} och min son {LABEL}"


@pytest.mark.parametrize(
    ("text", "value"),
    [
        ("0701740635", "0701740635"),
        ("070-174 06 35", "0701740635"),
        ("070 174 06 35", "0701740635"),
        ("070 - 174 06 35", "0701740635"),
        ("070/1740635", "0701740635"),
        ("070\u00a0174\u00a006\u00a035", "0701740635"),
        ("070‑174 06 35", "0701740635"),
        ("(070) 174 06 35", "0701740635"),
        ("+46701740635", "+46701740635"),
        ("+46 70 174 06 35", "+46701740635"),
        ("+46 (0)70 174 06 35", "+46701740635"),
        ("0046 70 174 06 35", "0046701740635"),
        ("08-465 00 41", "084650041"),
        ("031-390 06 13", "0313900613"),
        ("054-540 00 00", "0545400000"),
        ("+47 22 12 34 56", "+4722123456"),
        ("+358 40 123 4567", "+358401234567"),
        ("+49 151 23456789", "+4915123456789"),
    ],
)
@pytest.mark.parametrize("around", ["{}", "Ring {} tack", "tel:{}.", "({})", "{}, helst", "mobil {}- tack"])
def test_a_phone_number_is_found_and_written_in_one_way(text: str, value: str, around: str) -> None:
    assert contacts(around.format(text)) == [("phone", value)]


@pytest.mark.parametrize(
    ("text", "values"),
    [
        ("0701740635 0701740636", ["0701740635", "0701740636"]),
        ("070-174 06 35 / 070-174 06 36", ["0701740635", "0701740636"]),
        ("+46701740635 0701740636", ["+46701740635", "0701740636"]),
        ("0701740635 2026-12-01", ["0701740635"]),
        ("0701740635 10-12", ["0701740635"]),
        ("0701740635 800 poäng", ["0701740635"]),
    ],
)
def test_a_phone_number_ends_where_the_next_thing_begins(text: str, values: list[str]) -> None:
    assert [value for _, value in contacts(text)] == values


@pytest.mark.parametrize(
    ("text", "value"),
    [
        ("kim@example.org", "kim@example.org"),
        ("Kim.Test+kurs@Example.ORG", "kim.test+kurs@example.org"),
        ("kim_test@sub.mail.example.org", "kim_test@sub.mail.example.org"),
        ("åsa@example.org", "åsa@example.org"),
        ("0701740635@example.org", "0701740635@example.org"),
    ],
)
@pytest.mark.parametrize("around", ["{}", "Mejla {}.", "<{}>", "min mejl:{}, tack"])
def test_an_e_mail_address_is_found_and_lowered(text: str, value: str, around: str) -> None:
    assert contacts(around.format(text)) == [("email", value)]


@pytest.mark.parametrize(
    "text",
    [
        "2027-01-11",
        "2027-01-11/2027-06-30",
        "2027-01-11 - 2027-06-30",
        "11/1 2027",
        "01-11-2027",
        "01/11/2027",
        "01 11 2027",
        "800 poäng",
        "1200 1000 800",
        "1985-2004",
        "2026/2027",
        "12 500 kr",
        "1 234 567 kr",
        "651 84 Karlstad",
        "S-651 84",
        "kl. 08.00–16.00",
        "08:00-16:00",
        "0800-1600",
        "0800 – 1600",
        "kl 13.30",
        "EX-KAR-SVETS-1",
        "7212",
        "mig/mag 135 136",
        "@kim",
        "kim@",
        "2 @ 3",
        "kontakt-0123456789abcdef01234567",
    ],
)
def test_dates_points_prices_postcodes_and_times_are_no_contacts(text: str) -> None:
    assert contacts(text) == []


@pytest.mark.parametrize(
    ("text", "stored"),
    [
        ("١٩٩٠٠١٠١-١٢٣٤", LABEL),
        ("۰۷۰۱۷۴۰۶۳۵", "[telefonnummer]"),
        ("Kim 900101-1234, 0701740635, kim@example.org", f"Kim {LABEL}, [telefonnummer], [e-postadress]"),
        ("m² och ½ blir kvar", "m² och ½ blir kvar"),
    ],
)
def test_everything_is_masked_at_once_whatever_script_the_digits_are_in(text: str, stored: str) -> None:
    assert mask_all(text) == stored


def test_both_kinds_in_one_message_are_found() -> None:
    assert contacts("Kim, kim@example.org eller 070-174 06 35") == [
        ("email", "kim@example.org"),
        ("phone", "0701740635"),
    ]


@pytest.mark.parametrize(
    ("kind", "value", "shown"),
    [("phone", "0701740635", "•••• 35"), ("email", "kim@example.org", "k•••@example.org"), ("email", "", "•••@")],
)
def test_a_contact_is_shown_so_that_only_its_owner_knows_it(kind: str, value: str, shown: str) -> None:
    assert mask_contact(kind, value) == shown


@given(
    st.dates(min_value=date(1900, 1, 1), max_value=date(2026, 11, 23)),
    st.sampled_from(["", "-", "+", " "]),
    st.booleans(),
    st.integers(0, 999),
)
def test_no_real_personal_number_gets_through(day: date, separator: str, century: bool, serial: int) -> None:
    digits = f"{day:%y%m%d}{serial:03}"
    check = -sum(sum(divmod(int(d) * (2 - i % 2), 10)) for i, d in enumerate(digits)) % 10
    text = str(day.year)[:2] * century + f"{day:%y%m%d}{separator}{serial:03}{check}"
    assert mask_personal_numbers(f"Hej {text} hej") == f"Hej {LABEL} hej"


@given(st.text(alphabet="0123456789 +-–/()@.abc\n", max_size=300))
def test_masking_never_fails_and_masking_again_finds_nothing(text: str) -> None:
    once = replace_contacts(mask_personal_numbers(text), lambda kind, _: CONTACT_LABELS[kind])
    assert replace_contacts(once, lambda kind, _: CONTACT_LABELS[kind]) == once


@pytest.mark.parametrize(
    "hostile",
    [
        "0" * 1000,
        "0-" * 500,
        "a." * 500,
        "a@" * 500,
        "19 " * 333,
        "(0" * 500,
        "0 (" * 333,
        "a at " * 200,
        "a . " * 250,
        "a@a" * 333,
        "7 " * 500,
        "0.1" * 333,
    ],
)
def test_a_hostile_message_does_not_take_more_steps_than_its_length_allows(hostile: str) -> None:
    assert len(hostile) <= LONGEST_MESSAGE
    replace_contacts(mask_personal_numbers(hostile), lambda kind, _: CONTACT_LABELS[kind])
