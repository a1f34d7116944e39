"""The app with accounts, as the tests of staff's pages have it."""

from __future__ import annotations

from tests.api.staff.conftest import build, house

__all__ = ["build", "house"]
