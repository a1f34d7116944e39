"""Random tokens, their hashes, and signatures with `IV_SECRET_KEY`."""

from __future__ import annotations

import base64
import hashlib
import hmac
import json
import secrets
from datetime import datetime, timedelta
from typing import Any


def new_token() -> str:
    """256 random bits as text for a cookie or an address."""
    return secrets.token_urlsafe(32)


def token_hash(token: str) -> str:
    """What is stored of a token. Random tokens need no salt and no slow hash."""
    return hashlib.sha256(token.encode()).hexdigest()


def keyed_hash(secret_key: str, purpose: str, text: str) -> str:
    """A hash that only the holder of the key can make; `purpose` keeps uses apart."""
    return hmac.new(secret_key.encode(), f"{purpose}:{text}".encode(), hashlib.sha256).hexdigest()


def same(one: str, other: str) -> bool:
    """Equality in a time that does not tell where the first difference is."""
    return hmac.compare_digest(one.encode(), other.encode())


def sealed(secret_key: str, purpose: str, values: dict[str, Any], now: datetime, lasts: timedelta) -> str:
    """JSON values for a cookie: readable to its owner, but not to be changed, and valid for `lasts`."""
    body = json.dumps(values | {"until": (now + lasts).timestamp()}, separators=(",", ":"))
    text = base64.urlsafe_b64encode(body.encode()).decode()
    return f"{text}.{keyed_hash(secret_key, purpose, text)}"


def opened(secret_key: str, purpose: str, cookie: str, now: datetime) -> dict[str, Any] | None:
    """The values of `sealed`; None when somebody else wrote them or their time is over."""
    text, _, signature = cookie.rpartition(".")
    if not same(signature, keyed_hash(secret_key, purpose, text)):
        return None
    values: dict[str, Any] = json.loads(base64.urlsafe_b64decode(text))
    return values if now.timestamp() < values["until"] else None
