"""Addresses as links, the safe ones only: https, mail, telephone, and http at this installation. Pure."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Any, NamedTuple
from urllib.parse import urljoin, urlsplit

from api.pages import telephone_address

_ADDRESS = re.compile(r"https?://[^\s<>\"']+|[\w.+-]{1,64}@[^\W_][\w-]{0,63}(?:\.[^\W_][\w-]{0,63}){1,4}")
_MAIL = re.compile(r"[^\s@?]+@[^\s@?]+")
_AFTER = ".,;:!?)]"
"""What ends a sentence and no address."""


class Piece(NamedTuple):
    """A part of a text; `address` is empty where it is no link."""

    text: str
    address: str = ""


def pieces(text: str, base_url: str) -> tuple[Piece, ...]:
    """`text` cut so that its addresses can be links."""
    return tuple(piece for piece in _cut(text, base_url) if piece.text)


def web(address: object, base_url: str) -> str:
    """`address` if a page may lead there, otherwise empty. Relative ones are this installation's."""
    try:
        whole = urlsplit(urljoin(base_url, address.strip())) if isinstance(address, str) and address.strip() else None
    except ValueError:  # such as a port that is no number
        return ""
    if whole is None or not whole.netloc:
        return ""
    ours = urlsplit(base_url)
    is_ours = (whole.scheme, whole.netloc) == (ours.scheme, ours.netloc)
    return whole.geturl() if whole.scheme == "https" or is_ours else ""


def mail(address: str) -> str:
    """A `mailto:` address; empty for what is no mail address."""
    return f"mailto:{address}" if _MAIL.fullmatch(address) else ""


def telephone(number: Any) -> str:  # Any: JSON
    """A `tel:` address; empty for what holds no number."""
    return telephone_address(number) if isinstance(number, str) and any(char.isdigit() for char in number) else ""


def _cut(text: str, base_url: str) -> Iterator[Piece]:
    done = 0
    for match in _ADDRESS.finditer(text):
        found = match[0].rstrip(_AFTER)
        yield Piece(text[done : match.start()])
        yield Piece(found, web(found, base_url) if found.startswith("http") else mail(found))
        done = match.start() + len(found)
    yield Piece(text[done:])
