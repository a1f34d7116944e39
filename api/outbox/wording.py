"""What staff read about a mail: what it was for, and why it did not arrive."""

from __future__ import annotations

from api.outbox.service import UNREACHED
from api.texts import Texts

texts = Texts.beside(__file__)


def kind_word(kind: str) -> str:
    """`inbjudan till vägledaren`"""
    key = f"kind_{kind}"
    return texts(key if key in texts.keys() else "kind_other")  # noqa: SIM118 - not a dict


def reason(error: str | None) -> str:
    """A stored error in words: whom it is about, and what that means."""
    if not error:
        return texts("reason_none")
    if error.startswith(UNREACHED):
        return texts("reason_unreached")
    if error.isdecimal():
        return texts("reason_refused" if error.startswith("5") else "reason_later")
    return texts("reason_broken")
