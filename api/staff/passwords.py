"""Passwords: how they are stored (argon2id), and which ones are too easy to guess."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable
from functools import cache
from itertools import pairwise
from pathlib import Path
from threading import BoundedSemaphore

import yaml
from argon2 import PasswordHasher
from argon2.exceptions import Argon2Error, InvalidHashError

from api.staff.errors import PasswordGuessable, PasswordTooLong, PasswordTooShort

SHORTEST = 12
LONGEST = 200
_LEFT = 8
"""Characters that must be left once common words, own words and runs such as 1234 are taken away …"""
_DIFFERENT = 5
"""… and how many of them must differ."""

_HASHER = PasswordHasher(time_cost=2, memory_cost=19 * 1024, parallelism=1)
"""argon2id with the parameters that OWASP's Password Storage Cheat Sheet names (19 MiB, 2 rounds, 1 lane): a flood of
log-ins must not take the machine from those who chat. A hash with other parameters is renewed at log-in."""
_AT_ONCE = BoundedSemaphore(4)
"""Hashes at the same time in one process; further log-ins wait for their turn."""


def hash_password(password: str) -> str:
    """The argon2id hash with salt and parameters, ready to be stored. Takes some hundredths of a second."""
    with _AT_ONCE:
        return _HASHER.hash(_normal(password))


def verify(stored: str | None, password: str) -> bool:
    """Whether the password is the stored one. Takes as long when nothing is stored, and is then false."""
    try:
        with _AT_ONCE:
            return _HASHER.verify(stored or _nobodys_hash(), _normal(password)) and bool(stored)
    except (Argon2Error, InvalidHashError):
        return False


def renewed(stored: str, password: str) -> str | None:
    """A new hash for a password that was just verified, when the parameters have changed since it was stored."""
    return hash_password(password) if _HASHER.check_needs_rehash(stored) else None


def check_new(password: str, own_words: Iterable[str]) -> None:
    """Accept a password for an account whose log-in and title are `own_words`.

    Raises PasswordTooShort, PasswordTooLong or PasswordGuessable. There are no rules about kinds of characters:
    length counts (NIST SP 800-63B).
    """
    text = _normal(password)
    if len(text) < SHORTEST:
        raise PasswordTooShort(shortest=SHORTEST)
    if len(text) > LONGEST:
        raise PasswordTooLong(longest=LONGEST)
    left = _guessed_away(text.lower(), own_words)
    if len(left) < _LEFT or len(set(left)) < _DIFFERENT:
        raise PasswordGuessable


def _guessed_away(text: str, own_words: Iterable[str]) -> str:
    plain = text.translate(str.maketrans("013457@$", "oleastas"))  # "l0senord" is as easy to guess as "lösenord"
    own = {word for one in own_words for word in re.split(r"[\W_]+", one.lower()) if len(word) >= 4}
    words = sorted(own | _common_words(), key=len, reverse=True)
    left = min((_without(each, words) for each in (text, plain)), key=len)
    runs = [a for a, b in pairwise(left + "\0") if ord(b) - ord(a) not in (-1, 0, 1)]
    return "".join(runs)


def _without(text: str, words: Iterable[str]) -> str:
    for word in words:
        text = text.replace(word, "")
    return text


@cache
def _common_words() -> frozenset[str]:
    words: list[str] = yaml.safe_load(Path(__file__).with_name("password_words.yml").read_text("utf-8"))
    return frozenset(words)


@cache
def _nobodys_hash() -> str:
    return _HASHER.hash("")


def _normal(password: str) -> str:
    """One form for å written in two ways; keyboards differ."""
    return unicodedata.normalize("NFKC", password)
