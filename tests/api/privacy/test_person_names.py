"""Names, codes and links."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from api.privacy.errors import NameInvalid
from api.privacy.person_names import clean_name
from api.privacy.secret_links import hash_token, new_link_token, new_reference, request_digest


@pytest.mark.parametrize(
    "name",
    [
        "Kim",
        "Åsa Öberg-Lindh",
        "O'Brien",
        "محمد",
        "Łukasz",
        "Ng",
        "Li",
        "Anna-Karin",
        "J. R. Öst",
        "J.R. Öst",
        "Åsa Ö.",
        "å" * 80,
        "می‌خواهم",
    ],
)
def test_names_of_all_kinds_are_accepted(name):
    assert clean_name(f"  {name} ") == name


@pytest.mark.parametrize(
    "name",
    ["", " ", "1", "070", "a\nb", "a\rb", "a\tb", "a\x7f", "a\u2028b", "a\u202eb", "å" * 81, f"Kim kontakt-{'0' * 24}"],
)
def test_what_is_no_name_is_refused(name):
    with pytest.raises(NameInvalid):
        clean_name(name)


@pytest.mark.parametrize(
    "name",
    [
        "https://billigt",
        "Kim ://x",
        "Kim @kim",
        "kim@example.org",
        "www.kim",
        "WWW.x",
        "vinn på example.org",
        "example.se/kim",
        "Kim.Öst",
        "kim\uff20example",
        "example\uff0eorg",
    ],
)
def test_what_a_mail_program_would_make_a_link_of_is_no_name(name):
    with pytest.raises(NameInvalid):
        clean_name(name)


@given(st.text())
def test_an_accepted_name_fits_a_mail_header(name):
    try:
        clean = clean_name(name)
    except NameInvalid:
        return
    assert 1 <= len(clean) <= 80
    assert clean.splitlines() == [clean]


def test_codes_can_be_read_aloud():
    codes = {new_reference() for _ in range(500)}
    assert len(codes) > 450
    assert not set("".join(code[3:] for code in codes)) & set("01258BILOSZ")


def test_links_hold_128_bits_and_are_stored_as_a_hash():
    tokens = {new_link_token() for _ in range(100)}
    assert len(tokens) == 100
    assert all(len(token) >= 22 for token in tokens)
    assert all(len(hash_token(token)) == 64 and token not in hash_token(token) for token in tokens)


def test_a_digest_tells_where_one_part_ends():
    assert request_digest("ab", "c") != request_digest("a", "bc")
