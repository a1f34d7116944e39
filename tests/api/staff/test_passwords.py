"""Which passwords are taken, and how they are kept."""

from __future__ import annotations

import pytest
from argon2 import PasswordHasher

from api.staff import passwords
from api.staff.errors import PasswordGuessable, PasswordTooLong, PasswordTooShort

OWN = ("vera@example.org", "Vägledningen i Säffle")


@pytest.mark.parametrize(
    "password",
    [
        "kastrull moln 73 trappa",
        "x7$Kq9!mP2#zW",
        "björkarna susar över ån",
        "kvarnsten-giraff-ljung",
        "m3j2-k9qd-x7rt-v4np",
        "ett lösenord som ingen annan har tänkt på",
    ],
)
def test_long_and_unlike_others_is_taken_whatever_its_characters(password: str) -> None:
    passwords.check_new(password, OWN)


@pytest.mark.parametrize("password", ["", "kort", "elva tecken", "å" * 11])
def test_less_than_twelve_characters_is_too_short(password: str) -> None:
    with pytest.raises(PasswordTooShort):
        passwords.check_new(password, OWN)


def test_more_than_two_hundred_characters_is_too_long() -> None:
    with pytest.raises(PasswordTooLong):
        passwords.check_new("kastrull moln 73 trappa" * 10, OWN)


@pytest.mark.parametrize(
    "password",
    [
        "aaaaaaaaaaaaaaaa",
        "123456789012",
        "0987654321098",
        "abcdefghijklmn",
        "qwertyuiop123",
        "passwordpassword",
        "P@ssw0rd2026!",
        "Sommaren2026!",
        "Välkommen123!",
        "lösenordlösenord",
        "L0senord12345",
        "industrivägledaren1",
        "vera@example.org",
        "VägledningenSäffle1",
        "saffle-säffle-säffle",
        "121212121212",
    ],
)
def test_what_everybody_tries_first_is_refused(password: str) -> None:
    with pytest.raises(PasswordGuessable):
        passwords.check_new(password, (*OWN, "saffle"))


def test_a_password_is_kept_as_argon2id_with_a_salt_of_its_own() -> None:
    one, other = passwords.hash_password("kastrull moln"), passwords.hash_password("kastrull moln")
    assert one.startswith("$argon2id$")
    assert one != other
    assert passwords.verify(one, "kastrull moln")
    assert not passwords.verify(one, "kastrull molm")


def test_a_letter_counts_as_the_same_however_the_keyboard_writes_it() -> None:
    assert passwords.verify(passwords.hash_password("gr\u00e5 kastruller"), "gra\u030a kastruller")


@pytest.mark.parametrize("stored", [None, "", "not a hash"])
def test_nothing_fits_where_nothing_is_kept(stored: str | None) -> None:
    assert not passwords.verify(stored, "")


def test_only_a_hash_with_other_parameters_is_renewed() -> None:
    weak = PasswordHasher(time_cost=1, memory_cost=8192, parallelism=1).hash("kastrull moln")
    renewed = passwords.renewed(weak, "kastrull moln")
    assert renewed is not None
    assert passwords.verify(renewed, "kastrull moln")
    assert passwords.renewed(renewed, "kastrull moln") is None
