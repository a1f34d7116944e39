"""Codes and secret links that a person gets, and what is stored of them. Pure but for chance."""

from __future__ import annotations

import hashlib
import secrets

# Without 0/O, 1/I/L, 5/S, 8/B, 2/Z: read aloud and copied by hand without mistakes.
_CODE_ALPHABET = "34679ACDEFGHJKMNPQRTUVWXY"
_CODE_LENGTH = 5


def new_reference() -> str:
    """A code like `IV-7K3MX` that people can read out on the phone."""
    return "IV-" + "".join(secrets.choice(_CODE_ALPHABET) for _ in range(_CODE_LENGTH))


def new_link_token() -> str:
    """128 random bits for a secret link."""
    return secrets.token_urlsafe(16)


def hash_token(token: str) -> str:
    """What is stored of a link's token."""
    return hashlib.sha256(token.encode()).hexdigest()


def request_digest(*parts: object) -> str:
    """Tells a repeated request from another one with the same key. The opaque contact token among `parts` keeps it
    from being turned back into a name."""
    return hashlib.sha256("\x1f".join(map(str, parts)).encode()).hexdigest()
