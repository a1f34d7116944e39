"""Addresses that a request may send somebody on to."""

from __future__ import annotations

import re

PREFIX = "/personal"
_LOCAL = re.compile(r"/personal(?:/[\w.:-]+)*(?:\?[\w=&%.+-]*)?", re.ASCII)
"""Pages of ours, written plainly. Anything else could lead to another site."""


def onward(path: str) -> str:
    """`path` if it is one of staff's pages, otherwise their start page."""
    return path if _LOCAL.fullmatch(path) else PREFIX


def told(path: str, key: str, *, undo: str = "", count: int | None = None) -> str:
    """The address `path` with what the page then says: the sentence `done_{key}` of texts.yml, how many, and what
    batch the button "Ångra" takes back. What `path` said before is dropped."""
    bare, _, query = onward(path).partition("?")
    kept = [part for part in query.split("&") if part and part.partition("=")[0] not in ("klart", "angra", "antal")]
    said = [f"klart={key}", *([f"angra={undo}"] if undo else []), *([f"antal={count}"] if count is not None else [])]
    return f"{bare}?{'&'.join([*kept, *said])}"
